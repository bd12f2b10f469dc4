package org.jvmipc.posix;

/** What the kernel tells about a message queue of POSIX. Filled by {@link PosixQueueCalls#status}; not thread-safe. */
public final class PosixQueueStatus {

    private long maxMessages;
    private long messageSize;
    private long messages;

    /** Creates an empty description. */
    public PosixQueueStatus() {
    }

    void set(long maxMessages, long messageSize, long messages) {
        this.maxMessages = maxMessages;
        this.messageSize = messageSize;
        this.messages = messages;
    }

    /**
     * Returns how many messages it holds at most, {@code mq_maxmsg}.
     *
     * @return at least 1
     */
    public long maxMessages() {
        return maxMessages;
    }

    /**
     * Returns how long a message may be, {@code mq_msgsize}.
     *
     * @return in bytes, at least 1
     */
    public long messageSize() {
        return messageSize;
    }

    /**
     * Returns how many messages are in it, {@code mq_curmsgs}.
     *
     * @return 0 if it is empty
     */
    public long messages() {
        return messages;
    }
}
