package org.jvmipc.posix;

import java.nio.ByteBuffer;
import org.jvmipc.posix.internal.NativeBuffer;
import org.jvmipc.posix.internal.NativeBufferPool;
import org.jvmipc.posix.internal.calls.SysvSemaphoreLib;

/**
 * Semaphore sets of System V, which {@code ipcs -s} shows. Errors are returned as {@code -errno}. All methods may be
 * called from any thread and throw {@link UnsupportedOperationException} where native calls do not work.
 */
public final class SysvSemaphoreCalls {

    /** The key of a set that is found by its number alone. */
    public static final int IPC_PRIVATE = 0;
    /** {@link #get}: create if missing. */
    public static final int IPC_CREAT = 01000;
    /** {@link #get}: fail if it exists. */
    public static final int IPC_EXCL = 02000;
    /** {@link #operate}: do not wait. */
    public static final short IPC_NOWAIT = 04000;
    /** {@link #operate}: to be taken back when the process ends. */
    public static final short SEM_UNDO = 010000;
    /** The largest value of a semaphore. */
    public static final int VALUE_MAX = 32767;

    private static final int IPC_RMID = 0;
    private static final int IPC_STAT = 2;
    private static final int GETPID = 11;
    private static final int GETVAL = 12;
    private static final int GETNCNT = 14;
    private static final int GETZCNT = 15;
    private static final int SETVAL = 16;
    private static final int OPERATION_SIZE = 6;
    /** The size of {@code struct semid_ds} is 104 on x86-64, 88 on arm64. */
    private static final int STATUS_SIZE = 128;
    private static final int OTIME = 48;
    private static final int COUNT_X86 = 80;
    private static final int COUNT_ARM = 64;
    private static final NativeBufferPool STRUCTS = new NativeBufferPool(8, STATUS_SIZE, 1024);

    private SysvSemaphoreCalls() {
    }

    /**
     * Finds or creates a set, {@code semget(2)}.
     *
     * @param key its key, or {@link #IPC_PRIVATE} for a new one without
     * @param count how many semaphores; 0 to find it, however many it has
     * @param flags {@code IPC_} bits and permission bits
     * @return its number, or {@code -errno}
     */
    public static int get(int key, int count, int flags) {
        return NativeLibrary.result(lib().semget(key, count, flags));
    }

    /**
     * Changes semaphores of a set, all at once, {@code semtimedop(2)}.
     *
     * @param id its number
     * @param indices which
     * @param changes what to add to each; 0 waits until it is 0
     * @param flags of each: {@link #IPC_NOWAIT}, {@link #SEM_UNDO}
     * @param nanos how long to wait at most, not negative
     * @return 0, {@code -EAGAIN} if it cannot be done (in time), {@code -EINTR}, {@code -EIDRM} if the set was removed,
     *         or another {@code -errno}
     */
    public static int operate(int id, int[] indices, int[] changes, int[] flags, long nanos) {
        int size = 16 + indices.length * OPERATION_SIZE;
        NativeBuffer struct = STRUCTS.take(size);
        try {
            ByteBuffer b = struct.buffer();
            long timeout = struct.putTimespec(0, nanos);
            for (int i = 0; i < indices.length; i++) {
                int at = 16 + i * OPERATION_SIZE;
                b.putShort(at, (short) indices[i]).putShort(at + 2, (short) changes[i]);
                b.putShort(at + 4, (short) flags[i]);
            }
            return NativeLibrary.result(lib().semtimedop(id, struct.address() + 16, indices.length, timeout));
        } finally {
            STRUCTS.give(struct);
        }
    }

    /**
     * Sets a semaphore, {@code semctl(SETVAL)}; what processes would take back of it is forgotten.
     *
     * @param id of the set
     * @param index which
     * @param value the new value
     * @return 0 or {@code -errno}
     */
    public static int setValue(int id, int index, int value) {
        return NativeLibrary.result(lib().semctl(id, index, SETVAL, value));
    }

    /**
     * Reads a semaphore, {@code semctl(GETVAL)}.
     *
     * @param id of the set
     * @param index which
     * @return its value or {@code -errno}
     */
    public static int value(int id, int index) {
        return NativeLibrary.result(lib().semctl(id, index, GETVAL, 0));
    }

    /**
     * Tells who changed a semaphore last, {@code semctl(GETPID)}.
     *
     * @param id of the set
     * @param index which
     * @return a process number, 0 if nobody, or {@code -errno}
     */
    public static int lastPid(int id, int index) {
        return NativeLibrary.result(lib().semctl(id, index, GETPID, 0));
    }

    /**
     * Tells how many threads wait until a semaphore is larger, {@code semctl(GETNCNT)}.
     *
     * @param id of the set
     * @param index which
     * @return how many, or {@code -errno}
     */
    public static int waiting(int id, int index) {
        return NativeLibrary.result(lib().semctl(id, index, GETNCNT, 0));
    }

    /**
     * Tells how many threads wait until a semaphore is 0, {@code semctl(GETZCNT)}.
     *
     * @param id of the set
     * @param index which
     * @return how many, or {@code -errno}
     */
    public static int waitingForZero(int id, int index) {
        return NativeLibrary.result(lib().semctl(id, index, GETZCNT, 0));
    }

    /**
     * Removes a set. Those who wait for it get {@code -EIDRM}.
     *
     * @param id its number
     * @return 0 or {@code -errno}
     */
    public static int remove(int id) {
        return NativeLibrary.result(lib().semctl(id, 0, IPC_RMID, 0));
    }

    /**
     * Tells how many semaphores a set has.
     *
     * @param id its number
     * @return how many, or {@code -errno}
     */
    public static long count(int id) {
        return stat(id, NativeLibrary.isX86() ? COUNT_X86 : COUNT_ARM);
    }

    /**
     * Tells when semaphores of a set were last changed by {@link #operate}.
     *
     * @param id its number
     * @return in seconds of the wall clock, 0 if never, or {@code -errno}
     */
    public static long lastOperation(int id) {
        return stat(id, OTIME);
    }

    private static long stat(int id, int field) {
        NativeBuffer struct = STRUCTS.take(STATUS_SIZE);
        try {
            int error = NativeLibrary.result(lib().semctl(id, 0, IPC_STAT, struct.address()));
            return error < 0 ? error : struct.buffer().getLong(field);
        } finally {
            STRUCTS.give(struct);
        }
    }

    private static SysvSemaphoreLib lib() {
        SysvSemaphoreLib lib = Holder.LIB;
        return lib != null ? lib : NativeLibrary.load(SysvSemaphoreLib.class);
    }

    private static final class Holder {
        static final SysvSemaphoreLib LIB = NativeLibrary.loadOrNull(SysvSemaphoreLib.class);
    }
}
