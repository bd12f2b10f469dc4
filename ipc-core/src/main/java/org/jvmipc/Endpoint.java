package org.jvmipc;

import java.nio.channels.Channel;
import java.time.Duration;

/**
 * What all ends of channels have in common.
 *
 * <p>Closing is idempotent, may be done by any thread, wakes all who are blocked on the endpoint (they get a
 * {@link ChannelClosedException}), and never waits for them.
 */
public interface Endpoint extends Channel {
    /**
     * The address under which a peer reaches this endpoint. Mostly the one it was opened with; a transport that makes
     * a name of its own ({@code pipe:}) tells it here.
     *
     * @return the address
     */
    Address address();

    /**
     * A snapshot of the channel; also after closing.
     *
     * @return the numbers
     */
    ChannelStatus status();

    /**
     * Waits until at least one peer is there.
     *
     * @param timeout how long to wait; zero looks only
     * @return true if a peer is there, false if the time has passed
     * @throws InterruptedException if the thread is interrupted; the endpoint stays usable
     * @throws UnsupportedOperationException if the transport cannot know its peers
     * @throws ChannelClosedException if the endpoint is or gets closed
     */
    boolean awaitPeer(Duration timeout) throws InterruptedException;

    /**
     * Tells of peers that come, leave or die; of those that are there already as well. Each event exactly once for
     * each listener.
     *
     * @param listener called on a thread of the toolkit
     * @return ends it when closed
     * @throws UnsupportedOperationException if the transport cannot know its peers
     */
    Registration onPeer(PeerListener listener);

    /** Closes the endpoint; what was accepted but not yet handed to the kernel is flushed if that takes no wait. */
    @Override
    void close();

    /**
     * Closes the endpoint after waiting for what it has accepted (unfinished messages, asynchronous sends) to be
     * handed over.
     *
     * @param linger how long to wait at most
     * @return true if all was handed over, false if the rest was given up
     * @throws InterruptedException if the thread is interrupted; the endpoint is closed then, too
     */
    boolean close(Duration linger) throws InterruptedException;
}
