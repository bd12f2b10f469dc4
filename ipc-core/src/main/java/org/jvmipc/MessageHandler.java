package org.jvmipc;

import java.nio.ByteBuffer;

/** Takes messages in place. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Takes one message.
     *
     * @param message the message from position to limit; read-only, and valid only until this method returns. The
     *     position need not be 0: what lies outside of position and limit is not the message
     */
    void onMessage(ByteBuffer message);
}
