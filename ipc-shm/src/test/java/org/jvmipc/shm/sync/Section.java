package org.jvmipc.shm.sync;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.shm.SharedSegment;

/** Whatever lets one work at a time, of all processes. */
interface Section extends AutoCloseable {
    /** All kinds. */
    List<String> KINDS = List.of("plain", "fair", "reentrant", "reentrant-fair", "write", "write-fair", "monitor",
            "monitor-fair", "semaphore", "semaphore-fair");

    /** Works in it, on what it protects. */
    void run(ByteBuffer memory, Work work) throws InterruptedException;

    /** Goes in and out again, if that is possible in some milliseconds. */
    boolean passes(long millis) throws InterruptedException;

    /** How many wait to go in, of all processes. */
    int waiting();

    /** Whether nobody is inside. */
    boolean isFree();

    @Override
    void close();

    /** What is done inside, perhaps knowing that somebody died there. */
    interface Work {
        void on(ByteBuffer memory, boolean ownerDied);
    }

    /** Opens that of a name: of a kind of lock, see {@link LockPeer}, or a monitor, or a semaphore with one permit. */
    static Section of(String kind, String name) {
        switch (kind) {
            case "monitor":
                return new OfMonitor(SharedMonitor.named(name));
            case "monitor-fair":
                return new OfMonitor(SharedMonitor.in(SharedSegment.posix(name)).fair().openOrCreate());
            case "semaphore":
                return new OfSemaphore(SharedSemaphore.named(name, 1));
            case "semaphore-fair":
                return new OfSemaphore(SharedSemaphore.in(SharedSegment.posix(name), 1).fair().openOrCreate());
            default:
                return new OfLock(LockPeer.lock(kind, name));
        }
    }

    /**
     * Under a lock, which tells if a holder died.
     *
     * @param lock any
     */
    record OfLock(AbstractSharedLock lock) implements Section {
        @Override
        public void run(ByteBuffer memory, Work work) {
            try (LockGuard guard = lock.acquire()) {
                work.on(memory, guard.ownerDied());
                guard.markConsistent();
            }
        }

        @Override
        public boolean passes(long millis) throws InterruptedException {
            boolean passes = lock.tryLock(millis, TimeUnit.MILLISECONDS);
            if (passes) {
                lock.unlock();
            }
            return passes;
        }

        @Override
        public int waiting() {
            return lock.getQueueLength();
        }

        @Override
        public boolean isFree() {
            return !lock.isLocked();
        }

        @Override
        public void close() {
            lock.close();
        }
    }

    /**
     * Inside a monitor.
     *
     * @param monitor any
     */
    record OfMonitor(SharedMonitor monitor) implements Section {
        @Override
        public void run(ByteBuffer memory, Work work) {
            monitor.run(() -> work.on(memory, false));
        }

        @Override
        public boolean passes(long millis) throws InterruptedException {
            try {
                monitor.enter(Duration.ofMillis(millis)).close();
                return true;
            } catch (IpcTimeoutException late) {
                return false;
            }
        }

        @Override
        public int waiting() {
            return monitor.status().waiters().size();
        }

        @Override
        public boolean isFree() {
            return monitor.status().holders().isEmpty();
        }

        @Override
        public void close() {
            monitor.close();
        }
    }

    /**
     * Having the only permit.
     *
     * @param semaphore with one permit
     */
    record OfSemaphore(SharedSemaphore semaphore) implements Section {
        @Override
        public void run(ByteBuffer memory, Work work) throws InterruptedException {
            semaphore.acquire();
            try {
                work.on(memory, false);
            } finally {
                semaphore.release();
            }
        }

        @Override
        public boolean passes(long millis) throws InterruptedException {
            boolean passes = semaphore.tryAcquire(millis, TimeUnit.MILLISECONDS);
            if (passes) {
                semaphore.release();
            }
            return passes;
        }

        @Override
        public int waiting() {
            return semaphore.getQueueLength();
        }

        @Override
        public boolean isFree() {
            return semaphore.availablePermits() == 1 && semaphore.status().holders().isEmpty();
        }

        @Override
        public void close() {
            semaphore.close();
        }
    }
}
