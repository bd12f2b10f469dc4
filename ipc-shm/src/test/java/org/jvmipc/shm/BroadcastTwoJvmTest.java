package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.Ipc;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.TransferResult;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.ChildJvmBuilder;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Rings that all readers see, in several processes that come, go, die and stop. */
@IpcDir
@Timeout(60)
class BroadcastTwoJvmTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @IpcDir
    private IpcScope scope;

    private String address(String options) {
        return scope.address("shm", "ring") + "?ring=broadcast&" + options;
    }

    private Path file() {
        return Path.of("/dev/shm/jvmipc-" + ProcessIdentity.effectiveUid() + "-" + scope.name("ring"));
    }

    private static ChildJvmBuilder peer(Object... args) {
        return ChildJvm.of(FanPeer.class).args(args);
    }

    @Test
    void shouldReachAllReadersAlthoughOneDiesAndOneStops() throws Exception {
        String address = address("capacity=8k");
        List<ChildJvm> readers = new ArrayList<>();
        try (Sender sender = Ipc.sender(address)) {
            for (int i = 0; i < 3; i++) {
                ChildJvm reader = scope.track(peer("read", address).start());
                readers.add(reader);
                reader.expect("ready");
            }
            int number = 0;
            while (number < 5000) {
                sender.send(FanPeer.message(0, number++), PATIENCE);
            }
            readers.get(0).kill();
            long slowest = 0;
            while (number < 10_000) {
                long start = System.nanoTime();
                sender.send(FanPeer.message(0, number++), PATIENCE);
                slowest = Math.max(slowest, System.nanoTime() - start);
            }
            assertTrue(slowest < TimeUnit.SECONDS.toNanos(1),
                    "a dead reader held the sender up for " + slowest + " ns");
            readers.get(1).stop();
            int[] sent = {number};
            IpcTimeoutException heldUp = assertThrows(IpcTimeoutException.class, () -> {
                while (true) {
                    sender.send(FanPeer.message(0, sent[0]), Duration.ofMillis(300));
                    sent[0]++;
                }
            });
            assertTrue(heldUp.getMessage().contains(String.valueOf(readers.get(1).pid())), heldUp.getMessage());
            assertFalse(heldUp.getMessage().contains(String.valueOf(readers.get(2).pid())), heldUp.getMessage());
            readers.get(1).cont();
            while (sent[0] < 15_000) {
                sender.send(FanPeer.message(0, sent[0]++), PATIENCE);
            }
        }
        for (ChildJvm reader : readers.subList(1, 3)) {
            reader.expect("read 0 to 15000");
            assertEquals(0, reader.awaitExit());
        }
        assertFalse(Files.exists(file()));
    }

    /** The dead one's place still says where it was, which the next producer must not take for a reader's position. */
    @Test
    void shouldNotGoBackToAReaderThatHadDiedBeforeTheProducerCame() throws Exception {
        String address = address("capacity=4k&peerDeath=wait");
        try (Receiver living = Ipc.receiver(address); ChildJvm child = peer("read", address).start()) {
            child.expect("ready");
            int sent = 0;
            try (Sender first = Ipc.sender(address)) {
                first.send(FanPeer.message(0, sent++));
                child.kill();
                child.awaitDeath(PATIENCE);
                for (; sent < 200; sent++) {
                    first.send(FanPeer.message(0, sent), PATIENCE);
                    living.poll(message -> { }, 10);
                }
            }
            try (Sender second = Ipc.sender(address)) {
                for (; sent < 400; sent++) {
                    second.send(FanPeer.message(0, sent), PATIENCE);
                    living.poll(message -> { }, 10);
                }
            }
        }
    }

    /** Readers come and go all the time, one at least being there; each sees all from its coming on. */
    @ParameterizedTest
    @CsvSource({"spin, 4k", "block, 16k"})
    void shouldLetReadersJoinWhileTheProducerIsSending(String wait, String capacity) throws Exception {
        String address = address("capacity=" + capacity + "&readers=3&wait=" + wait);
        int threads = 2;
        int joins = 60;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try (Sender sender = Ipc.sender(address); Receiver first = Ipc.receiver(address)) {
            int[] count = {0};
            AtomicInteger sent = new AtomicInteger();
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                results.add(executor.submit((Callable<Integer>) () -> {
                    int seen = 0;
                    for (int join = 0; join < joins; join++) {
                        seen += readSome(address, sent);
                    }
                    return seen;
                }));
            }
            while (!results.stream().allMatch(Future::isDone)) {
                if (sender.trySend(FanPeer.message(0, sent.get())) == SendResult.SENT) {
                    sent.incrementAndGet();
                }
                first.poll(message -> assertEquals(count[0]++, FanPeer.number(message, 0)), 10);
            }
            for (Future<Integer> result : results) {
                assertEquals(joins * 50, result.get());
            }
        } finally {
            executor.shutdown();
        }
    }

    private static int readSome(String address, AtomicInteger sent)
            throws InterruptedException {
        try (Receiver receiver = Ipc.receiver(address)) {
            int afterOpening = sent.get();
            int expected = -1;
            for (int i = 0; i < 50; i++) {
                int number = FanPeer.number(receiver.receive(PATIENCE).message().payload(), 0);
                if (expected < 0) {
                    assertTrue(number <= afterOpening + 1, "the first was " + number + ", but " + afterOpening
                            + " was sent after it had been opened");
                    expected = number;
                }
                assertEquals(expected++, number);
            }
            return 50;
        }
    }

    @Test
    void shouldKeepForTheNextReaderWhatNobodyHasTaken() throws Exception {
        String address = address("capacity=4k&readers=2&peerDeath=wait&keep=true");
        try (Sender sender = Ipc.sender(address)) {
            for (int i = 0; i < 5; i++) {
                sender.send(FanPeer.message(0, i));
            }
            try (Receiver receiver = Ipc.receiver(address)) {
                expect(receiver, 0, 2);
            }
            try (Receiver receiver = Ipc.receiver(address); Receiver second = Ipc.receiver(address)) {
                expect(receiver, 2, 5);
                assertEquals(Received.EMPTY, second.tryReceive(), "it has come after all that");
                sender.send(FanPeer.message(0, 5));
                expect(second, 5, 6);
                assertEquals(1, sender.status().depthMessages());
            }
            sender.send(FanPeer.message(0, 6));
        }
        try (Receiver receiver = Ipc.receiver(address)) {
            expect(receiver, 6, 7);
            assertEquals(Received.EMPTY, receiver.tryReceive());
            try (Sender successor = Ipc.sender(address)) {
                successor.send(FanPeer.message(0, 7));
                expect(receiver, 7, 8);
            }
        } finally {
            Files.deleteIfExists(file());
        }
    }

    private static void expect(Receiver receiver, int from, int to) throws InterruptedException {
        for (int i = from; i < to; i++) {
            assertEquals(i, FanPeer.number(receiver.receive(PATIENCE).message().payload(), 0));
        }
    }

    @Test
    void shouldTransferToAllReaders() throws Exception {
        String address = address("capacity=4k");
        try (Sender sender = Ipc.sender(address); Receiver one = Ipc.receiver(address);
                Receiver two = Ipc.receiver(address)) {
            sender.send(FanPeer.message(0, 0));
            expect(one, 0, 1);
            expect(two, 0, 1);
            assertEquals(TransferResult.UNCONFIRMED, sender.transfer(FanPeer.message(0, 1), Duration.ofMillis(1)));
            expect(one, 1, 2);
            assertEquals(TransferResult.UNCONFIRMED, sender.transfer(FanPeer.message(0, 2), Duration.ofMillis(1)));
            expect(two, 1, 3);
            expect(one, 2, 3);
            var taken = sender.transferAsync(FanPeer.message(0, 3));
            expect(one, 3, 4);
            assertFalse(taken.isDone());
            expect(two, 3, 4);
            taken.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldEndATransferWhenTheReaderThatHasNotTakenItDies() throws Exception {
        String address = address("capacity=4k");
        try (Sender sender = Ipc.sender(address); Receiver living = Ipc.receiver(address);
                ChildJvm child = peer("read", address).start()) {
            child.expect("ready");
            child.stop();
            var taken = sender.transferAsync(FanPeer.message(0, 0));
            expect(living, 0, 1);
            assertFalse(taken.isDone(), "the stopped one has not taken it");
            child.kill();
            taken.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertEquals(TransferResult.UNCONFIRMED, sender.transfer(FanPeer.message(0, 1), Duration.ofMillis(10)));
            expect(living, 1, 2);
        }
    }

    @Test
    void shouldRefuseWhatDoesNotGoTogether() {
        String address = address("readers=1");
        try (Receiver receiver = Ipc.receiver(address)) {
            ChannelExistsException many = assertThrows(ChannelExistsException.class, () -> Ipc.receiver(address));
            assertTrue(many.getMessage().contains("readers=1"), many.getMessage());
            IncompatibleChannelException places = assertThrows(IncompatibleChannelException.class,
                    () -> Ipc.sender(address("readers=5")));
            assertTrue(places.getMessage().contains("readers=1") && places.getMessage().contains("readers=5"),
                    places.getMessage());
            IncompatibleChannelException kind = assertThrows(IncompatibleChannelException.class,
                    () -> Ipc.sender(scope.address("shm", "ring") + "?ring=mpsc"));
            assertTrue(kind.getMessage().contains("ring=mpsc") && kind.getMessage().contains("ring=broadcast"),
                    kind.getMessage());
            assertThrows(IncompatibleChannelException.class, () -> Ipc.sender(address("overflow=dropOldest")));
            assertTrue(receiver.isOpen());
        }
        for (String options : List.of("ring=spsc&overflow=dropOldest", "ring=mpsc&overflow=dropOldest",
                "ring=mpsc&readers=2", "ring=broadcast&producers=2", "ring=mpsc&producers=65",
                "ring=mpsc&producers=64&capacity=1g")) {
            assertThrows(IllegalArgumentException.class,
                    () -> Ipc.sender(scope.address("shm", "other") + "?" + options), options);
        }
        UnsupportedOperationException pair = assertThrows(UnsupportedOperationException.class,
                () -> Ipc.listen(address("wait=spin")));
        assertTrue(pair.getMessage().contains("ring=broadcast"), pair.getMessage());
    }

    /** The bounded sleep is made so long that a wake-up that got lost fails the test. */
    @ParameterizedTest
    @CsvSource({"broadcast, block, adaptive", "mpsc, block, block", "broadcast, spin, block"})
    void shouldLoseNoWakeUp(String ring, String mine, String theirs) throws Exception {
        int count = 10_000;
        String more = "&ring=" + ring;
        try (ChildJvm driver = ChildJvm.of(RingDriver.class).jvmArgs("-Dipc.waiter.sliceMillis=100000")
                .args(scope.address("shm", "there"), scope.address("shm", "back"), mine + more, theirs, count).start();
                ChildJvm echo = ChildJvm.of(RingPeer.class).jvmArgs("-Dipc.waiter.sliceMillis=100000")
                        .args("echo", scope.address("shm", "there") + "?capacity=4k&wait=" + theirs + more,
                                scope.address("shm", "back") + "?capacity=4k&wait=" + theirs + more, count).start()) {
            echo.expect("ready");
            driver.send("go");
            driver.expect("done", Duration.ofSeconds(40));
            echo.expect("echoed");
            echo.send("end");
            driver.send("end");
            assertEquals(0, driver.awaitExit());
            assertEquals(0, echo.awaitExit());
        }
    }

    /** What comes is whole and in order, and what does not come is counted, to the last one. */
    @Test
    void shouldTellHowManyMessagesALappedReaderHasMissed() throws Exception {
        String address = address("capacity=4k&overflow=dropOldest&wait=spin");
        int count = 200_000;
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address)) {
            Future<?> sending = executor.submit(() -> {
                for (int number = 0; number < count; number++) {
                    assertSame(SendResult.SENT, sender.trySend(FanPeer.message(0, number)));
                }
            });
            int next = 0;
            long missed = 0;
            while (true) {
                Received received = receiver.tryReceive();
                if (received.isMessage()) {
                    int number = FanPeer.number(received.message().payload(), 0);
                    missed += received.message().missed();
                    assertEquals(number - next, received.message().missed());
                    next = number + 1;
                } else if (sending.isDone() && receiver.status().depthMessages() == 0) {
                    break;
                }
            }
            sending.get();
            assertEquals(count, next, "the last message is never dropped");
            assertTrue(missed > 0, "nothing was dropped in a ring of 4 KiB");
            assertEquals(missed, receiver.status().dropped());
            assertEquals(count, receiver.status().received() + missed);
            UnsupportedOperationException refused = assertThrows(UnsupportedOperationException.class,
                    () -> sender.transfer(ByteBuffer.allocate(1)));
            assertTrue(refused.getMessage().contains("ring=mpsc"), refused.getMessage());
        } finally {
            executor.shutdown();
        }
    }
}
