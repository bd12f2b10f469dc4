package org.jvmipc.posix;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import com.kenai.jffi.MemoryIO;

import org.jvmipc.posix.internal.CString;
import org.jvmipc.posix.internal.calls.MemoryLib;

/**
 * Addresses, and memory mapped by the kernel. All methods may be called from any thread; errors are returned as
 * {@code -errno}. {@link #unmap} is as sharp as in C: an access after it ends the process.
 */
public final class MemoryCalls {

    /** Pages may be read. */
    public static final int PROT_READ = 1;
    /** Pages may be written. */
    public static final int PROT_WRITE = 2;
    /** Stores are seen by other processes. */
    public static final int MAP_SHARED = 1;
    /** Stores are private. */
    public static final int MAP_PRIVATE = 2;
    /** Memory with no file. */
    public static final int MAP_ANONYMOUS = 0x20;
    /** {@link #memfdCreate}: close in children. */
    public static final int MFD_CLOEXEC = 1;
    /** {@link #memfdCreate}: allow seals. */
    public static final int MFD_ALLOW_SEALING = 2;
    /** {@code fcntl} command: add seals to a memfd. */
    public static final int F_ADD_SEALS = 1033;
    /** {@code fcntl} command: tell the seals of a memfd. */
    public static final int F_GET_SEALS = 1034;
    /** Seal: no more seals. */
    public static final int F_SEAL_SEAL = 1;
    /** Seal: the file cannot shrink. */
    public static final int F_SEAL_SHRINK = 2;
    /** Seal: the file cannot grow. */
    public static final int F_SEAL_GROW = 4;
    /** {@link #advise}: allocate all pages now, so that writing to them cannot fail later; since Linux 5.14. */
    public static final int MADV_POPULATE_WRITE = 23;

    private MemoryCalls() {
    }

    /**
     * Returns the address of a direct or mapped buffer's index 0 (whatever its position). It is good while the buffer
     * is reachable: keep it so with {@link java.lang.ref.Reference#reachabilityFence}.
     *
     * @param buffer a direct buffer
     * @return its address
     * @throws IllegalArgumentException if the buffer is not direct
     * @throws UnsupportedOperationException if native code cannot be loaded
     */
    public static long address(Buffer buffer) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("Only direct and mapped buffers have an address");
        }
        return io().getDirectBufferAddress(buffer);
    }

    /**
     * Makes memory usable as a buffer. The buffer does not own it.
     *
     * @param address the first byte
     * @param length in bytes
     * @return a direct buffer in native byte order
     * @throws UnsupportedOperationException if native code cannot be loaded
     */
    public static ByteBuffer wrap(long address, int length) {
        return io().newDirectByteBuffer(address, length).order(ByteOrder.nativeOrder());
    }

    /**
     * Maps a file, {@code mmap(2)}.
     *
     * @param fd a descriptor, or -1 with {@link #MAP_ANONYMOUS}
     * @param offset in the file, a multiple of the page size
     * @param length in bytes
     * @param protection {@code PROT_} bits
     * @param flags {@code MAP_} bits
     * @return the address, or {@code -errno}
     * @throws UnsupportedOperationException if native code cannot be loaded
     */
    public static long map(int fd, long offset, long length, int protection, int flags) {
        return NativeLibrary.result(lib().mmap(0, length, protection, flags, fd, offset, 0));
    }

    /**
     * Unmaps, {@code munmap(2)}. No buffer over this memory may be used any more.
     *
     * @param address from {@link #map}
     * @param length in bytes
     * @return 0 or {@code -errno}
     * @throws UnsupportedOperationException if native code cannot be loaded
     */
    public static int unmap(long address, long length) {
        return NativeLibrary.result(lib().munmap(address, length));
    }

    /**
     * Gives advice about memory, {@code madvise(2)}.
     *
     * @param address page-aligned
     * @param length in bytes
     * @param advice a {@code MADV_} number
     * @return 0 or {@code -errno}
     * @throws UnsupportedOperationException if native code cannot be loaded
     */
    public static int advise(long address, long length, int advice) {
        return NativeLibrary.result(lib().madvise(address, length, advice));
    }

    /**
     * Creates a file that lives in memory and has no path, {@code memfd_create(2)}.
     *
     * @param name seen in {@code /proc/<pid>/fd} only
     * @param flags {@code MFD_} bits
     * @return a descriptor or {@code -errno}
     * @throws UnsupportedOperationException if native code cannot be loaded
     */
    public static int memfdCreate(String name, int flags) {
        return NativeLibrary.result(lib().memfd_create(CString.of(name), flags));
    }

    private static MemoryIO io() {
        MemoryIO io = Io.INSTANCE;
        if (io == null) {
            throw NativeLibrary.unavailable(Io.failure);
        }
        return io;
    }

    private static MemoryLib lib() {
        MemoryLib lib = Holder.LIB;
        return lib != null ? lib : NativeLibrary.load(MemoryLib.class);
    }

    private static final class Holder {
        static final MemoryLib LIB = NativeLibrary.loadOrNull(MemoryLib.class);
    }

    /** Apart from the functions: addresses are needed by many who map nothing. */
    private static final class Io {
        static final MemoryIO INSTANCE;
        private static Throwable failure;

        static {
            MemoryIO io = null;
            try {
                NativeLibrary.requireSupported();
                failure = NativeUnpacking.failure();
                io = failure == null ? MemoryIO.getInstance() : null;
            } catch (LinkageError | RuntimeException e) {
                failure = e;
            }
            INSTANCE = io;
        }
    }
}
