package org.jvmipc.shm;

/**
 * How many scenarios Lincheck tries. It makes the same ones in each run; the system property {@code
 * jvmipc.lincheck.percent}, 100 by default, says how much of them are tried, beginning with the first.
 */
public final class LincheckEffort {
    private static final int PERCENT = Integer.getInteger("jvmipc.lincheck.percent", 100);

    private LincheckEffort() {
    }

    /** So many of all, at least one. */
    public static int iterations(int all) {
        return Math.max(1, all * PERCENT / 100);
    }
}
