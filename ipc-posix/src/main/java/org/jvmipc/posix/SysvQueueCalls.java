package org.jvmipc.posix;

import org.jvmipc.posix.internal.NativeBuffer;
import org.jvmipc.posix.internal.NativeBufferPool;
import org.jvmipc.posix.internal.calls.SysvQueueLib;

/**
 * Message queues of System V, which {@code ipcs -q} shows. Errors are returned as {@code -errno}. Nothing here blocks
 * if {@link #IPC_NOWAIT} is given. All methods may be called from any thread and throw
 * {@link UnsupportedOperationException} where native calls do not work.
 */
public final class SysvQueueCalls {

    /** {@link #get}: create if missing. */
    public static final int IPC_CREAT = 01000;
    /** {@link #get}: fail if it exists. */
    public static final int IPC_EXCL = 02000;
    /** {@link #send}, {@link #receive}: do not wait. */
    public static final int IPC_NOWAIT = 04000;
    /** Where the bytes of a message begin, behind its type. */
    public static final int TEXT = 8;

    private static final int IPC_RMID = 0;
    private static final int IPC_SET = 1;
    private static final int IPC_STAT = 2;
    /** {@code struct msqid_ds} has 120 bytes. */
    private static final int STATUS_SIZE = 128;
    private static final NativeBufferPool STRUCTS = new NativeBufferPool(8, STATUS_SIZE, STATUS_SIZE);

    private SysvQueueCalls() {
    }

    /**
     * Finds or creates a queue, {@code msgget(2)}.
     *
     * @param key its key
     * @param flags {@code IPC_} bits and permission bits
     * @return its number, or {@code -errno}
     */
    public static int get(int key, int flags) {
        return NativeLibrary.result(lib().msgget(key, flags));
    }

    /**
     * Sends a message, {@code msgsnd(2)}.
     *
     * @param id the queue's number
     * @param message the address of its type, a {@code long} above 0, with its bytes behind that
     * @param length of the bytes alone
     * @param flags 0 or {@link #IPC_NOWAIT}
     * @return 0, {@code -EAGAIN} if the queue is full, {@code -EIDRM} or {@code -EINVAL} if it was removed, or another
     *         {@code -errno}
     */
    public static int send(int id, long message, long length, int flags) {
        return NativeLibrary.result(lib().msgsnd(id, message, length, flags));
    }

    /**
     * Receives a message, {@code msgrcv(2)}.
     *
     * @param id the queue's number
     * @param message the address of room for its type and, behind that, its bytes
     * @param room for the bytes alone
     * @param type 0 for the oldest of all, above 0 for the oldest of this type, below 0 for the oldest of the lowest
     *        type that is not above its absolute value
     * @param flags 0 or {@link #IPC_NOWAIT}
     * @return how many bytes it has, {@code -ENOMSG} if there is none such, {@code -E2BIG} if it needs more room,
     *         {@code -EIDRM} or {@code -EINVAL} if the queue was removed, or another {@code -errno}
     */
    public static long receive(int id, long message, long room, long type, int flags) {
        return NativeLibrary.result(lib().msgrcv(id, message, room, type, flags));
    }

    /**
     * Removes a queue with all messages. Those who wait for it get {@code -EIDRM}.
     *
     * @param id its number
     * @return 0 or {@code -errno}
     */
    public static int remove(int id) {
        return NativeLibrary.result(lib().msgctl(id, IPC_RMID, 0));
    }

    /**
     * Describes a queue, {@code msgctl(IPC_STAT)}.
     *
     * @param id its number
     * @param result receives the description
     * @return 0 or {@code -errno}
     */
    public static int status(int id, SysvQueueStatus result) {
        NativeBuffer struct = STRUCTS.take(STATUS_SIZE);
        try {
            int error = NativeLibrary.result(lib().msgctl(id, IPC_STAT, struct.address()));
            if (error >= 0) {
                result.set(struct.buffer());
            }
            return Math.min(error, 0);
        } finally {
            STRUCTS.give(struct);
        }
    }

    /**
     * Changes how many bytes a queue holds, {@code msgctl(IPC_SET)}.
     *
     * @param id its number
     * @param bytes the new limit; above {@code /proc/sys/kernel/msgmnb} for the privileged only
     * @return 0, {@code -EPERM}, or another {@code -errno}
     */
    public static int setMaxBytes(int id, long bytes) {
        NativeBuffer struct = STRUCTS.take(STATUS_SIZE);
        try {
            int error = NativeLibrary.result(lib().msgctl(id, IPC_STAT, struct.address()));
            if (error < 0) {
                return error;
            }
            struct.buffer().putLong(SysvQueueStatus.MAX_BYTES, bytes);
            return NativeLibrary.result(lib().msgctl(id, IPC_SET, struct.address()));
        } finally {
            STRUCTS.give(struct);
        }
    }

    private static SysvQueueLib lib() {
        SysvQueueLib lib = Holder.LIB;
        return lib != null ? lib : NativeLibrary.load(SysvQueueLib.class);
    }

    private static final class Holder {
        static final SysvQueueLib LIB = NativeLibrary.loadOrNull(SysvQueueLib.class);
    }
}
