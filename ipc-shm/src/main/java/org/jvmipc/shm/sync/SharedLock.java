package org.jvmipc.shm.sync;

import java.util.concurrent.locks.Lock;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.SharedSegmentBuilder;

/**
 * Mutual exclusion between threads of any number of processes: {@link Lock}, under a name, in shared memory. A thread
 * that holds it must not take it again (see {@link SharedReentrantLock}); one that does gets an {@link
 * IllegalStateException}.
 *
 * <pre>{@code
 * try (SharedLock lock = SharedLock.named("orders")) {
 *     lock.lock();
 *     try {
 *         change();
 *     } finally {
 *         lock.unlock();
 *     }
 * }
 * }</pre>
 *
 * <p><b>Objects.</b> Each object is one of 48 participants; the threads of a process share one. A thread that holds
 * the lock by one object holds it by no other.
 *
 * <p><b>Death.</b> If a process dies while one of its threads holds the lock, those who wait or come next are told,
 * within about 0.2 s: {@link #lock}, {@link #tryLock()} and the others of {@link Lock} throw {@link
 * OwnerDiedException} and do <em>not</em> hold it. That stays so until somebody {@linkplain #recover recovers} it and
 * marks it consistent, or unrecoverable. {@link #acquire()} tells by its guard. A process that is stopped ({@code
 * SIGSTOP}) is alive: nothing is taken from it. A thread that ends while its process lives keeps the lock, as with the
 * JDK's locks.
 *
 * <p><b>Deadlock.</b> If a {@link DeadlockDetector} breaks one, the method by which its victim waits throws {@link
 * DeadlockException}, and the lock is not held.
 *
 * <p><b>Conditions.</b> Who waits at one is woken, too, when a holder dies, as the signal may have died with it: the
 * methods of {@link java.util.concurrent.locks.Condition} that wait throw {@link OwnerDiedException} then, and hold the
 * lock, as they do whenever they return; {@link #unlock()} leaves it inconsistent, and {@link #recover} comes after.
 *
 * <p><b>Waiting.</b> While nobody waits, taking and giving back are one compare-and-set each, and no system call. Who
 * waits spins for some microseconds and then sleeps in the kernel; virtual threads park. Up to 512 threads stand in the
 * queue; more try again every 16 ms.
 *
 * <p><b>Memory.</b> What a thread does before it unlocks happens before what the next one does after it has locked, in
 * whatever process, for memory that both have mapped.
 *
 * <p>The layout and the algorithm are in {@code docs/formats/sync.md}.
 */
public final class SharedLock extends AbstractSharedLock {

    private SharedLock(SyncMemory memory) {
        super(memory, false);
    }

    /**
     * A lock in a segment.
     *
     * @param segment where; its type becomes that of a lock
     * @return what opens it
     */
    public static SyncBuilder<SharedLock> in(SharedSegmentBuilder segment) {
        return new SyncBuilder<>(segment, SyncKind.LOCK, SharedLock::new);
    }

    /**
     * Opens the lock of a name, or creates one that is not fair.
     *
     * @param name as for {@link SharedSegment#posix}
     * @return the open lock
     */
    public static SharedLock named(String name) {
        return in(SharedSegment.posix(name)).openOrCreate();
    }
}
