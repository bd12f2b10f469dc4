package org.jvmipc.mq.internal.persistent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.mq.PersistentQueues;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.sync.LockGuard;
import org.jvmipc.shm.sync.SharedLock;
import org.jvmipc.spi.Port;
import org.jvmipc.spi.Ports;

/** Finds the queues behind endpoints and in directories. */
public final class PersistentPorts {
    private static final String OURS = "*{.cq4,.cq4t,.group," + CursorFile.SUFFIX + "}";

    private PersistentPorts() {
    }

    /** See {@link PersistentQueues#setPriority}. */
    public static void setPriority(Channel sender, int priority) {
        Port port = Ports.sending(sender);
        int lanes = port instanceof LanesOut out ? out.count() : 1;
        if (!(port instanceof LanesOut) && !(port instanceof QueueOut)) {
            throw new UnsupportedOperationException("this is no sending end of a queue: channel; open one by Ipc");
        }
        if (priority < 0 || priority >= lanes) {
            throw new IllegalArgumentException("the priority is " + priority + ", allowed is 0 to " + (lanes - 1)
                    + "; lanes= at all ends of the queue gives more");
        }
        if (port instanceof LanesOut out) {
            out.priority(priority);
        }
    }

    /** The receiving port of a queue. */
    static NumberedIn numbered(Channel receiver) {
        if (Ports.receiving(receiver) instanceof NumberedIn in) {
            return in;
        }
        throw new UnsupportedOperationException("this is no receiving end of a queue: channel; open one by Ipc");
    }

    /** See {@link PersistentQueues#index}. */
    public static long index(Channel receiver) {
        return numbered(receiver).number();
    }

    /** See {@link PersistentQueues#time}. */
    public static Instant time(Channel receiver) {
        return Instant.EPOCH.plus(numbered(receiver).time(), ChronoUnit.MICROS);
    }

    /** See {@link PersistentQueues#cursors}. */
    public static List<PersistentQueues.Cursor> cursors(Path directory) {
        List<PersistentQueues.Cursor> found = new ArrayList<>();
        int lanes = Lanes.count(directory);
        for (int lane = 0; lane < Math.max(1, lanes); lane++) {
            addCursors(found, lane, lanes == 0 ? directory : Lanes.directory(directory, lane));
        }
        found.sort(Comparator.comparing(PersistentQueues.Cursor::reader)
                .thenComparing(PersistentQueues.Cursor::lane));
        return List.copyOf(found);
    }

    private static void addCursors(List<PersistentQueues.Cursor> found, int lane, Path directory) {
        List<CursorFile.Look> cursors = Cursors.list(directory);
        if (cursors.isEmpty()) {
            return;
        }
        long next = next(directory);
        for (CursorFile.Look cursor : cursors) {
            found.add(new PersistentQueues.Cursor(cursor.name(), lane, cursor.done(),
                    next < 0 ? -1 : Math.max(0, next - cursor.handed()), cursor.pid()));
        }
    }

    /** -1 if nobody has the queue open. */
    private static long next(Path directory) {
        try (QueueState state = QueueState.attach(directory)) {
            return state.next();
        } catch (ChannelNotFoundException nobody) {
            return -1;
        }
    }

    /** See {@link PersistentQueues#removeCursor}. */
    public static boolean removeCursor(Path directory, String reader) {
        if (!CursorFile.NAME.matcher(reader).matches()) {
            throw new IllegalArgumentException("\"" + reader + "\" is no name of a reader");
        }
        boolean found = false;
        int lanes = Lanes.count(directory);
        for (int lane = 0; lane < Math.max(1, lanes); lane++) {
            Path home = lanes == 0 ? directory : Lanes.directory(directory, lane);
            found |= CursorFile.remove("queue:" + directory, home.resolve(reader + CursorFile.SUFFIX));
        }
        return found;
    }

    /** See {@link PersistentQueues#retain}. */
    public static int retain(Path directory, Duration age, long size, boolean unread) {
        FlagsCheck.require();
        ChronicleSettings.apply();
        if (age.isNegative() || size < 0) {
            throw new IllegalArgumentException("an age of " + age + " and a size of " + size + " are not allowed;"
                    + " neither may be negative");
        }
        Retention retention = new Retention(age, size, unread);
        int lanes = Lanes.count(directory);
        int removed = 0;
        for (int lane = 0; lane < Math.max(1, lanes); lane++) {
            Path home = lanes == 0 ? directory : Lanes.directory(directory, lane);
            try (Store store = Store.open("queue:" + directory, home, "attach", "")) {
                removed += retention.run(store);
            }
        }
        return removed;
    }

    /** See {@link PersistentQueues#check}. */
    public static List<PersistentQueues.Damage> check(Path directory) {
        List<PersistentQueues.Damage> found = new ArrayList<>();
        for (Path home : homes(directory)) {
            found.addAll(QueueCheck.of(home).all());
        }
        return List.copyOf(found);
    }

    /** See {@link PersistentQueues#repair}. */
    public static PersistentQueues.Repair repair(Path directory) {
        List<PersistentQueues.Damage> found = new ArrayList<>();
        List<Path> copies = new ArrayList<>();
        long lost = 0;
        for (Path home : homes(directory)) {
            String channel = "queue:" + home;
            try (QueueState state = QueueState.open(home);
                    SharedLock lock = SharedLock.in(SharedSegment.file(home.resolve(Store.LOCK))).openOrCreate()) {
                if (state.users() > 1) {
                    throw new AccessRefusedException(channel + " is open in " + state.userNames()
                            + "; close it there first");
                }
                try (LockGuard alone = lock.acquire()) {
                    // Whoever comes next looks at the files, whatever becomes of this.
                    alone.markConsistent();
                    state.forget();
                    QueueCheck check = QueueCheck.of(home);
                    List<PersistentQueues.Damage> here = check.all();
                    if (!here.isEmpty()) {
                        QueueRepair repair = new QueueRepair(channel, home, check);
                        copies.add(repair.run(here));
                        found.addAll(here);
                        lost += repair.lost();
                    }
                }
            }
        }
        return new PersistentQueues.Repair(List.copyOf(found), lost, List.copyOf(copies));
    }

    /** The directories of a queue that have files, those of its lanes. */
    private static List<Path> homes(Path directory) {
        FlagsCheck.require();
        ChronicleSettings.apply();
        int lanes = Lanes.count(directory);
        List<Path> homes = new ArrayList<>();
        for (int lane = 0; lane < Math.max(1, lanes); lane++) {
            Path home = lanes == 0 ? directory : Lanes.directory(directory, lane);
            if (!Store.isThere(home)) {
                throw Store.absent("queue:" + directory, home);
            }
            homes.add(home);
        }
        return homes;
    }

    /** See {@link PersistentQueues#remove}. */
    public static boolean remove(Path directory) {
        boolean found = false;
        int lanes = Lanes.count(directory);
        for (int lane = 0; lane < lanes; lane++) {
            found |= removeOne(Lanes.directory(directory, lane));
        }
        return removeOne(directory) || found;
    }

    private static boolean removeOne(Path directory) {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (QueueState state = QueueState.attach(directory)) {
            if (state.users() > 1) {
                throw new AccessRefusedException("queue:" + directory + " is open in " + state.userNames()
                        + "; close it there first");
            }
        } catch (ChannelNotFoundException nobody) {
            return deleted(directory);
        }
        return deleted(directory);
    }

    private static boolean deleted(Path directory) {
        boolean found = false;
        try {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, OURS)) {
                for (Path file : files) {
                    Files.deleteIfExists(file);
                    found = true;
                }
            }
            Files.deleteIfExists(directory.resolve(QueueState.FILE));
            Files.deleteIfExists(directory.resolve(Store.LOCK));
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException others) {
            return found;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return found;
    }
}
