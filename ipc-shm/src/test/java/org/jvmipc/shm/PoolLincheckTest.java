package org.jvmipc.shm;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;

/**
 * A block has one owner at a time, and of those who come with its handle one gets it, however the accesses of the
 * participants are interleaved. There is one block, so that it is certain who gets it; with more, a look for a free one
 * may miss one that was given back meanwhile.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public class PoolLincheckTest {
    private static final int THREADS = 8;
    private static final int LENGTH = 10;
    private static final PoolGeometry GEOMETRY = new PoolGeometry(new TreeMap<>(Map.of(64, 1)));

    private final BlockTable[] tables = new BlockTable[THREADS];
    private final long[] owned = new long[THREADS];
    /** The way by which a handle goes, as a channel would carry it. */
    private final AtomicLong channel = new AtomicLong();

    /** The block that it should be. */
    public static class Specification {
        private static final int FREE = -1;
        private static final int IN_FLIGHT = -2;
        private int owner = IN_FLIGHT;
        private int generation;
        /** That of the handle which was sent last, by the one who had the block before. */
        private int sent;

        public boolean loan(int thread) {
            return change(FREE, thread);
        }

        public boolean release(int thread) {
            generation++;
            return change(thread, FREE) || unchanged();
        }

        public boolean handOver(int thread) {
            generation++;
            if (!change(thread, IN_FLIGHT)) {
                return unchanged();
            }
            sent = generation;
            return true;
        }

        public boolean take(int thread) {
            return sent == generation && change(IN_FLIGHT, thread);
        }

        private boolean change(int from, int to) {
            boolean changes = owner == from;
            owner = changes ? to : owner;
            return changes;
        }

        private boolean unchanged() {
            generation--;
            return false;
        }
    }

    public PoolLincheckTest() {
        PoolWords words = new HeapWords(GEOMETRY.controlEnd());
        for (int i = 0; i < THREADS; i++) {
            tables[i] = new BlockTable(words, GEOMETRY, i, i + 1, 7, () -> { });
        }
        loan(0);
        handOver(0);
    }

    @Operation
    public boolean loan(@Param(name = "thread") int thread) {
        long handle = tables[thread].loan(0);
        if (handle != 0) {
            owned[thread] = handle;
        }
        return handle != 0;
    }

    @Operation
    public boolean release(@Param(name = "thread") int thread) {
        return owned[thread] != 0 && tables[thread].release(owned[thread]);
    }

    @Operation
    public boolean handOver(@Param(name = "thread") int thread) {
        long handle = owned[thread] == 0 ? 0 : tables[thread].handOver(owned[thread], LENGTH);
        if (handle != 0) {
            channel.set(handle);
        }
        return handle != 0;
    }

    @Operation
    public boolean take(@Param(name = "thread") int thread) {
        long handle = channel.get();
        if (tables[thread].take(handle) != null) {
            return false;
        }
        owned[thread] = handle;
        if (tables[thread].length(handle) != LENGTH) {
            throw new AssertionError("the length did not come with the block");
        }
        return true;
    }

    @Test
    void shouldHaveOneOwnerInEachInterleaving() {
        new ModelCheckingOptions()
                .sequentialSpecification(Specification.class)
                .iterations(LincheckEffort.iterations(10))
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .invocationsPerIteration(500)
                .check(PoolLincheckTest.class);
    }
}
