package org.jvmipc.shm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The lock of this JVM around a file that one of its threads has open. Each file has its own, so that one that
 * is waited for holds nobody up who wants another; and threads get it in the order in which they came.
 *
 * <p>A file is known by its directory and its name there, and a directory by what it is, not by how it is called: were
 * there two locks for two ways to write one path, a thread that closes the file would end the kernel's lock of another
 * one, as that belongs to the process.
 */
final class PathLock {
    private static final Map<Entry, PathLock> USED = new ConcurrentHashMap<>();

    private final Entry entry;
    private final ReentrantLock lock = new ReentrantLock(true);
    /** The threads that have it or wait for it; changed within {@link Map#compute} alone. */
    private int users;

    /** A name in a directory. */
    private record Entry(Object directory, Path name) {
        /** Of a directory that there is not, nobody can open a file. */
        static Entry of(Path path) {
            Path absolute = path.toAbsolutePath();
            Path directory = absolute.getParent();
            if (directory == null) {
                return new Entry(absolute, absolute);
            }
            Object key = null;
            try {
                key = Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
            } catch (IOException none) {
                // To be told by who opens the file.
            }
            return new Entry(key == null ? directory.normalize() : key, absolute.getFileName());
        }
    }

    private PathLock(Entry entry) {
        this.entry = entry;
    }

    /**
     * Takes the lock of a path.
     *
     * @return what is to be released by the same thread; null if another one has it until the deadline
     */
    static PathLock take(Path path, long deadline) throws InterruptedException {
        Entry wanted = Entry.of(path);
        PathLock one = USED.compute(wanted, (entry, used) -> (used == null ? new PathLock(entry) : used).used());
        boolean taken = false;
        try {
            taken = one.lock.tryLock(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            return taken ? one : null;
        } finally {
            if (!taken) {
                one.forget();
            }
        }
    }

    private PathLock used() {
        users++;
        return this;
    }

    void release() {
        lock.unlock();
        forget();
    }

    private void forget() {
        USED.compute(entry, (any, used) -> --users == 0 ? null : used);
    }
}
