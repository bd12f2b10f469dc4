package org.jvmipc.mq.internal.group;

import java.nio.ByteBuffer;

/** Where messages go that nobody could handle. Used by one thread at a time. */
public interface DeadLetters extends AutoCloseable {
    /**
     * Keeps a message. When this returns it is as safe as any other that was sent there.
     *
     * @param message what was not handled, from position to limit
     */
    void append(ByteBuffer message);

    @Override
    void close();
}
