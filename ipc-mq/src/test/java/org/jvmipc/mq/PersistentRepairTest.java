package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.Sender;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Somebody cuts off, overwrites or removes files of a queue that nobody has open: R27 of {@code docs/faults.md}. */
@ExtendWith(PersistentThreads.class)
@Timeout(60)
final class PersistentRepairTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int COUNT = 20;
    private static final String PAD = "-".repeat(100);

    @IpcDir
    private IpcScope scope;
    private Path directory;
    private String address;
    private byte[] whole;

    @BeforeEach
    void fill() throws Exception {
        directory = scope.path("q");
        address = "queue:" + directory;
        try (Sender sender = Ipc.sender(address + "?rollCycle=HOURLY"); Receiver reader = Ipc.receiver(address
                + "?reader=r")) {
            for (int i = 0; i < COUNT; i++) {
                sender.send(QueuePeer.bytes(i + PAD));
            }
            for (int i = 0; i < 3; i++) {
                assertEquals(i + PAD, reader.receive(LONG).text());
            }
        }
        whole = beginning();
        scope.track(this::remove);
    }

    /** The file up to where there is nothing any more. */
    private byte[] beginning() throws IOException {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(1 << 20);
            while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
                continue;
            }
            int end = bytes.capacity();
            while (end > 0 && bytes.get(end - 1) == 0) {
                end--;
            }
            return Arrays.copyOf(bytes.array(), end);
        }
    }

    private void remove() throws IOException {
        PersistentQueues.remove(directory);
        if (Files.exists(directory)) {
            try (Stream<Path> left = Files.walk(directory)) {
                for (Path each : left.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(each -> each.toString().endsWith(".cq4")).findFirst().orElseThrow();
        }
    }

    private Path settings() {
        return directory.resolve("metadata.cq4t");
    }

    /** Where the document of a message begins, by its bytes. */
    private int document(int number) {
        byte[] record = ByteBuffer.allocate(11).order(ByteOrder.LITTLE_ENDIAN).put((byte) 0xC1).put((byte) 'n')
                .put((byte) 0xA7).putLong(number).array();
        return IntStream.range(0, whole.length - record.length)
                .filter(at -> ByteBuffer.wrap(whole, at, record.length).equals(ByteBuffer.wrap(record)))
                .findFirst().orElseThrow() - 4;
    }

    private void cut(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    private void write(Path file, long at, byte... bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        }
    }

    private static List<String> all(Receiver receiver) {
        List<String> found = new ArrayList<>();
        for (Received next = receiver.tryReceive(); next.isMessage(); next = receiver.tryReceive()) {
            found.add(next.text().replace(PAD, ""));
        }
        return found;
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }

    private static List<String> but(List<Integer> lost) {
        return IntStream.range(0, COUNT).filter(i -> !lost.contains(i)).mapToObj(String::valueOf).toList();
    }

    /** All ends are refused, and told which file it is; nothing is changed by that. */
    private void assertRefused(Path file) throws IOException {
        byte[] before = Files.exists(file) ? Files.readAllBytes(file) : null;
        for (Runnable open : List.<Runnable>of(() -> Ipc.sender(address).close(),
                () -> Ipc.receiver(address + "?reader=r&open=attach").close())) {
            SegmentCorruptedException refused = assertThrows(SegmentCorruptedException.class, open::run);
            assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
            assertTrue(refused.getMessage().contains("PersistentQueues.repair"), refused.getMessage());
        }
        if (before == null) {
            assertFalse(Files.exists(file));
        } else {
            assertArrayEquals(before, Files.readAllBytes(file));
        }
    }

    /** All that is intact is there, each with its number, whoever asks; it goes on with numbers of its own. */
    private void assertRepaired(Path file, List<Integer> lost) throws Exception {
        byte[] damaged = Files.exists(file) ? Files.readAllBytes(file) : null;
        List<PersistentQueues.Damage> found = PersistentQueues.check(directory);
        assertEquals(List.of(file), found.stream().map(PersistentQueues.Damage::file).toList(), found::toString);
        PersistentQueues.Repair repair = PersistentQueues.repair(directory);
        assertEquals(found, repair.damages());
        assertEquals(lost.size(), repair.lost());
        if (damaged != null) {
            assertArrayEquals(damaged, Files.readAllBytes(repair.copies().get(0).resolve(file.getFileName())));
        }
        assertEquals(List.of(), PersistentQueues.check(directory));
        assertEquals(List.of(), PersistentQueues.repair(directory).copies());
        try (Stream<Path> files = Files.list(directory)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(each)),
                        each::toString);
            }
        }
        try (Receiver early = Ipc.receiver(address)) {
            assertEquals(but(lost), all(early));
            assertEquals(Received.TIMED_OUT, early.receive(Duration.ofMillis(20)), "what was lost is not waited for");
            assertEquals(0, early.status().depthMessages());
            assertFalse(early.tryReceive().isMessage());
        }
        try (Receiver reader = Ipc.receiver(address + "?reader=r"); Receiver fresh = Ipc.receiver(address);
                Receiver inside = Ipc.receiver(address + "?start=index:15");
                Sender sender = Ipc.sender(address + "?rollCycle=HOURLY")) {
            sender.send(QueuePeer.bytes("new"));
            List<String> left = new ArrayList<>(but(lost));
            left.add("new");
            assertEquals(left, all(fresh));
            assertEquals(COUNT, PersistentQueues.index(fresh), "no number is given twice");
            assertEquals(lost.size(), fresh.status().dropped());
            assertEquals(left.stream().filter(each -> each.equals("new") || Integer.parseInt(each) >= 15).toList(),
                    all(inside));
            assertEquals(left.stream().filter(each -> each.equals("new") || Integer.parseInt(each) >= 3).toList(),
                    all(reader));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"in the last", "before the last", "in the tenth", "in its header"})
    void shouldKeepWhatIsLeftOfAFileThatWasCutOff(String where) throws Exception {
        List<Integer> lost = switch (where) {
            case "in the last" -> List.of(19);
            case "before the last" -> List.of(19);
            case "in its header" -> List.of(10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
            default -> List.of(10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
        };
        cut(file(), document(lost.get(0)) + switch (where) {
            case "in the last" -> 60;
            case "before the last" -> 0;
            case "in its header" -> 2;
            default -> 40;
        });
        assertRefused(file());
        assertRepaired(file(), lost);
    }

    @Test
    void shouldMissNothingMoreThanWasLostWhenOnlyTheBeginningIsLeft() throws Exception {
        Path file = file();
        for (int size : new int[] {0, 2, 100, 4000}) {
            Files.write(file, whole);
            cut(file, size);
            assertRefused(file);
        }
        cut(file, 0);
        PersistentQueues.Repair repair = PersistentQueues.repair(directory);
        assertEquals(3, repair.lost(), "those of which a reader knows");
        try (Receiver reader = Ipc.receiver(address + "?reader=r"); Sender sender = Ipc.sender(address)) {
            sender.send(QueuePeer.bytes("new"));
            assertEquals(List.of("new"), all(reader));
            assertEquals(3, PersistentQueues.index(reader));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"header zeroed", "header of the last zeroed", "header garbage", "number overwritten",
        "page zeroed"})
    void shouldKeepAllAroundWhatWasOverwritten(String how) throws Exception {
        Path file = file();
        List<Integer> lost = switch (how) {
            case "header zeroed" -> {
                write(file, document(7), new byte[4]);
                yield List.of();
            }
            case "header of the last zeroed" -> {
                write(file, document(19), new byte[4]);
                yield List.of();
            }
            case "header garbage" -> {
                write(file, document(7), "nonsense".getBytes(StandardCharsets.US_ASCII));
                yield List.of(7);
            }
            case "number overwritten" -> {
                write(file, document(7) + 7, (byte) 99);
                yield List.of(7);
            }
            default -> {
                write(file, document(5) + 20, new byte[document(8) - document(5)]);
                yield List.of(5, 6, 7, 8);
            }
        };
        if (how.equals("header of the last zeroed")) {
            assertRefused(file);
        }
        assertRepaired(file, lost);
    }

    @Test
    void shouldSayWhatIsWrongInsteadOfWaitingForAMessageThatCannotBeRead() throws Exception {
        write(file(), document(7), new byte[4]);
        try (Receiver receiver = Ipc.receiver(address + "?reader=r"); Sender sender = Ipc.sender(address)) {
            for (int i = 3; i < 7; i++) {
                assertEquals(i + PAD, receiver.receive(LONG).text());
            }
            SegmentCorruptedException broken =
                    assertThrows(SegmentCorruptedException.class, () -> receiver.receive(LONG));
            assertTrue(broken.getMessage().contains(file() + " has lost the header of a message at byte "
                    + document(7)), broken.getMessage());
            AccessRefusedException open =
                    assertThrows(AccessRefusedException.class, () -> PersistentQueues.repair(directory));
            assertTrue(open.getMessage().contains("pid " + ProcessHandle.current().pid()), open.getMessage());
            // What is sent meanwhile comes after all, and is not lost, either.
            sender.send(QueuePeer.bytes("meanwhile"));
        }
        assertEquals(0, PersistentQueues.repair(directory).lost());
        try (Receiver receiver = Ipc.receiver(address + "?reader=r")) {
            List<String> left = new ArrayList<>(numbers(7, COUNT));
            left.add("meanwhile");
            assertEquals(left, all(receiver));
        }
    }

    @Test
    void shouldHaveAGroupPassOverWhatWasLostAndCountIt() throws Exception {
        try (GroupConsumer consumer = GroupConsumer.open(address + "?group=g")) {
            for (int i = 0; i < 5; i++) {
                consumer.receive(LONG).ack();
            }
        }
        write(file(), document(7), "nonsense".getBytes(StandardCharsets.US_ASCII));
        cut(file(), document(10) + 40);
        assertEquals(11, PersistentQueues.repair(directory).lost());
        try (GroupConsumer consumer = GroupConsumer.open(address + "?group=g"); Sender sender = Ipc.sender(address)) {
            for (String left : List.of("5", "6", "8", "9")) {
                Delivery next = consumer.receive(LONG);
                assertEquals(left + PAD, next.text());
                next.ack();
            }
            assertNull(consumer.tryReceive());
            GroupStatus status = consumer.status();
            assertEquals(11, status.lost());
            assertEquals(0, status.depth(), "what was lost is not waited for");
            assertEquals(COUNT, status.committed());
            assertEquals(4 + 5, status.delivered());
            sender.send(QueuePeer.bytes("new"));
            assertEquals("new", consumer.receive(LONG).text());
            assertEquals(11, consumer.status().lost());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "empty", "header zeroed", "cut off", "something else"})
    void shouldMakeTheTableOfSettingsAgain(String how) throws Exception {
        switch (how) {
            case "missing" -> Files.delete(settings());
            case "empty" -> cut(settings(), 0);
            case "header zeroed" -> write(settings(), 0, new byte[4]);
            case "cut off" -> cut(settings(), 100);
            default -> Files.writeString(settings(), "something else");
        }
        assertRefused(settings());
        assertRepaired(settings(), List.of());
    }

    @Test
    void shouldMoveAwayWhatIsNoFileOfTheQueue() throws Exception {
        Path foreign = directory.resolve("backup.cq4");
        Files.writeString(foreign, "foreign");
        Files.setPosixFilePermissions(foreign, PosixFilePermissions.fromString("rw-------"));
        assertRefused(foreign);
        assertRepaired(foreign, List.of());
        Path sameName = directory.resolve("20200101-10.cq4");
        Files.writeString(sameName, "foreign, too");
        assertRefused(sameName);
        assertEquals(List.of(sameName), PersistentQueues.repair(directory).damages().stream()
                .map(PersistentQueues.Damage::file).toList());
        try (Receiver reader = Ipc.receiver(address)) {
            List<String> left = new ArrayList<>(numbers(0, COUNT));
            left.add("new");
            assertEquals(left, all(reader));
        }
    }

    @Test
    void shouldLookAtTheFilesAlthoughAllHaveDiedAndOneInsideAMessage() throws Exception {
        PersistentQueues.remove(directory);
        try (ChildJvm writer = ChildJvm.of(PersistentPeer.class).args("inside", address).start()) {
            writer.expect("inside");
            writer.kill();
            writer.awaitDeath(LONG);
        }
        whole = beginning();
        write(file(), document(0), new byte[4]);
        assertRefused(file());
        assertEquals(0, PersistentQueues.repair(directory).lost());
        try (Sender sender = Ipc.sender(address); Receiver fresh = Ipc.receiver(address)) {
            sender.send(QueuePeer.bytes("new"));
            assertEquals(List.of("done", "new"), all(fresh));
        }
    }
}
