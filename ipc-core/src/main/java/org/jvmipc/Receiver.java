package org.jvmipc;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/**
 * The end of a channel that messages come out of.
 *
 * <p><b>Threads.</b> Any thread may close an endpoint and ask for its status. Several threads may receive at the same
 * time, each message going to one of them, unless the address names a single consumer ({@code ring=spsc}); then
 * receiving calls must not overlap, and handing the receiver to another thread needs a happens-before edge. A receiver
 * is read in one way at a time: while asynchronous receives, a handler or a publisher are active, the other forms
 * throw {@link IllegalStateException}. While a handler of {@link #poll} is at work, other threads get nothing:
 * {@code tryReceive} and {@code poll} say at once that nothing is there, the other forms wait for the handler to end.
 *
 * <p>When all senders have gone, a receiver first gets all that they had sent, then the end. With
 * {@code peerDeath=wait} it waits for the next sender instead. A connection that broke in the middle of a message is
 * told once as a {@link BrokenFrameException} before the end.
 */
public interface Receiver extends Endpoint {
    /**
     * Receives a message, waiting as long as it takes.
     *
     * @return a message
     * @throws EndOfChannelException if there will be no more
     * @throws InterruptedException if the thread is interrupted; no message is lost
     * @throws ChannelClosedException if the endpoint is or gets closed
     */
    Received receive() throws InterruptedException;

    /**
     * Receives a message, waiting for a limited time.
     *
     * @param timeout how long to wait; zero or less does not wait
     * @return a message, {@link Received#TIMED_OUT} or {@link Received#END}
     * @throws InterruptedException if the thread is interrupted; no message is lost
     * @throws ChannelClosedException if the endpoint is or gets closed
     */
    Received receive(Duration timeout) throws InterruptedException;

    /**
     * Receives a message if one is there.
     *
     * @return a message, {@link Received#EMPTY} or {@link Received#END}
     * @throws ChannelClosedException if the endpoint is closed
     */
    Received tryReceive();

    /**
     * Receives a message later, in the order of the calls.
     *
     * @return completes with a message or {@link Received#END}. Cancelling loses no message: the next one gets it.
     *     Dependent stages run on a thread shared by all channels and must not block, unless they are of the
     *     {@code …Async} kind
     */
    CompletableFuture<Received> receiveAsync();

    /**
     * Takes what is there, in place.
     *
     * @param handler gets each message; if it throws, that message counts as consumed, later ones stay, and the
     *     exception goes to the caller
     * @param limit how many messages at most, at least 1
     * @return how many it took, 0 if none was there, or -1 at the end of the channel
     * @throws ChannelClosedException if the endpoint is closed
     */
    int poll(MessageHandler handler, int limit);

    /**
     * Shows the next message in place and leaves it in the channel: it counts as neither received nor transferred, and
     * the next receiving call of this receiver gets it, unless another receiver that competes for the messages ({@code
     * mem:}, {@code ring=mpmc}) was faster, or {@code overflow=dropOldest} dropped it meanwhile.
     *
     * @param handler gets the message; if it throws, the exception goes to the caller, and the message stays
     * @return 1 if there was a message, 0 if none was there, or -1 at the end of the channel
     * @throws ChannelClosedException if the endpoint is closed
     * @throws UnsupportedOperationException if the transport cannot show a message without taking it: where the kernel
     *     only gives messages away ({@code posixmq:}, {@code sysvmq:}, {@code signal:}), and {@code queue:} with
     *     {@code lanes=}
     */
    int peek(MessageHandler handler);

    /**
     * Hands each message to a handler, one after the other, until the end or until closed.
     *
     * @param handler gets a private copy of each message; if it throws, the subscription ends and the exception goes to
     *     the executor's thread
     * @param executor runs the handler; one task at a time
     * @return ends it when closed; the receiver can then be read otherwise again. Also tells when it ends for another
     *     reason: {@link HandlerRegistration#ended}
     */
    HandlerRegistration onMessage(MessageHandler handler, Executor executor);

    /**
     * The messages as a stream with back pressure: nothing is taken from the channel that was not requested. One
     * subscriber at a time; a second one is told so by {@code onError}. Completes at the end of the channel. If that is
     * because the last sender to go died, it fails with a {@link PeerDiedException} instead, when all that was sent is
     * handed on.
     *
     * @return the publisher
     */
    Flow.Publisher<Message> publisher();
}
