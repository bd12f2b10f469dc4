package org.jvmipc;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Sends what a publisher gives into a channel, and asks for no more than the channel takes: at most {@value #WINDOW}
 * values are on their way. Made by {@link TypedSender#subscriber}. It serves one subscription and does not close the
 * channel:
 *
 * <pre>{@code
 * ChannelSubscriber<Tick> sink = sender.subscriber();
 * ticks.subscribe(sink);
 * sink.ended().whenComplete((sent, failure) -> sender.close());
 * }</pre>
 *
 * <p>Safe as any subscriber of the Flow API is: its methods are called by one publisher, one at a time.
 *
 * @param <T> what is sent
 */
public final class ChannelSubscriber<T> implements Flow.Subscriber<T> {
    /** How many values may be asked for and not yet accepted by the channel. */
    public static final int WINDOW = 64;

    private final TypedSender<T> sender;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicReference<Flow.Subscription> subscription = new AtomicReference<>();
    /** Values that were given and not yet accepted, and one more as long as the publisher is not complete. */
    private final AtomicInteger unfinished = new AtomicInteger(1);
    /** Values that were accepted since the publisher was asked last. */
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong demand = new AtomicLong();
    /** Not zero while a thread talks to the subscription, which only one may at a time. */
    private final AtomicInteger talking = new AtomicInteger();

    ChannelSubscriber(TypedSender<T> sender) {
        this.sender = sender;
    }

    /**
     * Tells when nothing more will be sent.
     *
     * @return completes when the publisher has completed and the channel has accepted all it gave; exceptionally with
     *     what the publisher failed with, or what sending failed with, which cancels the subscription
     */
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        Objects.requireNonNull(given, "subscription");
        if (!subscription.compareAndSet(null, given)) {
            given.cancel();
            return;
        }
        ask(WINDOW);
    }

    @Override
    public void onNext(T value) {
        Objects.requireNonNull(value, "value");
        if (over.get()) {
            return;
        }
        unfinished.incrementAndGet();
        CompletableFuture<Void> sending;
        try {
            sending = sender.sendAsync(value);
        } catch (RuntimeException refused) {
            fail(refused);
            return;
        }
        sending.whenComplete((sent, failure) -> {
            if (failure != null) {
                fail(failure);
                return;
            }
            finishOne();
            if (accepted.incrementAndGet() >= WINDOW / 2) {
                ask(accepted.getAndSet(0));
            }
        });
    }

    private void finishOne() {
        if (unfinished.decrementAndGet() == 0 && over.compareAndSet(false, true)) {
            ended.complete(null);
        }
    }

    @Override
    public void onError(Throwable why) {
        Objects.requireNonNull(why, "why");
        if (over.compareAndSet(false, true)) {
            ended.completeExceptionally(why);
        }
    }

    @Override
    public void onComplete() {
        finishOne();
    }

    private void fail(Throwable why) {
        if (over.compareAndSet(false, true)) {
            ask(0);
            ended.completeExceptionally(why);
        }
    }

    /** Asks for more values, or cancels once it is over. */
    private void ask(int more) {
        demand.addAndGet(more);
        if (talking.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            long wanted = demand.getAndSet(0);
            if (over.get()) {
                subscription.get().cancel();
            } else if (wanted > 0) {
                subscription.get().request(wanted);
            }
            missed = talking.addAndGet(-missed);
        } while (missed != 0);
    }
}
