package org.jvmipc.shm;

import java.util.SortedMap;
import java.util.TreeMap;
import org.jvmipc.IncompatibleChannelException;

/**
 * Opens a {@link SharedPool}; made by {@link SharedPool#in}. Not thread-safe. The methods that open throw what {@link
 * SharedSegmentBuilder} says, {@link IncompatibleChannelException} also if there are blocks of other sizes, and {@link
 * org.jvmipc.SegmentCorruptedException} also if what describes them is nonsense.
 */
public final class SharedPoolBuilder {
    /** What the segment says of itself. */
    static final String TYPE = "pool/" + PoolLayout.VERSION;

    private final SharedSegmentBuilder segment;
    private final SortedMap<Integer, Integer> sizes = new TreeMap<>();

    SharedPoolBuilder(SharedSegmentBuilder segment) {
        this.segment = segment.type(TYPE);
    }

    /**
     * Wants blocks of a size; for several sizes, call it for each of them. They take whole multiples of 128 bytes.
     *
     * @param bytes of a block, 1 to 2<sup>30</sup> − 4096
     * @param count how many; all sizes together up to 2<sup>24</sup>
     * @return this
     * @throws IllegalArgumentException if that is out of range, there are blocks of this size already, or more than 32
     *         sizes
     */
    public SharedPoolBuilder blocks(int bytes, int count) {
        TreeMap<Integer, Integer> more = new TreeMap<>(sizes);
        if (more.put(bytes, count) != null) {
            throw new IllegalArgumentException("blocks of " + bytes + " bytes are wanted already; give their number at "
                    + "once");
        }
        String objection = PoolGeometry.objection(more);
        if (objection != null) {
            throw new IllegalArgumentException("a pool cannot have " + objection);
        }
        sizes.put(bytes, count);
        return this;
    }

    /**
     * Wants blocks of all powers of two from one to another.
     *
     * @param smallest bytes of the smallest blocks, a power of two
     * @param largest bytes of the largest blocks, a power of two up to 2<sup>29</sup>
     * @param count how many of each
     * @return this
     * @throws IllegalArgumentException as {@link #blocks}, or if these are not powers of two in ascending order
     */
    public SharedPoolBuilder powersOfTwo(int smallest, int largest, int count) {
        if (Integer.bitCount(smallest) != 1 || Integer.bitCount(largest) != 1 || smallest < 1 || smallest > largest) {
            throw new IllegalArgumentException("blocks from " + smallest + " to " + largest
                    + " bytes: both must be powers of two, and the first not above the second");
        }
        for (long bytes = smallest; bytes <= largest; bytes <<= 1) {
            blocks((int) bytes, count);
        }
        return this;
    }

    /**
     * Creates it.
     *
     * @return the open pool, all blocks free
     * @throws org.jvmipc.ChannelExistsException if something is there
     * @throws IllegalArgumentException if no blocks are wanted
     */
    public SharedPool create() {
        PoolGeometry wanted = wanted();
        return new SharedPool(segment.first(wanted::write).create(wanted.size()), wanted);
    }

    /**
     * Opens it, with the blocks that it has; if some are wanted, they must be the same.
     *
     * @return the open pool
     * @throws org.jvmipc.ChannelNotFoundException if it does not exist, or only processes that died have used it
     */
    public SharedPool open() {
        return new SharedPool(segment.open(), sizes.isEmpty() ? null : wanted());
    }

    /**
     * Opens it, or creates it if it does not exist. However many do this at the same time, all get the same.
     *
     * @return the open pool
     * @throws IllegalArgumentException if no blocks are wanted
     */
    public SharedPool openOrCreate() {
        PoolGeometry wanted = wanted();
        return new SharedPool(segment.first(wanted::write).openOrCreate(wanted.size()), wanted);
    }

    private PoolGeometry wanted() {
        if (sizes.isEmpty()) {
            throw new IllegalArgumentException("a pool needs blocks to be created; say blocks(bytes, count)");
        }
        return new PoolGeometry(sizes);
    }
}
