package org.jvmipc.benchmarks.transports;

import java.io.IOException;

/** The end that sends; for one thread. */
public interface Outlet extends AutoCloseable {
    /**
     * Sends the message that begins with a word; see {@link Payload}.
     *
     * @param first the word
     * @return false if there was no room for it
     * @throws IOException if the transport fails, or the other end has gone
     */
    boolean offer(long first) throws IOException;

    /**
     * Sends what was kept back in order to send more at once; to be called before a pause.
     *
     * @throws IOException if the transport fails, or the other end has gone
     */
    default void flush() throws IOException {
    }

    @Override
    void close() throws IOException;
}
