package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Address;
import org.jvmipc.ChannelSubscriber;
import org.jvmipc.Codec;
import org.jvmipc.EndOfChannelException;
import org.jvmipc.Ipc;
import org.jvmipc.Letter;
import org.jvmipc.Mailbox;
import org.jvmipc.PeerDiedException;
import org.jvmipc.Publication;
import org.jvmipc.TopicPublisher;
import org.jvmipc.TopicSubscriber;
import org.jvmipc.TypedReceiver;
import org.jvmipc.TypedSender;
import org.jvmipc.shm.TalkPeer.Question;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Topics, mailboxes and streams between processes, the deaths of these among them. */
@IpcDir
@Timeout(60)
class TalkManyTwoJvmTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int FLOOD = 5_000;

    @IpcDir
    private IpcScope scope;

    @Test
    void shouldGiveHistoryDropForASlowSubscriberAndEndWhenThePublisherIsKilled() throws Exception {
        String address = scope.address("shm", "topics") + "?capacity=4k";
        try (ChildJvm child = ChildJvm.of(TalkPeer.class).args("publish", address).start()) {
            child.expect("published");
            try (TopicSubscriber<Question> late = TopicSubscriber.open(
                    address, Codec.ofRecord(Question.class), "odd", "flood", "even")) {
                for (long number : new long[] {11, 13, 15, 17, 19, 10, 12, 14, 16, 18}) {
                    assertEquals(new Publication<>(number % 2 == 0 ? "even" : "odd", new Question(number, "early"), 0),
                            late.receive(PATIENCE), "of the last ten, in the order of the subscriptions");
                }
                child.send(String.valueOf(FLOOD));
                child.expect("flooded");
                long missed = 0;
                long next = 0;
                while (next < FLOOD) {
                    Publication<Question> one = late.receive(PATIENCE);
                    missed += one.missed();
                    next += one.missed();
                    assertEquals(new Question(next++, "late"), one.value(), "missed so far: " + missed);
                }
                assertTrue(missed > FLOOD / 2, "it missed only " + missed + ", and did not read");
                child.send("3");
                child.send("flush");
                child.expect("flushed true");
                child.kill();
                for (int i = 0; i < 3; i++) {
                    assertEquals(new Publication<>("flood", new Question(next++, "late"), 0), late.receive(PATIENCE));
                }
                assertThrows(EndOfChannelException.class, () -> late.receive(PATIENCE));
            }
            // The next one takes over what it has left, and takes it along.
            TopicPublisher.at(address, Codec.ofRecord(Question.class)).open().close();
        }
    }

    private static void assertLetter(String source, String text, Letter letter) {
        assertEquals(source + ": " + text, letter.source() + ": " + letter.text());
    }

    @Test
    void shouldCarryLettersBetweenThreeProcessesAndKeepThoseForADeadOne() throws Exception {
        String form = scope.address("shm", "mail") + "-*?ring=mpsc&peerDeath=wait&capacity=4k";
        try (Mailbox boss = Mailbox.open("boss", Address.parse(form));
                ChildJvm first = ChildJvm.of(TalkPeer.class).args("mail", form, "worker-1").start();
                ChildJvm second = ChildJvm.of(TalkPeer.class).args("mail", form, "worker-2").start()) {
            first.expect("open");
            second.expect("open");
            boss.send("worker-1", "ask question-1");
            assertLetter("worker-1", "answer to question-1", boss.receive(PATIENCE));
            boss.send("worker-1", "pass worker-2 greetings");
            assertLetter("worker-2", "worker-1 wrote greetings", boss.receive(PATIENCE));
            second.kill();
            second.awaitDeath(PATIENCE);
            boss.send("worker-2", "from the boss");
            boss.send("worker-1", "pass worker-2 from a colleague");
            boss.send("worker-1", "ask question-2");
            assertLetter("worker-1", "answer to question-2", boss.receive(PATIENCE));
            try (Mailbox next = Mailbox.open("worker-2", Address.parse(form))) {
                Letter one = next.receive(PATIENCE);
                Letter other = next.receive(PATIENCE);
                assertEquals(Set.of("boss: from the boss", "worker-1: from a colleague"),
                        Set.of(one.source() + ": " + one.text(), other.source() + ": " + other.text()));
                assertNull(next.receive(Duration.ofMillis(20)));
                boss.send("worker-1", "end");
                assertEquals(0, first.awaitExit(), first.errors());
            }
        }
    }

    @Test
    void shouldTakeLettersFromDozensOfOthersAndLargerOnesThanARingHolds() throws Exception {
        String name = scope.name("box");
        String large = "x".repeat(200_000);
        try (Mailbox boss = Mailbox.open(name)) {
            List<Mailbox> others = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                others.add(scope.track(Mailbox.open(name + "-" + i)));
                others.get(i).send(name, "from " + i);
            }
            Set<String> got = new HashSet<>();
            for (int i = 0; i < others.size(); i++) {
                Letter letter = boss.receive(PATIENCE);
                assertEquals(name + "-" + letter.text().substring("from ".length()), letter.source());
                got.add(letter.source());
            }
            assertEquals(others.size(), got.size());
            FutureTask<Void> sending = new FutureTask<>(() -> {
                boss.send(name + "-7", large);
                return null;
            });
            new Thread(sending, "sending").start();
            assertEquals(large, others.get(7).receive(PATIENCE).text());
            sending.get(20, TimeUnit.SECONDS);
        }
    }

    /** Gives numbers, as many as it is asked for. */
    private static final class Source implements Flow.Publisher<Long>, Flow.Subscription {
        private final AtomicLong given = new AtomicLong();
        private volatile Flow.Subscriber<? super Long> subscriber;
        private volatile boolean cancelled;

        @Override
        public void subscribe(Flow.Subscriber<? super Long> to) {
            subscriber = to;
            to.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            for (long i = 0; i < n && !cancelled; i++) {
                subscriber.onNext(given.getAndIncrement());
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    /** Takes numbers, and does not ask for more than it is told to. */
    private static final class Sink implements Flow.Subscriber<Long> {
        private final List<Long> got = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private volatile Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(Long number) {
            got.add(number);
        }

        @Override
        public void onError(Throwable why) {
            end.completeExceptionally(why);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }
    }

    private static PeerDiedException death(CompletableFuture<Void> ended) {
        return assertInstanceOf(PeerDiedException.class,
                assertThrows(ExecutionException.class, () -> ended.get(20, TimeUnit.SECONDS)).getCause());
    }

    /** There and back through another process: what is not asked for is not made, but for what the channels hold. */
    @Test
    void shouldHonourDemandAcrossProcessesAndTellBothEndsOfADeath() throws Exception {
        String there = scope.address("shm", "there") + "?capacity=4k";
        String back = scope.address("shm", "back") + "?capacity=4k";
        // Two rings with a record of 16 bytes for each number, and twice what is on its way to one.
        int most = 2 * (4096 / 16) + 2 * ChannelSubscriber.WINDOW;
        Source source = new Source();
        Sink sink = new Sink();
        try (TypedSender<Long> out = Ipc.sender(there, Codec.longs());
                TypedReceiver<Long> in = Ipc.receiver(back, Codec.longs());
                ChildJvm child = ChildJvm.of(TalkPeer.class).args("flow", there, back).start()) {
            child.expect("flows");
            ChannelSubscriber<Long> channel = out.subscriber();
            source.subscribe(channel);
            in.publisher().subscribe(sink);
            int asked = 0;
            for (int more : new int[] {10, 1, 2_000}) {
                sink.subscription.request(more);
                asked += more;
                int wanted = asked;
                Await.until(PATIENCE, () -> sink.got.size() + " of " + wanted, () -> sink.got.size() == wanted);
                long[] before = {-1, 0};
                Await.until(PATIENCE, () -> "the source to be left alone, it gave " + source.given, () -> {
                    before[1] = before[0] == source.given.get() ? before[1] + 1 : 0;
                    before[0] = source.given.get();
                    return before[1] == 10;
                });
                assertEquals(wanted, sink.got.size());
                assertTrue(source.given.get() <= wanted + most, source.given + " were made, " + wanted + " wanted");
            }
            for (int i = 0; i < asked; i++) {
                assertEquals(i, sink.got.get(i));
            }
            child.kill();
            sink.subscription.request(Long.MAX_VALUE);
            assertEquals(child.pid(), death(sink.end).peer().pid());
            assertEquals(child.pid(), death(channel.ended()).peer().pid());
            Await.until(PATIENCE, "the source to be cancelled", () -> source.cancelled);
            assertTrue(sink.got.size() > asked, "what was on its way comes first");
            for (int i = asked; i < sink.got.size(); i++) {
                assertEquals(i, sink.got.get(i));
            }
        }
    }
}
