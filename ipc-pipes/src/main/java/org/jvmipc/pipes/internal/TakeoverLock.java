package org.jvmipc.pipes.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jvmipc.AccessRefusedException;

/**
 * Held while a dead socket file is replaced, so that nobody removes what another one has just put there. A lock on a
 * file beside the socket that exists only meanwhile; the kernel drops it when its holder dies, and {@link Leftovers}
 * removes the file then. The same thread gives the lock back.
 *
 * <p>Whoever holds the lock removes the file before the lock. Another one may get a lock on the removed file then; it
 * finds out by giving the file a length of its own and looking for that at the path. (Looking must not open the file:
 * closing any channel of a process to a file ends its lock.)
 */
final class TakeoverLock implements AutoCloseable {
    /**
     * Held by the thread of this process that has such a lock or tries to get one: whoever opened the file once more
     * would end the lock by closing it.
     */
    static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock();
    private static final String SUFFIX = ".lock";
    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final long PAUSE_NANOS = 2_000_000;

    private final Path file;
    private final FileChannel channel;

    private TakeoverLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Waits, for seconds at most, until nobody else holds the lock of this path. */
    static TakeoverLock take(Path target) throws IOException {
        Path file = target.resolveSibling(OwnDirectory.PREFIX + target.getFileName() + SUFFIX);
        TakeoverLock taken = null;
        long start = System.nanoTime();
        while (System.nanoTime() - start < PATIENCE_NANOS) {
            IN_THIS_PROCESS.lock();
            FileChannel channel = null;
            try {
                channel = open(file);
                FileLock lock = channel.tryLock();
                if (lock != null && isStillThere(file, channel)) {
                    taken = new TakeoverLock(file, channel);
                    return taken;
                }
            } catch (OverlappingFileLockException otherClassLoader) {
                // Another thread is at it.
            } finally {
                if (taken == null) {
                    giveBack(channel);
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw new AccessRefusedException("another process has held " + file + " for seconds, so that the dead socket "
                + target + " cannot be replaced; find it with fuser " + file);
    }

    private static void giveBack(FileChannel channel) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            IN_THIS_PROCESS.unlock();
        }
    }

    /** Whether a file of this name is for this. */
    static boolean isName(String name) {
        return name.startsWith(OwnDirectory.PREFIX) && name.endsWith(SUFFIX);
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static boolean isStillThere(Path file, FileChannel channel) throws IOException {
        long mark = ThreadLocalRandom.current().nextLong(1, 1L << 30);
        channel.truncate(0).write(ByteBuffer.allocate(1), mark - 1);
        try {
            return Files.size(file) == mark;
        } catch (NoSuchFileException removed) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            Files.deleteIfExists(file);
        } finally {
            giveBack(channel);
        }
    }
}
