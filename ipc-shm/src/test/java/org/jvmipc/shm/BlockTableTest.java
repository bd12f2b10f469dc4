package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.SegmentCorruptedException;

/**
 * Who has which block, when a participant dies, or stops and goes on later, before each of its accesses in turn. What
 * the others do meanwhile happens inside of that access, so that all is the same in each run.
 */
class BlockTableTest {
    private static final int SMALL = 3;
    private static final int LARGE = 2;
    private static final int BLOCKS = SMALL + LARGE;
    private static final int VICTIM = 47;
    private static final int OTHER = 1;
    private static final int CORPSE = 2;
    private static final int MOST_ACCESSES = 5000;
    private static final long SALT = 0x123456789abcdefL;

    /** A pool with participants. Occupancies are chosen so that their upper bits must not count. */
    private static final class World {
        private final PoolGeometry geometry = new PoolGeometry(new TreeMap<>(Map.of(64, SMALL, 200, LARGE)));
        private final ByteBuffer memory =
                ByteBuffer.allocateDirect(geometry.controlEnd()).order(ByteOrder.nativeOrder());
        private final PoolWords words = new MappedWords(() -> memory, 0);
        private final BitSet gone = new BitSet();
        private final BlockTable other = table(words, OTHER);
        /** Who has a block according to what the calls returned. */
        private final Map<Integer, Integer> owners = new HashMap<>();
        private int wakes;

        World() {
            BlockTable corpse = table(words, CORPSE);
            corpse.loan(0);
            corpse.handOver(corpse.loan(1), 200);
            gone.set(CORPSE);
        }

        BlockTable table(PoolWords of, int slot) {
            return new BlockTable(of, geometry, slot, occupancy(slot), SALT, () -> wakes++);
        }

        private static long occupancy(int slot) {
            return (7L << 20) + slot;
        }

        boolean isGone(int slot, long occupancy) {
            assertEquals(occupancy(slot) & BlockState.OCCUPANCY_MASK, occupancy);
            return gone.get(slot);
        }

        void got(long handle, int who) {
            assertNotEquals(0, handle);
            assertNull(owners.put(BlockState.index(handle), who), "one owner");
        }

        void gives(long handle, int who) {
            assertEquals(who, owners.remove(BlockState.index(handle)));
        }

        /** Others take all they can get, exchange it, and give it back, so that all words change several times. */
        void othersGoOn() {
            for (int i = 0; i < 3; i++) {
                other.reclaim(this::isGone);
                List<Long> mine = loanAll();
                for (long handle : mine) {
                    gives(handle, OTHER);
                    long given = other.handOver(handle, i);
                    assertNull(other.take(given));
                    assertEquals(i, other.length(given));
                    got(given, OTHER);
                    gives(given, OTHER);
                    assertTrue(other.release(given));
                }
            }
        }

        private List<Long> loanAll() {
            List<Long> all = new ArrayList<>();
            for (int number = 0; number < 2; number++) {
                for (long handle; (handle = other.loan(number)) != 0; ) {
                    got(handle, OTHER);
                    all.add(handle);
                }
            }
            return all;
        }

        /** All that the dead had is free again, once. */
        void checkEnd(boolean everybodyIsGone) {
            owners.values().removeIf(who -> who == VICTIM && everybodyIsGone);
            other.reclaim(this::isGone);
            other.reclaimInFlight((index, word) -> gone.get(BlockState.slot(word)) || BlockState.slot(word) == OTHER);
            assertEquals(BLOCKS, loanAll().size());
            for (int i = 0; i < BLOCKS; i++) {
                assertEquals(OTHER, BlockState.slot(other.word(i)));
            }
            assertEquals(BLOCKS, other.releaseAll());
            owners.clear();
            assertEquals(BLOCKS, loanAll().size(), "and again");
            assertEquals(0, other.loan(0) + other.loan(1));
        }
    }

    /** Does everything there is to do. */
    private static void script(World world, PoolWords words) {
        BlockTable victim = world.table(words, VICTIM);
        long first = loan(world, victim, 0);
        long second = loan(world, victim, 1);
        world.gives(first, VICTIM);
        assertTrue(victim.release(first));
        world.gives(second, VICTIM);
        long given = victim.handOver(second, 50);
        assertNotEquals(0, given);
        // The other one gets it, and gives it back.
        assertNull(world.other.take(given));
        assertEquals(50, world.other.length(given));
        long back = world.other.handOver(given, 12);
        assertNull(victim.take(back));
        world.got(back, VICTIM);
        assertEquals(12, victim.length(back));
        assertNotNull(victim.take(back), "twice");
        victim.reclaim(world::isGone);
        victim.reclaimInFlight((index, word) -> world.gone.get(BlockState.slot(word)));
        world.gives(back, VICTIM);
        victim.handOver(back, 1);
        loan(world, victim, 0);
        world.owners.values().removeIf(who -> who == VICTIM);
        victim.releaseAll();
        victim.reclaimInFlight((index, word) -> victim.isSelf(word));
    }

    private static long loan(World world, BlockTable victim, int number) {
        long handle = victim.loan(number);
        // All may be taken, by the others or by the dead; then what follows is for what is left.
        for (int i = 0; handle == 0 && i < 3; i++) {
            victim.reclaim(world::isGone);
            handle = victim.loan(i % 2);
        }
        world.got(handle, VICTIM);
        return handle;
    }

    @Test
    void shouldLoseNothingWhereverAParticipantDies() {
        int deaths = 0;
        for (int at = 1; at < MOST_ACCESSES; at++) {
            World world = new World();
            FaultyWords faulty = new FaultyWords(world.words, at, null);
            boolean died = false;
            try {
                script(world, faulty);
            } catch (FaultyWords.Death here) {
                died = true;
            }
            assertEquals(faulty.hasMetIt(), died);
            if (!died) {
                assertTrue(deaths > 50, deaths + " points");
                return;
            }
            deaths++;
            world.gone.set(VICTIM);
            world.owners.clear();
            world.othersGoOn();
            world.checkEnd(true);
        }
        throw new AssertionError("the script does not end");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldHaveOneOwnerWhereverAParticipantStops(boolean othersKeepOne) {
        for (int at = 1; at < MOST_ACCESSES; at++) {
            World world = new World();
            FaultyWords faulty = new FaultyWords(world.words, at, () -> {
                world.othersGoOn();
                if (othersKeepOne) {
                    long kept = world.other.loan(0);
                    if (kept != 0) {
                        world.got(kept, OTHER);
                    }
                }
            });
            script(world, faulty);
            world.other.releaseAll();
            world.owners.values().removeIf(who -> who == OTHER);
            world.checkEnd(false);
            if (!faulty.hasMetIt()) {
                assertTrue(at > 50, at + " points");
                return;
            }
        }
        throw new AssertionError("the script does not end");
    }

    /** A participant stops with a block in hand, and is not robbed; then it dies. */
    @Test
    void shouldTakeNothingFromOneThatLives() {
        World world = new World();
        BlockTable stopped = world.table(world.words, VICTIM);
        long handle = stopped.loan(0);
        assertEquals(1, world.other.reclaim(world::isGone), "what the corpse has");
        assertEquals(0, world.other.reclaim(world::isGone));
        assertEquals(SMALL + LARGE - 2, world.loanAll().size());
        assertTrue(stopped.ownsAny());
        assertEquals(BlockState.OWNED, BlockState.state(world.other.word(BlockState.index(handle))));
        world.gone.set(VICTIM);
        assertEquals(1, world.other.reclaim(world::isGone));
        assertFalse(stopped.release(handle), "too late");
        assertEquals(0, stopped.handOver(handle, 1));
    }

    @Test
    void shouldRefuseHandlesThatAreStaleOrMadeUp() {
        World world = new World();
        BlockTable one = world.table(world.words, VICTIM);
        long owned = one.loan(0);
        assertTrue(world.other.take(owned).contains("owned"), "it was not handed over");
        long handle = one.handOver(owned, 5);
        assertNotEquals(owned, handle);
        assertNotNull(world.other.take(owned));
        assertTrue(world.other.take(0).contains("no handle"));
        assertTrue(world.other.take(-1).contains("no handle"));
        assertTrue(world.other.take(BlockState.handle(BLOCKS, 7)).contains("no handle"));
        BlockTable successor = new BlockTable(world.words, world.geometry, 5, 5, SALT + 1, () -> { });
        assertTrue(successor.take(handle).contains("stale"));
        assertNull(world.other.take(handle));
        assertTrue(one.take(handle).contains("taken already"));
        long again = world.other.handOver(handle, 6);
        assertTrue(one.take(handle).contains("stale"));
        assertEquals(1, world.other.reclaimInFlight((index, word) -> world.other.isSelf(word)));
        assertTrue(one.take(again).contains("stale"));
        long next = one.loan(0);
        assertNotNull(world.other.take(again));
        assertTrue(one.release(next));
        assertFalse(one.release(next));
    }

    /** A number of 36 bits that goes round does no harm. */
    @Test
    void shouldGoOnAfterTheLastGeneration() {
        World world = new World();
        int free = BLOCKS - 1;
        world.words.setOpaque(world.geometry.state(free), BlockState.free(-1));
        long handle = world.other.loan(1);
        assertEquals(free, BlockState.index(handle));
        long given = world.other.handOver(handle, 3);
        assertEquals(0, BlockState.generation(world.other.word(free)));
        assertNull(world.other.take(given));
        assertTrue(world.other.release(given));
        assertEquals(BlockState.free(1), world.other.word(free));
    }

    @Test
    void shouldWakeWhoeverWaitsWhenSomethingBecomesFree() {
        World world = new World();
        long before = world.words.get(PoolLayout.RELEASES);
        long handle = world.other.loan(0);
        assertEquals(0, world.wakes);
        world.other.release(handle);
        assertEquals(1, world.wakes);
        assertEquals(before + 1, world.words.get(PoolLayout.RELEASES));
        world.other.reclaim(world::isGone);
        assertEquals(2, world.wakes);
        world.other.reclaim(world::isGone);
        assertEquals(2, world.wakes, "nothing became free");
        // As one leaves it that dies between giving a block back and showing it.
        world.words.or(world.geometry.get(0).bitmap(), 7);
        assertEquals(0, world.other.loan(0));
        assertEquals(0, world.other.reclaim(world::isGone));
        assertEquals(3, world.wakes);
        assertNotEquals(0, world.other.loan(0));
    }

    @Test
    void shouldRefuseWordsThatNobodyWrites() {
        World world = new World();
        for (long word : new long[] {3, BlockState.owned(48, 1, 1), BlockState.inFlight(63, 1, 1), -1}) {
            world.words.setOpaque(world.geometry.state(1), word);
            assertThrows(SegmentCorruptedException.class, () -> world.other.reclaim(world::isGone));
        }
        world.words.setOpaque(world.geometry.state(1), 0);
        long handle = world.other.handOver(world.other.loan(0), 1);
        for (long length : new long[] {-1, 65, Long.MAX_VALUE, 1L << 32}) {
            world.words.setOpaque(world.geometry.length(BlockState.index(handle)), length);
            assertThrows(SegmentCorruptedException.class, () -> world.other.length(handle));
        }
        assertNull(world.other.take(handle));
    }
}
