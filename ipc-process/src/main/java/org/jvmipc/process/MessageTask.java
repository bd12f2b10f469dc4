package org.jvmipc.process;

import java.nio.ByteBuffer;

/** What a process does with each message. */
@FunctionalInterface
public interface MessageTask {
    /**
     * Deals with a message. It may send, and wait for room; it must not receive from the channel that the message came
     * from.
     *
     * @param message the message in place, read-only, valid until this returns
     * @throws InterruptedException if the thread is interrupted
     */
    void handle(ByteBuffer message) throws InterruptedException;
}
