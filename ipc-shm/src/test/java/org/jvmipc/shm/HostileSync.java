package org.jvmipc.shm;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import org.jvmipc.Codec;
import org.jvmipc.IpcException;
import org.jvmipc.shm.sync.Banker;
import org.jvmipc.shm.sync.LockGuard;
import org.jvmipc.shm.sync.SharedAtomicLong;
import org.jvmipc.shm.sync.SharedAtomicReference;
import org.jvmipc.shm.sync.SharedBarrier;
import org.jvmipc.shm.sync.SharedCountDownLatch;
import org.jvmipc.shm.sync.SharedEvent;
import org.jvmipc.shm.sync.SharedLock;
import org.jvmipc.shm.sync.SharedMonitor;
import org.jvmipc.shm.sync.SharedReadWriteLock;
import org.jvmipc.shm.sync.SharedSemaphore;
import org.jvmipc.shm.sync.SyncBuilder;

/** Uses what is for synchronization, whatever is in its memory. No call waits for longer than it is told. */
final class HostileSync {
    static final List<String> KINDS = List.of("lock", "fairLock", "readWrite", "monitor", "semaphore", "fairSemaphore",
            "latch", "barrier", "event", "long", "reference", "banker");

    private HostileSync() {
    }

    static SyncBuilder<? extends AutoCloseable> builder(String kind, Path file) {
        SharedSegmentBuilder in = SharedSegment.file(file).keep();
        return switch (kind) {
            case "lock" -> SharedLock.in(in);
            case "fairLock" -> SharedLock.in(in).fair();
            case "readWrite" -> SharedReadWriteLock.in(in);
            case "monitor" -> SharedMonitor.in(in);
            case "semaphore" -> SharedSemaphore.in(in, 2);
            case "fairSemaphore" -> SharedSemaphore.in(in, 2).fair();
            case "latch" -> SharedCountDownLatch.in(in, 2);
            case "barrier" -> SharedBarrier.in(in, 1, () -> { });
            case "event" -> SharedEvent.auto(in);
            case "long" -> SharedAtomicLong.in(in, 5);
            case "reference" -> SharedAtomicReference.in(in, Codec.longs());
            default -> Banker.in(in, 3, 2);
        };
    }

    /** Opens it and uses it. The JDK's own exceptions are those that its classes throw in such a state. */
    static void use(String kind, Path file) throws Exception {
        try (AutoCloseable object = builder(kind, file).openOrCreate()) {
            useAny(object);
        } catch (BrokenBarrierException | TimeoutException | IllegalMonitorStateException ordinary) {
            throw new IpcException("as if others were at work: " + ordinary.getMessage(), ordinary);
        }
    }

    private static void useAny(AutoCloseable object) throws Exception {
        if (object instanceof SharedLock lock) {
            tryLock(lock);
            lock.status();
            lock.getQueueLength();
            lock.participants();
        } else if (object instanceof SharedReadWriteLock locks) {
            tryLock(locks.readLock());
            tryLock(locks.writeLock());
            locks.status();
            locks.getReadLockCount();
        } else if (object instanceof SharedMonitor monitor) {
            enter(monitor);
        } else if (object instanceof SharedSemaphore permits) {
            if (permits.tryAcquire(1, TimeUnit.MILLISECONDS)) {
                permits.release();
            }
            permits.tryAcquire(3);
            permits.releaseAbandoned();
            permits.status();
        } else if (object instanceof SharedCountDownLatch latch) {
            latch.countDown();
            latch.await(1, TimeUnit.MILLISECONDS);
            latch.status();
        } else if (object instanceof SharedBarrier barrier) {
            barrier.status();
            barrier.await(1, TimeUnit.MILLISECONDS);
        } else if (object instanceof SharedEvent event) {
            event.set();
            event.await(1, TimeUnit.MILLISECONDS);
            event.status();
        } else if (object instanceof SharedAtomicLong number) {
            number.incrementAndGet();
            number.compareAndSet(6, 7);
            number.status();
        } else if (object instanceof SharedAtomicReference<?> reference) {
            reference.get();
            reference.status();
        } else if (object instanceof Banker banker) {
            banker.claim(1, 1);
            if (banker.tryAcquire(Duration.ofMillis(1), 1, 1)) {
                banker.release(1, 1);
            }
            banker.status();
        }
    }

    private static void tryLock(Lock lock) throws InterruptedException {
        if (lock.tryLock(1, TimeUnit.MILLISECONDS)) {
            lock.unlock();
        }
    }

    private static void enter(SharedMonitor monitor) throws InterruptedException {
        monitor.status();
        try (LockGuard guard = monitor.enter(Duration.ofMillis(1))) {
            if (guard.ownerDied()) {
                guard.markConsistent();
            }
            monitor.signalAll("full");
            monitor.awaitUntil("full", () -> false, Duration.ofMillis(1));
        }
    }
}
