package org.jvmipc.shm.sync;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.PeerInfo;

/**
 * Who reads under a read-write lock: one word for each participant, with its number in the upper half and in the lower
 * how often its threads hold the lock. So what a dead process held is known by itself, and is taken away by whoever
 * waits to write.
 *
 * <p>A reader counts itself and then looks whether the lock's word is held; a writer takes the word and then looks
 * whether somebody is counted. Both are atomic updates followed by volatile reads, so one of the two sees the other
 * (Dekker).
 */
final class Readers {
    private static final long COUNT_MASK = (1L << Owner.PARTICIPANT_SHIFT) - 1;

    private final SyncMemory memory;
    private final Waiters waiters;
    private final long participantBits;
    private final int own;
    /** How often each thread holds it, which is counted in the memory, too; and the number of its note, or 0. */
    private final ThreadLocal<int[]> holds = ThreadLocal.withInitial(() -> new int[2]);
    private final ReadNotes notes;

    Readers(SyncMemory memory, Waiters waiters) {
        this.memory = memory;
        this.waiters = waiters;
        this.participantBits = memory.participantBits();
        this.own = memory.place();
        this.notes = new ReadNotes(memory);
        memory.onWait(this::note);
    }

    private static int offset(int place) {
        return SyncLayout.READERS + place * Long.BYTES;
    }

    private int used() {
        return (int) Math.min(memory.get(SyncLayout.READERS_USED), SyncLayout.READER_COUNT);
    }

    /** How often the calling thread reads. */
    int holds() {
        return holds.get()[0];
    }

    void addHolds(int delta) {
        int[] mine = holds.get();
        int sum = mine[0] + delta;
        if (sum < 0) {
            throw new Error("Maximum lock count exceeded");
        }
        mine[0] = sum;
        if (sum == 0 && mine[1] != 0) {
            notes.remove(mine[1]);
            mine[1] = 0;
        }
    }

    /** The calling thread waits for something: if it reads, that is noted for those who look for deadlocks. */
    private void note() {
        int[] mine = holds.get();
        if (mine[0] > 0 && mine[1] == 0) {
            mine[1] = notes.add(memory.owner(Thread.currentThread()));
        }
    }

    /** Whether nobody is counted. */
    boolean areNone() {
        int used = used();
        for (int i = 0; i < used; i++) {
            if ((memory.get(offset(i)) & COUNT_MASK) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Counts a hold of a thread of this process. */
    void enter() {
        long used = memory.get(SyncLayout.READERS_USED);
        while (used <= own && !memory.compareAndSet(SyncLayout.READERS_USED, used, own + 1)) {
            used = memory.get(SyncLayout.READERS_USED);
        }
        while (true) {
            long word = memory.get(offset(own));
            boolean mine = isMine(word);
            // Another's is that of one who had this place before, or has it now, as this object was closed.
            if (!mine && word != 0 && !memory.isGone(word)) {
                throw memory.closed();
            }
            if (memory.compareAndSet(offset(own), word, mine ? word + 1 : participantBits | 1)) {
                return;
            }
        }
    }

    private boolean isMine(long word) {
        return (word & ~COUNT_MASK) == participantBits;
    }

    /** A thread of this process gives back a hold; after the last one it wakes a writer who waits for that. */
    void leave() {
        long before = memory.get(offset(own));
        while (isMine(before) && (before & COUNT_MASK) != 0 && !memory.compareAndSet(offset(own), before, before - 1)) {
            before = memory.get(offset(own));
        }
        // If it is not, this object was closed, and somebody has seen to it.
        if (isMine(before) && (before & COUNT_MASK) == 1) {
            long word = memory.get(SyncLayout.WORD);
            if (LockState.has(word, LockState.DRAINING)) {
                waiters.signal(LockState.owner(word));
            }
        }
    }

    /** Takes away what the dead are counted for; whether there were any. */
    boolean removeDead() {
        boolean any = false;
        for (int i = 0; i < used(); i++) {
            long word = memory.get(offset(i));
            if ((word & COUNT_MASK) != 0 && !memory.isOwn(word) && memory.isGone(word)) {
                any |= memory.compareAndSet(offset(i), word, word & ~COUNT_MASK);
            }
        }
        return any;
    }

    /** Whether threads of this process read, by this object. */
    boolean isOwn() {
        long word = memory.get(offset(own));
        return memory.isOwn(word) && (word & COUNT_MASK) != 0;
    }

    /**
     * Who reads, for people: the threads that are noted, and what else their processes have.
     *
     * @param millis how long at least
     */
    List<SyncHolder> holders(long millis) {
        List<SyncHolder> holders = new ArrayList<>();
        for (int i = 0; i < used(); i++) {
            long word = memory.get(offset(i));
            int left = (int) (word & COUNT_MASK);
            PeerInfo process = left == 0 ? PeerInfo.UNKNOWN : memory.process(word);
            Instant started = left == 0 ? null : memory.started(word);
            for (long thread : left == 0 ? List.<Long>of() : notes.threads(word)) {
                if (left > 0) {
                    holders.add(new SyncHolder(process, started, thread, 1, millis));
                    left--;
                }
            }
            if (left > 0) {
                holders.add(new SyncHolder(process, started, -1, left, millis));
            }
        }
        return List.copyOf(holders);
    }

    /** How often it is held, in all processes. */
    int count() {
        int count = 0;
        for (int i = 0; i < used(); i++) {
            count += (int) (memory.get(offset(i)) & COUNT_MASK);
        }
        return count;
    }
}
