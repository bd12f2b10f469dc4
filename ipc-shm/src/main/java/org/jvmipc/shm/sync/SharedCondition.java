package org.jvmipc.shm.sync;

import java.util.Date;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/**
 * A condition of a lock between processes. Who waits stands in the lock's table, and a signal moves the one who waits
 * longest, by one compare-and-set, to the end of the lock's queue; whoever holds the lock wakes it when it lets go.
 *
 * <p>A waiter that is dead is not signalled. If one dies that was signalled and had not got the lock yet, its signal
 * goes to the next.
 */
final class SharedCondition implements Condition {
    private final SyncMemory memory;
    private final Waiters waiters;
    private final Mutex mutex;
    private final int index;

    /** How waiting ended. */
    private enum End { SIGNALLED, TIMED_OUT, INTERRUPTED }

    SharedCondition(SyncMemory memory, Waiters waiters, Mutex mutex, int index) {
        this.memory = memory;
        this.waiters = waiters;
        this.mutex = mutex;
        this.index = index;
    }

    boolean isOf(Mutex lock) {
        return mutex == lock;
    }

    int index() {
        return index;
    }

    @Override
    public void await() throws InterruptedException {
        await(Long.MAX_VALUE, true);
    }

    @Override
    public void awaitUninterruptibly() {
        try {
            await(Long.MAX_VALUE, false);
        } catch (InterruptedException never) {
            throw new IllegalStateException(never);
        }
    }

    @Override
    public long awaitNanos(long nanosTimeout) throws InterruptedException {
        long start = System.nanoTime();
        await(Deadline.in(nanosTimeout, TimeUnit.NANOSECONDS), true);
        long left = nanosTimeout - (System.nanoTime() - start);
        return left <= nanosTimeout ? left : Long.MIN_VALUE;
    }

    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        Objects.requireNonNull(unit, "unit");
        return await(Deadline.in(time, unit), true);
    }

    @Override
    public boolean awaitUntil(Date deadline) throws InterruptedException {
        long now = System.currentTimeMillis();
        // Not the difference itself: of a moment before all times it would be one far ahead.
        long left = deadline.getTime() > now ? deadline.getTime() - now : 0;
        return await(Deadline.in(left, TimeUnit.MILLISECONDS), true);
    }

    /**
     * Waits to be signalled.
     *
     * @return false if the deadline passed
     * @throws InterruptedException if the thread was interrupted, before or while it waited; it holds the lock again
     * @throws OwnerDiedException if a holder died meanwhile; it holds the lock again
     * @throws NotRecoverableException if the lock was given up meanwhile; it does not hold it
     * @throws org.jvmipc.ChannelClosedException if the object was closed meanwhile; it does not hold it
     */
    private boolean await(long deadline, boolean interruptibly) throws InterruptedException {
        Thread self = Thread.currentThread();
        if (interruptibly && Thread.interrupted()) {
            throw new InterruptedException();
        }
        mutex.checkHeld(self);
        boolean inconsistentBefore = mutex.isInconsistent();
        Place place = waiters.claim();
        End end;
        try {
            place.setState(WaitState.of(WaitState.CONDITION, index, waiters.nextTicket()));
            int holds = mutex.releaseAll(self);
            end = awaitSignal(place, deadline, interruptibly, inconsistentBefore);
            mutex.reacquire(place, holds);
        } finally {
            leave(place, self);
        }
        if (!inconsistentBefore && mutex.isInconsistent()) {
            if (end == End.INTERRUPTED) {
                Thread.currentThread().interrupt();
            }
            throw mutex.ownerDied();
        }
        if (end == End.INTERRUPTED) {
            throw new InterruptedException();
        }
        return end != End.TIMED_OUT;
    }

    /** Waits until somebody has moved the place to the queue of the lock, or moves it there itself. */
    private End awaitSignal(Place place, long deadline, boolean interruptibly, boolean inconsistentBefore) {
        boolean interrupted = false;
        try {
            while (true) {
                place.begin();
                memory.checkOpen();
                if (isSignalled(place)) {
                    return End.SIGNALLED;
                }
                try {
                    if (!place.sleep(() -> isSignalled(place), deadline)) {
                        return cancel(place) ? End.TIMED_OUT : End.SIGNALLED;
                    }
                } catch (InterruptedException asked) {
                    if (interruptibly && cancel(place)) {
                        return End.INTERRUPTED;
                    }
                    interrupted = true;
                }
                if (place.mustLook()) {
                    memory.checkOpen();
                    waiters.look();
                    mutex.look(place);
                    // Whoever found a holder dead wakes all who wait here, unless it has died itself.
                    if (mutex.endsWaiting(inconsistentBefore)) {
                        cancel(place);
                        return End.SIGNALLED;
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean isSignalled(Place place) {
        return WaitState.purpose(place.state()) != WaitState.CONDITION;
    }

    /** Waits for the lock from now on, unless a signal was faster, which then counts. */
    private boolean cancel(Place place) {
        long state = place.state();
        return WaitState.purpose(state) == WaitState.CONDITION && place.compareAndSetState(state,
                WaitState.of(WaitState.EXCLUSIVE, index, waiters.nextTicket()) | WaitState.RETURNS);
    }

    private void leave(Place place, Thread self) {
        boolean held = mutex.isHeldBy(self);
        if (!held && WaitState.isSignalled(place.state())) {
            // Before the record goes: if this thread dies in between, the signal comes twice, which is allowed.
            waiters.transferFirst(index, true);
        }
        waiters.leave(place);
        if (!held) {
            mutex.gaveUp();
        }
    }

    @Override
    public void signal() {
        mutex.checkHeld(Thread.currentThread());
        if (waiters.transferFirst(index, false)) {
            mutex.contention().mark();
        }
    }

    @Override
    public void signalAll() {
        mutex.checkHeld(Thread.currentThread());
        boolean any = false;
        // Not those who come while this goes on: they would have to hold the lock.
        while (waiters.transferFirst(index, false)) {
            any = true;
        }
        if (any) {
            mutex.contention().mark();
        }
    }

    @Override
    public String toString() {
        return "condition " + index + " of " + memory;
    }
}
