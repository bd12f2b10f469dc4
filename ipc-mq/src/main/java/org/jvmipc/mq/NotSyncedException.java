package org.jvmipc.mq;

import org.jvmipc.IpcException;
import org.jvmipc.spi.AfterAcceptance;

/**
 * A message was sent to a {@code queue:} with {@code sync=each}, and the disk has refused to take it. It stands in the
 * queue all the same and is received, as is all that was sent before it: <b>do not send it again</b>. A power cut, or a
 * crash of the kernel, may lose it. Its buffer counts as sent.
 *
 * <p>A disk that has refused once may lose what it was given before, and may say nothing of that when it is asked the
 * next time: look at the disk before relying on it again.
 */
public final class NotSyncedException extends IpcException implements AfterAcceptance {
    private static final long serialVersionUID = 1L;

    /** The number of the last message that was sent. */
    private final long index;

    /**
     * Creates the exception.
     *
     * @param channel the address
     * @param index the number of the last message that was sent
     * @param cause what the disk said
     */
    public NotSyncedException(String channel, long index, Throwable cause) {
        super(channel + ": message " + index + ", and those sent before it, are in the queue and are received, but may"
                + " not have reached the disk (" + cause.getMessage() + "); do not send them again, look at the disk",
                cause);
        this.index = index;
    }

    /**
     * The number of the message; with a batch, of the last one that was sent. All before it are in the queue, too.
     *
     * @return as {@link PersistentQueues#index} tells receivers
     */
    public long index() {
        return index;
    }
}
