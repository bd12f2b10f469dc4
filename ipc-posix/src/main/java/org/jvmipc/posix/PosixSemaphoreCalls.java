package org.jvmipc.posix;

import java.nio.ByteBuffer;
import org.jvmipc.posix.internal.CString;
import org.jvmipc.posix.internal.NativeBuffer;
import org.jvmipc.posix.internal.NativeBufferPool;
import org.jvmipc.posix.internal.calls.PosixSemaphoreClockLib;
import org.jvmipc.posix.internal.calls.PosixSemaphoreLib;

/**
 * Named semaphores of POSIX, {@code sem_overview(7)}, which Linux keeps in {@code /dev/shm/sem.NAME}. Errors are
 * returned as {@code -errno}. All methods may be called from any thread and throw {@link
 * UnsupportedOperationException} where native calls do not work. An address must not be used any more after {@link
 * #close} of it: that ends the process.
 */
public final class PosixSemaphoreCalls {

    /** {@link #open}: create if missing. */
    public static final int O_CREAT = 0100;
    /** {@link #open}: fail if it exists. */
    public static final int O_EXCL = 0200;
    /** The largest value. */
    public static final int VALUE_MAX = Integer.MAX_VALUE;

    private static final int CLOCK_MONOTONIC = 1;
    private static final long NANOS = 1_000_000_000;
    private static final NativeBufferPool STRUCTS = new NativeBufferPool(8, 16, 16);

    private PosixSemaphoreCalls() {
    }

    /**
     * Opens or creates one, {@code sem_open(3)}. Each time the same name is opened in a process it gives the same
     * address, to be closed as often.
     *
     * @param name with a slash in front
     * @param flags 0, or {@link #O_CREAT} with or without {@link #O_EXCL}
     * @param mode permission bits, if it is created
     * @param value if it is created
     * @return its address, or {@code -errno}
     */
    public static long open(String name, int flags, int mode, int value) {
        long address = lib().sem_open(CString.of(name), flags, mode, value);
        return address != 0 ? address : NativeLibrary.result(-1L);
    }

    /**
     * Gives an address back, {@code sem_close(3)}.
     *
     * @param address from {@link #open}
     * @return 0 or {@code -errno}
     */
    public static int close(long address) {
        return NativeLibrary.result(lib().sem_close(address));
    }

    /**
     * Removes a name, {@code sem_unlink(3)}. Who has it open goes on.
     *
     * @param name with a slash in front
     * @return 0 or {@code -errno}
     */
    public static int unlink(String name) {
        return NativeLibrary.result(lib().sem_unlink(CString.of(name)));
    }

    /**
     * Takes 1 away if it is not 0, {@code sem_trywait(3)}.
     *
     * @param address from {@link #open}
     * @return 0, {@code -EAGAIN} if it is 0, or another {@code -errno}
     */
    public static int tryWait(long address) {
        return NativeLibrary.result(lib().sem_trywait(address));
    }

    /**
     * Takes 1 away; waits in the kernel for it, {@code sem_clockwait(3)} with the monotonic clock. Where the C library
     * does not have that (glibc before 2.30, musl) it is {@code sem_timedwait(3)}, whose time is one of the wall clock:
     * if that is set back meanwhile, it takes longer.
     *
     * @param address from {@link #open}
     * @param nanos how long at most, not negative
     * @return 0, {@code -ETIMEDOUT}, {@code -EINTR}, or another {@code -errno}
     */
    public static int timedWait(long address, long nanos) {
        NativeBuffer struct = STRUCTS.take(16);
        try {
            PosixSemaphoreClockLib clock = ClockHolder.LIB;
            if (clock != null && clock.clock_gettime(CLOCK_MONOTONIC, struct.address()) == 0) {
                add(struct, nanos);
                return NativeLibrary.result(clock.sem_clockwait(address, CLOCK_MONOTONIC, struct.address()));
            }
            long now = System.currentTimeMillis();
            struct.buffer().putLong(0, now / 1_000).putLong(8, now % 1_000 * 1_000_000);
            add(struct, nanos);
            return NativeLibrary.result(lib().sem_timedwait(address, struct.address()));
        } finally {
            STRUCTS.give(struct);
        }
    }

    private static void add(NativeBuffer time, long nanos) {
        ByteBuffer b = time.buffer();
        long rest = b.getLong(8) + nanos % NANOS;
        b.putLong(0, b.getLong(0) + nanos / NANOS + rest / NANOS).putLong(8, rest % NANOS);
    }

    /**
     * Adds 1, {@code sem_post(3)}.
     *
     * @param address from {@link #open}
     * @return 0, {@code -EOVERFLOW} if it is {@link #VALUE_MAX}, or another {@code -errno}
     */
    public static int post(long address) {
        return NativeLibrary.result(lib().sem_post(address));
    }

    /**
     * Reads the value, {@code sem_getvalue(3)}.
     *
     * @param address from {@link #open}
     * @return the value, or {@code -errno}
     */
    public static int value(long address) {
        NativeBuffer struct = STRUCTS.take(16);
        try {
            int error = NativeLibrary.result(lib().sem_getvalue(address, struct.address()));
            return error < 0 ? error : struct.buffer().getInt(0);
        } finally {
            STRUCTS.give(struct);
        }
    }

    private static PosixSemaphoreLib lib() {
        PosixSemaphoreLib lib = Holder.LIB;
        return lib != null ? lib : NativeLibrary.load(PosixSemaphoreLib.class);
    }

    private static final class ClockHolder {
        static final PosixSemaphoreClockLib LIB = NativeLibrary.loadOrNull(PosixSemaphoreClockLib.class);
    }

    private static final class Holder {
        static final PosixSemaphoreLib LIB = NativeLibrary.loadOrNull(PosixSemaphoreLib.class);
    }
}
