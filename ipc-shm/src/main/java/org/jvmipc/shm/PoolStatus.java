package org.jvmipc.shm;

import java.util.List;
import org.jvmipc.PeerInfo;

/**
 * Who has the blocks of a {@link SharedPool}; collected block by block while others go on.
 *
 * @param classes the sizes, smallest first
 * @param holders participants that have blocks, also such as are gone
 */
public record PoolStatus(List<SizeClass> classes, List<Holder> holders) {
    /**
     * The blocks of one size.
     *
     * @param blockBytes of each
     * @param total how many there are
     * @param free nobody's
     * @param owned by somebody, who may be gone
     * @param inFlight handed over and not taken yet
     */
    public record SizeClass(int blockBytes, int total, int free, int owned, int inFlight) {
        @Override
        public String toString() {
            return total + " of " + blockBytes + " bytes: " + free + " free, " + owned + " owned, " + inFlight
                    + " in flight";
        }
    }

    /**
     * A participant that has blocks. Each {@link SharedPool} object is one.
     *
     * @param who the process; unknown if another one has come in its place since
     * @param isGone whether it has closed the pool, or is dead
     * @param owned how many blocks it owns
     * @param inFlight how many it has handed over that nobody has taken yet
     */
    public record Holder(PeerInfo who, boolean isGone, int owned, int inFlight) {
        @Override
        public String toString() {
            return who + (isGone ? ", gone" : "") + ": " + owned + " owned, " + inFlight + " in flight";
        }
    }

    /**
     * The number of free blocks of all sizes.
     *
     * @return blocks
     */
    public int free() {
        return classes.stream().mapToInt(SizeClass::free).sum();
    }

    /**
     * The number of blocks that participants own, gone ones included.
     *
     * @return blocks
     */
    public int owned() {
        return classes.stream().mapToInt(SizeClass::owned).sum();
    }

    /**
     * The number of blocks that were handed over and not taken yet.
     *
     * @return blocks
     */
    public int inFlight() {
        return classes.stream().mapToInt(SizeClass::inFlight).sum();
    }
}
