package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jvmipc.AsyncRequestHandler;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.Codec;
import org.jvmipc.HandlerRegistration;
import org.jvmipc.IpcException;
import org.jvmipc.MalformedMessageException;
import org.jvmipc.MessageHandler;
import org.jvmipc.MessageTooLargeException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Receiver;
import org.jvmipc.RequestHandler;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.spi.Log;
import org.jvmipc.spi.MessageIn;

/** The replying side of requests and replies. */
public final class Service<Q, A> {
    private final PortSender sender;
    private final PortReceiver receiver;
    private final Envelope<Q> requests;
    private final Envelope<A> replies;
    private final ReentrantLock sending = new ReentrantLock();
    /** What is being worked on, by number. */
    private final Map<Long, Future<?>> jobs = new ConcurrentHashMap<>();
    /** The request that {@link #serve} has in hand. */
    private final InHand inHand = new InHand();
    private final MessageHandler taker = inHand::take;

    /** Takes a message out of the receiver's hands, so that replying to it may wait. */
    private final class InHand {
        private long head;
        private Q request;
        private MalformedMessageException malformed;

        void take(ByteBuffer message) {
            head = head(message);
            request = null;
            malformed = null;
            if (Envelope.kind(head) == Envelope.REQUEST) {
                try {
                    request = requests.unpack(message);
                } catch (MalformedMessageException refused) {
                    malformed = refused;
                }
            }
        }
    }

    public Service(Receiver receiver, Sender sender, Codec<Q> requests, Codec<A> replies) {
        this.receiver = Calls.port(receiver, PortReceiver.class);
        this.sender = Calls.port(sender, PortSender.class);
        this.requests = new Envelope<>(requests);
        this.replies = new Envelope<>(replies);
    }

    private long head(ByteBuffer message) {
        message.order(ByteOrder.BIG_ENDIAN);
        long head = message.remaining() < Envelope.HEAD ? 0 : message.getLong();
        int kind = Envelope.kind(head);
        if (kind != Envelope.REQUEST && kind != Envelope.CANCEL) {
            throw new MalformedMessageException(receiver.address() + ": a message that is no request; is there a "
                    + "Requester on the other side?");
        }
        return head;
    }

    /** Handles in the calling thread until the requesters have gone or the receiver is closed. */
    public void serve(RequestHandler<? super Q, ? extends A> handler) throws InterruptedException {
        try {
            for (int taken = 0; taken != MessageIn.END; taken = receiver.poll(taker, 1)) {
                if (taken == 0) {
                    receiver.await(Long.MAX_VALUE);
                } else if (Envelope.kind(inHand.head) == Envelope.REQUEST) {
                    handle(handler);
                }
            }
        } catch (ChannelClosedException closed) {
            if (receiver.isOpen()) {
                throw closed;
            }
        }
    }

    private void handle(RequestHandler<? super Q, ? extends A> handler) throws InterruptedException {
        long number = Envelope.number(inHand.head);
        if (inHand.malformed != null) {
            fail(number, inHand.malformed);
            return;
        }
        A reply;
        try {
            reply = handler.handle(inHand.request);
        } catch (InterruptedException | Error ending) {
            failNow(number, ending);
            throw ending;
        } catch (Exception failed) {
            fail(number, failed);
            return;
        }
        reply(number, reply);
    }

    /** Handles each request as a task of an executor. */
    public HandlerRegistration start(RequestHandler<? super Q, ? extends A> handler, Executor executor) {
        return listen(executor, (number, request) -> {
            FutureTask<Void> job = new FutureTask<>(() -> {
                try {
                    handle(number, request, handler);
                    return null;
                } finally {
                    jobs.remove(number);
                }
            });
            jobs.put(number, job);
            try {
                executor.execute(job);
            } catch (RejectedExecutionException refused) {
                jobs.remove(number);
                refuse(number, refused);
            }
        });
    }

    private void handle(long number, Q request, RequestHandler<? super Q, ? extends A> handler)
            throws InterruptedException {
        A reply;
        try {
            reply = handler.handle(request);
        } catch (InterruptedException interrupted) {
            // Perhaps not because the request was cancelled, but because the executor ends.
            if (jobs.containsKey(number)) {
                failNow(number, interrupted);
            }
            throw interrupted;
        } catch (Exception | Error failed) {
            fail(number, failed);
            return;
        }
        reply(number, reply);
    }

    /** Has each request handled by whoever completes its future. */
    public HandlerRegistration startAsync(AsyncRequestHandler<? super Q, A> handler, Executor executor) {
        return listen(executor, (number, request) -> {
            CompletableFuture<A> job;
            try {
                job = handler.handle(request).toCompletableFuture();
            } catch (RuntimeException | Error failed) {
                job = CompletableFuture.failedFuture(failed);
            }
            jobs.put(number, job);
            job.whenCompleteAsync((reply, failure) -> finish(number, reply, failure),
                    task -> Call.hand(executor, task));
        });
    }

    private void finish(long number, A reply, Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause() : failure;
        if (jobs.remove(number) == null || cause instanceof CancellationException) {
            return;
        }
        try {
            if (cause != null) {
                fail(number, cause);
            } else {
                reply(number, reply);
            }
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is done with a request. */
    private interface Work<Q> {
        void begin(long number, Q request);
    }

    private HandlerRegistration listen(Executor executor, Work<Q> work) {
        HandlerRegistration listening = receiver.onMessage(message -> {
            long head = head(message);
            long number = Envelope.number(head);
            if (Envelope.kind(head) == Envelope.CANCEL) {
                cancel(number);
                return;
            }
            Q request;
            try {
                request = requests.unpack(message);
            } catch (MalformedMessageException malformed) {
                refuse(number, malformed);
                return;
            }
            work.begin(number, request);
        }, executor);
        listening.ended().whenComplete((end, failure) -> cancelAll());
        return listening;
    }

    private void refuse(long number, RuntimeException why) {
        try {
            fail(number, why);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    private void cancel(long number) {
        Future<?> job = jobs.remove(number);
        if (job != null) {
            job.cancel(true);
        }
    }

    private void cancelAll() {
        jobs.keySet().forEach(this::cancel);
    }

    private void reply(long number, A reply) throws InterruptedException {
        sending.lockInterruptibly();
        try {
            if (reply == null) {
                throw new IllegalArgumentException("the handler gave null");
            }
            send(replies.pack(Envelope.REPLY, number, reply));
        } catch (IllegalArgumentException | MessageTooLargeException unfit) {
            send(Envelope.failure(number, unfit.getMessage(), sender.maxMessage()));
        } finally {
            sending.unlock();
        }
    }

    private void fail(long number, Throwable failure) throws InterruptedException {
        sending.lockInterruptibly();
        try {
            send(Envelope.failure(number, failure.toString(), sender.maxMessage()));
        } finally {
            sending.unlock();
        }
    }

    /** The same for a thread that has to end: if there is no room, the requester waits till its timeout. */
    private void failNow(long number, Throwable failure) {
        sending.lock();
        try {
            sender.trySend(Envelope.failure(number, failure.toString(), sender.maxMessage()));
        } catch (IpcException nobodyWaits) {
            Log.debug("a reply was not wanted", nobodyWaits);
        } finally {
            sending.unlock();
        }
    }

    /** Sends, unless nobody is there any more to get it. */
    private void send(ByteBuffer message) throws InterruptedException {
        try {
            if (sender.trySend(message) != SendResult.SENT) {
                sender.send(message);
            }
        } catch (PeerGoneException | ChannelClosedException nobodyWaits) {
            Log.debug("a reply was not wanted", nobodyWaits);
        }
    }

    public void close() {
        cancelAll();
        receiver.close();
        sender.close();
    }
}
