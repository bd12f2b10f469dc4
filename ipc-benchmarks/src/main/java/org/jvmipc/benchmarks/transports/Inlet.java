package org.jvmipc.benchmarks.transports;

import java.io.IOException;

/** The end that receives; for one thread. */
public interface Inlet extends AutoCloseable {
    /**
     * Hands over messages that are there. A transport that does not spin waits for one.
     *
     * @param sink what they are handed to
     * @param limit how many at most
     * @return how many were handed over
     * @throws IOException if the transport fails
     */
    int poll(Sink sink, int limit) throws IOException;

    /**
     * Sleeps until there is a message, and hands over what is there.
     *
     * @param sink what it is handed to
     * @throws IOException if the transport fails
     * @throws InterruptedException if the thread is interrupted
     */
    void await(Sink sink) throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
}
