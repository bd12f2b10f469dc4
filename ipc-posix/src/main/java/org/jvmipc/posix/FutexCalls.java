package org.jvmipc.posix;

import java.nio.ByteBuffer;
import org.jvmipc.posix.internal.NativeBuffer;
import org.jvmipc.posix.internal.calls.SyscallLib;

/**
 * Sleeping on a 32-bit word of shared memory until another process wakes. Errors are returned as {@code -errno}.
 * Waiting belongs on platform threads. Each method throws {@link UnsupportedOperationException} where native calls do
 * not work.
 */
public final class FutexCalls {

    /** How many words {@link #waitAny} can wait for. */
    public static final int MAX_WORDS = 128;
    /** The size of one element of the vector for {@link #waitAny}, in bytes. */
    public static final int WAIT_SIZE = 24;

    private static final long SYS_FUTEX = NativeLibrary.isArm() ? 98 : 202;
    private static final long SYS_FUTEX_WAITV = 449;
    private static final long SYS_CLOCK_GETTIME = NativeLibrary.isArm() ? 113 : 228;
    private static final int CLOCK_MONOTONIC = 1;
    private static final long SECOND = 1_000_000_000;
    private static final int SIZE_U32 = 2;
    private static final int WAIT = 0;
    private static final int WAKE = 1;

    private FutexCalls() {
    }

    /**
     * Sleeps while a word has a value.
     *
     * @param address of the word, a multiple of 4, in memory shared between processes
     * @param expected the call returns {@code -EAGAIN} at once if the word differs
     * @param nanos how long at most; {@link Long#MAX_VALUE} for ever
     * @return 0 when woken (perhaps spuriously), {@code -EAGAIN}, {@code -ETIMEDOUT}, {@code -EINTR} or another
     *         {@code -errno}
     */
    public static int await(long address, int expected, long nanos) {
        if (nanos <= 0) {
            return -Errno.ETIMEDOUT;
        }
        long timeout = nanos == Long.MAX_VALUE ? 0 : NativeBuffer.ofThread().putTimespec(0, nanos);
        return (int) NativeLibrary.result(lib().syscall(SYS_FUTEX, address, WAIT, expected, timeout));
    }

    /**
     * Wakes threads, of any process, that sleep on a word.
     *
     * @param address of the word
     * @param count how many at most
     * @return how many were woken, or {@code -errno}
     */
    public static int wake(long address, int count) {
        return (int) NativeLibrary.result(lib().syscall(SYS_FUTEX, address, WAKE, count, 0));
    }

    /**
     * Sleeps while every one of several words has its value, {@code futex_waitv(2)}, Linux 5.16.
     *
     * @param vector the address of {@code count} structures of {@link #WAIT_SIZE} bytes (see {@link #putWait})
     * @param count at most {@link #MAX_WORDS}
     * @return the index of a word that was woken, {@code -EAGAIN} if one differs, {@code -ENOSYS} or {@code -EPERM}
     *         if the kernel or the container does not allow the call, or another {@code -errno}
     */
    public static int waitAny(long vector, int count) {
        return (int) NativeLibrary.result(lib().syscall(SYS_FUTEX_WAITV, vector, count, 0, 0, 0, 0));
    }

    /**
     * Like {@link #waitAny(long, int)}, for some time.
     *
     * @param vector the address of {@code count} structures of {@link #WAIT_SIZE} bytes (see {@link #putWait})
     * @param count at most {@link #MAX_WORDS}
     * @param nanos how long at most
     * @return as {@link #waitAny(long, int)}, or {@code -ETIMEDOUT}
     */
    public static int waitAny(long vector, int count, long nanos) {
        NativeBuffer time = NativeBuffer.ofThread();
        lib().syscall(SYS_CLOCK_GETTIME, CLOCK_MONOTONIC, time.address(), 0, 0);
        long now = time.buffer().getLong(0) * SECOND + time.buffer().getLong(8);
        time.putTimespec(0, now + nanos);
        return (int) NativeLibrary.result(
                lib().syscall(SYS_FUTEX_WAITV, vector, count, 0, time.address(), CLOCK_MONOTONIC, 0));
    }

    /**
     * Writes what {@link #waitAny} wants to know about one word.
     *
     * @param vector where to, in native byte order
     * @param offset in bytes
     * @param address of the word
     * @param expected the value while which to sleep
     */
    public static void putWait(ByteBuffer vector, int offset, long address, int expected) {
        vector.putLong(offset, expected & 0xffff_ffffL);
        vector.putLong(offset + 8, address);
        vector.putInt(offset + 16, SIZE_U32).putInt(offset + 20, 0);
    }

    /**
     * Tells whether {@link #waitAny} works here.
     *
     * @return whether kernel and container allow it
     */
    public static boolean canWaitAny() {
        // No words at all is EINVAL where the call exists.
        return waitAny(0, 0) == -Errno.EINVAL;
    }

    static boolean isLoadable() {
        return Holder.LIB != null;
    }

    private static SyscallLib lib() {
        SyscallLib lib = Holder.LIB;
        return lib != null ? lib : NativeLibrary.load(SyscallLib.class);
    }

    private static final class Holder {
        static final SyscallLib LIB = NativeLibrary.loadOrNull(SyscallLib.class);
    }
}
