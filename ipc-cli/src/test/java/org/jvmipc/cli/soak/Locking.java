package org.jvmipc.cli.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.shm.SharedInt;
import org.jvmipc.shm.SharedLong;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.sync.LockGuard;
import org.jvmipc.shm.sync.SharedReentrantLock;
import org.jvmipc.shm.sync.SharedSemaphore;
import org.jvmipc.testkit.history.LoggedSending;
import org.jvmipc.testkit.history.Stamp;

/**
 * A lock that protects two numbers that must be equal, and a semaphore that lets some in at a time. {@code S} is there
 * from the first to the last, and writes down what was in the end.
 */
final class Locking {
    static final int PERMITS = 3;
    private static final int SIZE = 4096;
    private static final int LINE = 64;
    private static final Duration CALL = Duration.ofMillis(400);

    private Locking() {
    }

    private static SharedSegment data(Task task) {
        return SharedSegment.posix(task.route().name(task.round()) + "-data").openOrCreate(SIZE);
    }

    /** What was in the end is for the one who checks it. */
    private static void tell(Task task, long number) throws IOException {
        Files.writeString(task.round().path(task.route() + ".total." + task.life()), "" + number);
    }

    static void lock(Task task) throws Exception {
        LoggedSending calls = new LoggedSending(task.log(), task.life(), task.random());
        try (SharedSegment data = data(task); SharedReentrantLock lock =
                SharedReentrantLock.in(SharedSegment.posix(task.route().name(task.round()))).openOrCreate()) {
            SharedLong first = data.longAt(0);
            SharedLong second = data.longAt(LINE);
            task.opened();
            boolean counted;
            boolean last;
            do {
                Works.pause(task);
                // Nobody is killed any more then, and what a dead holder has left is repaired.
                last = task.isEnding();
                Stamp stamp = calls.invoke();
                counted = counts(task, lock, first, second);
                calls.end(stamp, counted);
            } while (!last || !counted);
            tell(task, first.get());
        }
    }

    /** Adds one to both, and not in one step. */
    private static boolean counts(Task task, SharedReentrantLock lock, SharedLong first, SharedLong second)
            throws InterruptedException {
        try (LockGuard guard = lock.acquire(CALL)) {
            if (guard.ownerDied()) {
                second.set(first.get());
                guard.markConsistent();
            }
            long number = first.get();
            if (second.get() != number) {
                throw new AssertionError("the lock was not held alone: " + number + " and " + second.get());
            }
            first.set(number + 1);
            if (task.random().nextInt(8) == 0) {
                Works.shortPause();
            }
            second.set(number + 1);
            return true;
        } catch (IpcTimeoutException heldByOneWhoIsStopped) {
            return false;
        }
    }

    static void acquire(Task task) throws Exception {
        try (SharedSegment data = data(task); SharedSemaphore semaphore =
                SharedSemaphore.in(SharedSegment.posix(task.route().name(task.round())), PERMITS).openOrCreate()) {
            Inside inside = new Inside(data);
            LoggedSending calls = new LoggedSending(task.log(), task.life(), task.random());
            task.opened();
            while (!task.isEnding()) {
                Stamp stamp = calls.invoke();
                boolean had = semaphore.tryAcquire(CALL.toMillis(), TimeUnit.MILLISECONDS);
                calls.end(stamp, had);
                if (had) {
                    inside.enter();
                    if (task.random().nextInt(4) == 0) {
                        Works.shortPause();
                    }
                    inside.leave();
                    semaphore.release();
                } else {
                    giveBack(semaphore);
                }
                Works.pause(task);
            }
            giveBack(semaphore);
            tell(task, semaphore.availablePermits());
        }
    }

    /** Who is inside: a bit for each, and for each bit the participant that has it. */
    private static final class Inside {
        private final SharedSegment data;
        private final SharedLong bits;
        private final long own;

        Inside(SharedSegment data) {
            this.data = data;
            this.bits = data.longAt(0);
            this.own = 1L << data.participantPlace();
            // First the bit: one who died had the place before, and must not be taken for this one.
            leave();
            participant(data.participantPlace()).set(data.participant());
        }

        private SharedInt participant(int place) {
            return data.intAt((long) (place + 1) * Integer.BYTES * 2);
        }

        void enter() {
            long before;
            long after;
            do {
                before = bits.get();
                after = before | own;
                for (int place = 0; place < Long.SIZE; place++) {
                    if ((before >>> place & 1) != 0 && data.isGone(participant(place).get())) {
                        after &= ~(1L << place);
                    }
                }
            } while (!bits.compareAndSet(before, after));
            if ((before & own) != 0 || Long.bitCount(after) > PERMITS) {
                throw new AssertionError("inside were " + Long.toBinaryString(after) + ", with " + PERMITS
                        + " permits");
            }
        }

        void leave() {
            long before;
            do {
                before = bits.get();
            } while (!bits.compareAndSet(before, before & ~own));
        }
    }

    private static void giveBack(SharedSemaphore semaphore) {
        try {
            semaphore.releaseAbandoned();
        } catch (IpcTimeoutException stopped) {
            // Another one is doing so, and is stopped.
            return;
        }
    }
}
