package org.jvmipc.shm.sync;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.testkit.IpcScope;

/**
 * Whose classes a test of the JDK's Javadoc uses: first the JDK's own, as a control of the test itself, then the shared
 * ones with nothing but the constructor exchanged. The interfaces below have the public methods of the JDK's classes;
 * calls reach the object by name and parameters.
 */
enum Form {
    JDK, SHARED, JDK_FAIR, SHARED_FAIR;

    /** As {@link ReentrantLock}. */
    interface AnyLock extends Lock {
        int getHoldCount();

        boolean isHeldByCurrentThread();

        boolean isLocked();

        boolean isFair();

        boolean hasQueuedThreads();

        boolean hasQueuedThread(Thread thread);

        int getQueueLength();

        boolean hasWaiters(Condition condition);

        int getWaitQueueLength(Condition condition);
    }

    /** As {@link ReentrantReadWriteLock}. */
    interface AnyReadWriteLock {
        Lock readLock();

        Lock writeLock();

        boolean isFair();

        int getReadLockCount();

        boolean isWriteLocked();

        boolean isWriteLockedByCurrentThread();

        int getWriteHoldCount();

        int getReadHoldCount();

        boolean hasQueuedThreads();

        boolean hasQueuedThread(Thread thread);

        int getQueueLength();

        boolean hasWaiters(Condition condition);

        int getWaitQueueLength(Condition condition);
    }

    /** As {@link ReentrantReadWriteLock.WriteLock}. */
    interface AnyWriteLock extends Lock {
        int getHoldCount();

        boolean isHeldByCurrentThread();
    }

    /** As {@link Semaphore}. */
    interface AnySemaphore {
        void acquire() throws InterruptedException;

        void acquire(int permits) throws InterruptedException;

        void acquireUninterruptibly();

        void acquireUninterruptibly(int permits);

        boolean tryAcquire();

        boolean tryAcquire(int permits);

        boolean tryAcquire(long timeout, TimeUnit unit) throws InterruptedException;

        boolean tryAcquire(int permits, long timeout, TimeUnit unit) throws InterruptedException;

        void release();

        void release(int permits);

        int availablePermits();

        int drainPermits();

        boolean isFair();

        boolean hasQueuedThreads();

        int getQueueLength();
    }

    /** As {@link CyclicBarrier}. */
    interface AnyBarrier {
        int await() throws InterruptedException, BrokenBarrierException;

        int await(long timeout, TimeUnit unit) throws InterruptedException, BrokenBarrierException, TimeoutException;

        int getParties();

        int getNumberWaiting();

        boolean isBroken();

        void reset();
    }

    /** As {@link CountDownLatch}. */
    interface AnyLatch {
        void await() throws InterruptedException;

        boolean await(long timeout, TimeUnit unit) throws InterruptedException;

        void countDown();

        long getCount();
    }

    boolean isFair() {
        return this == JDK_FAIR || this == SHARED_FAIR;
    }

    boolean isShared() {
        return this == SHARED || this == SHARED_FAIR;
    }

    AnyLock lock(IpcScope scope) {
        return as(AnyLock.class, isShared()
                ? opened(scope, SharedReentrantLock.in(SharedSegment.posix(scope.name("lock"))))
                : new ReentrantLock(isFair()));
    }

    AnyLock otherLock(IpcScope scope) {
        return as(AnyLock.class, isShared()
                ? opened(scope, SharedReentrantLock.in(SharedSegment.posix(scope.name("other"))))
                : new ReentrantLock(isFair()));
    }

    AnyReadWriteLock readWriteLock(IpcScope scope) {
        return as(AnyReadWriteLock.class, isShared()
                ? opened(scope, SharedReadWriteLock.in(SharedSegment.posix(scope.name("both"))))
                : new ReentrantReadWriteLock(isFair()));
    }

    AnySemaphore semaphore(IpcScope scope, int permits) {
        return as(AnySemaphore.class, isShared()
                ? opened(scope, SharedSemaphore.in(SharedSegment.posix(scope.name("permits")), permits))
                : new Semaphore(permits, isFair()));
    }

    AnyBarrier barrier(IpcScope scope, int parties, Runnable action) {
        return as(AnyBarrier.class, isShared()
                ? opened(scope, SharedBarrier.in(SharedSegment.posix(scope.name("barrier")), parties, action))
                : new CyclicBarrier(parties, action));
    }

    AnyLatch latch(IpcScope scope, int count) {
        return as(AnyLatch.class, isShared()
                ? opened(scope, SharedCountDownLatch.in(SharedSegment.posix(scope.name("latch")), count))
                : new CountDownLatch(count));
    }

    private <T extends AutoCloseable> T opened(IpcScope scope, SyncBuilder<T> builder) {
        return scope.track((isFair() ? builder.fair() : builder).create());
    }

    /** The object behind an interface that has some of its methods. */
    static <T> T as(Class<T> type, Object object) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, named, args) -> {
            Method method = object.getClass().getMethod(named.getName(), named.getParameterTypes());
            try {
                return method.invoke(object, args);
            } catch (InvocationTargetException failed) {
                throw failed.getCause();
            }
        }));
    }
}
