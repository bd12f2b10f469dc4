package org.jvmipc.shm.sync;

import java.util.ArrayList;
import java.util.List;

/**
 * What each participant took less what it gave back, one word for each of the 48. It is noted after permits were taken
 * and before they are given back, so that one that dies in between leaves too few noted, never too many.
 */
final class Balances {
    private static final long BALANCE_MASK = 0xffff_ffffL;

    private final SyncMemory memory;
    private final long participantBits;
    private final int own;

    Balances(SyncMemory memory) {
        this.memory = memory;
        this.participantBits = memory.participantBits();
        this.own = offset(memory.place());
    }

    private static int offset(int place) {
        return PermitLayout.BALANCES + place * Long.BYTES;
    }

    /** This participant has taken some, or, if negative, is about to give some back. */
    void add(int permits) {
        while (true) {
            long word = memory.get(own);
            if (isMine(word)) {
                if (memory.compareAndSet(own, word, participantBits | (int) word + permits & BALANCE_MASK)) {
                    return;
                }
            } else if (memory.compareAndSet(own, word, participantBits | permits & BALANCE_MASK)) {
                lose((int) word);
                return;
            }
        }
    }

    private boolean isMine(long word) {
        return (word & ~BALANCE_MASK) == participantBits;
    }

    /** One who had this place before has gone. */
    private void lose(int balance) {
        if (balance > 0) {
            memory.getAndAdd(PermitLayout.LOST, balance);
        }
    }

    /** Takes away what participants had that have gone, and tells how much that was. */
    int takeAbandoned() {
        long sum = 0;
        for (int i = 0; i < PermitLayout.BALANCE_COUNT; i++) {
            long word = memory.get(offset(i));
            if ((int) word > 0 && !isMine(word) && memory.segment().isGone(Owner.participant(word))
                    && memory.compareAndSet(offset(i), word, word & ~BALANCE_MASK)) {
                sum += (int) word;
            }
        }
        long lost = memory.get(PermitLayout.LOST);
        while (!memory.compareAndSet(PermitLayout.LOST, lost, 0)) {
            lost = memory.get(PermitLayout.LOST);
        }
        return (int) Math.min(Integer.MAX_VALUE, sum + Math.max(0, lost));
    }

    /** Who took more than it gave back, for people. */
    List<SyncHolder> holders() {
        List<SyncHolder> holders = new ArrayList<>();
        for (int i = 0; i < PermitLayout.BALANCE_COUNT; i++) {
            long word = memory.get(offset(i));
            if ((int) word > 0) {
                holders.add(new SyncHolder(memory.process(word), -1, (int) word));
            }
        }
        return List.copyOf(holders);
    }
}
