package org.jvmipc.shm.sync;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/**
 * A process that uses locks, as {@link LockTwoJvmTest} and {@link LockDeathTest} want it. Its arguments are the first
 * line that it hears, if there are some. {@code go} lets all go on that it does, {@code end} ends it; any other line
 * begins something in a thread of its own: what, the kind of lock, its name, and more if need be.
 */
final class LockPeer implements Peer {
    /** In the memory beside the lock: what the lock protects, and what each process has completed. */
    static final int COUNTER = 0;
    static final int COMPLETED = 128;
    static final int DATA_SIZE = 4096;

    @Override
    public void run(PeerContext context) throws Exception {
        List<Job> jobs = new ArrayList<>();
        String line = context.args().isEmpty() ? context.hear() : String.join(" ", context.args());
        for (; !"end".equals(line); line = context.hear()) {
            if ("go".equals(line)) {
                jobs.forEach(job -> job.gate.release());
            } else {
                jobs.add(new Job(context, line.split(" ")));
            }
        }
        for (Job job : jobs) {
            job.gate.release(2);
            job.task.get();
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

    /** What one thread does with one lock. */
    private static final class Job {
        private final PeerContext context;
        private final String[] words;
        private final Semaphore gate = new Semaphore(0);
        private final FutureTask<Void> task = new FutureTask<>(this::run);

        Job(PeerContext context, String... words) {
            this.context = context;
            this.words = words;
            new Thread(task).start();
        }

        private String kind() {
            return words[1];
        }

        private String name() {
            return words[2];
        }

        private Void run() throws Exception {
            if ("read".equals(words[0])) {
                read();
                return null;
            }
            if ("count".equals(words[0])) {
                count();
                return null;
            }
            try (AbstractSharedLock lock = lock(kind(), name())) {
                switch (words[0]) {
                    case "hold":
                        hold(lock);
                        break;
                    case "recover":
                        lock.recover();
                        context.say("holds " + kind());
                        gate.acquire();
                        break;
                    case "wait":
                        waitFor(lock);
                        break;
                    case "await":
                        awaitSignal(lock);
                        break;
                    default:
                        throw new IllegalArgumentException(words[0]);
                }
            }
            return null;
        }

        private void read() throws InterruptedException {
            try (SharedReadWriteLock both = SharedReadWriteLock.named(name())) {
                both.readLock().lock();
                context.say("reads");
                gate.acquire();
                both.readLock().unlock();
            }
        }

        private void hold(AbstractSharedLock lock) throws InterruptedException {
            lock.lock();
            context.say("holds " + kind() + " #" + Thread.currentThread().getId());
            gate.acquire();
            lock.unlock();
            context.say("released " + kind());
            gate.acquire();
        }

        private void waitFor(AbstractSharedLock lock) throws InterruptedException {
            context.say("waits " + kind());
            try {
                lock.lock();
                context.say("holds " + kind());
                lock.unlock();
            } catch (OwnerDiedException told) {
                context.say("told " + kind() + " of pid " + told.owner().pid());
            }
            gate.acquire();
        }

        private void awaitSignal(AbstractSharedLock lock) throws InterruptedException {
            Condition condition = lock.condition("go");
            lock.lock();
            try {
                context.say("waits " + kind());
                condition.await();
                context.say("signalled " + kind());
            } finally {
                lock.unlock();
            }
            gate.acquire();
        }

        /** Adds to a plain counter in the section, and then to its own, so many times. */
        private void count() throws InterruptedException {
            int times = Integer.parseInt(words[3]);
            int own = COMPLETED + Integer.parseInt(words[4]) * Long.BYTES;
            try (Section section = Section.of(kind(), name());
                    SharedSegment data = SharedSegment.posix(name() + "-data").open()) {
                ByteBuffer memory = data.buffer();
                Section.Work work = (of, ownerDied) -> add(of, ownerDied, own);
                context.say("ready " + kind());
                gate.acquire();
                for (int i = 0; i < times; i++) {
                    section.run(memory, work);
                }
                context.say("done " + kind());
            }
        }
    }

    /** The counter is half changed in the middle, so that a death there can be told. */
    private static void add(ByteBuffer memory, boolean ownerDied, int own) {
        if (ownerDied) {
            if (Math.abs(memory.getLong(COUNTER) - sum(memory)) > 1) {
                throw new IllegalStateException("counted " + memory.getLong(COUNTER) + ", completed " + sum(memory)
                        + ", which one death does not explain");
            }
            repair(memory);
        }
        memory.putLong(own, memory.getLong(own) + 1);
        memory.putLong(COUNTER, memory.getLong(COUNTER) + 1);
    }

    /** The counter is the sum of what each has done. */
    static void repair(ByteBuffer memory) {
        memory.putLong(COUNTER, sum(memory));
    }

    private static long sum(ByteBuffer memory) {
        long sum = 0;
        for (int at = COMPLETED; at < DATA_SIZE; at += Long.BYTES) {
            sum += memory.getLong(at);
        }
        return sum;
    }

    static boolean tryFor(AbstractSharedLock lock, long millis) throws InterruptedException {
        return lock.tryLock(millis, TimeUnit.MILLISECONDS);
    }
}
