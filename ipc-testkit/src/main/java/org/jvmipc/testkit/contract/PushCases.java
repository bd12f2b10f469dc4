package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.HandlerRegistration;
import org.jvmipc.Received;
import org.jvmipc.Registration;
import org.jvmipc.testkit.Await;

/** Messages that come by themselves: to a handler, or to a subscriber who asks for as many as it wants. */
interface PushCases extends Cases {
    /** An executor that is shut down with the test. */
    private ExecutorService executor(int threads, AtomicReference<Throwable> thrown) {
        ExecutorService executor = Executors.newFixedThreadPool(threads, body -> {
            Thread thread = new Thread(body, "handler");
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((where, what) -> thrown.set(what));
            return thread;
        });
        bench().track((AutoCloseable) executor::shutdownNow);
        return executor;
    }

    private Task<Void> sending(Pair pair, int from, int to) {
        return bench().task("sending", () -> {
            for (int i = from; i < to; i++) {
                pair.send(i);
            }
            return null;
        });
    }

    @Test
    default void shouldHandMessagesToAHandlerOneAfterTheOther() throws Exception {
        Pair pair = bench().smallPair();
        int count = 1000;
        AtomicInteger next = new AtomicInteger();
        AtomicInteger inside = new AtomicInteger();
        AtomicReference<Throwable> wrong = new AtomicReference<>();
        ExecutorService executor = executor(3, wrong);
        Registration registration = pair.receiver.onMessage(message -> {
            assertEquals(1, inside.incrementAndGet(), "two handlers at the same time");
            assertTrue(message.isReadOnly());
            Payload.assertIs(next.getAndIncrement(), pair.size, message);
            inside.decrementAndGet();
        }, executor);
        assertThrows(IllegalStateException.class, () -> pair.receiver.tryReceive());
        assertThrows(IllegalStateException.class, () -> pair.receiver.receiveAsync());
        assertThrows(IllegalStateException.class, () -> pair.receiver.onMessage(message -> { }, executor));
        Task<Void> sending = sending(pair, 0, count);
        Await.until(Bench.PATIENCE, () -> "all messages, handled " + next + ", " + wrong,
                () -> next.get() == count || wrong.get() != null);
        assertNull(wrong.get());
        sending.result();
        registration.close();
    }

    @Test
    default void shouldGiveTheReceiverBackWhenTheRegistrationIsClosed() throws Exception {
        Pair pair = bench().pair();
        AtomicInteger handled = new AtomicInteger();
        AtomicReference<Throwable> wrong = new AtomicReference<>();
        HandlerRegistration registration = pair.receiver.onMessage(
                message -> Payload.assertIs(handled.getAndIncrement(), pair.size, message), executor(1, wrong));
        Task<Void> first = sending(pair, 0, 10);
        first.result();
        Await.until(Bench.PATIENCE, "ten messages", () -> handled.get() == 10);
        assertFalse(registration.ended().isDone());
        registration.close();
        registration.close();
        assertNull(Bench.outcome(registration.ended()));
        Task<Void> second = sending(pair, 10, 20);
        for (int i = 10; i < 20; i++) {
            Payload.assertIs(i, pair.size, receiveOnceFree(pair));
        }
        second.result();
        assertEquals(10, handled.get());
        assertNull(wrong.get());
    }

    /** What runs at the moment of closing a registration may still finish. */
    private static Received receiveOnceFree(Pair pair) {
        return Await.value(Bench.PATIENCE, "the receiver to be free and a message to come", () -> {
            try {
                Received received = pair.receiver.receive(Bench.PATIENCE);
                return received.isMessage() ? received : null;
            } catch (IllegalStateException busy) {
                return null;
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        });
    }

    @Test
    default void shouldEndTheRegistrationOfAHandlerThatThrows() throws Exception {
        Pair pair = bench().pair();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicInteger handled = new AtomicInteger();
        IllegalStateException problem = new IllegalStateException("thrown by the handler");
        HandlerRegistration registration = pair.receiver.onMessage(message -> {
            if (handled.incrementAndGet() == 2) {
                throw problem;
            }
        }, executor(1, thrown));
        Task<Void> sending = sending(pair, 0, 4);
        Await.until(Bench.PATIENCE, "the executor's thread to see the exception", () -> thrown.get() != null);
        assertSame(problem, thrown.get());
        assertSame(problem, Bench.failure(registration::ended));
        Payload.assertIs(2, pair.size, receiveOnceFree(pair));
        Payload.assertIs(3, pair.size, receiveOnceFree(pair));
        sending.result();
        assertEquals(2, handled.get());
    }

    @Test
    default void shouldTellWhenAndWhyAHandlerGetsNoMore() throws Exception {
        Pair closed = bench().pair();
        AtomicReference<Throwable> wrong = new AtomicReference<>();
        HandlerRegistration first = closed.receiver.onMessage(message -> { }, executor(1, wrong));
        closed.receiver.close();
        assertInstanceOf(ChannelClosedException.class, Bench.failure(first::ended));
        Pair ending = bench().pair();
        AtomicInteger handled = new AtomicInteger();
        HandlerRegistration second =
                ending.receiver.onMessage(message -> handled.incrementAndGet(), executor(1, wrong));
        sending(ending, 0, 3).result();
        ending.sender.close();
        if (bench().has(Trait.ENDS)) {
            assertNull(Bench.outcome(second.ended()));
            assertEquals(3, handled.get(), "the end comes after all messages");
            assertSame(Received.END, ending.receiver.tryReceive(), "the receiver is free again");
        } else {
            assertFalse(second.ended().isDone());
        }
        assertNull(wrong.get());
    }

    @Test
    default void shouldGiveASubscriberWhatItRequestedAndNoMore() throws Exception {
        Pair pair = bench().pair();
        Subscription subscription = new Subscription();
        pair.receiver.publisher().subscribe(subscription);
        Await.until(Bench.PATIENCE, "onSubscribe", subscription::isSubscribed);
        Task<Void> sending = sending(pair, 0, 6);
        subscription.request(2);
        Await.until(Bench.PATIENCE, "two messages", () -> subscription.messages().size() == 2);
        if (bench().has(Trait.KNOWS_DEPTH) && bench().has(Trait.HOLDS)) {
            sending.result();
            assertEquals(4, pair.receiver.status().depthMessages());
        }
        subscription.request(1);
        subscription.request(1);
        Await.until(Bench.PATIENCE, "four messages", () -> subscription.messages().size() == 4);
        subscription.cancel();
        for (int i = 0; i < 4; i++) {
            Payload.assertIs(i, pair.size, subscription.messages().get(i));
        }
        Payload.assertIs(4, pair.size, receiveOnceFree(pair));
        Payload.assertIs(5, pair.size, receiveOnceFree(pair));
        sending.result();
        assertEquals(4, subscription.messages().size());
        assertNull(subscription.failure());
    }

    @Test
    default void shouldCompleteASubscriberAtTheEnd() throws Exception {
        Pair pair = bench().pair();
        Subscription subscription = new Subscription();
        pair.receiver.publisher().subscribe(subscription);
        Await.until(Bench.PATIENCE, "onSubscribe", subscription::isSubscribed);
        subscription.request(Long.MAX_VALUE);
        Task<Void> sending = sending(pair, 0, 3);
        Await.until(Bench.PATIENCE, "three messages", () -> subscription.messages().size() == 3);
        sending.result();
        pair.sender.close();
        if (bench().has(Trait.ENDS)) {
            Await.until(Bench.PATIENCE, "onComplete", subscription::isComplete);
            assertNull(subscription.failure());
            return;
        }
        pair.receiver.close();
        Await.until(Bench.PATIENCE, "onError", () -> subscription.failure() != null);
    }

    @Test
    default void shouldTellASubscriberThatTheReceiverWasClosed() throws Exception {
        Pair pair = bench().pair();
        Subscription subscription = new Subscription();
        pair.receiver.publisher().subscribe(subscription);
        Await.until(Bench.PATIENCE, "onSubscribe", subscription::isSubscribed);
        subscription.request(1);
        pair.receiver.close();
        Await.until(Bench.PATIENCE, "onError", () -> subscription.failure() != null);
        assertInstanceOf(ChannelClosedException.class, subscription.failure());
        assertEquals(0, subscription.messages().size());
    }

    @Test
    default void shouldRefuseASecondSubscriber() throws Exception {
        Pair pair = bench().pair();
        Subscription first = new Subscription();
        Subscription second = new Subscription();
        pair.receiver.publisher().subscribe(first);
        Await.until(Bench.PATIENCE, "onSubscribe", first::isSubscribed);
        pair.receiver.publisher().subscribe(second);
        Await.until(Bench.PATIENCE, "onError", () -> second.failure() != null);
        assertInstanceOf(IllegalStateException.class, second.failure());
        assertTrue(second.isSubscribed(), "onSubscribe comes before onError");
        assertNull(first.failure());
        first.request(1);
        pair.send(0);
        Await.until(Bench.PATIENCE, "a message", () -> first.messages().size() == 1);
        Payload.assertIs(0, pair.size, first.messages().get(0));
        first.cancel();
    }

    @Test
    default void shouldRefuseARequestForNothing() throws Exception {
        Pair pair = bench().pair();
        Subscription subscription = new Subscription();
        pair.receiver.publisher().subscribe(subscription);
        Await.until(Bench.PATIENCE, "onSubscribe", subscription::isSubscribed);
        subscription.request(0);
        Await.until(Bench.PATIENCE, "onError", () -> subscription.failure() != null);
        assertInstanceOf(IllegalArgumentException.class, subscription.failure());
        assertThrows(NullPointerException.class, () -> pair.receiver.publisher().subscribe(null));
        List<Object> nothing = new CopyOnWriteArrayList<>(subscription.messages());
        assertEquals(List.of(), nothing);
    }
}
