package org.jvmipc;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.jvmipc.internal.Calls;
import org.jvmipc.spi.Waiter;

/**
 * Asks a {@link Replier} in another process, over any connection or pair of channels, and hands each reply to the one
 * who asked. Up to {@value #MAX_PENDING} requests may be pending at a time; replies may come in any order.
 *
 * <pre>{@code
 * try (Requester<Order, Receipt> shop = Requester.over(Ipc.connect(
 *         "unix:/run/shop", Codec.ofRecord(Order.class), Codec.ofRecord(Receipt.class)))) {
 *     Receipt receipt = shop.request(order, Duration.ofSeconds(1));
 * }
 * }</pre>
 *
 * <p><b>Threads.</b> Any number of threads may use a requester at the same time, whatever the channels themselves say.
 * It has no thread of its own: of those who wait, one reads for all.
 *
 * <p><b>Giving up.</b> A request that times out, whose thread is interrupted or whose future is cancelled, is cancelled
 * at the replier as well, whose handler learns of it if it is asynchronous or runs on an executor. It may have been
 * done all the same.
 *
 * <p><b>Death.</b> When the replier goes or dies, all pending requests fail with {@link PeerGoneException} or
 * {@link PeerDiedException}, as soon as the transport notices: at once where there is a connection in the kernel,
 * within some 300 ms on {@code shm:}. So do later ones, unless the channels were opened with {@code peerDeath=wait}:
 * then they wait for the next replier. Transports that do not know their peers (datagrams, kernel queues) leave the
 * timeout.
 *
 * @param <Q> what is asked
 * @param <A> what is replied
 */
public final class Requester<Q, A> implements AutoCloseable {
    /** How many requests may be pending at a time. */
    public static final int MAX_PENDING = Calls.MAX_PENDING;

    private final Calls<Q, A> calls;

    private Requester(Calls<Q, A> calls) {
        this.calls = calls;
    }

    /**
     * Asks over a connection of values, whose types were compared with those of the other side.
     *
     * @param <Q> what is asked
     * @param <A> what is replied
     * @param connection the connection, which belongs to the requester from now on
     * @return the requester, whose futures complete in the common pool
     */
    public static <Q, A> Requester<Q, A> over(TypedDuplex<Q, A> connection) {
        return over(connection.sender(), connection.receiver());
    }

    /**
     * Asks over a pair of channels of values, whose types were compared with those of the other side.
     *
     * @param <Q> what is asked
     * @param <A> what is replied
     * @param sender where requests go; belongs to the requester from now on
     * @param receiver where replies come from, to this requester alone; belongs to it from now on
     * @return the requester, whose futures complete in the common pool
     */
    public static <Q, A> Requester<Q, A> over(TypedSender<Q> sender, TypedReceiver<A> receiver) {
        return over(sender.channel(), receiver.channel(), sender.codec(), receiver.codec());
    }

    /**
     * Asks over a connection of messages; that the other side has the same types is not checked.
     *
     * @param <Q> what is asked
     * @param <A> what is replied
     * @param connection the connection, which belongs to the requester from now on
     * @param requests how requests become messages
     * @param replies how messages become replies
     * @return the requester, whose futures complete in the common pool
     */
    public static <Q, A> Requester<Q, A> over(Duplex connection, Codec<Q> requests, Codec<A> replies) {
        return over(connection.sender(), connection.receiver(), requests, replies);
    }

    /**
     * Asks over a pair of channels of messages; that the other side has the same types is not checked.
     *
     * @param <Q> what is asked
     * @param <A> what is replied
     * @param sender where requests go; belongs to the requester from now on
     * @param receiver where replies come from, to this requester alone; belongs to it from now on
     * @param requests how requests become messages
     * @param replies how messages become replies
     * @return the requester, whose futures complete in the common pool
     */
    public static <Q, A> Requester<Q, A> over(
            Sender sender, Receiver receiver, Codec<Q> requests, Codec<A> replies) {
        return over(sender, receiver, requests, replies, ForkJoinPool.commonPool());
    }

    /**
     * Asks over a pair of channels, and completes futures on an executor.
     *
     * @param <Q> what is asked
     * @param <A> what is replied
     * @param sender where requests go; belongs to the requester from now on
     * @param receiver where replies come from, to this requester alone; belongs to it from now on
     * @param requests how requests become messages
     * @param replies how messages become replies
     * @param executor completes futures, and so runs what depends on them; if it refuses, the common pool does
     * @return the requester
     */
    public static <Q, A> Requester<Q, A> over(
            Sender sender, Receiver receiver, Codec<Q> requests, Codec<A> replies, Executor executor) {
        return new Requester<>(
                new Calls<>(sender, receiver, requests, replies, Objects.requireNonNull(executor, "executor")));
    }

    /**
     * Asks, and waits for the reply as long as it takes.
     *
     * @param request what is asked
     * @return the reply
     * @throws InterruptedException if the thread is interrupted; the request is cancelled
     * @throws RequestFailedException if the replier could not do it
     * @throws PeerGoneException if the replier has gone
     * @throws MalformedMessageException if the reply is none of the type
     * @throws ChannelFullException if too many requests are pending
     * @throws ChannelClosedException if the requester is or gets closed
     */
    public A request(Q request) throws InterruptedException {
        return calls.request(request, Long.MAX_VALUE);
    }

    /**
     * Asks, and waits for the reply for a limited time.
     *
     * @param request what is asked
     * @param timeout how long to wait; zero or less asks and does not wait
     * @return the reply
     * @throws IpcTimeoutException if there was no reply by then; the request is cancelled
     * @throws InterruptedException as {@link #request(Object)}, whose other exceptions it throws, too
     */
    public A request(Q request, Duration timeout) throws InterruptedException {
        return calls.request(request, Waiter.deadline(timeout));
    }

    /**
     * Asks, and completes a future with the reply.
     *
     * @param request what is asked; it is encoded before this call returns
     * @return completes with the reply, or exceptionally as {@link #request(Object)} throws; cancelling it cancels the
     *     request. Dependent stages run on the requester's executor
     * @throws IpcException if the request cannot be sent at all
     */
    public CompletableFuture<A> requestAsync(Q request) {
        return calls.requestAsync(request, -1);
    }

    /**
     * Asks, and completes a future with the reply if there is one in time.
     *
     * @param request what is asked; it is encoded before this call returns
     * @param timeout how long to wait
     * @return as {@link #requestAsync(Object)}; with an {@link IpcTimeoutException} if there was no reply by then
     * @throws IpcException if the request cannot be sent at all
     */
    public CompletableFuture<A> requestAsync(Q request, Duration timeout) {
        return calls.requestAsync(request, Math.max(0, timeout.toMillis()));
    }

    /**
     * How many requests wait for their replies.
     *
     * @return 0 to {@value #MAX_PENDING}
     */
    public int pending() {
        return calls.pending();
    }

    /** Closes the channels; what is pending fails with {@link ChannelClosedException}. Idempotent. */
    @Override
    public void close() {
        calls.close();
    }
}
