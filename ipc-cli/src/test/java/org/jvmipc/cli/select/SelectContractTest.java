package org.jvmipc.cli.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.Duplex;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Select;
import org.jvmipc.SelectCase;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.CpuTime;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What a select promises, on every kind of channel and on all pairs of kinds, within one JVM. */
@Timeout(60)
@ExtendWith(SharedThreads.class)
class SelectContractTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(5);
    /** Signals need a JVM that was started with them blocked. */
    private static final String NOT_HERE = "SIGNAL";

    @IpcDir
    private IpcScope scope;

    /** Both ends of a channel. */
    private record Ends(Sender sender, Receiver receiver) {
    }

    private Ends open(Kind kind, String name) {
        Receiver receiver = scope.track(Ipc.receiver(kind.address(scope, name)));
        return new Ends(scope.track(Ipc.sender(receiver.address())), receiver);
    }

    private static ByteBuffer message(int number) {
        return ByteBuffer.allocate(4).putInt(0, number);
    }

    private static int number(SelectCase<Received> of) {
        return of.value().message().payload().getInt(0);
    }

    /** Runs a call in a thread of its own, and goes on when that is blocked. */
    private static <T> FutureTask<T> blocked(Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = new Thread(task, "select-test");
        thread.setDaemon(true);
        thread.start();
        Await.until(LONG, "the select to park", () -> thread.getState() == Thread.State.TIMED_WAITING);
        return task;
    }

    private static <T> T result(FutureTask<T> task) throws Exception {
        return task.get(20, TimeUnit.SECONDS);
    }

    @Test
    void shouldWakeForEitherOfAllPairsAndTakeNothingFromTheOther() throws Exception {
        Map<Kind, Ends> first = new EnumMap<>(Kind.class);
        Map<Kind, Ends> second = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            if (!kind.name().equals(NOT_HERE)) {
                first.put(kind, open(kind, "a"));
                second.put(kind, open(kind, "b"));
            }
        }
        int pairs = 0;
        for (Kind a : first.keySet()) {
            for (Kind b : EnumSet.range(a, Kind.SYSV_QUEUE)) {
                try (Select<String> select = Select.fair()) {
                    SelectCase<Received> caseA = select.receive("a", first.get(a).receiver);
                    SelectCase<Received> caseB = select.receive("b", second.get(b).receiver);
                    FutureTask<String> waiting = blocked(select::await);
                    first.get(a).sender.send(message(1), LONG);
                    assertEquals("a", result(waiting), a + " beside " + b);
                    assertEquals(1, number(caseA));
                    waiting = blocked(select::await);
                    second.get(b).sender.send(message(2), LONG);
                    assertEquals("b", result(waiting), b + " beside " + a);
                    assertEquals(2, number(caseB));
                    first.get(a).sender.send(message(3), LONG);
                    second.get(b).sender.send(message(4), LONG);
                    List<String> both = new ArrayList<>(List.of(select.await(LONG, "none")));
                    both.add(select.await(LONG, "none"));
                    assertEquals(List.of("a", "b"), both.stream().sorted().toList(), a + " and " + b);
                    assertEquals(7, number(caseA) + number(caseB));
                    assertEquals("none", select.poll("none"));
                }
                pairs++;
            }
        }
        assertEquals(first.size() * (first.size() + 1) / 2, pairs);
    }

    @ParameterizedTest
    @EnumSource(names = NOT_HERE, mode = EnumSource.Mode.EXCLUDE)
    void shouldSeeAtOnceWhatWasSentBefore(Kind kind) throws Exception {
        Ends ends = open(kind, "before");
        try (Select<String> select = Select.fair()) {
            SelectCase<Received> messages = select.receive("message", ends.receiver);
            for (int i = 0; i < 50; i++) {
                ends.sender.send(message(i), LONG);
                assertEquals("message", select.poll("none"), "message " + i);
                assertEquals(i, number(messages));
                if (i % 10 == 0) {
                    assertEquals("none", select.await(SHORT, "none"));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = NOT_HERE, mode = EnumSource.Mode.EXCLUDE)
    void shouldSendWhenRoomIsMade(Kind kind) throws Exception {
        Ends ends = open(kind, "room");
        int sent = 0;
        int most = kind == Kind.QUEUE ? 1_000 : 1_000_000;
        while (sent < most && ends.sender.trySend(message(sent)) == SendResult.SENT) {
            sent++;
        }
        assertTrue(kind.isUnbounded() || sent < 1_000_000, "it has no limit");
        try (Select<String> select = Select.fair()) {
            ByteBuffer last = message(sent);
            SelectCase<ByteBuffer> room = select.send("room", ends.sender, last);
            boolean limited = select.poll("none").equals("none");
            assertTrue(limited || kind.isUnbounded(), "it was full");
            if (limited) {
                assertEquals(4, last.remaining());
                FutureTask<String> waiting = blocked(select::await);
                Thread drain = new Thread(() -> {
                    while (!waiting.isDone()) {
                        ends.receiver.tryReceive();
                    }
                });
                drain.start();
                assertEquals("room", result(waiting));
                drain.join();
            }
            assertEquals(0, room.value().remaining());
            assertFalse(room.isActive());
        }
    }

    @ParameterizedTest
    @EnumSource(names = NOT_HERE, mode = EnumSource.Mode.EXCLUDE)
    void shouldTellTheEndAndThatAReceiverWasClosed(Kind kind) throws Exception {
        Ends ends = open(kind, "end");
        try (Select<String> select = Select.fair()) {
            SelectCase<Received> messages = select.receive("message", ends.receiver);
            select.after("never", Duration.ofHours(1));
            ends.sender.send(message(1), LONG);
            assertEquals("message", select.await(LONG, "none"));
            FutureTask<String> waiting = blocked(select::await);
            if (kind.ends()) {
                ends.sender.close();
                assertEquals("message", result(waiting));
                assertEquals(Received.END, messages.value());
            } else {
                ends.receiver.close();
                assertEquals("message", result(waiting));
                assertThrows(ChannelClosedException.class, messages::value);
            }
            assertFalse(messages.isActive());
            assertEquals("none", select.poll("none"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = NOT_HERE, mode = EnumSource.Mode.EXCLUDE)
    void shouldBeInterruptedAndClosed(Kind kind) throws Exception {
        Ends ends = open(kind, "interrupt");
        Select<String> select = scope.track(Select.fair());
        select.receive("message", ends.receiver);
        Thread[] waiter = new Thread[1];
        FutureTask<String> interrupted = blocked(() -> {
            waiter[0] = Thread.currentThread();
            try {
                return select.await();
            } catch (InterruptedException asked) {
                return "interrupted";
            }
        });
        waiter[0].interrupt();
        assertEquals("interrupted", result(interrupted));
        FutureTask<Throwable> closed = blocked(
                () -> assertThrows(ChannelClosedException.class, select::await));
        select.close();
        assertInstanceOf(ChannelClosedException.class, result(closed));
        ends.sender.send(message(1), LONG);
        assertEquals(1, ends.receiver.receive().message().payload().getInt(0), "the channel is as it was");
    }

    @ParameterizedTest
    @EnumSource(names = {"SHM", "UNIX", "UNIX_NATIVE", "UNIX_SEQPACKET"})
    void shouldAcceptPeersAndReadTheirConnections(Kind kind) throws Exception {
        String address = kind.address(scope, "listen");
        try (Listener listener = Ipc.listen(address); Select<String> select = Select.fair()) {
            SelectCase<Duplex> peers = select.accept("peer", listener);
            for (int i = 0; i < 3; i++) {
                FutureTask<String> waiting = blocked(select::await);
                try (Duplex mine = Ipc.connect(address)) {
                    assertEquals("peer", result(waiting));
                    try (Duplex theirs = peers.value()) {
                        SelectCase<Received> messages = select.receive("message", theirs.receiver());
                        waiting = blocked(select::await);
                        mine.sender().send(message(i), LONG);
                        assertEquals("message", result(waiting));
                        assertEquals(i, number(messages));
                        messages.close();
                    }
                }
            }
        }
    }

    /** The message is there, but not to be had: readiness that is wrong again and again must not keep a CPU busy. */
    @Test
    void shouldNotSpinWhileAHandlerOfAnotherThreadHoldsTheReceiver() throws Exception {
        Ends ends = open(Kind.SHM_MPSC, "held");
        Receiver shared = ends.receiver;
        shared.receiveAsync().cancel(false);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        ends.sender.send(message(1));
        ends.sender.send(message(2));
        Thread holder = new Thread(() -> shared.poll(message -> {
            inside.countDown();
            try {
                letGo.await();
            } catch (InterruptedException gaveUp) {
                Thread.currentThread().interrupt();
            }
        }, 1));
        holder.start();
        assertTrue(inside.await(20, TimeUnit.SECONDS));
        try (Select<String> select = Select.fair()) {
            SelectCase<Received> messages = select.receive("message", shared);
            select.await(Duration.ofMillis(100), "none");
            Duration before = CpuTime.ofThisProcess();
            assertEquals("none", select.await(Duration.ofSeconds(1), "none"));
            Duration used = CpuTime.ofThisProcess().minus(before);
            assertTrue(used.toMillis() < 200, "1 s cost " + used);
            letGo.countDown();
            assertEquals("message", select.await(LONG, "none"));
            assertEquals(2, number(messages));
        }
        holder.join();
    }
}
