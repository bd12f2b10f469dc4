package org.jvmipc.shm.sync;

import org.jvmipc.ChannelFullException;

/**
 * Who has arrived at a barrier. Each party has an entry of its own from its arrival until it goes on, in which others
 * note what came of its waiting: so it may be late to read it, while others use the barrier again. To be used by the
 * holder of the barrier's lock only.
 */
final class BarrierTable {
    private final SyncMemory memory;

    BarrierTable(SyncMemory memory) {
        this.memory = memory;
    }

    private static int offset(int index) {
        return BarrierLayout.PARTIES + index * Long.BYTES;
    }

    boolean isBroken() {
        return memory.get(BarrierLayout.BROKEN) != 0;
    }

    /** How many have arrived and wait. */
    int arrived() {
        int count = 0;
        for (int i = 0; i < BarrierLayout.PARTY_COUNT; i++) {
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
            if (memory.getOpaque(offset(i)) == 0) {
                memory.set(offset(i), memory.owner(Thread.currentThread()) | BarrierLayout.ARRIVED);
                return i;
            }
        }
        throw new ChannelFullException(memory.name() + " has " + BarrierLayout.PARTY_COUNT
                + " threads that have not gone on yet, and takes no more; let fewer wait");
    }

    /** What came of the waiting of one that has entered. */
    long outcome(int index) {
        return memory.get(offset(index)) & Owner.FLAGS;
    }

    void leave(int index) {
        memory.set(offset(index), 0);
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
        for (int i = 0; i < BarrierLayout.PARTY_COUNT; i++) {
            long entry = memory.getOpaque(offset(i));
            if (isArrived(entry)) {
                memory.set(offset(i), entry & ~Owner.FLAGS | outcome);
            }
        }
    }

    /** Frees the entries of the dead; whether one of them had arrived and waited. */
    boolean removeDead() {
        boolean any = false;
        for (int i = 0; i < BarrierLayout.PARTY_COUNT; i++) {
            long entry = memory.getOpaque(offset(i));
            if (entry != 0 && !memory.isOwn(entry) && memory.isGone(entry)) {
                any |= isArrived(entry);
                leave(i);
            }
        }
        return any;
    }
}
