package org.jvmipc.shm;

import static org.jvmipc.shm.MpmcLayout.COMMITTED;
import static org.jvmipc.shm.MpmcLayout.DONE;
import static org.jvmipc.shm.SegmentLayout.TAIL;

import java.nio.ByteBuffer;
import org.jvmipc.SegmentCorruptedException;

/** A sending side of an {@link MpmcRing}; used by one thread at a time, but for what is said to be for any. */
final class MpmcProducer {
    /** So often others may be faster before it is as if there were no room: nobody can keep us in a loop. */
    private static final int ATTEMPTS = 1 << 16;
    private static final long UNKNOWN = Long.MIN_VALUE;

    private final MpmcRing ring;
    private final RingMemory memory;
    private final MpmcLayout layout;
    private final int slot;
    /** What is in the two descriptors. */
    private final long[] descriptors = {UNKNOWN, UNKNOWN};
    /** The descriptor that the tail does not name. */
    private int spare;
    /** Where the head was when last looked at. */
    private long head;
    /** Where the head must be for the last refused message. For any thread. */
    private volatile long awaitedHead;
    /** The last record, and the length of its message. */
    private long begin;
    private int length;
    private long tail;
    /** What the tail was after the last record, once that has its header. */
    private long finishedTail;

    /** Takes over a slot, in which nobody is any more. */
    MpmcProducer(MpmcRing ring, int slot) {
        this.ring = ring;
        this.memory = ring.memory;
        this.layout = ring.layout;
        this.slot = slot;
        this.spare = ring.takeOverProducer(slot);
        this.head = ring.head();
        this.awaitedHead = head;
        // Not one of a slot: there is none yet.
        this.finishedTail = MpmcLayout.tail(0, MpmcLayout.NOBODY, 0);
    }

    /** Publishes a message; false if there is no room. The buffer's position moves only if there was. */
    boolean offer(ByteBuffer message) {
        int size = message.remaining();
        if (!claim(size)) {
            return false;
        }
        boolean copied = false;
        try {
            memory.write(layout.cellAt(begin), message, size);
            copied = true;
        } finally {
            finish(copied ? COMMITTED : DONE);
        }
        message.position(message.limit());
        return true;
    }

    /** Claims room to be filled in place; null if there is none. */
    ByteBuffer tryClaim(int size) {
        return claim(size) ? memory.lend(layout.cellAt(begin), size) : null;
    }

    /** Publishes what was claimed. */
    void commitClaim() {
        finish(COMMITTED);
    }

    /** Makes padding of what was claimed. */
    void abortClaim() {
        finish(DONE);
    }

    /** The last store to a record by its claimant, whose place in the ring it is until then. */
    private void finish(int state) {
        memory.setRelease(layout.headerAt(begin), layout.word(begin, state, slot, length));
        finishedTail = tail;
    }

    private boolean claim(int wanted) {
        if (wanted > layout.maxMessage()) {
            throw new IllegalArgumentException("a message of " + wanted + " bytes, the largest has "
                    + layout.maxMessage());
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long last = memory.getAcquire(TAIL);
            long position = last == finishedTail ? begin + MpmcLayout.size(length) : ring.help(last);
            if (position == MpmcRing.STALE) {
                continue;
            }
            int room = layout.bytesToEnd(position);
            boolean fits = wanted <= room;
            if (!hasRoom(last, position, MpmcLayout.size(fits ? wanted : room))) {
                return false;
            }
            describe(fits ? MpmcLayout.message(wanted) : room);
            long claim = MpmcLayout.tail(position, slot, spare);
            if (memory.compareAndSet(TAIL, last, claim)) {
                spare = 1 - spare;
                if (fits) {
                    begin = position;
                    length = wanted;
                    tail = claim;
                    return true;
                }
            }
        }
        awaitedHead = head;
        return false;
    }

    /** Tells those who come after what the next claim of this one is for. */
    private void describe(long descriptor) {
        if (descriptors[spare] != descriptor) {
            memory.setRelease(layout.descriptorAt(slot, spare), descriptor);
            descriptors[spare] = descriptor;
        }
    }

    private boolean hasRoom(long last, long position, long size) {
        long needed = position + size - layout.lap();
        if (needed - head <= 0) {
            return true;
        }
        head = ring.head();
        if (needed - head > 0) {
            head = ring.advanceHead();
        }
        long filled = position - head;
        if ((filled < 0 || filled > layout.lap()) && memory.getAcquire(TAIL) == last) {
            throw new SegmentCorruptedException("the position of the consumers is " + head + ", allowed is "
                    + (position - layout.lap()) + " to " + position);
        }
        if (needed - head <= 0) {
            return true;
        }
        awaitedHead = needed;
        return false;
    }

    /** Where the last message is, to be asked for with {@link MpmcRing#isTaken}. */
    long position() {
        return begin;
    }

    /** Whether there is room for the message that was refused last. For any thread. */
    boolean hasAwaitedRoom() {
        return ring.advanceHead() - awaitedHead >= 0;
    }
}
