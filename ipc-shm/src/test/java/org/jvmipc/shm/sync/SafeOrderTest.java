package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SafeOrderTest {
    private static final int STATES = 3_000;

    /** The example of A. Silberschatz, P. B. Galvin and G. Gagne, "Operating System Concepts". */
    @Test
    void shouldFindTheOrderOfTheTextbook() {
        long[][] claim = {{7, 5, 3}, {3, 2, 2}, {9, 0, 2}, {2, 2, 2}, {4, 3, 3}};
        long[][] held = {{0, 1, 0}, {2, 0, 0}, {3, 0, 2}, {2, 1, 1}, {0, 0, 2}};
        assertArrayEquals(new int[] {1, 3, 4, 0, 2}, SafeOrder.find(new long[] {10, 5, 7}, claim, held));
        held[0] = new long[] {0, 3, 0};
        held[1] = new long[] {3, 0, 2};
        assertNull(SafeOrder.find(new long[] {10, 5, 7}, claim, held));
    }

    /** Against trying all orders. */
    @Test
    void shouldFindAnOrderIfThereIsOne() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int safe = 0;
        for (int i = 0; i < STATES; i++) {
            int types = 1 + random.nextInt(3);
            long[] total = random.longs(types, 0, 8).toArray();
            long[][] claim = new long[1 + random.nextInt(5)][types];
            long[][] held = new long[claim.length][types];
            for (int type = 0; type < types; type++) {
                long free = total[type];
                for (int who = 0; who < claim.length; who++) {
                    claim[who][type] = random.nextLong(total[type] + 1);
                    held[who][type] = random.nextLong(Math.min(free, claim[who][type]) + 1);
                    free -= held[who][type];
                }
            }
            int[] order = SafeOrder.find(total, claim, held);
            boolean exists = anyOrder(SafeOrder.free(total, held), claim, held, 0);
            assertEquals(exists, order != null, "state " + i + " of seed " + seed);
            if (order != null) {
                safe++;
                assertArrayEquals(new int[0], rest(total, claim, held, order), "state " + i + " of seed " + seed);
            }
        }
        assertTrue(safe > STATES / 10 && safe < STATES * 19 / 20, safe + " of " + STATES + " are safe");
    }

    private static boolean anyOrder(long[] free, long[][] claim, long[][] held, int done) {
        if (done == (1 << claim.length) - 1) {
            return true;
        }
        for (int who = 0; who < claim.length; who++) {
            if ((done & 1 << who) == 0 && canEnd(free, claim[who], held[who])
                    && anyOrder(plus(free, held[who]), claim, held, done | 1 << who)) {
                return true;
            }
        }
        return false;
    }

    private static boolean canEnd(long[] free, long[] claim, long[] held) {
        boolean can = true;
        for (int type = 0; type < free.length; type++) {
            can &= claim[type] - held[type] <= free[type];
        }
        return can;
    }

    private static long[] plus(long[] some, long[] more) {
        long[] sum = some.clone();
        Arrays.setAll(sum, type -> some[type] + more[type]);
        return sum;
    }

    /** Those of an order who cannot be served in it. */
    private static int[] rest(long[] total, long[][] claim, long[][] held, int... order) {
        long[] free = SafeOrder.free(total, held);
        for (int i = 0; i < order.length; i++) {
            if (!canEnd(free, claim[order[i]], held[order[i]])) {
                return Arrays.copyOfRange(order, i, order.length);
            }
            free = plus(free, held[order[i]]);
        }
        return new int[0];
    }
}
