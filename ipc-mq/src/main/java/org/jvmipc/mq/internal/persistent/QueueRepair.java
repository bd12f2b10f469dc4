package org.jvmipc.mq.internal.persistent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.TreeMap;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.jvmipc.IpcException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.mq.PersistentQueues.Damage;

/**
 * Puts the files of a queue in order that somebody has damaged. Each of them is linked to a directory of copies first,
 * and then replaced as a whole, by renaming, by one that Chronicle has written anew with what is intact. What is lost
 * keeps its numbers, so that readers are told how many messages they miss, and no number is given twice. Whoever dies
 * over it leaves each file as it was or as it is to be. For whoever has the queue for itself.
 */
final class QueueRepair {
    /** Begins the name of a directory with copies. */
    static final String COPIES = "damaged-";
    private static final String SCRATCH = "new";
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);
    private static final int ATTEMPTS = 1000;

    private final String channel;
    private final Path directory;
    private final QueueCheck check;
    private Path copies;
    private long lost;

    QueueRepair(String channel, Path directory, QueueCheck check) {
        this.channel = channel;
        this.directory = directory;
        this.check = check;
    }

    /**
     * Repairs what is damaged.
     *
     * @param damages what is
     * @return where the copies are
     */
    Path run(List<Damage> damages) {
        boolean interrupted = Thread.interrupted();
        try {
            copies = newDirectory();
            for (Damage damage : damages) {
                repair(damage.file());
            }
            sync(directory);
            return copies;
        } catch (IOException failed) {
            throw new UncheckedIOException(channel + ": " + failed.getMessage(), failed);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** How many messages were found to be lost. */
    long lost() {
        return lost;
    }

    private Path newDirectory() throws IOException {
        Instant now = Instant.now();
        for (int i = 0; i < ATTEMPTS; i++) {
            try {
                return Files.createDirectory(directory.resolve(COPIES + NAME.format(now.plusMillis(i))),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (FileAlreadyExistsException before) {
                continue;
            }
        }
        throw new FileAlreadyExistsException(directory.resolve(COPIES + NAME.format(now)).toString());
    }

    private void repair(Path file) throws IOException {
        if (file.equals(SettingsFile.of(directory))) {
            keep(file);
            if (check.rollCycle() != null) {
                makeSettings(check.rollCycle());
            } else {
                Files.deleteIfExists(file);
            }
        } else if (check.rollCycle() != null && check.cycles().containsValue(file)) {
            keep(file);
            rebuild(file, RollFiles.cycleOf(file, check.rollCycle()));
        } else {
            Files.move(file, copies.resolve(file.getFileName()));
        }
    }

    /** Another name for the same file, which will be replaced, not changed. */
    private void keep(Path file) throws IOException {
        if (Files.exists(file)) {
            Path copy = copies.resolve(file.getFileName());
            try {
                Files.createLink(copy, file);
            } catch (UnsupportedOperationException | IOException noLinks) {
                Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
                sync(copy);
            }
        }
    }

    private void makeSettings(RollCycle rollCycle) throws IOException {
        Path scratch = Files.createDirectory(copies.resolve(SCRATCH));
        SingleChronicleQueueBuilder.binary(scratch).rollCycle(rollCycle).build().close();
        replace(SettingsFile.of(scratch), SettingsFile.of(directory));
        delete(scratch);
    }

    /** Writes the file of a cycle anew. */
    private void rebuild(Path file, int cycle) throws IOException {
        Path scratch = copies.resolve(SCRATCH);
        long before = endBefore(cycle);
        long known = cycle == check.cycles().lastKey() ? QueueCheck.read(directory) : 0;
        boolean any = false;
        CycleClock clock = new CycleClock(cycle, check.rollCycle());
        try (CycleScan scan = CycleScan.open(file);
                Store store = Store.open(channel, scratch, "create", check.rollCycle().toString(), clock)) {
            if (!store.tryLock(0)) {
                throw new IpcTimeoutException(channel + ": somebody else writes to " + scratch);
            }
            LogWriter writer = new LogWriter(store);
            try {
                Rebuilding target = new Rebuilding(scan, store, writer, clock);
                scan.walk(target);
                any = target.fill(before, Math.max(known, scan.end()));
                lost += target.lost();
            } finally {
                writer.close();
                store.unlock();
            }
        }
        if (any) {
            List<Path> made = QueueCheck.files(scratch);
            if (made.size() != 1) {
                throw new IpcException(channel + ": " + file + " became " + made.size() + " files in " + scratch
                        + "; nothing was changed, and they are left there");
            }
            replace(made.get(0), file);
        } else {
            Files.delete(file);
        }
        delete(scratch);
    }

    private long endBefore(int cycle) throws IOException {
        TreeMap<Integer, Path> earlier = new TreeMap<>(check.cycles().headMap(cycle, false));
        for (Path file : earlier.descendingMap().values()) {
            try (CycleScan scan = CycleScan.open(file)) {
                scan.walk(message -> { });
                if (scan.end() >= 0) {
                    return scan.end();
                }
            }
        }
        return 0;
    }

    private void replace(Path made, Path file) throws IOException {
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
        sync(made);
        Files.move(made, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void sync(Path file) throws IOException {
        try (FileChannel bytes = FileChannel.open(file, StandardOpenOption.READ)) {
            bytes.force(true);
        }
    }

    private static void delete(Path scratch) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(scratch)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(scratch);
    }

    /** Says the time of what is written again, within its cycle. */
    private static final class CycleClock implements InstantSource {
        private final long begin;
        private final long end;
        private Instant now;

        CycleClock(int cycle, RollCycle rollCycle) {
            this.begin = (long) cycle * rollCycle.lengthInMillis();
            this.end = begin + rollCycle.lengthInMillis() - 1;
            this.now = Instant.ofEpochMilli(begin);
        }

        void set(long micros) {
            long millis = Math.floorDiv(micros, 1000);
            now = millis < begin ? Instant.ofEpochMilli(begin) : millis > end ? Instant.ofEpochMilli(end)
                    : Instant.EPOCH.plus(micros, java.time.temporal.ChronoUnit.MICROS);
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    /** Gets what is intact, and puts something in the places of what is not. */
    private final class Rebuilding implements CycleScan.Sink {
        private static final long NONE = -1;

        private final CycleScan scan;
        private final Store store;
        private final LogWriter writer;
        private final CycleClock clock;
        private long next = NONE;
        private long losses;

        Rebuilding(CycleScan scan, Store store, LogWriter writer, CycleClock clock) {
            this.scan = scan;
            this.store = store;
            this.writer = writer;
            this.clock = clock;
        }

        @Override
        public void message(CycleScan.Found found) throws IOException {
            if (next == NONE) {
                next = found.number();
                store.state().readable(next);
                store.state().end();
            }
            clock.set(found.time());
            lose(found.number());
            writer.begin(found.length(), found.due() == 0 ? 0 : found.due() - store.clock().now());
            writer.put(scan.read(found.at(), found.length()));
            writer.commit();
            next++;
        }

        private void lose(long to) {
            for (; next < to; next++) {
                writer.begin(0, 0);
                writer.lose();
                writer.commit();
                losses++;
            }
        }

        /** Fills up to the number that comes next after this file; whether there is anything in it then. */
        boolean fill(long begin, long end) {
            if (next == NONE && end > begin) {
                next = begin;
                store.state().readable(next);
                store.state().end();
            }
            if (next != NONE) {
                lose(end);
            }
            return next != NONE;
        }

        long lost() {
            return losses;
        }
    }
}
