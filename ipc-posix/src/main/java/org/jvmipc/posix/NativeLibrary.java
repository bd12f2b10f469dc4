package org.jvmipc.posix;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.kenai.jffi.LastError;

import jnr.ffi.LibraryLoader;

import org.jvmipc.posix.internal.calls.SyscallLib;
import org.jvmipc.spi.Log;

/**
 * Loads interfaces of C functions, one per topic, when they are first needed.
 *
 * <p>A transport that needs functions the classes of this package do not have declares a small public interface of its
 * own, in a package open to jnr-ffi, and loads it here: with primitive {@code long} addresses and {@code int}
 * descriptors, and <b>never with exactly six integer parameters</b> (jnr-ffi passes garbage as the sixth on x86-64; add
 * an unused seventh). All methods may be called from any thread.
 */
public final class NativeLibrary {

    private static final String OS = System.getProperty("os.name", "");
    private static final String ARCH = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    private static final Map<Class<?>, Object> LOADED = new ConcurrentHashMap<>();

    private NativeLibrary() {
    }

    /**
     * Tells whether native calls can be expected to work here. Loads nothing.
     *
     * @return whether this is Linux on a 64-bit little-endian x86 or ARM processor
     */
    public static boolean isSupported() {
        return OS.equals("Linux") && (isX86() || isArm());
    }

    /**
     * Tells whether native code is not only supported but can be loaded, by loading it. The answer does not change.
     * Who asks can do without, so nobody would be told by an exception: if it is supported and cannot be loaded, the
     * log says why, what to do, and what it means, once.
     *
     * @return whether native calls work
     */
    public static boolean isAvailable() {
        return isSupported() && Loading.WORKS;
    }

    private static final class Loading {
        static final boolean WORKS = FutexCalls.isLoadable() || tellWhy();

        private static boolean tellWhy() {
            try {
                load(SyscallLib.class);
            } catch (UnsupportedOperationException why) {
                Log.warning(why.getMessage() + " Without it shm: looks for messages every millisecond, processes that "
                        + "sleep see within 0.2 s what this one sends them, as it can wake nobody, and the death of "
                        + "processes in other PID namespaces is not seen.", null);
            }
            return false;
        }
    }

    /**
     * Fails where native calls are not supported. Loads nothing.
     *
     * @throws UnsupportedOperationException if this is not Linux on x86-64 or arm64; says what to use instead
     */
    public static void requireSupported() {
        if (!isSupported()) {
            throw unsupported();
        }
    }

    /**
     * Returns the implementation of an interface of C functions from the C library, loading it at the first call.
     *
     * @param <T> the interface
     * @param functions a public interface whose methods are named like C functions
     * @return its one implementation in this process
     * @throws UnsupportedOperationException if this platform is not supported or the native library cannot be loaded;
     *         the message says why and what to do
     */
    public static <T> T load(Class<T> functions) {
        Object result = LOADED.get(functions);
        if (result == null) {
            result = LOADED.computeIfAbsent(functions, NativeLibrary::tryLoad);
        }
        if (result instanceof Throwable) {
            throw unavailable((Throwable) result);
        }
        return functions.cast(result);
    }

    /**
     * Like {@link #load}, for the initializer of a static final field: a failure is remembered, and the next
     * {@link #load} of the same interface throws it.
     *
     * @param <T> the interface
     * @param functions a public interface whose methods are named like C functions
     * @return its implementation, or {@code null} if it cannot be loaded
     */
    public static <T> T loadOrNull(Class<T> functions) {
        Object result = LOADED.computeIfAbsent(functions, NativeLibrary::tryLoad);
        return result instanceof Throwable ? null : functions.cast(result);
    }

    /**
     * Turns the result of a C function that returns -1 and sets {@code errno} into {@code -errno}. To be called by the
     * same thread, right after the function.
     *
     * @param result what the function returned
     * @return {@code result} if it is not negative, else {@code -errno}
     */
    public static int result(int result) {
        return result >= 0 ? result : -errno();
    }

    /**
     * Like {@link #result(int)}, for functions that return a {@code long}.
     *
     * @param result what the function returned
     * @return {@code result} if it is not negative, else {@code -errno}
     */
    public static long result(long result) {
        return result >= 0 ? result : -errno();
    }

    /** The errno of the failed call that this thread has just made. */
    private static int errno() {
        return LastError.getInstance().get();
    }

    static boolean isX86() {
        return ARCH.equals("amd64") || ARCH.equals("x86_64");
    }

    static boolean isArm() {
        return ARCH.equals("aarch64") || ARCH.equals("arm64");
    }

    /** Never throws: a failing static initializer would surface as an Error, and as another one the next time. */
    private static Object tryLoad(Class<?> functions) {
        if (!isSupported()) {
            return unsupported();
        }
        try {
            Throwable failure = NativeUnpacking.failure();
            return failure != null ? failure : LibraryLoader.create(functions).failImmediately().load("c");
        } catch (LinkageError | RuntimeException e) {
            return e;
        }
    }

    private static UnsupportedOperationException unsupported() {
        return new UnsupportedOperationException("This needs calls of Linux on x86-64 or arm64, and here is " + OS
                + " on " + ARCH + ". Use mem:, unix:/path (stream) or shm: with wait=spin, which are plain Java.");
    }

    static UnsupportedOperationException unavailable(Throwable cause) {
        if (cause instanceof UnsupportedOperationException && cause.getCause() == null) {
            return new UnsupportedOperationException(cause.getMessage());
        }
        Throwable root = cause;
        boolean jarMissing = false;
        for (Throwable t = cause; t != null && t != t.getCause(); t = t.getCause()) {
            root = t;
            jarMissing |= t instanceof NoClassDefFoundError || t instanceof ClassNotFoundException;
        }
        String advice = jarMissing ? "A jar that jnr-ffi depends on is missing from the class path or module path"
                : "It is unpacked into java.io.tmpdir (" + System.getProperty("java.io.tmpdir")
                        + ") or else the working directory, one of which must be writable and not mounted noexec:"
                        + " start with -Djava.io.tmpdir=<directory>";
        // What jffi says may have a stack trace behind it.
        String reason = root.toString().lines().findFirst().orElse("").replaceFirst("[.]$", "");
        return new UnsupportedOperationException("The native library (jffi) cannot be loaded: " + reason + ". " + advice
                + "; or use what is plain Java: mem:, unix:/path (stream), shm: with wait=spin.", cause);
    }
}
