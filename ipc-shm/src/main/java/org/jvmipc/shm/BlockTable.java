package org.jvmipc.shm;

import static org.jvmipc.shm.BlockState.FREE;
import static org.jvmipc.shm.BlockState.IN_FLIGHT;
import static org.jvmipc.shm.BlockState.OWNED;

import org.jvmipc.SegmentCorruptedException;

/**
 * Who has which block: the algorithm of a {@link SharedPool}, as one participant runs it. Lock-free; all methods may be
 * called from any thread.
 *
 * <p>One word per block is all that counts (see {@link BlockState}): a compare-and-set on it takes a block and names
 * its owner in the same instant, and another one gives it away or back. So there is no moment at which the death of a
 * process leaves a block that is neither free nor somebody's. As each change that leaves an owner counts the
 * generation up, a word never returns to an old value (but for 2<sup>36</sup> changes of one block), and whoever stood
 * still meanwhile fails at its compare-and-set.
 *
 * <p>The bitmaps only help to find free blocks quickly, a bit is 0 for a block that is probably free. A wrong 0 costs a
 * look; a wrong 1, which a process leaves that dies or stops between two steps of {@link #release}, hides a free block
 * until {@link #reclaim}. The proof, step by step, and the literature are in {@code docs/formats/pool.md}.
 */
final class BlockTable {
    private final PoolWords words;
    private final PoolGeometry geometry;
    private final int slot;
    private final long occupancy;
    private final long salt;
    private final Runnable wake;
    /** Where this participant last found a free block in each class; lost updates do no harm. */
    private final int[] found;

    /** What became of participants. */
    interface Fate {
        /** Whether one can do nothing any more: it has left, or its process is dead. A stopped one is not gone. */
        boolean isGone(int slot, long occupancy);
    }

    /** Which blocks somebody gives back. */
    interface Lapse {
        boolean isLapsed(int index, long word);
    }

    /**
     * Creates it.
     *
     * @param words the control words
     * @param geometry where they are
     * @param slot the participant's
     * @param occupancy its number there
     * @param salt what tells handles of this pool from those of its predecessors
     * @param wake wakes those who wait for {@link PoolLayout#RELEASES}
     */
    BlockTable(PoolWords words, PoolGeometry geometry, int slot, long occupancy, long salt, Runnable wake) {
        this.words = words;
        this.geometry = geometry;
        this.slot = slot;
        this.occupancy = occupancy & BlockState.OCCUPANCY_MASK;
        this.salt = salt;
        this.wake = wake;
        this.found = new int[geometry.classCount()];
        for (int i = 0; i < found.length; i++) {
            // Participants begin in different places, so that they do not meet at the same words.
            found[i] = (int) ((long) geometry.get(i).words() * slot / SharedLayout.SLOT_COUNT);
        }
    }

    private int index(long handle) {
        return BlockState.index(handle);
    }

    private long generation(long handle) {
        return BlockState.handleGeneration(handle) - salt & BlockState.GENERATION_MASK;
    }

    private long handle(int index, long generation) {
        return BlockState.handle(index, generation + salt);
    }

    private long ownedBySelf(long handle) {
        return BlockState.owned(slot, occupancy, generation(handle));
    }

    /**
     * Takes a free block.
     *
     * @param number of the class
     * @return its handle, or 0 if none was found free
     */
    long loan(int number) {
        PoolClass its = geometry.get(number);
        int count = its.words();
        int start = found[number];
        for (int i = 0; i < count; i++) {
            int word = start + i < count ? start + i : start + i - count;
            long free = ~words.get(its.bitmap() + word * Long.BYTES) & its.mask(word);
            while (free != 0) {
                int bit = Long.numberOfTrailingZeros(free);
                int index = its.first() + word * Long.SIZE + bit;
                long state = words.get(geometry.state(index));
                if (BlockState.state(state) == FREE && words.compareAndSet(geometry.state(index), state,
                        BlockState.owned(slot, occupancy, BlockState.generation(state)))) {
                    words.or(its.bitmap() + word * Long.BYTES, 1L << bit);
                    found[number] = word;
                    return handle(index, BlockState.generation(state));
                }
                free &= free - 1;
            }
        }
        return 0;
    }

    /**
     * Gives a block back.
     *
     * @return false if this participant does not own it
     */
    boolean release(long handle) {
        if (!free(index(handle), ownedBySelf(handle))) {
            return false;
        }
        announce();
        return true;
    }

    /** From a word that is no free one; false if it has changed. */
    private boolean free(int index, long word) {
        if (!words.compareAndSet(geometry.state(index), word, BlockState.free(BlockState.generation(word) + 1))) {
            return false;
        }
        showFree(index);
        return true;
    }

    private void showFree(int index) {
        PoolClass its = geometry.classOf(index);
        int number = index - its.first();
        words.andNot(its.bitmap() + number / Long.SIZE * Long.BYTES, 1L << number);
    }

    private void announce() {
        words.add(PoolLayout.RELEASES, 1);
        wake.run();
    }

    /**
     * Gives a block to whoever comes with the handle returned.
     *
     * @return the new handle, or 0 if this participant does not own it
     */
    long handOver(long handle, int length) {
        int index = index(handle);
        long generation = generation(handle) + 1;
        if (words.get(geometry.state(index)) != ownedBySelf(handle)) {
            return 0;
        }
        words.setOpaque(geometry.length(index), length);
        return words.compareAndSet(geometry.state(index), ownedBySelf(handle),
                BlockState.inFlight(slot, occupancy, generation)) ? handle(index, generation) : 0;
    }

    /**
     * Takes a block that is in flight.
     *
     * @param handle as it was received: anything
     * @return why it cannot be taken, or null if it now is this participant's, under the same handle
     */
    String take(long handle) {
        if (!BlockState.isHandle(handle) || index(handle) >= geometry.blocks()) {
            return "is no handle of this pool";
        }
        while (true) {
            long word = words.get(geometry.state(index(handle)));
            if (BlockState.generation(word) != generation(handle)) {
                return "is stale: its block was given back or taken in the meantime, or the handle is of another pool";
            }
            if (BlockState.state(word) != IN_FLIGHT) {
                return "stands for a block that is not in flight but " + BlockState.name(BlockState.state(word))
                        + (BlockState.state(word) == OWNED ? ": it was taken already" : "");
            }
            // A failure means that the word has changed for good, so this ends.
            if (words.compareAndSet(geometry.state(index(handle)), word, ownedBySelf(handle))) {
                return null;
            }
        }
    }

    /** How many bytes its sender put into a block that was taken. */
    int length(long handle) {
        int index = index(handle);
        long length = words.getOpaque(geometry.length(index));
        int most = geometry.classOf(index).bytes();
        if (length < 0 || length > most) {
            throw new SegmentCorruptedException("block " + index + " says that " + length + " bytes are in it, of "
                    + most);
        }
        return (int) length;
    }

    /**
     * Gives back what is owned by participants that are gone, and shows the free blocks that are hidden.
     *
     * @return how many blocks of the first kind there were
     */
    int reclaim(Fate fate) {
        int reclaimed = 0;
        boolean shown = false;
        for (int i = 0; i < geometry.blocks(); i++) {
            long word = word(i);
            if (BlockState.state(word) == FREE) {
                shown |= unhide(i);
            } else if (BlockState.state(word) == OWNED
                    && fate.isGone(BlockState.slot(word), BlockState.occupancy(word)) && free(i, word)) {
                reclaimed++;
            }
        }
        if (shown || reclaimed > 0) {
            announce();
        }
        return reclaimed;
    }

    /** Gives back all that this participant owns. */
    int releaseAll() {
        return sweep((index, word) -> isOwn(word));
    }

    /**
     * Gives back blocks in flight.
     *
     * @return how many
     */
    int reclaimInFlight(Lapse lapse) {
        return sweep((index, word) -> BlockState.state(word) == IN_FLIGHT && lapse.isLapsed(index, word));
    }

    private int sweep(Lapse lapse) {
        int count = 0;
        for (int i = 0; i < geometry.blocks(); i++) {
            long word = word(i);
            if (lapse.isLapsed(i, word) && free(i, word)) {
                count++;
            }
        }
        if (count > 0) {
            announce();
        }
        return count;
    }

    private boolean unhide(int index) {
        PoolClass its = geometry.classOf(index);
        int number = index - its.first();
        if ((words.get(its.bitmap() + number / Long.SIZE * Long.BYTES) & 1L << number) == 0) {
            return false;
        }
        showFree(index);
        return true;
    }

    /** Whether this participant owns a block. */
    boolean ownsAny() {
        for (int i = 0; i < geometry.blocks(); i++) {
            if (isOwn(word(i))) {
                return true;
            }
        }
        return false;
    }

    private boolean isOwn(long word) {
        return BlockState.state(word) == OWNED && isSelf(word);
    }

    /** Whether a block is this participant's, or was sent by it. */
    boolean isSelf(long word) {
        return BlockState.slot(word) == slot && BlockState.occupancy(word) == occupancy;
    }

    /** The word of a block, checked. */
    long word(int index) {
        long word = words.get(geometry.state(index));
        if (BlockState.state(word) > IN_FLIGHT || BlockState.slot(word) >= SharedLayout.SLOT_COUNT) {
            throw new SegmentCorruptedException("block " + index + " is " + BlockState.name(BlockState.state(word))
                    + " with slot " + BlockState.slot(word) + " of " + SharedLayout.SLOT_COUNT);
        }
        return word;
    }
}
