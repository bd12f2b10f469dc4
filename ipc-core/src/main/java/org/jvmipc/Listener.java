package org.jvmipc;

import java.nio.channels.ByteChannel;
import java.nio.channels.Channel;
import java.time.Duration;

/**
 * Waits for peers that {@link Ipc#connect connect}. Any thread may call any method. Closing wakes all who wait, removes
 * the name, and leaves the connections made so far alone.
 */
public interface Listener extends Channel {
    /**
     * The address to connect to.
     *
     * @return the address
     */
    Address address();

    /**
     * Waits for the next peer.
     *
     * @return the connection
     * @throws InterruptedException if the thread is interrupted; the listener stays usable
     * @throws ChannelClosedException if the listener is or gets closed
     */
    Duplex accept() throws InterruptedException;

    /**
     * Waits for the next peer for a limited time.
     *
     * @param timeout how long to wait; zero or less does not wait
     * @return the connection, or null if nobody came
     * @throws InterruptedException if the thread is interrupted; the listener stays usable
     * @throws ChannelClosedException if the listener is or gets closed
     */
    Duplex accept(Duration timeout) throws InterruptedException;

    /**
     * Waits for the next peer for a limited time, and talks to it in bytes without framing.
     *
     * @param timeout how long to wait; zero or less does not wait
     * @return the connection as in {@link Ipc#stream}, or null if nobody came
     * @throws InterruptedException if the thread is interrupted; the listener stays usable
     * @throws ChannelClosedException if the listener is or gets closed
     */
    ByteChannel acceptStream(Duration timeout) throws InterruptedException;

    @Override
    void close();
}
