package org.jvmipc;

import java.nio.ByteBuffer;

/** Takes messages in place. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Takes one message.
     *
     * @param message the message from position to limit; read-only, and valid only until this method returns
     */
    void onMessage(ByteBuffer message);
}
