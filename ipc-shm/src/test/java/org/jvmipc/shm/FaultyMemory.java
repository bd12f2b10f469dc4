package org.jvmipc.shm;

import java.nio.ByteBuffer;

/** Memory whose user meets something before an access, or in the middle of a copy. */
final class FaultyMemory extends RingMemory {
    private static final Runnable NOTHING = () -> { };

    /** Ends what a participant does. */
    static final class Death extends Error {
        private static final long serialVersionUID = 1;

        private Death() {
            super("dies here", null, false, false);
        }
    }

    private final RingMemory memory;
    private final Plan plan;
    private Runnable onWrite = NOTHING;

    /** What happens to one user, whatever memory it accesses. */
    private static final class Plan {
        private long accesses;
        private long at = Long.MAX_VALUE;
        private Runnable fault = NOTHING;
        private boolean dead;
    }

    FaultyMemory(RingMemory memory) {
        this(memory, new Plan());
    }

    private FaultyMemory(RingMemory memory, Plan plan) {
        this.memory = memory;
        this.plan = plan;
    }

    /** Other memory of the same user: its accesses are counted together. */
    FaultyMemory and(RingMemory other) {
        return new FaultyMemory(other, plan);
    }

    /** Lets something happen before one access from now on, the first being number 0. */
    void before(long number, Runnable happens) {
        plan.at = plan.accesses + number;
        plan.fault = happens;
    }

    /** Lets the user die before one access from now on. */
    void dieBefore(long number) {
        before(number, this::die);
    }

    /** Whether it has happened. */
    boolean hasFired() {
        return plan.accesses > plan.at;
    }

    /** From now on all that its user does is in vain, as if its process were gone. */
    void die() {
        plan.dead = true;
        throw new Death();
    }

    /** Lets something happen in the middle of the next message that is copied. */
    void onWrite(Runnable happens) {
        onWrite = happens;
    }

    private void access() {
        if (plan.dead) {
            throw new Death();
        }
        if (plan.accesses++ == plan.at) {
            plan.fault.run();
        }
    }

    @Override
    long getOpaque(int offset) {
        access();
        return memory.getOpaque(offset);
    }

    @Override
    long getAcquire(int offset) {
        access();
        return memory.getAcquire(offset);
    }

    @Override
    void setOpaque(int offset, long value) {
        access();
        memory.setOpaque(offset, value);
    }

    @Override
    void setRelease(int offset, long value) {
        access();
        memory.setRelease(offset, value);
    }

    @Override
    boolean compareAndSet(int offset, long expected, long value) {
        access();
        return memory.compareAndSet(offset, expected, value);
    }

    @Override
    void write(int offset, ByteBuffer source, int from, int length) {
        access();
        int half = length / 2 & -8;
        memory.write(offset, source, from, half);
        access();
        Runnable once = onWrite;
        onWrite = NOTHING;
        once.run();
        memory.write(offset + half, source, from + half, length - half);
    }

    @Override
    ByteBuffer read(int offset, int length) {
        access();
        return memory.read(offset, length);
    }

    @Override
    ByteBuffer lend(int offset, int length) {
        access();
        return memory.lend(offset, length);
    }
}
