package org.jvmipc.shm.sync;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** A process that uses locks, as {@link LockTwoJvmTest} wants it. */
final class LockPeer implements Peer {
    /** In the memory beside the lock: what the lock protects, and what each process has completed. */
    static final int COUNTER = 0;
    static final int COMPLETED = 128;
    static final int DATA_SIZE = 4096;

    @Override
    public void run(PeerContext context) throws Exception {
        try (AbstractSharedLock lock = lock(context.arg(1), context.arg(2))) {
            switch (context.arg(0)) {
                case "hold":
                    hold(context, lock);
                    break;
                case "read":
                    try (SharedReadWriteLock both = SharedReadWriteLock.named(context.arg(2))) {
                        both.readLock().lock();
                        context.say("reads");
                        context.hear();
                        both.readLock().unlock();
                    }
                    break;
                case "recover":
                    lock.recover();
                    context.say("holds");
                    context.hear();
                    break;
                case "wait":
                    waitFor(context, lock);
                    break;
                case "await":
                    awaitSignal(context, lock);
                    break;
                case "count":
                    count(context, lock);
                    break;
                default:
                    throw new IllegalArgumentException(context.arg(0));
            }
        }
    }

    static AbstractSharedLock lock(String kind, String name) {
        switch (kind) {
            case "plain":
                return SharedLock.named(name);
            case "fair":
                return SharedLock.in(SharedSegment.posix(name)).fair().openOrCreate();
            case "reentrant":
                return SharedReentrantLock.named(name);
            case "reentrant-fair":
                return SharedReentrantLock.in(SharedSegment.posix(name)).fair().openOrCreate();
            case "write":
                return SharedReadWriteLock.named(name).writeLock();
            case "write-fair":
                return SharedReadWriteLock.in(SharedSegment.posix(name)).fair().openOrCreate().writeLock();
            default:
                throw new IllegalArgumentException(kind);
        }
    }

    private static void hold(PeerContext context, AbstractSharedLock lock) throws InterruptedException {
        lock.lock();
        context.say("holds #" + Thread.currentThread().getId());
        context.hear();
        lock.unlock();
        context.say("released");
        context.hear();
    }

    private static void waitFor(PeerContext context, AbstractSharedLock lock) throws InterruptedException {
        context.say("waits");
        try {
            lock.lock();
            context.say("holds");
            lock.unlock();
        } catch (OwnerDiedException told) {
            context.say("told of pid " + told.owner().pid() + " at " + System.currentTimeMillis());
        }
        context.hear();
    }

    private static void awaitSignal(PeerContext context, AbstractSharedLock lock) throws InterruptedException {
        Condition condition = lock.condition("go");
        lock.lock();
        try {
            context.say("waits");
            condition.await();
            context.say("signalled");
        } finally {
            lock.unlock();
        }
        context.hear();
    }

    /** Adds to a plain counter under the lock, and then to its own, so many times. */
    private static void count(PeerContext context, AbstractSharedLock lock) throws InterruptedException {
        int times = Integer.parseInt(context.arg(3));
        int own = COMPLETED + Integer.parseInt(context.arg(4)) * Long.BYTES;
        try (SharedSegment data = SharedSegment.posix(context.arg(2) + "-data").open()) {
            ByteBuffer memory = data.buffer();
            context.say("ready");
            context.hear();
            for (int i = 0; i < times; i++) {
                section(lock, memory, own);
            }
            context.say("done");
            context.hear();
        }
    }

    /** The counter is half changed in the middle, so that a death there can be told. */
    private static void section(AbstractSharedLock lock, ByteBuffer memory, int own) {
        try (LockGuard guard = lock.acquire()) {
            if (guard.ownerDied()) {
                repair(memory);
                guard.markConsistent();
            }
            memory.putLong(own, memory.getLong(own) + 1);
            memory.putLong(COUNTER, memory.getLong(COUNTER) + 1);
        }
    }

    /** The counter is the sum of what each has done. */
    static void repair(ByteBuffer memory) {
        long sum = 0;
        for (int at = COMPLETED; at < DATA_SIZE; at += Long.BYTES) {
            sum += memory.getLong(at);
        }
        memory.putLong(COUNTER, sum);
    }

    static boolean tryFor(AbstractSharedLock lock, long millis) throws InterruptedException {
        return lock.tryLock(millis, TimeUnit.MILLISECONDS);
    }
}
