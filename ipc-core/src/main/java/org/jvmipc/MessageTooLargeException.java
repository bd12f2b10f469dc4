package org.jvmipc;

/** A message is larger than the channel carries. Nothing was sent. */
public final class MessageTooLargeException extends IpcException {
    private static final long serialVersionUID = 1L;

    /** The message's size in bytes. */
    private final long size;
    /** The channel's limit in bytes. */
    private final long limit;

    /**
     * Creates the exception.
     *
     * @param channel the channel's address
     * @param size the message's size in bytes
     * @param limit the largest size in bytes that the channel carries
     * @param fix how to get it through
     */
    public MessageTooLargeException(String channel, long size, long limit, String fix) {
        super("a message of " + size + " bytes is larger than the " + limit + " that " + channel + " carries; " + fix);
        this.size = size;
        this.limit = limit;
    }

    /**
     * The message's size.
     *
     * @return bytes
     */
    public long size() {
        return size;
    }

    /**
     * The channel's limit.
     *
     * @return bytes
     */
    public long limit() {
        return limit;
    }
}
