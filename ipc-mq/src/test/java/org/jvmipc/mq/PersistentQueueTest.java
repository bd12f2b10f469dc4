package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.Claim;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.Ipc;
import org.jvmipc.Message;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.CpuTime;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What only persistent queues do. */
@ExtendWith(PersistentThreads.class)
final class PersistentQueueTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String SECONDS = "?rollCycle=TEST_SECONDLY";

    @IpcDir
    private IpcScope scope;
    private Path directory;
    private String address;

    @BeforeEach
    void name() {
        address = Subjects.persistent(scope, "q").toString().replaceFirst("\\?.*", "");
        directory = Path.of(address.substring(address.indexOf(':') + 1));
    }

    private static void send(Sender sender, int from, int to) throws InterruptedException {
        for (int i = from; i < to; i++) {
            sender.send(QueuePeer.bytes("" + i), LONG);
        }
    }

    private static List<String> all(Receiver receiver) {
        List<String> found = new ArrayList<>();
        for (Received next = receiver.tryReceive(); next.isMessage(); next = receiver.tryReceive()) {
            found.add(next.text());
        }
        return found;
    }

    private static List<String> numbers(int from, int to) {
        return Stream.iterate(from, i -> i < to, i -> i + 1).map(String::valueOf).toList();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".cq4")).sorted().toList();
        }
    }

    /** Fills several files, one a second. */
    private int fillFiles(Sender sender, int files, int from) throws Exception {
        int[] next = {from};
        Await.until(LONG, files + " files", () -> {
            try {
                sender.send(QueuePeer.bytes("" + next[0]++));
                return files().size() >= files;
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        return next[0];
    }

    @Test
    void shouldGoOnWhereAReaderWasAndShowAllToEachOfSeveral() throws Exception {
        try (Sender sender = Ipc.sender(address)) {
            send(sender, 0, 3);
            try (Receiver billing = Ipc.receiver(address + "?reader=billing")) {
                assertEquals("0", billing.receive(LONG).text());
                assertEquals("1", billing.receive(LONG).text());
            }
            try (Receiver audit = Ipc.receiver(address + "?reader=audit"); Receiver anyone = Ipc.receiver(address)) {
                send(sender, 3, 5);
                assertEquals(numbers(0, 5), all(audit));
                assertEquals(numbers(0, 5), all(anyone));
            }
        }
        // Nobody has it open, and all of it is on disk.
        try (Receiver billing = Ipc.receiver(address + "?reader=billing");
                Receiver audit = Ipc.receiver(address + "?reader=audit&start=start")) {
            assertEquals(3, billing.status().depthMessages());
            assertEquals(numbers(2, 5), all(billing));
            assertEquals(4, PersistentQueues.index(billing));
            assertEquals(List.of(), all(audit));
            assertEquals(List.of("audit 5 0", "billing 5 0"), PersistentQueues.cursors(directory).stream()
                    .map(cursor -> cursor.reader() + " " + cursor.index() + " " + cursor.depth()).toList());
        }
        assertTrue(PersistentQueues.removeCursor(directory, "audit"));
        try (Receiver audit = Ipc.receiver(address + "?reader=audit")) {
            assertEquals(numbers(0, 5), all(audit), "it begins anew");
        }
    }

    @Test
    void shouldBeginAtStartEndNumberOrTime() throws Exception {
        try (Sender sender = Ipc.sender(address)) {
            send(sender, 0, 500);
            Instant between = Instant.now();
            Await.until(LONG, "the clock to go on", () -> Instant.now().isAfter(between.plusMillis(2)));
            send(sender, 500, 1000);
            try (Receiver end = Ipc.receiver(address + "?start=end");
                    Receiver number = Ipc.receiver(address + "?start=index:990");
                    Receiver time = Ipc.receiver(address + "?start=time:" + between.plusMillis(1));
                    Receiver later = Ipc.receiver(address + "?start=index:1001");
                    Receiver future = Ipc.receiver(address + "?start=time:2999-01-01T00:00:00Z")) {
                assertEquals(numbers(990, 1000), all(number));
                assertEquals(numbers(500, 1000), all(time));
                assertFalse(PersistentQueues.time(time).isBefore(between));
                assertEquals(List.of(), all(end));
                send(sender, 1000, 1002);
                assertEquals(numbers(1000, 1002), all(end));
                assertEquals(numbers(1000, 1002), all(future));
                assertEquals(List.of("1001"), all(later));
            }
        }
    }

    @Test
    void shouldKeepItsFilesToItsOwnerAndReadAcrossThem() throws Exception {
        try (Sender sender = Ipc.sender(address + SECONDS); Receiver tail = Ipc.receiver(address + "?reader=tail")) {
            int sent = fillFiles(sender, 3, 0);
            assertEquals(numbers(0, sent), all(tail));
            try (Receiver late = Ipc.receiver(address);
                    Receiver middle = Ipc.receiver(address + "?start=index:" + sent / 2)) {
                assertEquals(numbers(0, sent), all(late));
                assertEquals(numbers(sent / 2, sent), all(middle));
            }
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                            file::toString);
                }
            }
            IncompatibleChannelException differs = assertThrows(IncompatibleChannelException.class,
                    () -> Ipc.sender(address + "?rollCycle=HOURLY"));
            assertTrue(differs.getMessage().contains("TEST_SECONDLY"), differs.getMessage());
        }
    }

    @Test
    void shouldDeleteOldFilesButNoneThatALivingReceiverNeeds() throws Exception {
        try (Sender sender = Ipc.sender(address + SECONDS); Receiver tail = Ipc.receiver(address + "?reader=tail")) {
            int sent = fillFiles(sender, 4, 0);
            assertEquals(0, PersistentQueues.retain(directory, Duration.ofNanos(1), 1, true), "the tail needs all");
            assertEquals("0", tail.receive(LONG).text());
            assertEquals(numbers(1, sent), all(tail));
            int kept = sent + 1;
            send(sender, sent, kept);
            assertEquals(0, PersistentQueues.retain(directory, Duration.ZERO, 0, false), "nothing is to go");
            try (Receiver slow = Ipc.receiver(address + "?reader=slow")) {
                assertEquals("0", slow.receive(LONG).text());
            }
            assertEquals(0, PersistentQueues.retain(directory, Duration.ZERO, 0, true), "one cursor has not passed");
            int files = files().size();
            assertEquals(files - 1, PersistentQueues.retain(directory, Duration.ZERO, 1, false),
                    "it does not live, and the size counts");
            assertEquals(1, files().size());
            try (Receiver slow = Ipc.receiver(address + "?reader=slow"); Receiver fresh = Ipc.receiver(address)) {
                List<String> left = all(fresh);
                assertEquals(numbers(kept - left.size(), kept), left);
                Message first = slow.tryReceive().message();
                assertEquals(left.get(0), first.text());
                assertEquals(kept - left.size() - 1, first.missed(), "what went before it");
                assertEquals(first.missed(), slow.status().dropped());
            }
        }
    }

    @Test
    void shouldDeleteWhatAllHaveReadWhenItBeginsANewFile() throws Exception {
        try (Sender sender = Ipc.sender(address + SECONDS + "&retain=unread");
                Receiver tail = Ipc.receiver(address + "?reader=tail")) {
            int sent = fillFiles(sender, 2, 0);
            Path first = files().get(0);
            assertEquals(numbers(0, sent), all(tail));
            assertEquals(Received.EMPTY, tail.tryReceive());
            int[] next = {sent};
            Await.until(LONG, "the first file to go", () -> {
                try {
                    sender.send(QueuePeer.bytes("" + next[0]++));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return !Files.exists(first);
            });
            assertEquals(numbers(sent, next[0]), all(tail));
        }
    }

    @Test
    void shouldTakeTheHighestLaneFirst() throws Exception {
        try (Sender sender = Ipc.sender(address + "?lanes=3");
                Sender high = Ipc.sender(address + "?lanes=3&priority=2");
                Receiver receiver = Ipc.receiver(address + "?lanes=3&reader=r")) {
            sender.send(QueuePeer.bytes("low"));
            high.send(QueuePeer.bytes("high"));
            PersistentQueues.setPriority(sender, 1);
            sender.send(QueuePeer.bytes("middle"));
            high.send(QueuePeer.bytes("higher"));
            assertEquals(4, receiver.status().depthMessages());
            for (String expected : new String[] {"high 2", "higher 2", "middle 1", "low 0"}) {
                Message next = receiver.receive(LONG).message();
                assertEquals(expected, next.text() + " " + next.priority());
            }
            assertThrows(IllegalArgumentException.class, () -> PersistentQueues.setPriority(sender, 3));
            assertThrows(IncompatibleChannelException.class, () -> Ipc.sender(address + "?lanes=2"));
            assertThrows(IncompatibleChannelException.class, () -> Ipc.sender(address));
        }
    }

    @Test
    void shouldFinishLanesWhoseCreatorDiedAndMakeNoneByAttaching() throws Exception {
        String lanes = address + "?lanes=3";
        assertThrows(ChannelNotFoundException.class, () -> Ipc.receiver(lanes + "&open=attach"));
        assertFalse(Files.exists(directory), "nothing was made");
        // What is there when a process dies that makes them: the highest first.
        for (Path made : List.of(directory, directory.resolve("lane-2"))) {
            Files.createDirectory(made, PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rwx------")));
        }
        assertThrows(ChannelNotFoundException.class, () -> Ipc.receiver(lanes + "&open=attach"));
        try (Sender sender = Ipc.sender(lanes); Receiver receiver = Ipc.receiver(lanes + "&open=attach")) {
            sender.send(QueuePeer.bytes("x"));
            assertEquals("x", receiver.receive(LONG).text());
        }
        assertTrue(PersistentQueues.remove(directory));
    }

    @Test
    void shouldOpenLanesFromManyThreadsAtTheSameTime() throws Exception {
        List<Thread> threads = new ArrayList<>();
        AtomicInteger opened = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        for (int i = 0; i < 4; i++) {
            threads.add(new Thread(() -> {
                try {
                    start.await();
                    Ipc.sender(address + "?lanes=4").close();
                    opened.incrementAndGet();
                } catch (InterruptedException end) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        threads.forEach(Thread::start);
        start.countDown();
        for (Thread thread : threads) {
            assertTrue(join(thread, LONG.toMillis()));
        }
        assertEquals(threads.size(), opened.get());
    }

    @Test
    void shouldRefuseASecondReceiverOfOneNameAndTellWhoIsThere() {
        try (Receiver first = Ipc.receiver(address + "?reader=one")) {
            AccessRefusedException refused = assertThrows(AccessRefusedException.class,
                    () -> Ipc.receiver(address + "?reader=one"));
            assertTrue(refused.getMessage().contains("pid " + ProcessHandle.current().pid()), refused.getMessage());
            assertEquals(0, first.status().depthMessages());
        }
        Ipc.receiver(address + "?reader=one").close();
    }

    @Test
    void shouldSayWhetherThereIsAQueueAndRemoveNoneInUse() throws Exception {
        assertThrows(ChannelNotFoundException.class, () -> Ipc.receiver(address + "?open=attach"));
        assertFalse(Files.exists(directory), "nothing was made");
        assertFalse(PersistentQueues.remove(directory));
        try (Sender sender = Ipc.sender(address + "?open=create")) {
            assertThrows(ChannelExistsException.class, () -> Ipc.sender(address + "?open=create"));
            AccessRefusedException used = assertThrows(AccessRefusedException.class,
                    () -> PersistentQueues.remove(directory));
            assertTrue(used.getMessage().contains("pid " + ProcessHandle.current().pid()), used.getMessage());
            sender.send(QueuePeer.bytes("x"));
        }
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));
        assertThrows(AccessRefusedException.class, () -> Ipc.sender(address));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        assertTrue(PersistentQueues.remove(directory));
        assertFalse(Files.exists(directory));
    }

    @Test
    void shouldPublishNothingOfAClaimWhoseFillingFails() throws Exception {
        try (Sender sender = Ipc.sender(address); Sender other = Ipc.sender(address);
                Receiver receiver = Ipc.receiver(address)) {
            for (int i = 0; i < 3; i++) {
                assertThrows(IllegalStateException.class, () -> {
                    try (Claim claim = sender.tryClaim(1000)) {
                        claim.buffer().put(new byte[1000]);
                        throw new IllegalStateException("while filling");
                    }
                });
                other.send(QueuePeer.bytes("" + i));
            }
            assertEquals(numbers(0, 3), all(receiver));
        }
    }

    @Test
    void shouldKeepABufferUsableThatSomebodyKept() throws Exception {
        List<ByteBuffer> kept = new ArrayList<>();
        try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address)) {
            send(sender, 0, 2);
            assertEquals(2, receiver.poll(message -> kept.add(message.slice()), 9));
        }
        PersistentQueues.remove(directory);
        assertEquals('1', kept.get(1).get(0), "no crash, whatever the contract says");
        kept.clear();
    }

    @Test
    void shouldSleepWhileNothingComesAndWriteToTheDiskAsTold() throws Exception {
        try (Receiver receiver = Ipc.receiver(address); Sender each = Ipc.sender(address + "?sync=each");
                Sender interval = Ipc.sender(address + "?sync=interval&syncInterval=1ms")) {
            Thread waiting = new Thread(() -> {
                try {
                    receiver.receive(LONG);
                } catch (InterruptedException end) {
                    Thread.currentThread().interrupt();
                }
            });
            waiting.start();
            Await.blocked(waiting, LONG);
            Duration before = CpuTime.ofThread(waiting);
            assertFalse(join(waiting, 500));
            assertTrue(CpuTime.ofThread(waiting).minus(before).toMillis() < 50, "it sleeps");
            each.send(QueuePeer.bytes("each"));
            assertTrue(join(waiting, LONG.toMillis()));
            interval.send(QueuePeer.bytes("interval"));
            assertEquals("interval", receiver.receive(LONG).text());
        }
    }

    private static boolean join(Thread thread, long millis) throws InterruptedException {
        thread.join(millis);
        return !thread.isAlive();
    }
}
