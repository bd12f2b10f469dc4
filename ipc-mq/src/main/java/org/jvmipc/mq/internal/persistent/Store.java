package org.jvmipc.mq.internal.persistent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.NoSpaceException;
import org.jvmipc.posix.FileSizeLimit;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.sync.LockGuard;
import org.jvmipc.shm.sync.OwnerDiedException;
import org.jvmipc.shm.sync.SharedLock;

/**
 * A queue directory that one endpoint has open: Chronicle's queue, and around it the lock of this toolkit, which tells
 * of the death of its holder whether or not that has left a zombie, and whatever its PID namespace. Whoever holds that
 * lock is the only one to touch what Chronicle writes, so that it may break Chronicle's own lock, of which a dead
 * writer is still noted as the holder.
 */
final class Store implements AutoCloseable {
    static final String LOCK = "jvmipc.lock";
    private static final String DIRECTORY_MODE = "rwx------";
    private static final int OTHERS = 077;
    private static final Set<PosixFilePermission> FILE_MODE = PosixFilePermissions.fromString("rw-------");
    private static final long BLOCK = 64 << 20;
    private static final long OPEN_MILLIS = 10_000;
    private static final long LEAST_SPACE = 1 << 20;

    private final String channel;
    private final Path directory;
    private final QueueState state;
    private SharedLock lock;
    private final QueueClock clock;
    private SingleChronicleQueue queue;
    private RollFiles files;

    private Store(String channel, Path directory, QueueState state, SharedLock lock, InstantSource machine) {
        this.channel = channel;
        this.directory = directory;
        this.state = state;
        this.lock = lock;
        this.clock = new QueueClock(state, machine);
    }

    /**
     * Opens a queue, or makes one.
     *
     * @param channel the address, for messages
     * @param directory where
     * @param open as the option {@code open}
     * @param rollCycle a name, or an empty string for what there is
     * @return the open queue
     */
    static Store open(String channel, Path directory, String open, String rollCycle) {
        return open(channel, directory, open, rollCycle, InstantSource.system());
    }

    /** As the other one, by another clock than the machine's. */
    static Store open(String channel, Path directory, String open, String rollCycle, InstantSource machine) {
        boolean exists = isThere(directory);
        if (open.equals("attach") && !exists) {
            throw absent(channel, directory);
        }
        if (open.equals("create") && exists) {
            throw there(channel, directory);
        }
        prepare(channel, directory);
        QueueState state = QueueState.open(directory);
        SharedLock lock = null;
        try {
            lock = SharedLock.in(SharedSegment.file(directory.resolve(LOCK))).openOrCreate();
            Store store = new Store(channel, directory, state, lock, machine);
            store.build(open, rollCycle);
            return store;
        } catch (RuntimeException | Error refused) {
            if (lock != null) {
                lock.close();
            }
            state.close();
            throw refused;
        }
    }

    static boolean isThere(Path directory) {
        return hasSettings(directory) || hasFiles(directory);
    }

    private static boolean hasSettings(Path directory) {
        return Files.exists(SettingsFile.of(directory));
    }

    /** Whether there are messages, perhaps without what tells how to read them. */
    private static boolean hasFiles(Path directory) {
        try {
            return !QueueCheck.files(directory).isEmpty();
        } catch (NotDirectoryException | java.nio.file.AccessDeniedException other) {
            // Whoever uses it is told so.
            return false;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static ChannelNotFoundException absent(String channel, Path directory) {
        return new ChannelNotFoundException(channel + ": there is no queue in " + directory + "; start the side that"
                + " creates it first, or leave open=attach out");
    }

    private static ChannelExistsException there(String channel, Path directory) {
        return new ChannelExistsException(channel + ": there is a queue in " + directory + "; leave open=create out, or"
                + " remove it (PersistentQueues.remove)");
    }

    static void prepare(String channel, Path directory) {
        try {
            if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
                try {
                    Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(DIRECTORY_MODE)));
                    // The umask may have taken bits away from the owner.
                    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(DIRECTORY_MODE));
                } catch (java.nio.file.FileAlreadyExistsException another) {
                    check(channel, directory);
                }
            }
            check(channel, directory);
        } catch (java.nio.file.NoSuchFileException noParent) {
            throw new ChannelNotFoundException(channel + ": the directory " + directory.getParent()
                    + ", in which the queue was to be, does not exist; make it first");
        } catch (java.nio.file.AccessDeniedException denied) {
            throw new AccessRefusedException(channel + ": " + denied.getFile() + " may not be written; use another"
                    + " directory, or run as its owner");
        } catch (IOException failed) {
            throw new UncheckedIOException(channel, failed);
        }
    }

    private static void check(String channel, Path directory) throws IOException {
        Map<String, Object> status = Files.readAttributes(directory, "unix:mode,uid,isDirectory",
                LinkOption.NOFOLLOW_LINKS);
        if (!(boolean) status.get("isDirectory")) {
            throw new AccessRefusedException(channel + ": " + directory + " is not a directory; use another name");
        }
        if ((int) status.get("uid") != ProcessIdentity.effectiveUid()) {
            throw new AccessRefusedException(channel + ": " + directory + " belongs to user " + status.get("uid")
                    + " and not to " + ProcessIdentity.effectiveUid() + "; run both sides as the same user");
        }
        int mode = (int) status.get("mode") & 07777;
        if ((mode & OTHERS) != 0) {
            throw new AccessRefusedException(channel + ": " + directory + " is open to others (mode 0"
                    + Integer.toOctalString(mode) + "); run: chmod 700 " + directory);
        }
    }

    private void build(String open, String wanted) {
        boolean locked = take(0);
        // Where everything is in order a claim that somebody has open does not keep others from opening.
        if (!locked && (!hasSettings(directory) || !state.isKnown() || state.isAbandoned())) {
            lockFor(OPEN_MILLIS);
            locked = true;
        }
        try {
            if (locked) {
                checkFiles();
            }
            if (open.equals("create") && isThere(directory)) {
                throw there(channel, directory);
            }
            if (!isThere(directory)) {
                checkSpace();
            }
            queue = SingleChronicleQueueBuilder.binary(directory)
                    .rollCycle(rollCycle(wanted.isEmpty() ? RollCycleNames.USUAL : wanted))
                    .blockSize(BLOCK)
                    .timeProvider(clock)
                    .checkInterrupts(false)
                    .build();
            Files.setPosixFilePermissions(directory.resolve(SingleChronicleQueue.QUEUE_METADATA_FILE), FILE_MODE);
            String found = queue.rollCycle().toString();
            if (!wanted.isEmpty() && !found.equals(wanted)) {
                throw new IncompatibleChannelException(channel + ": the queue in " + directory + " has rollCycle="
                        + found + ", wanted is " + wanted + "; leave the option out, or give what the queue has");
            }
            files = new RollFiles(directory, queue);
            if (locked) {
                recoverIfNeeded();
            }
        } catch (IOException failed) {
            closeQueue();
            throw new UncheckedIOException(channel, failed);
        } catch (RuntimeException | Error refused) {
            closeQueue();
            throw refused;
        } finally {
            if (locked) {
                lock.unlock();
            }
        }
    }

    /** Whether Chronicle can be let at the files. Those of a queue that others have open were looked at by them. */
    private void checkFiles() {
        if (!hasFiles(directory)) {
            // Whoever began it has died, and Chronicle would wait for that one.
            RollFiles.dropUnlessBegun(SettingsFile.of(directory));
        } else if (!state.isKnown() || state.isAbandoned() || !hasSettings(directory)) {
            QueueCheck check = QueueCheck.of(directory);
            check.require(channel);
            check.leftovers().forEach(RollFiles::dropUnlessBegun);
        }
    }

    /** Chronicle does not ask whether there is room for its table of settings, and would take the JVM down. */
    private void checkSpace() throws IOException {
        FileSizeLimit.check(SettingsFile.of(directory), LEAST_SPACE);
        long free = Files.getFileStore(directory).getUsableSpace();
        if (free < LEAST_SPACE) {
            throw new NoSpaceException(directory.toString(), LEAST_SPACE, free);
        }
    }

    private static RollCycle rollCycle(String name) {
        for (RollCycle known : RollCycles.all()) {
            if (known.toString().equals(name)) {
                return known;
            }
        }
        throw new IllegalStateException("Chronicle does not know the roll cycle " + name);
    }

    /**
     * Takes the lock for appending, and sees to it that everything is in order then.
     *
     * @param millis how long to wait at most
     * @return whether it was got; then {@link #unlock} follows, by the same thread
     */
    boolean tryLock(long millis) {
        if (!take(millis)) {
            return false;
        }
        if (state.isUnfinished()) {
            try {
                recoverIfNeeded();
            } catch (RuntimeException | Error failed) {
                lock.unlock();
                throw failed;
            }
        }
        return true;
    }

    private void lockFor(long millis) {
        long start = System.nanoTime();
        if (!take(millis)) {
            boolean interrupted = Thread.currentThread().isInterrupted();
            long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            throw new org.jvmipc.IpcTimeoutException(channel + (interrupted ? ": interrupted while" : ":")
                    + " another process has the queue for itself, for " + waited + " ms now; held up by " + heldUpBy());
        }
    }

    private boolean take(long millis) {
        try {
            return lock.tryLock() || millis > 0 && lock.tryLock(millis, TimeUnit.MILLISECONDS);
        } catch (OwnerDiedException died) {
            // The guard is not kept, as what it says is said by the state, too.
            LockGuard guard = lock.recover();
            guard.markConsistent();
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void recoverIfNeeded() {
        if (state.isUnfinished()) {
            boolean interrupted = Thread.interrupted();
            try {
                new Recovery(channel, queue, state, files).run();
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    void unlock() {
        lock.unlock();
    }

    /** Whoever has the lock for appending, for the message of a timeout. */
    String heldUpBy() {
        return lock.status().holders().stream().findFirst().map(Object::toString).orElse("");
    }

    String channel() {
        return channel;
    }

    Path directory() {
        return directory;
    }

    QueueState state() {
        return state;
    }

    QueueClock clock() {
        return clock;
    }

    SingleChronicleQueue queue() {
        return queue;
    }

    RollFiles files() {
        return files;
    }

    private void closeQueue() {
        if (files != null) {
            files.close();
        }
        if (queue != null) {
            queue.close();
        }
    }

    @Override
    public void close() {
        closeQueue();
        lock.close();
        // So that it is unmapped although somebody still holds the endpoint.
        lock = null;
        queue = null;
        state.close();
    }
}
