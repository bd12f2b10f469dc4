package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.ChannelFullException;
import org.jvmipc.Codec;
import org.jvmipc.Endpoint;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.MalformedMessageException;
import org.jvmipc.MessageHandler;
import org.jvmipc.PeerEvent;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Registration;
import org.jvmipc.RequestFailedException;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.spi.Log;
import org.jvmipc.spi.MessageIn;
import org.jvmipc.spi.Waiter;

/**
 * The asking side of requests and replies. No thread belongs to it: of the threads that wait for replies one reads, for
 * all of them, and hands that on when it has its own; while only futures wait, the transport's shared thread does.
 */
public final class Calls<Q, A> {
    /** How many may be pending; a power of two, and no more than may wait in a sender for room. */
    public static final int MAX_PENDING = 1024;
    private static final int BATCH = 64;
    private static final Registration NOTHING = () -> {
    };

    private final PortSender sender;
    private final PortReceiver receiver;
    private final Executor executor;
    private final Envelope<Q> requests;
    private final Envelope<A> replies;
    private final AtomicReferenceArray<Call<A>> pending = new AtomicReferenceArray<>(MAX_PENDING);
    private final AtomicInteger futures = new AtomicInteger();
    private final ReentrantLock sending = new ReentrantLock();
    private final ReentrantLock reading = new ReentrantLock();
    /** Whose threads wait while another one reads. */
    private final Queue<Call<A>> followers = new ConcurrentLinkedQueue<>();
    /** A receive on behalf of the futures; changed by who holds {@link #reading}. */
    private volatile CompletableFuture<Received> ahead = CompletableFuture.completedFuture(Received.EMPTY);
    private volatile RuntimeException over;
    private final Registration watch;
    private final MessageHandler taker = this::take;
    private long last;

    public Calls(Sender sender, Receiver receiver, Codec<Q> requests, Codec<A> replies, Executor executor) {
        this.sender = port(sender, PortSender.class);
        this.receiver = port(receiver, PortReceiver.class);
        this.requests = new Envelope<>(requests);
        this.replies = new Envelope<>(replies);
        this.executor = executor;
        // There the end of the channel does not tell that the one who was asked has gone.
        this.watch = "wait".equals(receiver.address().options().get("peerDeath")) ? this.receiver.onPeer(event -> {
            if (event.kind() != PeerEvent.Kind.JOINED) {
                failPending(gone());
                passOn();
            }
        }, this.sender) : NOTHING;
    }

    /** An endpoint as the toolkit's own. */
    static <E> E port(Endpoint endpoint, Class<E> type) {
        if (!type.isInstance(endpoint)) {
            throw new IllegalArgumentException("an endpoint of " + endpoint.getClass().getName()
                    + " was not opened by Ipc");
        }
        return type.cast(endpoint);
    }

    public int pending() {
        int count = 0;
        for (int i = 0; i < MAX_PENDING; i++) {
            count += pending.get(i) == null ? 0 : 1;
        }
        return count;
    }

    public A request(Q request, long deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (reading.isHeldByCurrentThread()) {
            throw new IllegalStateException(receiver.address() + ": what depends on a reply must not ask and wait on "
                    + "the thread that reads the replies; have futures completed on another executor");
        }
        Call<A> call = start(request, null);
        try {
            await(call, deadline);
        } catch (InterruptedException interrupted) {
            if (giveUp(call, new IllegalStateException(interrupted))) {
                throw interrupted;
            }
            // The reply was faster.
            Thread.currentThread().interrupt();
        } finally {
            passOn();
        }
        if (!call.isSettled()) {
            giveUp(call, timedOut(call));
        }
        return call.reply();
    }

    public CompletableFuture<A> requestAsync(Q request, long timeoutMillis) {
        CompletableFuture<A> future = new CompletableFuture<>();
        Call<A> call = start(request, future);
        Registration timer = timeoutMillis < 0 ? NOTHING
                : Background.after(timeoutMillis, () -> giveUp(call, timedOut(call)));
        future.whenComplete((reply, failure) -> {
            timer.close();
            giveUp(call, new IllegalStateException("not waited for any more"));
        });
        lead();
        return future;
    }

    private IpcTimeoutException timedOut(Call<A> call) {
        return new IpcTimeoutException(receiver.address() + ": no reply to request " + call.number
                + " by the deadline; the replier was told to give it up");
    }

    private Call<A> start(Q request, CompletableFuture<A> future) {
        sending.lock();
        try {
            checkOpen();
            Call<A> call = register(future);
            try {
                ByteBuffer message = requests.pack(Envelope.REQUEST, call.number, request);
                SendResult result = sender.trySend(message);
                if (result == SendResult.CLOSED) {
                    throw sender.goneOrClosed("not sent");
                } else if (result != SendResult.SENT) {
                    sendLater(call, message);
                }
            } catch (RuntimeException refused) {
                forget(call);
                throw refused;
            }
            return call;
        } finally {
            sending.unlock();
        }
    }

    private void sendLater(Call<A> call, ByteBuffer message) {
        CompletableFuture<Void> later = sender.sendAsync(message);
        call.waitsForRoom(later);
        later.whenComplete((sent, failure) -> {
            if (failure != null) {
                settle(call, wrapped(failure));
            }
        });
    }

    private Call<A> register(CompletableFuture<A> future) {
        // Somebody may have waited for a long time in the place of this number.
        for (int places = 0; places < MAX_PENDING; places++) {
            last = last + 1 & Envelope.MAX_NUMBER;
            if (pending.get(place(last)) == null) {
                Call<A> call = future == null ? Call.of(last, Thread.currentThread()) : Call.of(last, future, executor);
                if (future != null) {
                    futures.incrementAndGet();
                }
                pending.set(place(last), call);
                return call;
            }
        }
        throw new ChannelFullException(sender.address() + ": " + MAX_PENDING
                + " requests are pending, which is the most; wait for replies to some of them");
    }

    private static int place(long number) {
        return (int) (number & MAX_PENDING - 1);
    }

    private boolean forget(Call<A> call) {
        boolean mine = pending.compareAndSet(place(call.number), call, null);
        if (mine && call.isAsynchronous()) {
            futures.decrementAndGet();
        }
        return mine;
    }

    private void checkOpen() {
        RuntimeException why = over;
        if (why != null) {
            throw why;
        }
    }

    private void await(Call<A> call, long deadline) throws InterruptedException {
        while (!call.isSettled()) {
            if (!reading.tryLock()) {
                if (!follow(call, deadline)) {
                    return;
                }
                continue;
            }
            try {
                read(call, deadline);
            } finally {
                reading.unlock();
            }
            return;
        }
    }

    /** Lets another thread read; false if the deadline has passed. */
    private boolean follow(Call<A> call, long deadline) throws InterruptedException {
        long slice = Waiter.slice(deadline);
        if (slice <= 0) {
            return false;
        }
        followers.add(call);
        try {
            if (!call.isSettled() && reading.isLocked()) {
                LockSupport.parkNanos(this, slice);
            }
        } finally {
            followers.remove(call);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return true;
    }

    /** Reads for all until one has its reply or the deadline has passed; holds {@link #reading}. */
    private void read(Call<A> call, long deadline) throws InterruptedException {
        if (!ahead.isDone() && !ahead.cancel(false)) {
            // A message is on its way to it; then the receiver is free.
            ahead.handle((received, failure) -> received).join();
        }
        while (!call.isSettled()) {
            int taken = MessageIn.END;
            try {
                taken = receiver.poll(taker, BATCH);
                if (taken == 0 && !receiver.await(deadline)) {
                    return;
                }
            } catch (RuntimeException broken) {
                end(broken);
            }
            if (taken == MessageIn.END) {
                end(gone());
            }
        }
    }

    /** This thread reads no more: another one does, or the shared thread, if somebody waits. */
    private void passOn() {
        // Mostly there is none, and no iterator is needed.
        if (followers.isEmpty()) {
            lead();
            return;
        }
        for (Call<A> follower : followers) {
            if (!follower.isSettled()) {
                follower.wake();
                return;
            }
        }
        lead();
    }

    /** Sees to it that the futures' replies are read if no thread reads. */
    private void lead() {
        if (reading.isHeldByCurrentThread()) {
            return;
        }
        // Whoever holds the lock looks again after having let it go.
        while (futures.get() > 0 && over == null && ahead.isDone() && reading.tryLock()) {
            try {
                receiveAhead();
            } finally {
                reading.unlock();
            }
        }
    }

    private void receiveAhead() {
        while (futures.get() > 0 && over == null && ahead.isDone()) {
            CompletableFuture<Received> next;
            try {
                next = receiver.receiveAsync();
            } catch (RuntimeException closed) {
                end(closed);
                return;
            }
            ahead = next;
            if (next.isDone()) {
                arrived(next);
            } else {
                next.whenComplete((received, failure) -> {
                    arrived(next);
                    lead();
                });
            }
        }
    }

    private void arrived(CompletableFuture<Received> next) {
        if (next.isCancelled()) {
            return;
        }
        try {
            Received received = next.join();
            if (received.isMessage()) {
                take(received.message().payload());
            } else {
                end(gone());
            }
        } catch (RuntimeException broken) {
            end(wrapped(broken));
        }
    }

    private RuntimeException gone() {
        sender.look();
        receiver.look();
        return receiver.gone("no reply from " + receiver.address());
    }

    private static RuntimeException wrapped(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause() : failure;
        return cause instanceof RuntimeException exception ? exception : new CompletionException(cause);
    }

    private void take(ByteBuffer message) {
        message.order(ByteOrder.BIG_ENDIAN);
        long head = message.remaining() < Envelope.HEAD ? 0 : message.getLong();
        int kind = Envelope.kind(head);
        if (kind != Envelope.REPLY && kind != Envelope.FAILURE) {
            throw new MalformedMessageException(receiver.address() + ": a message that is no reply; is there a Replier "
                    + "on the other side?");
        }
        Call<A> call = pending.get(place(Envelope.number(head)));
        if (call == null || call.number != Envelope.number(head) || !forget(call)) {
            // It was given up.
            return;
        }
        if (kind == Envelope.FAILURE) {
            call.fail(new RequestFailedException(receiver.address() + ": the replier could not do it: "
                    + Envelope.text(message)));
            return;
        }
        try {
            call.succeed(replies.unpack(message));
        } catch (MalformedMessageException malformed) {
            call.fail(new MalformedMessageException(receiver.address() + ": a malformed reply: "
                    + malformed.getMessage(), malformed));
        }
    }

    private void settle(Call<A> call, RuntimeException why) {
        forget(call);
        call.fail(why);
    }

    /** Does not wait any longer, and tells the replier; false if the reply was faster. */
    private boolean giveUp(Call<A> call, RuntimeException why) {
        if (!call.fail(why)) {
            return false;
        }
        if (!forget(call) || over != null) {
            return true;
        }
        sending.lock();
        try {
            call.takeBack();
            ByteBuffer cancel = Envelope.bare(Envelope.CANCEL, call.number);
            if (sender.trySend(cancel) != SendResult.SENT) {
                sender.sendAsync(cancel);
            }
        } catch (RuntimeException gone) {
            Log.debug("a request could not be cancelled", gone);
        } finally {
            sending.unlock();
        }
        return true;
    }

    private void failPending(RuntimeException why) {
        for (int i = 0; i < MAX_PENDING; i++) {
            Call<A> call = pending.get(i);
            if (call != null) {
                settle(call, why);
            }
        }
    }

    /** There will be no more replies. */
    private void end(RuntimeException why) {
        sending.lock();
        try {
            if (over == null) {
                over = why;
            }
        } finally {
            sending.unlock();
        }
        watch.close();
        failPending(over);
    }

    public void close() {
        end(new ChannelClosedException(sender.address() + " was closed"));
        sender.close();
        receiver.close();
    }
}
