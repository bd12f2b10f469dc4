package org.jvmipc.posix.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.lang.reflect.Field;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.observe.ChannelStats;
import org.jvmipc.observe.ProcessStats;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.spi.CounterStore;

/** The file of counters as its owner writes it and as others read it. */
class CounterFilesTest {
    private static final Pattern ROW = Pattern.compile("\\| ([A-Z_]+) \\| (\\d+) \\| (\\d+) \\|.*");
    private static final Set<String> NO_PLACES = Set.of("VERSION", "RECORD_SIZE", "RECORD_COUNT", "ADDRESS_MAX",
            "FILE_SIZE", "STATE_FREE", "STATE_OPEN", "STATE_CLOSED", "END_SENDER", "END_RECEIVER", "COUNTER_BYTES");
    private static final String SIGN = "life-1-0123456789abcdef";

    @TempDir
    Path dir;

    private Path path;

    @BeforeEach
    void setHome() {
        System.setProperty("ipc.home", dir.toString());
        path = counters(1);
    }

    private Path counters(int number) {
        return Path.of(LifeFiles.counters(dir.resolve(SIGN).toString(), number));
    }

    @AfterEach
    void clearHome() {
        System.clearProperty("ipc.home");
    }

    private ProcessStats read() {
        List<ProcessStats> all = new CounterFiles().processes();
        assertEquals(1, all.size(), all::toString);
        return all.get(0);
    }

    @Test
    void layoutIsWhatTheDocumentSays() throws Exception {
        Path document = Path.of("../docs/formats/counters.md");
        TreeMap<String, Integer> documented = new TreeMap<>();
        for (String line : Files.readAllLines(document)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                documented.put(row.group(1), Integer.parseInt(row.group(2)));
            }
        }
        TreeMap<String, Integer> coded = new TreeMap<>();
        for (Class<?> layout : List.of(CounterLayout.class, CounterStore.class)) {
            for (Field field : layout.getDeclaredFields()) {
                if (field.getType() == int.class && !NO_PLACES.contains(field.getName())) {
                    coded.put(field.getName(), field.getInt(null));
                }
            }
        }
        assertEquals(coded, documented);
        assertEquals(65536, CounterLayout.FILE_SIZE);
    }

    @Test
    void whatAnEndCountsIsReadFromOutside() throws Exception {
        Instant before = Instant.ofEpochMilli(System.currentTimeMillis());
        CounterFile file = CounterFile.create(path);
        assertEquals(0100600, Files.getAttribute(path, "unix:mode"));
        CounterStore.Slot slot = file.open("mem:a?capacity=5", ChannelStats.End.RECEIVER, 9);
        slot.counters().order(ByteOrder.nativeOrder())
                .putLong(CounterStore.MESSAGES, 1).putLong(CounterStore.BYTES, 2).putLong(CounterStore.WAITS, 3)
                .putLong(CounterStore.WAKE_UPS, 4).putLong(CounterStore.DROPPED, 5).putLong(CounterStore.FAILURES, 6)
                .putLong(CounterStore.WAITING_SINCE, 7);
        ProcessStats process = read();
        assertEquals(ProcessIdentity.current().pid(), process.pid());
        assertEquals(ProcessIdentity.current().startTime(), process.startTime());
        assertEquals(SIGN, process.lifeSign());
        assertFalse(process.alive(), "there is no such life sign");
        assertFalse(process.since().isBefore(before));
        ChannelStats end = process.channels().get(0);
        assertEquals(new ChannelStats("mem:a?capacity=5", ChannelStats.End.RECEIVER, 9, end.opened(), true, 1, 2, 3, 4,
                5, 6, Optional.of(Instant.ofEpochMilli(7))), end);
        assertFalse(end.opened().isBefore(before));
        slot.close();
        assertFalse(read().channels().get(0).open());
        assertEquals(1, read().channels().get(0).messages(), "closed ends can be read on");
    }

    @Test
    void threadThatIsInterruptedMakesItAsAnyOther() throws Exception {
        Thread.currentThread().interrupt();
        CounterFile file = CounterFile.create(path);
        assertTrue(Thread.interrupted());
        file.open("mem:a", ChannelStats.End.SENDER, 1);
        assertEquals(1, read().channels().size());
    }

    @Test
    void recordsAreTakenOverInTheOrderOfClosing() throws Exception {
        CounterFile file = CounterFile.create(path);
        List<CounterStore.Slot> slots = new ArrayList<>();
        for (int i = 0; i < CounterLayout.RECORD_COUNT; i++) {
            slots.add(file.open("mem:" + i, ChannelStats.End.SENDER, i));
        }
        assertNull(file.open("mem:full", ChannelStats.End.SENDER, 0));
        slots.get(5).counters().putLong(CounterStore.MESSAGES, -1);
        slots.get(5).close();
        slots.get(3).close();
        assertNotNull(file.open("mem:" + "é".repeat(1000), ChannelStats.End.RECEIVER, 1));
        ChannelStats sixth = read().channels().get(5);
        assertEquals(ChannelStats.End.RECEIVER, sixth.end());
        assertEquals(0, sixth.messages(), "nothing of the end before it is left");
        assertTrue(sixth.address().startsWith("mem:ééé") && sixth.address().length() < 330, sixth.address());
        assertFalse(read().channels().get(3).open());
        assertTrue(file.open("mem:last", ChannelStats.End.SENDER, 2) != null && read().channels().get(3).open());
    }

    @Test
    void whenAllEndsInAFileAreOpenThereIsAnotherFile() throws Exception {
        OwnCounters own = new OwnCounters(number -> CounterFile.create(counters(number)), () -> 0);
        List<CounterStore.Slot> slots = new ArrayList<>();
        int most = OwnCounters.MOST_FILES * CounterLayout.RECORD_COUNT;
        for (int i = 0; i < most; i++) {
            slots.add(own.open("mem:" + i, ChannelStats.End.SENDER, i));
        }
        assertNull(own.open("mem:full", ChannelStats.End.SENDER, most));
        assertEquals(1, read().unrecorded());
        assertEquals(LongStream.range(0, most).boxed().toList(),
                read().channels().stream().map(ChannelStats::number).toList());
        slots.get(200).close();
        slots.get(300).close();
        assertNotNull(own.open("mem:second", ChannelStats.End.RECEIVER, most + 1));
        assertEquals("mem:second", read().channels().get(200).address());
        // The dead process's life sign is gone.
        LifeFiles.removeOrphans();
        try (Stream<Path> left = Files.list(dir)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void aFileThatCouldNotBeMadeIsTriedAgainLater() throws Exception {
        long[] now = new long[1];
        Files.createDirectory(path);
        OwnCounters own = new OwnCounters(number -> CounterFile.create(path), () -> now[0]);
        assertNull(own.open("mem:a", ChannelStats.End.SENDER, 1));
        Files.delete(path);
        now[0] = OwnCounters.REFUSED_NANOS - 1;
        assertNull(own.open("mem:b", ChannelStats.End.SENDER, 2));
        now[0]++;
        assertNotNull(own.open("mem:c", ChannelStats.End.SENDER, 3));
        assertEquals(List.of("mem:c"), read().channels().stream().map(ChannelStats::address).toList());
        assertEquals(2, read().unrecorded());
    }

    @Test
    void whatIsNoFileOfCountersIsPassedOver() throws Exception {
        Files.write(path, new byte[100]);
        Files.write(dir.resolve("counters-1-short"), new byte[CounterLayout.FILE_SIZE]);
        assertEquals(List.of(), new CounterFiles().processes());
        Files.delete(path);
        CounterFile file = CounterFile.create(path);
        file.open("mem:a", ChannelStats.End.SENDER, 1);
        file.open("mem:b", ChannelStats.End.SENDER, 2);
        try (RandomAccessFile raw = new RandomAccessFile(path.toFile(), "rw")) {
            raw.seek(CounterLayout.HEADER_SIZE + CounterLayout.ADDRESS_LENGTH);
            raw.writeInt(-1);
            assertEquals(List.of("mem:b"), read().channels().stream().map(ChannelStats::address).toList());
            raw.seek(CounterLayout.HEADER_SIZE + CounterLayout.RECORD_SIZE + CounterLayout.GENERATION);
            raw.writeByte(1);
            assertEquals(List.of(), read().channels(), "a record that is being written");
            raw.seek(CounterLayout.MAGIC);
            raw.writeByte('X');
            assertEquals(List.of(), new CounterFiles().processes());
        }
    }
}
