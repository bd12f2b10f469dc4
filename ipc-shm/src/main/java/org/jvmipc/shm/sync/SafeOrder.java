package org.jvmipc.shm.sync;

/**
 * Whether, and in which order, all customers of a banker can be served to the end: the banker's algorithm
 * (E. W. Dijkstra, "Cooperating Sequential Processes", 1965; for several types A. N. Habermann, "Prevention of System
 * Deadlocks", 1969). In a safe state it does not matter which of those goes first that can, so there is no
 * backtracking.
 */
final class SafeOrder {
    private SafeOrder() {
    }

    /**
     * Looks for an order.
     *
     * @param total what there is of each type
     * @param claim what each customer may want at most
     * @param held what each has
     * @return the numbers of the customers, or null if the state is not safe
     */
    static int[] find(long[] total, long[][] claim, long[][] held) {
        long[] free = free(total, held);
        int[] order = new int[claim.length];
        boolean[] done = new boolean[claim.length];
        int count = 0;
        boolean found = true;
        while (found && count < claim.length) {
            found = false;
            for (int i = 0; i < claim.length; i++) {
                if (!done[i] && isEnough(free, claim[i], held[i])) {
                    done[i] = true;
                    order[count++] = i;
                    found = true;
                    for (int type = 0; type < free.length; type++) {
                        free[type] += held[i][type];
                    }
                }
            }
        }
        return count == claim.length && isNotNegative(free(total, held)) ? order : null;
    }

    static long[] free(long[] total, long[][] held) {
        long[] free = total.clone();
        for (long[] each : held) {
            for (int type = 0; type < free.length; type++) {
                free[type] -= each[type];
            }
        }
        return free;
    }

    private static boolean isEnough(long[] free, long[] claim, long[] held) {
        for (int type = 0; type < free.length; type++) {
            if (claim[type] - held[type] > free[type]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNotNegative(long[] numbers) {
        for (long number : numbers) {
            if (number < 0) {
                return false;
            }
        }
        return true;
    }
}
