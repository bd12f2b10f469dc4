package org.jvmipc.shm.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.PeerInfo;

/**
 * What each participant took less what it gave back, one word for each of the 48. It is noted after permits were taken
 * and before they are given back, so that one that dies in between leaves too few noted, never too many. A participant
 * has its word from opening to closing; whoever notes something later finds it gone, and knows that it is late.
 */
final class Balances {
    private static final long BALANCE_MASK = 0xffff_ffffL;
    /** They need less than a microsecond, and perhaps a processor. */
    private static final long END_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PAUSE_NANOS = 50_000;

    private final SyncWords words;
    private final SyncMemory memory;
    private final long participantBits;
    private final int own;
    private final Ledger ledger;
    /** Threads that may have changed the semaphore's word or this one's, and not the other yet. */
    private final AtomicInteger inBetween = new AtomicInteger();

    Balances(SyncMemory memory) {
        this(memory, memory);
    }

    /** With words that are not those of the memory itself, for tests. */
    Balances(SyncMemory memory, SyncWords words) {
        this.words = words;
        this.memory = memory;
        this.participantBits = memory.participantBits();
        this.own = memory.place();
        this.ledger = new Ledger(words, participantBits,
                word -> memory.segment().isGone(Owner.participant(word)), (int) memory.parameter());
        checked(ledger.inside(this::begin));
    }

    private int begin() {
        // Of one who had the place before and died; who left has cleared it.
        ledger.move(own);
        words.set(Ledger.offset(own), participantBits);
        return 0;
    }

    private int checked(int result) {
        if (result == Ledger.CLOSED) {
            throw memory.closed();
        }
        if (result < 0) {
            throw new IpcTimeoutException(memory.process(words.get(PermitLayout.KEEPER))
                    + " is giving back permits of " + memory.name()
                    + " and does not go on; let it go on (kill -CONT), or end it");
        }
        return result;
    }

    /**
     * A thread is about to change the semaphore's word and this participant's; to be followed by {@link #ends}.
     *
     * @throws org.jvmipc.ChannelClosedException if it is too late for that
     */
    void begins() {
        inBetween.getAndIncrement();
        if (memory.isClosed()) {
            inBetween.getAndDecrement();
            throw memory.closed();
        }
    }

    void ends() {
        inBetween.getAndDecrement();
    }

    /**
     * The process ends, so nobody begins any more: waits for those who have, as they could be cut off between one word
     * and the other, and permits would be missing.
     */
    void awaitAll() {
        long start = System.nanoTime();
        while (inBetween.get() != 0 && System.nanoTime() - start < END_NANOS) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /**
     * This participant has taken some, or, if negative, is about to give some back.
     *
     * @return false if it has left, and nothing was noted
     */
    boolean add(int permits) {
        int at = Ledger.offset(own);
        while (true) {
            long word = words.get(at);
            if ((word & ~BALANCE_MASK) != participantBits) {
                return false;
            }
            if (words.compareAndSet(at, word, participantBits | (int) word + permits & BALANCE_MASK)) {
                return true;
            }
        }
    }

    /** This participant is about to leave; what it has is gone until somebody gives it back. */
    void end() {
        // If that is not possible now it is done later, as for one that has died.
        ledger.inside(() -> {
            ledger.move(own);
            return 0;
        });
        ledger.close();
    }

    /** Gives the semaphore what participants had that have gone, and tells how much that was. */
    int giveAbandoned() {
        return checked(ledger.inside(() -> {
            for (int i = 0; i < PermitLayout.BALANCE_COUNT; i++) {
                long word = words.get(Ledger.offset(i));
                if ((int) word > 0 && (word & ~BALANCE_MASK) != participantBits
                        && memory.segment().isGone(Owner.participant(word))) {
                    ledger.move(i);
                }
            }
            return ledger.give();
        }));
    }

    /** Who took more than it gave back, for people. */
    List<SyncHolder> holders() {
        List<SyncHolder> holders = new ArrayList<>();
        for (int i = 0; i < PermitLayout.BALANCE_COUNT; i++) {
            long word = words.get(Ledger.offset(i));
            if ((int) word > 0) {
                holders.add(new SyncHolder(memory.process(word), memory.started(word), -1, (int) word, 0));
            }
        }
        long lost = words.get(PermitLayout.LOST);
        if (lost > 0) {
            holders.add(new SyncHolder(PeerInfo.UNKNOWN, null, -1, (int) Math.min(Integer.MAX_VALUE, lost), 0));
        }
        return List.copyOf(holders);
    }
}
