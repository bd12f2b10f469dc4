package org.jvmipc.shm.sync;

/**
 * Who has a barrier open, and so counts as one of its parties, whether it waits, has been there before or is still to
 * come: one word for each participant, from opening to closing. A word whose participant has gone is that of one that
 * died, or ended without closing the barrier, and those who wait for it would do so for ever.
 */
final class BarrierMembers {
    private final SyncMemory memory;
    private final long own;

    BarrierMembers(SyncMemory memory) {
        this.memory = memory;
        this.own = memory.participantBits();
    }

    private static int offset(int place) {
        return BarrierLayout.MEMBERS + place * Long.BYTES;
    }

    /** This participant has opened the barrier. */
    void join() {
        int at = offset(memory.place());
        long before = memory.get(at);
        while (before != own) {
            if (before != 0) {
                // It died, as this one has its place. Noted first, in case this one dies in between.
                memory.set(BarrierLayout.DIED, 1);
            }
            memory.compareAndSet(at, before, own);
            before = memory.get(at);
        }
    }

    /** This participant closes the barrier: nobody shall wait for it. */
    void leave() {
        memory.compareAndSet(offset(memory.place()), own, 0);
    }

    /** Forgets the dead; whether there were any. To be called by the holder of the barrier's lock. */
    boolean removeDead() {
        boolean any = memory.get(BarrierLayout.DIED) != 0;
        if (any) {
            memory.set(BarrierLayout.DIED, 0);
        }
        for (int i = 0; i < BarrierLayout.MEMBER_COUNT; i++) {
            long word = memory.getOpaque(offset(i));
            if (word != 0 && word != own && memory.isGone(word)) {
                any |= memory.compareAndSet(offset(i), word, 0);
            }
        }
        return any;
    }
}
