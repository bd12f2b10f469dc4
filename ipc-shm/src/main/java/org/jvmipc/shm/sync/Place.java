package org.jvmipc.shm.sync;

import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jvmipc.WaitStrategy;
import org.jvmipc.posix.FutexReadiness;
import org.jvmipc.spi.Waiter;

/**
 * A record in the table of those who wait, and the thread of this process that has it. Only that thread uses it, but
 * for {@link #wakeUp}.
 */
final class Place {
    /**
     * How often a thread that waits looks by itself, for the dead. The system property {@code ipc.sync.lookMillis}
     * takes this net away from tests, to show that no wake-up falls into it.
     */
    static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(Long.getLong("ipc.sync.lookMillis", 80));
    /** Looks at the same one before others go past it: about 0.3 s. */
    private static final int PATIENCE = 3;
    private static final Waiter WAITER = new Waiter(WaitStrategy.ADAPTIVE);

    private final SyncMemory memory;
    private final int base;
    private final long owner;
    private final FutexReadiness readiness;
    private volatile BooleanSupplier over = () -> false;
    private long lookedAt;
    private long firstAtLook;
    private int looksAtFirst;

    Place(SyncMemory memory, int base, long owner) {
        this.memory = memory;
        this.base = base;
        this.owner = owner;
        // So that those are told, too, who wait again and again, but never for as long.
        this.lookedAt = memory.lookedAt();
        this.readiness = new FutexReadiness(memory.buffer(), base + SyncLayout.SEQUENCE,
                base + SyncLayout.ANNOUNCEMENT, () -> isSignalled() || memory.isShut() || over.getAsBoolean());
    }

    /** Wakes the thread that waits at a record, of any process. */
    static void signal(SyncMemory memory, int base) {
        memory.setInt(base + SyncLayout.SIGNAL, 1);
        VarHandle.fullFence();
        FutexReadiness.signal(memory.buffer(), base + SyncLayout.SEQUENCE, base + SyncLayout.ANNOUNCEMENT);
    }

    int base() {
        return base;
    }

    long owner() {
        return owner;
    }

    /** As of {@link WaitState}. */
    long state() {
        return memory.get(base + SyncLayout.STATE);
    }

    void setState(long state) {
        memory.set(base + SyncLayout.STATE, state);
    }

    boolean compareAndSetState(long expected, long state) {
        return memory.compareAndSet(base + SyncLayout.STATE, expected, state);
    }

    /** Sets or clears flags of the state, if the record is still this one's. */
    void mark(long flags, boolean set) {
        long state;
        do {
            state = state();
        } while (memory.get(base + SyncLayout.OWNER) == owner
                && !compareAndSetState(state, set ? state | flags : state & ~flags));
    }

    private boolean isSignalled() {
        return memory.getInt(base + SyncLayout.SIGNAL) != 0;
    }

    /** To be called before a try: a signal that comes after the try began is kept. Nobody goes past it any more. */
    void begin() {
        if (isSignalled()) {
            memory.setInt(base + SyncLayout.SIGNAL, 0);
        }
        long state = state();
        if (WaitState.isPassed(state)) {
            compareAndSetState(state, state & ~WaitState.PASSED);
        }
    }

    /**
     * Sleeps until it is signalled, another thing is over, or it is time to look.
     *
     * @param worth what else ends the sleep
     * @param deadline until when
     * @return false if the deadline had passed already
     */
    boolean sleep(BooleanSupplier worth, long deadline) throws InterruptedException {
        over = worth;
        long look = lookedAt + LOOK_NANOS;
        if (deadline == Long.MAX_VALUE || deadline - look > 0) {
            // If it is past, this returns at once; the caller then looks.
            WAITER.await(readiness, look);
            return true;
        }
        return WAITER.await(readiness, deadline);
    }

    /** Whether it is time to look; then the next time is in 80 ms. */
    boolean mustLook() {
        long now = System.nanoTime();
        if (now - lookedAt < LOOK_NANOS) {
            return false;
        }
        lookedAt = now;
        memory.looked(now);
        return true;
    }

    /**
     * Notes who stands first while what is waited for is free.
     *
     * @param first the state of the first, 0 if nothing is free
     * @return whether another one has stood there for as many looks as nobody needs who is not stopped
     */
    boolean sawTooOften(long first) {
        looksAtFirst = first != 0 && first == firstAtLook && first != state() ? looksAtFirst + 1 : 0;
        firstAtLook = first;
        return looksAtFirst >= PATIENCE;
    }

    /** Makes the thread look, as this object is closed. */
    void wakeUp() {
        readiness.wakeUp();
    }

    /** The thread does not wait any more. Gives the record back. */
    void free() {
        readiness.close();
        long state = state();
        // After closing somebody may have freed it already, and another have claimed it.
        while (memory.get(base + SyncLayout.OWNER) == owner) {
            if (state == 0 || compareAndSetState(state, 0)) {
                memory.compareAndSet(base + SyncLayout.OWNER, owner, 0);
            }
            state = state();
        }
    }
}
