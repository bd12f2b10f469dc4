package org.jvmipc.mq.internal.persistent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.openhft.chronicle.wire.Wires;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.mq.PersistentQueues;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.sync.SharedLock;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What becomes of queues whose clock or memory is not what it was. */
final class RecoveryTest {
    private static final long HOUR = 3_600_000_000L;

    @IpcDir
    private IpcScope scope;

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> all(Receiver receiver) {
        List<String> found = new ArrayList<>();
        for (Received next = receiver.tryReceive(); next.isMessage(); next = receiver.tryReceive()) {
            found.add(next.text());
        }
        return found;
    }

    @Test
    void shouldKeepOrderAndTimesWhenTheClockGoesBackOverAFile() throws Exception {
        Path directory = scope.path("q");
        String address = "queue:" + directory + "?rollCycle=FIVE_MINUTELY";
        try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address);
                QueueState state = QueueState.attach(directory)) {
            sender.send(bytes("before"));
            // As if that had been sent an hour ahead of what the clock says now.
            long ahead = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) + HOUR;
            state.begin(ahead, state.length());
            state.end();
            for (int i = 0; i < 3; i++) {
                sender.send(bytes("after " + i));
            }
            assertEquals(List.of("before", "after 0", "after 1", "after 2"), all(receiver));
            assertEquals(ahead, ChronoUnit.MICROS.between(Instant.EPOCH, PersistentQueues.time(receiver)));
        }
        try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address)) {
            sender.send(bytes("reopened"));
            assertEquals(List.of("before", "after 0", "after 1", "after 2", "reopened"), all(receiver));
        }
        PersistentQueues.remove(directory);
    }

    /** A clock that says what it is told. */
    private static final class TestClock implements InstantSource {
        private volatile Instant now;

        TestClock(Instant now) {
            this.now = now;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    /** Ends of a queue by a clock of its own. */
    private final class Ends implements AutoCloseable {
        private final OptionValues values;
        private final Store retained;
        private final QueueOut out;
        private final QueueIn in;

        Ends(TestClock clock, String rollCycle, String options) {
            Path directory = scope.path("q");
            values = new PersistentQueueProvider().options().check(Address.parse("queue:" + directory + options));
            retained = store(clock, rollCycle);
            out = QueueOpener.sender(store(clock, rollCycle), values, null);
            in = QueueOpener.receiver(store(clock, rollCycle), values);
        }

        private Store store(TestClock clock, String rollCycle) {
            return Store.open("queue:q", scope.path("q"), "createOrAttach", rollCycle, clock);
        }

        void send(String text) {
            assertEquals(SendResult.SENT, out.offer(bytes(text)));
        }

        /** The messages, with their numbers and times. */
        List<String> all() {
            List<String> found = new ArrayList<>();
            int[] polled = new int[1];
            do {
                polled[0] = in.poll(message -> found.add(StandardCharsets.UTF_8.decode(message) + " " + in.number()
                        + " " + Instant.EPOCH.plus(in.time(), ChronoUnit.MICROS)), 1);
            } while (polled[0] > 0);
            return found;
        }

        @Override
        public void close() {
            in.close();
            out.close();
            retained.close();
        }
    }

    private long countFiles() throws Exception {
        try (Stream<Path> files = Files.list(scope.path("q"))) {
            return files.filter(file -> file.toString().endsWith(".cq4")).count();
        }
    }

    @ParameterizedTest
    @CsvSource({"-PT1H, FIVE_MINUTELY, 1", "PT24H, HOURLY, 2", "PT24H, FAST_DAILY, 2"})
    void shouldKeepOrderAndTimesWhereverTheClockIsMoved(Duration by, String rollCycle, int files) throws Exception {
        Instant before = Instant.parse("2026-02-03T04:05:06Z");
        Instant moved = before.plus(by);
        Instant latest = moved.isAfter(before) ? moved : before;
        TestClock clock = new TestClock(before);
        List<String> expected = new ArrayList<>(List.of("a 0 " + before, "b 1 " + latest, "c 2 " + latest));
        try (Ends ends = new Ends(clock, rollCycle, "?reader=r")) {
            ends.send("a");
            clock.now = moved;
            ends.send("b");
            clock.now = before.plusSeconds(1);
            ends.send("c");
            if (by.isNegative()) {
                expected.set(2, "c 2 " + clock.now);
            }
            assertEquals(expected, ends.all());
            assertEquals(files, countFiles());
            clock.now = moved;
            assertEquals(0, new Retention(Duration.ofHours(25), 0, false).run(ends.retained), "nothing is that old");
        }
        clock.now = before.plusSeconds(2);
        try (Ends again = new Ends(clock, "", "")) {
            again.send("d");
            // What was found in the files is where it goes on from.
            expected.add("d 3 " + (by.isNegative() ? clock.now : latest));
            assertEquals(expected, again.all());
            assertEquals(files, countFiles());
        }
        PersistentQueues.remove(scope.path("q"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-03-29T00:30:00Z", "2026-10-25T00:30:00Z"})
    void shouldNotHeedThatTheHourIsChanged(Instant before) throws Exception {
        TimeZone zone = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
        TestClock clock = new TestClock(before);
        try (Ends ends = new Ends(clock, "HOURLY", "")) {
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                clock.now = before.plusSeconds(600L * i);
                ends.send("x");
                expected.add("x " + i + " " + clock.now);
            }
            assertEquals(expected, ends.all());
            assertEquals(3, countFiles(), "a file for each hour that has passed");
        } finally {
            TimeZone.setDefault(zone);
        }
        PersistentQueues.remove(scope.path("q"));
    }

    @Test
    void shouldWaitForWhatIsDelayedAsLongAsToldWhereverTheClockIsMoved() throws Exception {
        TestClock clock = new TestClock(Instant.parse("2026-02-03T04:05:06Z"));
        try (Ends ends = new Ends(clock, "", "?delay=10s")) {
            Store store = ends.store(clock, "");
            try (StoreLog log = new StoreLog(store, new LogReader(store))) {
                ends.send("later");
                assertEquals(10_000_000, log.microsToWait(0));
                clock.now = clock.now.plusSeconds(3);
                assertEquals(7_000_000, log.microsToWait(0));
                clock.now = clock.now.minusSeconds(7200);
                assertEquals(10_000_000, log.microsToWait(0), "never longer than told");
                ends.send("later, too");
                assertEquals(10_000_000, log.microsToWait(1));
            }
        }
        PersistentQueues.remove(scope.path("q"));
    }

    @Test
    void shouldSayHowLongItHasWaitedWhoIsInterruptedWhileOpening() throws Exception {
        Path directory = scope.path("q");
        Store.prepare("queue:q", directory);
        try (SharedLock lock = SharedLock.in(SharedSegment.file(directory.resolve(Store.LOCK))).openOrCreate()) {
            lock.lock();
            CompletableFuture<IpcTimeoutException> told = new CompletableFuture<>();
            Thread opener = new Thread(() -> {
                IpcTimeoutException refused =
                        assertThrows(IpcTimeoutException.class, () -> Ipc.sender("queue:" + directory));
                assertTrue(Thread.interrupted(), "it is told again");
                told.complete(refused);
            });
            opener.start();
            Await.blockedIn(opener, "Store.lockFor", Duration.ofSeconds(20));
            opener.interrupt();
            String message = told.get(20, TimeUnit.SECONDS).getMessage();
            opener.join();
            Matcher time = Pattern.compile(".*: interrupted while another process has the queue for itself, for"
                    + " (\\d+) ms now; held up by .+").matcher(message);
            assertTrue(time.matches(), message);
            assertTrue(Long.parseLong(time.group(1)) < 10_000, message);
            lock.unlock();
        }
        Files.delete(directory);
    }

    @Test
    void shouldGiveACursorToOneAtATimeWhileOthersRemoveIt() throws Exception {
        Path directory = Files.createDirectory(scope.path("q"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        AtomicInteger removed = new AtomicInteger();
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        long end = System.nanoTime() + Duration.ofMillis(700).toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            boolean removes = i > 1;
            threads.add(new Thread(() -> {
                while (System.nanoTime() - end < 0) {
                    try {
                        if (removes) {
                            removed.addAndGet(PersistentQueues.removeCursor(directory, "r") ? 1 : 0);
                            continue;
                        }
                        try (CursorFile cursor = CursorFile.take("queue:q", directory, "r", () -> 5)) {
                            assertEquals(1, inside.incrementAndGet(), "two have it");
                            assertEquals(5, cursor.done());
                            assertEquals(1, Cursors.list(directory).size(), "nobody removes one that is used");
                            inside.decrementAndGet();
                            taken.incrementAndGet();
                        }
                    } catch (AccessRefusedException used) {
                        continue;
                    } catch (RuntimeException | AssertionError failed) {
                        failures.add(failed);
                        return;
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), failures);
        assertTrue(taken.get() > 10 && removed.get() > 10, taken + " taken, " + removed + " removed");
        CursorFile.take("queue:q", directory, "r", () -> 5).close();
        assertTrue(PersistentQueues.removeCursor(directory, "r"));
        assertFalse(PersistentQueues.removeCursor(directory, "r"));
        Files.delete(directory);
    }

    @Test
    void shouldFindTheEndAgainWithoutTheStateOfThoseBefore() throws Exception {
        Path directory = scope.path("q");
        String address = "queue:" + directory;
        try (Sender sender = Ipc.sender(address)) {
            for (int i = 0; i < 600; i++) {
                sender.send(bytes("" + i));
            }
        }
        assertFalse(Files.exists(directory.resolve(QueueState.FILE)));
        try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address + "?start=index:599")) {
            sender.send(bytes("600"));
            assertEquals(List.of("599", "600"), all(receiver));
        }
        PersistentQueues.remove(directory);
    }

    @Test
    void shouldMissNothingNewWhenTheMachineHasLostTheEndOfAQueue() throws Exception {
        Path directory = scope.path("q");
        String address = "queue:" + directory;
        try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address + "?reader=r");
                Receiver ahead = Ipc.receiver(address + "?reader=ahead&start=index:7")) {
            for (int i = 0; i < 5; i++) {
                sender.send(bytes("" + i));
            }
            assertEquals(5, all(receiver).size());
            assertEquals(List.of(), all(ahead));
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.filter(each -> each.toString().endsWith(".cq4")).toList()) {
                    Files.delete(file);
                }
            }
        }
        try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address + "?reader=r");
                Receiver ahead = Ipc.receiver(address + "?reader=ahead")) {
            for (int i = 0; i < 8; i++) {
                sender.send(bytes("new " + i));
            }
            List<String> found = all(receiver);
            assertEquals(8, found.size(), found::toString);
            assertEquals(List.of("new 7"), all(ahead));
        }
        PersistentQueues.remove(directory);
    }

    /** A file whose first document is not finished, of which Chronicle writes this header first. */
    private static byte[] unfinished(int size) {
        byte[] made = new byte[size];
        if (size > 0) {
            made[3] = (byte) (Wires.NOT_COMPLETE >>> 24);
        }
        return made;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 1 << 16})
    void shouldMakeAQueueWhoseCreatorDiedOverIt(int size) throws Exception {
        Path directory = scope.path("q");
        String address = "queue:" + directory;
        Ipc.sender(address).close();
        Files.write(directory.resolve("metadata.cq4t"), unfinished(size));
        try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address)) {
            sender.send(bytes("x"));
            assertEquals(List.of("x"), all(receiver));
        }
        PersistentQueues.remove(directory);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 1 << 20})
    void shouldNotWaitForAWriterThatDiedOverANewFile(int size) throws Exception {
        Path directory = scope.path("q");
        String address = "queue:" + directory;
        try (Store store = Store.open(address, directory, "createOrAttach", "")) {
            Path file = store.files().path(store.queue().cycle());
            Files.write(file, unfinished(size));
            store.state().begin(store.clock().now(), 100);
            long start = System.nanoTime();
            try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address)) {
                sender.send(bytes("x"));
                assertEquals(List.of("x"), all(receiver));
            }
            Duration delay = Duration.ofNanos(System.nanoTime() - start);
            assertTrue(delay.toSeconds() < 5, "Chronicle waits for 10 s, this took " + delay);
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            try (Stream<Path> files = Files.list(directory)) {
                assertEquals(0, files.filter(left -> left.toString().endsWith(".discard")).count());
            }
        }
        PersistentQueues.remove(directory);
    }

    @Test
    void shouldKnowTheFilesOfEachRollCycle() throws Exception {
        for (String name : RollCycleNames.ALL) {
            Path directory = scope.path(name);
            String address = "queue:" + directory;
            try (Sender sender = Ipc.sender(address + "?rollCycle=" + name)) {
                sender.send(bytes("x"));
            }
            QueueCheck check = QueueCheck.of(directory);
            assertEquals(List.of(), check.all(), name);
            assertEquals(name, check.rollCycle().toString());
            assertEquals(name, RollFiles.byNames(QueueCheck.files(directory)).toString());
            try (Receiver receiver = Ipc.receiver(address)) {
                assertEquals(List.of("x"), all(receiver));
            }
            PersistentQueues.remove(directory);
        }
    }

    @Test
    void shouldRefuseTheRollCycleWhoseNamesOfFilesDoNotTellTheCycle() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> Ipc.sender("queue:" + scope.path("q") + "?rollCycle=WEEKLY"));
        assertTrue(refused.getMessage().contains("FAST_DAILY"), refused.getMessage());
        assertFalse(Files.exists(scope.path("q")));
    }

    @Test
    void shouldCountTheBytesOfAFileThatEndsWithWhatWasLost() {
        Path directory = scope.path("q");
        try (Store store = Store.open("queue:q", directory, "create", "")) {
            assertTrue(store.tryLock(0));
            try (LogWriter writer = new LogWriter(store); LogReader reader = new LogReader(store)) {
                writer.begin(100, 0);
                writer.put(ByteBuffer.allocate(100));
                writer.commit();
                long before = reader.bytesOf(writer.cycle());
                writer.begin(0, 0);
                writer.lose();
                writer.commit();
                long after = reader.bytesOf(writer.cycle());
                assertEquals(before + 4 + Record.HEADER, after, 4);
            } finally {
                store.unlock();
            }
        }
        PersistentQueues.remove(directory);
    }

    @Test
    void shouldRemoveAFileThatSomebodyMadeWhoDiedBeforeItWasUsed() throws Exception {
        Path directory = scope.path("q");
        TestClock clock = new TestClock(Instant.parse("2026-02-03T04:05:06Z"));
        try (Ends ends = new Ends(clock, "HOURLY", "")) {
            ends.send("a");
            clock.now = clock.now.plusSeconds(7200);
            ends.send("b");
        }
        Path left = Files.write(directory.resolve("20260203-05.cq4"), new byte[1 << 20]);
        Files.setPosixFilePermissions(left, PosixFilePermissions.fromString("rw-------"));
        assertEquals(List.of(), PersistentQueues.check(directory));
        try (Ends again = new Ends(clock, "", "")) {
            assertFalse(Files.exists(left), "Chronicle would wait for whoever made it");
            assertEquals(2, again.all().size());
        }
        PersistentQueues.remove(directory);
    }

    @Test
    void shouldNameTheFlagsForAModule() {
        Module other = ModuleLayer.boot().findModule("java.logging").orElseThrow();
        UnsupportedOperationException missing =
                assertThrows(UnsupportedOperationException.class, () -> FlagsCheck.check(other));
        assertTrue(missing.getMessage().contains("--add-opens=java.base/sun.nio.ch=java.logging"),
                missing.getMessage());
        FlagsCheck.require();
    }
}
