package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.jvmipc.Address;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.ChannelFullException;
import org.jvmipc.Codec;
import org.jvmipc.EndOfChannelException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.Publication;
import org.jvmipc.ReceivedValue;
import org.jvmipc.Select;
import org.jvmipc.SelectCase;
import org.jvmipc.SlowSubscriber;
import org.jvmipc.TopicPublisher;
import org.jvmipc.TopicSubscriber;
import org.jvmipc.testkit.Await;

/** Each subscriber gets what it wants, in order and once, or is told how much it missed. */
interface TopicCases {
    /** The bench of the test that runs. */
    PatternBench patterns();

    private TopicSubscriber<Long> subscriber(Address address, String... prefixes) {
        return patterns().track(TopicSubscriber.open(address, Codec.longs(), prefixes));
    }

    /** Waits until a subscriber is known with its prefixes. */
    private static void awaitSubscription(
            TopicPublisher<Long> publisher, TopicSubscriber<Long> subscriber, String topic)
            throws InterruptedException {
        long patience = System.nanoTime() + PatternBench.PATIENCE.toNanos();
        Publication<Long> probe = null;
        while (probe == null) {
            assertTrue(System.nanoTime() < patience, "the subscription did not arrive");
            publisher.publish(topic, -1L);
            probe = subscriber.receive(Duration.ofMillis(5));
        }
        assertEquals(new Publication<>(topic, -1L, 0), probe);
        drain(subscriber);
    }

    /** Takes the probes that are on their way. */
    private static void drain(TopicSubscriber<Long> subscriber) throws InterruptedException {
        for (Publication<Long> probe = subscriber.receive(Duration.ofMillis(50)); probe != null;
                probe = subscriber.receive(Duration.ofMillis(50))) {
            assertEquals(-1, probe.value());
            assertEquals(0, probe.missed());
        }
    }

    @Test
    default void shouldPublishToThoseWhoWantIt() throws Exception {
        Address address = patterns().address("topics");
        TopicPublisher<Long> publisher = patterns().track(TopicPublisher.at(address, Codec.longs()).open());
        TopicSubscriber<Long> all = subscriber(address, "");
        TopicSubscriber<Long> some = subscriber(address, "a/", "ä");
        awaitSubscription(publisher, all, "x");
        awaitSubscription(publisher, some, "ä");
        drain(all);
        for (long i = 0; i < 100; i++) {
            publisher.publish(List.of("a", "a/b", "b/a", "äx").get((int) i % 4), i);
        }
        for (long i = 0; i < 100; i++) {
            assertEquals(i, all.receive(PatternBench.PATIENCE).value());
            if (i % 2 == 1) {
                assertEquals(new Publication<>(i % 4 == 1 ? "a/b" : "äx", i, 0), some.receive(PatternBench.PATIENCE),
                        () -> "of those whose topic begins so");
            }
        }
        some.unsubscribe("ä");
        some.unsubscribe("a/");
        some.subscribe("only");
        awaitSubscription(publisher, some, "only");
        publisher.publish("a/b", 1L);
        publisher.publish("only/this", 2L);
        assertEquals(2L, some.receive(PatternBench.PATIENCE).value());
        assertEquals(2, publisher.subscribers());
        some.close();
        Await.until(PatternBench.PATIENCE, "one to be forgotten", () -> publisher.subscribers() == 1);
    }

    @Test
    default void shouldGiveLateOnesTheHistoryTheyWant() throws Exception {
        Address address = patterns().address("history");
        TopicPublisher<Long> publisher =
                patterns().track(TopicPublisher.at(address, Codec.longs()).history(10).open());
        for (long i = 0; i < 20; i++) {
            publisher.publish(i % 2 == 0 ? "even" : "odd", i);
        }
        TopicSubscriber<Long> late = subscriber(address, "odd");
        for (long i = 11; i < 20; i += 2) {
            assertEquals(new Publication<>("odd", i, 0), late.receive(PatternBench.PATIENCE));
        }
        assertNull(late.receive(Duration.ofMillis(20)));
        publisher.publish("odd", 21L);
        assertEquals(21, late.receive(PatternBench.PATIENCE).value());
        late.subscribe("");
        for (long i = 12; i < 20; i += 2) {
            assertEquals(new Publication<>("even", i, 0), late.receive(PatternBench.PATIENCE));
        }
        publisher.publish("odd", 23L);
        try (Select<String> select = Select.fair()) {
            SelectCase<ReceivedValue<Publication<Long>>> chosen = select.receive("late", late.publications());
            assertEquals("late", select.await(PatternBench.PATIENCE, "nothing"));
            assertEquals(new Publication<>("odd", 23L, 0), chosen.value().value());
        }
        publisher.close();
        assertThrows(EndOfChannelException.class, () -> late.receive(PatternBench.PATIENCE));
        assertThrows(EndOfChannelException.class, late::receive);
    }

    /** Publishes more than channel and queue hold, and tells how many. */
    private long flood(TopicPublisher<Long> publisher) throws InterruptedException {
        // Unix sockets hold a few hundred KiB.
        long count = 40_000;
        for (long i = 0; i < count; i++) {
            publisher.publish("flood", i);
        }
        return count;
    }

    private void dropping(SlowSubscriber policy) throws Exception {
        Address address = patterns().small("slow");
        TopicPublisher<Long> publisher =
                patterns().track(TopicPublisher.at(address, Codec.longs()).slow(policy).queue(10).open());
        TopicSubscriber<Long> slow = subscriber(address, "");
        awaitSubscription(publisher, slow, "x");
        long count = flood(publisher);
        long next = 0;
        long last = -1;
        long missed = 0;
        for (Publication<Long> one = slow.receive(PatternBench.PATIENCE); one != null;
                one = slow.receive(Duration.ofMillis(200))) {
            next += one.missed();
            missed += one.missed();
            last = one.value();
            assertEquals(next++, last, "missed so far: " + missed);
        }
        if (policy == SlowSubscriber.DROP_OLDEST) {
            assertEquals(count - 1, last, "the newest is kept");
            assertTrue(missed > 0, "nothing was dropped");
        } else {
            assertTrue(last < count - 1, "the newest was kept");
            publisher.publish("flood", count);
            Publication<Long> after = slow.receive(PatternBench.PATIENCE);
            assertEquals(count, after.value());
            assertEquals(count - 1 - last, after.missed());
        }
    }

    @Test
    default void shouldDropTheOldestForASlowSubscriber() throws Exception {
        dropping(SlowSubscriber.DROP_OLDEST);
    }

    @Test
    default void shouldDropTheNewestForASlowSubscriber() throws Exception {
        dropping(SlowSubscriber.DROP_NEWEST);
    }

    @Test
    default void shouldDisconnectASlowSubscriber() throws Exception {
        Address address = patterns().small("slow");
        TopicPublisher<Long> publisher = patterns().track(TopicPublisher.at(address, Codec.longs())
                .slow(SlowSubscriber.DISCONNECT).queue(10).open());
        TopicSubscriber<Long> slow = subscriber(address, "");
        TopicSubscriber<Long> fast = subscriber(address, "");
        awaitSubscription(publisher, slow, "x");
        awaitSubscription(publisher, fast, "x");
        BlockingQueue<Long> got = new LinkedBlockingQueue<>();
        fast.onPublication(publication -> got.add(publication.value()), patterns().threads(1));
        Future<?> flooding = patterns().threads(1).submit(() -> {
            for (long i = 0; publisher.subscribers() == 2; i++) {
                publisher.publish("flood", i);
                while (got.size() < i - 4) {
                    Thread.onSpinWait();
                }
            }
            return null;
        });
        flooding.get(20, TimeUnit.SECONDS);
        assertEquals(1, publisher.subscribers());
        publisher.publish("flood", -7L);
        Await.until(PatternBench.PATIENCE, "the fast one to get the next", () -> got.contains(-7L));
    }

    @Test
    default void shouldWaitForASlowSubscriber() throws Exception {
        Address address = patterns().small("slow");
        TopicPublisher<Long> publisher = patterns().track(TopicPublisher.at(address, Codec.longs())
                .slow(SlowSubscriber.WAIT).queue(10).open());
        TopicSubscriber<Long> slow = subscriber(address, "");
        awaitSubscription(publisher, slow, "x");
        Future<Long> flooding = patterns().threads(1).submit(() -> flood(publisher));
        for (long i = 0; i < 40_000; i++) {
            assertEquals(new Publication<>("flood", i, 0), slow.receive(PatternBench.PATIENCE));
        }
        assertEquals(40_000, flooding.get(20, TimeUnit.SECONDS));
        assertTrue(publisher.flush(PatternBench.PATIENCE));
    }

    @Test
    default void shouldTellAPublisherThatWaitsThatItIsClosed() throws Exception {
        Address address = patterns().small("slow");
        TopicPublisher<Long> publisher = patterns().track(TopicPublisher.at(address, Codec.longs())
                .slow(SlowSubscriber.WAIT).queue(1).open());
        awaitSubscription(publisher, subscriber(address, ""), "x");
        FutureTask<Long> flooding = new FutureTask<>(() -> flood(publisher));
        Thread thread = new Thread(flooding, "flooding");
        thread.start();
        Await.until(PatternBench.PATIENCE, "it to wait", () -> thread.getState() == Thread.State.WAITING);
        publisher.close();
        assertInstanceOf(ChannelClosedException.class, assertThrows(ExecutionException.class,
                () -> flooding.get(20, TimeUnit.SECONDS)).getCause());
    }

    @Test
    default void shouldCountWhatIsTooLargeForALateSubscriberAsMissed() throws Exception {
        Address address = patterns().address("large").with("maxMessage", 64);
        TopicPublisher<String> publisher =
                patterns().track(TopicPublisher.at(address, Codec.utf8()).history(3).open());
        publisher.publish("t", "first");
        publisher.publish("t", "x".repeat(100));
        publisher.publish("t", "third");
        TopicSubscriber<String> late = patterns().track(TopicSubscriber.open(address, Codec.utf8(), ""));
        assertEquals(new Publication<>("t", "first", 0), late.receive(PatternBench.PATIENCE));
        assertEquals(new Publication<>("t", "third", 1), late.receive(PatternBench.PATIENCE));
    }

    @Test
    default void shouldRefuseASubscriberToAnotherType() throws Exception {
        Address address = patterns().address("types");
        TopicPublisher<Long> publisher =
                patterns().track(TopicPublisher.at(address, Codec.longs()).history(1).open());
        publisher.publish("t", 1L);
        IncompatibleChannelException told = assertThrows(IncompatibleChannelException.class, () -> {
            TopicSubscriber<String> wrong = patterns().track(TopicSubscriber.open(address, Codec.utf8(), ""));
            wrong.receive(PatternBench.PATIENCE);
        });
        assertTrue(told.getMessage().contains("publications(long)"), told.getMessage());
        assertTrue(told.getMessage().contains("publications(string)"), told.getMessage());
        assertEquals(1, subscriber(address, "t").receive(PatternBench.PATIENCE).value());
    }

    @Test
    default void shouldTellWhenTooManyWishesWait() {
        try (TopicSubscriber<Long> alone = TopicSubscriber.open(patterns().small("wishes"), Codec.longs())) {
            assertThrows(ChannelFullException.class, () -> {
                for (int i = 0; i < 100_000; i++) {
                    alone.subscribe("wish " + i);
                }
            });
        }
    }
}
