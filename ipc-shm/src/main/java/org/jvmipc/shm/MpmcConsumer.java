package org.jvmipc.shm;

import static org.jvmipc.shm.MpmcLayout.CLAIMED;
import static org.jvmipc.shm.MpmcLayout.COMMITTED;
import static org.jvmipc.shm.MpmcLayout.DONE;
import static org.jvmipc.shm.MpmcLayout.TAKEN;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jvmipc.MessageHandler;

/** A receiving side of an {@link MpmcRing}; used by one thread at a time, but for what is said to be for any. */
final class MpmcConsumer {
    /** So many polls that find nothing go by before messages are looked for that dead consumers had in hand. */
    private static final int IDLE_POLLS = 256;
    private static final int LEAST_COPY = 256;

    private final MpmcRing ring;
    private final RingMemory memory;
    private final MpmcLayout layout;
    private final int slot;
    /** All records before are done, or taken by others. */
    private long cursor;
    private int idlePolls;
    private boolean freed;
    private boolean handling;
    private boolean heldUp;
    private int source = InRing.UNKNOWN;
    /** What {@link #peek} shows. */
    private ByteBuffer copy = ByteBuffer.allocate(0);
    /** Whether to begin again at the head. */
    private volatile boolean looksBack;
    private volatile boolean stopped;

    /** Takes over a slot, in which nobody is any more. */
    MpmcConsumer(MpmcRing ring, int slot) {
        this.ring = ring;
        this.memory = ring.memory;
        this.layout = ring.layout;
        this.slot = slot;
        ring.takeOverConsumer(slot);
        this.cursor = ring.head();
        this.looksBack = true;
    }

    /** Hands over up to {@code limit} messages; each is taken when its handler has returned or thrown. */
    int poll(MessageHandler handler, int limit) {
        boolean lookingBack = looksBack;
        if (lookingBack) {
            looksBack = false;
            cursor = ring.head();
        }
        handling = false;
        heldUp = false;
        int count = 0;
        boolean moved = false;
        try {
            // A walk around the ring and back: whatever is overwritten, it ends.
            for (int i = 2 * layout.cells(); i > 0 && count < limit && !stopped; i--) {
                long position = cursor;
                long word = ring.wordAt(position);
                if (word == 0) {
                    long head = ring.head();
                    if (head - position <= 0) {
                        break;
                    }
                    cursor = head;
                    continue;
                }
                int state = layout.state(word);
                if (state == CLAIMED) {
                    if (!ring.isLeftBehind(word)) {
                        heldUp = true;
                        break;
                    }
                    ring.skip(position, word);
                    continue;
                }
                if (state == COMMITTED || state >= TAKEN && lookingBack && ring.isLeftBehind(word)) {
                    long mine = layout.with(word, takenAfter(state), slot);
                    if (ring.replace(position, word, mine)) {
                        moved = true;
                        source = state == COMMITTED ? layout.slot(word) : InRing.UNKNOWN;
                        handOver(handler, position, mine);
                        count++;
                        i = 2 * layout.cells();
                    }
                    continue;
                }
                moved |= state == DONE;
                cursor = ring.after(position, word);
            }
        } finally {
            freed = moved;
            if (moved) {
                ring.advanceHead();
            }
        }
        if (count == 0 && ++idlePolls >= IDLE_POLLS) {
            lookBack();
        }
        return count;
    }

    /**
     * Shows the message that would be the next one of this consumer, and takes nothing. It is copied, and shown only if
     * its header is the same before and after that: nobody has taken it meanwhile, and so nobody has written over it,
     * as no header returns to an old value. So it was the next one of all then; others may take it at any time.
     *
     * @return whether there was one
     */
    boolean peek(MessageHandler handler) {
        boolean lookingBack = looksBack;
        if (lookingBack) {
            cursor = ring.head();
        }
        handling = false;
        heldUp = false;
        boolean moved = false;
        try {
            for (int i = 2 * layout.cells(); i > 0 && !stopped; i--) {
                long position = cursor;
                long word = ring.wordAt(position);
                if (word == 0) {
                    long head = ring.head();
                    if (head - position <= 0) {
                        break;
                    }
                    cursor = head;
                    continue;
                }
                int state = layout.state(word);
                if (state == CLAIMED) {
                    if (!ring.isLeftBehind(word)) {
                        heldUp = true;
                        break;
                    }
                    ring.skip(position, word);
                } else if (state == COMMITTED || state >= TAKEN && lookingBack && ring.isLeftBehind(word)) {
                    if (copies(position, word)) {
                        handling = true;
                        handler.onMessage(copy.asReadOnlyBuffer().order(ByteOrder.BIG_ENDIAN));
                        handling = false;
                        return true;
                    }
                } else {
                    moved |= state == DONE;
                    cursor = ring.after(position, word);
                }
            }
        } finally {
            freed = moved;
            if (moved) {
                ring.advanceHead();
            }
        }
        if (++idlePolls >= IDLE_POLLS) {
            lookBack();
        }
        return false;
    }

    private boolean copies(long position, long word) {
        int length = layout.length(word);
        if (copy.capacity() < length) {
            copy = ByteBuffer.allocate(Math.max(LEAST_COPY, length));
        }
        copy.clear().put(memory.read(layout.cellAt(position), length)).flip();
        // What was read until here is sound if nobody has taken it until after that.
        VarHandle.loadLoadFence();
        return ring.wordAt(position) == word;
    }

    private static int takenAfter(int state) {
        return state == COMMITTED ? TAKEN : TAKEN | state + 1 & 3;
    }

    private void handOver(MessageHandler handler, long position, long word) {
        int length = layout.length(word);
        handling = true;
        try {
            handler.onMessage(memory.read(layout.cellAt(position), length));
        } finally {
            cursor = ring.after(position, word);
            memory.setRelease(layout.headerAt(position), layout.with(word, DONE, slot));
        }
        handling = false;
    }

    /**
     * Lets the next {@link #poll} take what dead consumers had in hand. To be called now and then while nothing comes:
     * nobody tells of their death, and how long {@link #IDLE_POLLS} take is up to the caller. For any thread.
     */
    void lookBack() {
        idlePolls = 0;
        looksBack = true;
    }

    /** Whether there is something for {@link #poll} to do. For any thread. */
    boolean hasRecord() {
        long position = ring.head();
        for (int i = 2 * layout.cells(); i > 0; i--) {
            long word = ring.wordAt(position);
            if (word == 0) {
                long head = ring.head();
                if (head - position <= 0) {
                    return false;
                }
                position = head;
                continue;
            }
            int state = layout.state(word);
            if (state == CLAIMED) {
                return ring.isLeftBehind(word);
            }
            if (state == COMMITTED) {
                return true;
            }
            if (state >= TAKEN && ring.isLeftBehind(word)) {
                looksBack = true;
                return true;
            }
            position = ring.after(position, word);
        }
        return false;
    }

    /** Where the message in hand begins, or after it the next one. */
    long position() {
        return cursor;
    }

    /** The slot of the producer of the message in hand, or the last one; not known of one that a dead consumer had. */
    int lastSource() {
        return source;
    }

    /** Whether what the last {@link #poll} threw was thrown by the handler. */
    boolean isHandling() {
        return handling;
    }

    /** Whether the last {@link #poll} may have made room, be it behind where it had begun. */
    boolean hasFreed() {
        return freed;
    }

    /** Whether the last {@link #poll} ended at a message that is being written, so that there may be more behind it. */
    boolean isHeldUp() {
        return heldUp;
    }

    /** Ends a {@link #poll} that is going on after the message that it is at. For any thread. */
    void stop() {
        stopped = true;
    }
}
