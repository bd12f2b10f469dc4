package org.jvmipc.posix;

import java.nio.ByteBuffer;
import org.jvmipc.posix.internal.CString;
import org.jvmipc.posix.internal.NativeBuffer;
import org.jvmipc.posix.internal.NativeBufferPool;
import org.jvmipc.posix.internal.calls.PosixQueueLib;

/**
 * Message queues of POSIX, {@code mq_overview(7)}. On Linux a queue's descriptor is a file descriptor: it can be waited
 * for with {@link FdReadiness}, locked with {@link Fd#tryFlock} and described with {@link FileCalls#stat}, and goes to
 * {@link FileCalls#close}. Errors are returned as {@code -errno}. All methods may be called from any thread, virtual
 * ones too if the queue is open with {@link FileCalls#O_NONBLOCK}, and throw {@link UnsupportedOperationException}
 * where native calls do not work.
 */
public final class PosixQueueCalls {

    /** The highest priority. */
    public static final int PRIORITY_MAX = 32767;

    /** {@code struct mq_attr}: flags, maximum, size, current, and 4 words for later. */
    private static final int ATTRIBUTES_SIZE = 64;
    private static final int MAX_MESSAGES = 8;
    private static final int MESSAGE_SIZE = 16;
    private static final int MESSAGES = 24;
    private static final NativeBufferPool STRUCTS = new NativeBufferPool(8, ATTRIBUTES_SIZE, ATTRIBUTES_SIZE);

    private PosixQueueCalls() {
    }

    /**
     * Opens a queue that exists, {@code mq_open(3)}.
     *
     * @param name with a slash in front
     * @param flags {@link FileCalls#O_RDWR} and its like, {@link FileCalls#O_NONBLOCK}
     * @return a descriptor or {@code -errno}
     */
    public static int open(String name, int flags) {
        return NativeLibrary.result(lib().mq_open(CString.of(name), flags, 0, 0));
    }

    /**
     * Creates a queue, or fails with {@code EEXIST} if there is one of this name.
     *
     * @param name with a slash in front
     * @param flags as in {@link #open}
     * @param mode permission bits
     * @param maxMessages how many messages it holds
     * @param messageSize how long each may be, in bytes
     * @return a descriptor or {@code -errno}
     */
    public static int create(String name, int flags, int mode, long maxMessages, long messageSize) {
        NativeBuffer struct = STRUCTS.take(ATTRIBUTES_SIZE);
        try {
            struct.buffer().putLong(0, 0).putLong(MAX_MESSAGES, maxMessages).putLong(MESSAGE_SIZE, messageSize)
                    .putLong(MESSAGES, 0);
            return NativeLibrary.result(lib().mq_open(CString.of(name), flags | FileCalls.O_CREAT | FileCalls.O_EXCL,
                    mode, struct.address()));
        } finally {
            STRUCTS.give(struct);
        }
    }

    /**
     * Removes a name, {@code mq_unlink(3)}. Who has the queue open goes on with it.
     *
     * @param name with a slash in front
     * @return 0 or {@code -errno}
     */
    public static int unlink(String name) {
        return NativeLibrary.result(lib().mq_unlink(CString.of(name)));
    }

    /**
     * Sends a message, {@code mq_send(3)}.
     *
     * @param queue its descriptor
     * @param message the address of its bytes; anything if there are none
     * @param length how many bytes
     * @param priority 0 to {@link #PRIORITY_MAX}; the highest is received first
     * @return 0, {@code -EAGAIN} if the queue is full, {@code -EMSGSIZE}, or another {@code -errno}
     */
    public static int send(int queue, long message, long length, int priority) {
        return NativeLibrary.result(lib().mq_send(queue, message, length, priority));
    }

    /**
     * Receives the oldest message of the highest priority, {@code mq_receive(3)}.
     *
     * @param queue its descriptor
     * @param message the address of room for it
     * @param room bytes there, at least the queue's message size
     * @param priority the address of an {@code int} that receives its priority, or 0
     * @return its length, {@code -EAGAIN} if the queue is empty, or another {@code -errno}
     */
    public static long receive(int queue, long message, long room, long priority) {
        return NativeLibrary.result(lib().mq_receive(queue, message, room, priority));
    }

    /**
     * Describes a queue, {@code mq_getattr(3)}.
     *
     * @param queue its descriptor
     * @param result receives the description
     * @return 0 or {@code -errno}
     */
    public static int status(int queue, PosixQueueStatus result) {
        NativeBuffer struct = STRUCTS.take(ATTRIBUTES_SIZE);
        try {
            int error = NativeLibrary.result(lib().mq_getattr(queue, struct.address()));
            if (error >= 0) {
                ByteBuffer b = struct.buffer();
                result.set(b.getLong(MAX_MESSAGES), b.getLong(MESSAGE_SIZE), b.getLong(MESSAGES));
            }
            return Math.min(error, 0);
        } finally {
            STRUCTS.give(struct);
        }
    }

    private static PosixQueueLib lib() {
        PosixQueueLib lib = Holder.LIB;
        return lib != null ? lib : NativeLibrary.load(PosixQueueLib.class);
    }

    private static final class Holder {
        static final PosixQueueLib LIB = NativeLibrary.loadOrNull(PosixQueueLib.class);
    }
}
