package org.jvmipc;

import java.util.concurrent.Executor;
import org.jvmipc.internal.Service;
import org.jvmipc.internal.Services;

/**
 * Replies to what {@link Requester}s ask, over any connection or pair of channels: in the calling thread
 * ({@link #serve}), which is the fastest, or on an executor ({@link #start}), where many requests may be worked on at a
 * time. {@link #listen} does so for all who connect.
 *
 * <pre>{@code
 * try (TypedListener<Receipt, Order> listener = Ipc.listen(
 *             "unix:/run/shop", Codec.ofRecord(Receipt.class), Codec.ofRecord(Order.class));
 *         Replier<Order, Receipt> shop = Replier.over(listener.accept())) {
 *     shop.serve(order -> new Receipt(order.id(), price(order)));
 * }
 * }</pre>
 *
 * <p>A handler that throws makes the request fail with a {@link RequestFailedException} that tells what it threw; the
 * replier goes on; so does an executor that refuses to run it. When a request is cancelled or its requester has gone, a
 * handler on an executor is interrupted if it runs, or not begun, and the future of an asynchronous one is cancelled. A
 * handler of {@code serve} is not told.
 *
 * @param <Q> what is asked
 * @param <A> what is replied
 */
public final class Replier<Q, A> implements AutoCloseable {
    private final Service<Q, A> service;

    private Replier(Service<Q, A> service) {
        this.service = service;
    }

    /**
     * Replies over a connection of values, whose types were compared with those of the other side.
     *
     * @param <Q> what is asked
     * @param <A> what is replied
     * @param connection the connection, which belongs to the replier from now on
     * @return the replier
     */
    public static <Q, A> Replier<Q, A> over(TypedDuplex<A, Q> connection) {
        return over(connection.receiver(), connection.sender());
    }

    /**
     * Replies over a pair of channels of values, whose types were compared with those of the other side.
     *
     * @param <Q> what is asked
     * @param <A> what is replied
     * @param receiver where requests come from; belongs to the replier from now on
     * @param sender where replies go; belongs to the replier from now on
     * @return the replier
     */
    public static <Q, A> Replier<Q, A> over(TypedReceiver<Q> receiver, TypedSender<A> sender) {
        return over(receiver.channel(), sender.channel(), receiver.codec(), sender.codec());
    }

    /**
     * Replies over a connection of messages; that the other side has the same types is not checked.
     *
     * @param <Q> what is asked
     * @param <A> what is replied
     * @param connection the connection, which belongs to the replier from now on
     * @param requests how messages become requests
     * @param replies how replies become messages
     * @return the replier
     */
    public static <Q, A> Replier<Q, A> over(Duplex connection, Codec<Q> requests, Codec<A> replies) {
        return over(connection.receiver(), connection.sender(), requests, replies);
    }

    /**
     * Replies over a pair of channels of messages; that the other side has the same types is not checked.
     *
     * @param <Q> what is asked
     * @param <A> what is replied
     * @param receiver where requests come from; belongs to the replier from now on
     * @param sender where replies go; belongs to the replier from now on
     * @param requests how messages become requests
     * @param replies how replies become messages
     * @return the replier
     */
    public static <Q, A> Replier<Q, A> over(
            Receiver receiver, Sender sender, Codec<Q> requests, Codec<A> replies) {
        return new Replier<>(new Service<>(receiver, sender, requests, replies));
    }

    /**
     * Replies to all who connect for the same types, each request as a task of an executor. No thread waits for them.
     *
     * @param <Q> what is asked
     * @param <A> what is replied
     * @param listener where they connect; accepts nobody else meanwhile
     * @param handler does what is asked; called by several threads at a time if the executor has them
     * @param executor runs the handler
     * @return closes the connections, and accepts no more, when closed; the listener stays open
     */
    public static <Q, A> Registration listen(TypedListener<A, Q> listener,
            RequestHandler<? super Q, ? extends A> handler, Executor executor) {
        return listen(listener.channel(), listener.received(), listener.sent(), handler, executor);
    }

    /**
     * Replies to all who connect, whatever their types, each request as a task of an executor. No thread waits for
     * them.
     *
     * @param <Q> what is asked
     * @param <A> what is replied
     * @param listener where they connect; accepts nobody else meanwhile
     * @param requests how messages become requests
     * @param replies how replies become messages
     * @param handler does what is asked; called by several threads at a time if the executor has them
     * @param executor runs the handler
     * @return closes the connections, and accepts no more, when closed; the listener stays open
     */
    public static <Q, A> Registration listen(Listener listener, Codec<Q> requests, Codec<A> replies,
            RequestHandler<? super Q, ? extends A> handler, Executor executor) {
        return Services.listen(listener, connection -> new Service<>(
                connection.receiver(), connection.sender(), requests, replies), handler, executor);
    }

    /**
     * Replies in this thread, one request after the other, until the requester has gone or this replier is closed.
     *
     * @param handler does what is asked
     * @throws InterruptedException if the thread is interrupted while it waits, or the handler throws it
     * @throws MalformedMessageException if something came that is no request
     */
    public void serve(RequestHandler<? super Q, ? extends A> handler) throws InterruptedException {
        service.serve(handler);
    }

    /**
     * Replies on an executor, a task for each request.
     *
     * @param handler does what is asked; called by several threads at a time if the executor has them
     * @param executor runs the handler
     * @return ends it when closed; tells when the requester has gone
     */
    public HandlerRegistration start(RequestHandler<? super Q, ? extends A> handler, Executor executor) {
        return service.start(handler, executor);
    }

    /**
     * Replies when the future of a request is complete.
     *
     * @param handler begins with what is asked
     * @param executor runs the handler, one request after the other, and sends the replies
     * @return ends it when closed; tells when the requester has gone
     */
    public HandlerRegistration startAsync(AsyncRequestHandler<? super Q, A> handler, Executor executor) {
        return service.startAsync(handler, executor);
    }

    /** Closes the channels and cancels what is being worked on. Idempotent. */
    @Override
    public void close() {
        service.close();
    }
}
