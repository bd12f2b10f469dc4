package org.jvmipc.internal;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jvmipc.HandlerRegistration;
import org.jvmipc.Message;
import org.jvmipc.MessageHandler;
import org.jvmipc.Received;
import org.jvmipc.Registration;
import org.jvmipc.spi.MessageIn;
import org.jvmipc.spi.Waiter;

/**
 * Takes messages from a receiver as long as there is demand and hands them on, one at a time, on an executor. When
 * there is none, it waits armed, without a thread.
 */
final class Push implements HandlerRegistration, Flow.Subscription {
    private static final String USE = "a handler or subscriber";
    private static final int BATCH = 64;
    private static final Registration NOTHING = () -> {
    };

    private final PortReceiver receiver;
    private final MessageIn in;
    private final Executor executor;
    private final Flow.Subscriber<? super Message> target;
    private final AtomicLong demand;
    /** Not zero while a drain is under way or due, and from the beginning, so that nothing comes before onSubscribe. */
    private final AtomicInteger running = new AtomicInteger(1);
    private final AtomicBoolean armed = new AtomicBoolean();
    private final AtomicBoolean over = new AtomicBoolean();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Registration ticking;
    private volatile Registration arming = NOTHING;
    private volatile Throwable misuse;

    /**
     * One go at draining, after which the executor may do something else. An executor that runs tasks at once runs the
     * next one from within the last; that must not nest deeper and deeper, so it only says that it was there.
     */
    private final class Turn implements Runnable {
        private final Thread submitter = Thread.currentThread();
        private boolean submitting = true;
        private boolean ranAtOnce;

        @Override
        public void run() {
            if (submitter == Thread.currentThread() && submitting) {
                ranAtOnce = true;
            } else {
                drain();
            }
        }
    }

    private Push(PortReceiver receiver, MessageIn in, Executor executor, Flow.Subscriber<? super Message> target,
            long demand) {
        this.receiver = receiver;
        this.in = in;
        this.executor = executor;
        this.target = target;
        this.demand = new AtomicLong(demand);
        this.ticking = Background.every(Waiter.SLICE_NANOS / 1_000_000, () -> {
            in.idle();
            run();
        });
    }

    static HandlerRegistration toHandler(
            PortReceiver receiver, MessageIn in, MessageHandler handler, Executor executor) {
        receiver.reserveAlone(USE);
        Push push = new Push(receiver, in, executor, new HandlerSubscriber(handler), Long.MAX_VALUE);
        push.drainLater();
        return push;
    }

    static void toSubscriber(PortReceiver receiver, MessageIn in, Flow.Subscriber<? super Message> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        try {
            receiver.checkOpen();
            receiver.reserveAlone(USE);
        } catch (RuntimeException refused) {
            subscriber.onSubscribe(new Flow.Subscription() {
                @Override
                public void request(long n) {
                }

                @Override
                public void cancel() {
                }
            });
            subscriber.onError(refused);
            return;
        }
        Push push = new Push(receiver, in, ForkJoinPool.commonPool(), subscriber, 0);
        try {
            subscriber.onSubscribe(push);
        } catch (RuntimeException | Error thrown) {
            push.close();
            throw thrown;
        }
        push.drainLater();
    }

    /**
     * Called back by threads that all channels share. They can do nothing about an executor that refuses: that ends
     * this, which {@link #ended} tells.
     */
    private void run() {
        if (running.getAndIncrement() == 0) {
            try {
                drainLater();
            } catch (RejectedExecutionException refused) {
                end(refused);
            }
        }
    }

    private void drainLater() {
        execute(this::drain);
    }

    private void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RuntimeException rejected) {
            end(rejected);
            throw rejected;
        }
    }

    private void drain() {
        while (drainBatch()) {
            Turn next = new Turn();
            execute(next);
            next.submitting = false;
            if (!next.ranAtOnce) {
                return;
            }
        }
    }

    /** Hands on some messages; true if there may be more. */
    private boolean drainBatch() {
        int missed = running.get();
        for (int batch = 0; !over.get(); batch++) {
            if (misuse != null) {
                finish(misuse);
                return false;
            }
            if (batch == BATCH) {
                return true;
            }
            if (demand.get() > 0 && next()) {
                continue;
            }
            missed = running.addAndGet(-missed);
            if (missed == 0) {
                return false;
            }
        }
        return false;
    }

    /** Hands on one message; false if there was none. */
    private boolean next() {
        Received received;
        try {
            if (!receiver.tryEnter()) {
                receiver.whenFree(this::run);
                return false;
            }
            try {
                received = receiver.take();
            } finally {
                receiver.leave();
            }
        } catch (RuntimeException broken) {
            finish(broken);
            return true;
        }
        switch (received.kind()) {
            case MESSAGE -> {
                if (demand.get() != Long.MAX_VALUE) {
                    demand.decrementAndGet();
                }
                try {
                    target.onNext(received.message());
                } catch (RuntimeException | Error thrown) {
                    end(thrown);
                    throw thrown;
                }
                return true;
            }
            case END -> {
                finish(target instanceof HandlerSubscriber ? null : receiver.death());
                return true;
            }
            default -> {
                if (armed.compareAndSet(false, true)) {
                    arming = in.readiness().arm(() -> {
                        armed.set(false);
                        run();
                    });
                    if (over.get()) {
                        arming.close();
                    }
                }
                return false;
            }
        }
    }

    private void finish(Throwable why) {
        if (end(why)) {
            if (why == null) {
                target.onComplete();
            } else {
                target.onError(why);
            }
        }
    }

    /** Lets go of the receiver; true for the first who does. */
    private boolean end(Throwable why) {
        if (!over.compareAndSet(false, true)) {
            return false;
        }
        ticking.close();
        arming.close();
        receiver.free(USE);
        if (why == null) {
            ended.complete(null);
        } else {
            ended.completeExceptionally(why);
        }
        return true;
    }

    @Override
    public void close() {
        end(null);
    }

    @Override
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            misuse = new IllegalArgumentException("request(" + n
                    + "): a non-positive subscription request; at least 1 must be requested (rule 3.9)");
        } else {
            demand.accumulateAndGet(n, (have, more) -> have + more < 0 ? Long.MAX_VALUE : have + more);
        }
        run();
    }

    @Override
    public void cancel() {
        close();
    }

    /** A handler as a subscriber that wants all; it is told of the end by the registration. */
    private record HandlerSubscriber(MessageHandler handler) implements Flow.Subscriber<Message> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
        }

        @Override
        public void onNext(Message message) {
            handler.onMessage(message.payload());
        }

        @Override
        public void onError(Throwable closed) {
        }

        @Override
        public void onComplete() {
        }
    }
}
