package org.jvmipc.shm.sync;

import org.jvmipc.ChannelFullException;

/**
 * Who has arrived at a barrier. Each party has an entry of its own from its arrival until it goes on, in which others
 * note what came of its waiting: so it may be late to read it, while others use the barrier again. To be used by the
 * holder of the barrier's lock only, but for what a party does with its own entry.
 */
final class BarrierTable {
    private final SyncMemory memory;

    BarrierTable(SyncMemory memory) {
        this.memory = memory;
    }

    private static int offset(int index) {
        return BarrierLayout.PARTIES + index * Long.BYTES;
    }

    private int used() {
        return (int) Math.min(memory.get(BarrierLayout.PARTIES_USED), BarrierLayout.PARTY_COUNT);
    }

    boolean isBroken() {
        return memory.get(BarrierLayout.BROKEN) != 0;
    }

    /** How many have arrived and wait. */
    int arrived() {
        int count = 0;
        int used = used();
        for (int i = 0; i < used; i++) {
            if (isArrived(memory.getOpaque(offset(i)))) {
                count++;
            }
        }
        return count;
    }

    private static boolean isArrived(long entry) {
        return (entry & Owner.FLAGS) == BarrierLayout.ARRIVED;
    }

    /** Enters the calling thread, and tells where. */
    int enter() {
        for (int i = 0; i < BarrierLayout.PARTY_COUNT; i++) {
            if (memory.get(offset(i)) == 0) {
                if (i >= used()) {
                    memory.set(BarrierLayout.PARTIES_USED, i + 1);
                }
                memory.set(offset(i), memory.owner(Thread.currentThread()) | BarrierLayout.ARRIVED);
                return i;
            }
        }
        throw new ChannelFullException(memory.name() + " has " + BarrierLayout.PARTY_COUNT
                + " threads that have not gone on yet, and takes no more; let fewer wait");
    }

    /** What came of the waiting of one that has entered. Needs no lock. */
    long outcome(int index) {
        return memory.get(offset(index)) & Owner.FLAGS;
    }

    /** The thread that entered goes on. Needs no lock: whoever has it changes only entries of those who wait. */
    void leave(int index) {
        long entry = memory.get(offset(index));
        // After closing somebody may have freed it already, and another have taken it.
        if (memory.isOwn(Thread.currentThread(), entry)) {
            memory.compareAndSet(offset(index), entry, 0);
        }
    }

    /** All who have arrived go on. */
    void open() {
        end(BarrierLayout.PASSED);
    }

    /** All who have arrived are told, and whoever comes, until it is reset. */
    void breakIt() {
        memory.set(BarrierLayout.BROKEN, 1);
        end(BarrierLayout.STOPPED);
    }

    /** All who have arrived are told, but not those who come. */
    void reset() {
        end(BarrierLayout.STOPPED);
        memory.set(BarrierLayout.BROKEN, 0);
    }

    private void end(long outcome) {
        int used = used();
        for (int i = 0; i < used; i++) {
            long entry = memory.getOpaque(offset(i));
            if (isArrived(entry)) {
                memory.set(offset(i), entry & ~Owner.FLAGS | outcome);
            }
        }
    }

    /** Frees the entries of the dead; whether one of them had arrived and waited. */
    boolean removeDead() {
        boolean any = false;
        int used = used();
        for (int i = 0; i < used; i++) {
            long entry = memory.getOpaque(offset(i));
            if (entry != 0 && !memory.isOwn(entry) && memory.isGone(entry)
                    && memory.compareAndSet(offset(i), entry, 0)) {
                any |= isArrived(entry);
            }
        }
        return any;
    }
}
