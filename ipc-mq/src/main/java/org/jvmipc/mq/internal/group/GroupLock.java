package org.jvmipc.mq.internal.group;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jvmipc.posix.FutexReadiness;

/**
 * Mutual exclusion between the members of a group, for the moments in which one changes the group's memory. The word
 * holds the number of the member that has it. One that died with it is succeeded by whoever finds that out, who is told
 * so; one that is stopped is not. Threads of one member must exclude each other before.
 */
final class GroupLock implements AutoCloseable {
    private static final int SPINS = 200;
    /** A holder that takes longer has lost its processor, or its life. */
    private static final long FIRST_NANOS = 1_000_000;
    private static final long NEXT_NANOS = 10_000_000;

    private ByteBuffer memory;
    private final Words words;
    private final Members members;
    private FutexReadiness free;

    /**
     * Creates it.
     *
     * @param memory of the file, where it sleeps
     * @param words the same, where it looks
     * @param members who can have it
     */
    GroupLock(ByteBuffer memory, Words words, Members members) {
        this.memory = memory;
        this.words = words;
        this.members = members;
        this.free = new FutexReadiness(memory, GroupLayout.LOCK_SEQUENCE, GroupLayout.LOCK_ANNOUNCEMENT,
                () -> words.get(GroupLayout.LOCK) == 0);
    }

    /** What came of an attempt. */
    enum Outcome {
        /** It is held. */
        HELD,
        /** It is held, and the one before has died with it, so that what it was changing is half done. */
        INHERITED,
        /** Somebody else had it all the time. */
        REFUSED
    }

    /**
     * Takes it. Interrupts are not heeded and stay.
     *
     * @param deadline of {@link System#nanoTime}
     */
    Outcome acquire(long deadline) {
        boolean interrupted = false;
        try {
            for (int looks = 0; true; looks++) {
                long owner = words.get(GroupLayout.LOCK);
                if (owner == 0 && words.compareAndSet(GroupLayout.LOCK, 0, members.self())) {
                    return Outcome.HELD;
                }
                if (owner == 0 || looks < SPINS) {
                    Thread.onSpinWait();
                    continue;
                }
                if (looks > SPINS && members.isGone((int) owner)
                        && words.compareAndSet(GroupLayout.LOCK, owner, members.self())) {
                    return Outcome.INHERITED;
                }
                long left = deadline - System.nanoTime();
                if (left <= 0 && looks > SPINS) {
                    return Outcome.REFUSED;
                }
                // An interrupted thread would not sleep.
                interrupted |= Thread.interrupted();
                free.sleep(Math.min(Math.max(left, 1), looks == SPINS ? FIRST_NANOS : NEXT_NANOS));
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Gives it back. */
    void release() {
        words.set(GroupLayout.LOCK, 0);
        VarHandle.fullFence();
        FutexReadiness.signal(memory, GroupLayout.LOCK_SEQUENCE, GroupLayout.LOCK_ANNOUNCEMENT);
    }

    /** Who has it, for messages. */
    String holder() {
        long owner = words.get(GroupLayout.LOCK);
        return owner == 0 ? "nobody now" : members.describe((int) owner);
    }

    /** Not to be used after this, which lets go of the memory. */
    @Override
    public void close() {
        free.close();
        free = null;
        memory = null;
    }
}
