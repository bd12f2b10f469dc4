package org.jvmipc.shm;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The lock of this JVM around a file that one of its threads has open. Each path has its own, so that one that
 * is waited for holds nobody up who wants another; and threads get it in the order in which they came.
 */
final class PathLock {
    private static final Map<Path, PathLock> USED = new ConcurrentHashMap<>();

    private final Path path;
    private final ReentrantLock lock = new ReentrantLock(true);
    /** The threads that have it or wait for it; changed within {@link Map#compute} alone. */
    private int users;

    private PathLock(Path path) {
        this.path = path;
    }

    /**
     * Takes the lock of a path.
     *
     * @return what is to be released by the same thread; null if another one has it until the deadline
     */
    static PathLock take(Path path, long deadline) throws InterruptedException {
        PathLock one = USED.compute(path, (any, used) -> (used == null ? new PathLock(path) : used).used());
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
        USED.compute(path, (any, used) -> --users == 0 ? null : used);
    }
}
