package org.jvmipc.benchmarks;

/** Something that can be measured beside something else. */
interface Contestant {
    /** What it is called on the command line and in results. */
    String name();

    /** What it is, in a few words. */
    String title();

    /** Whether it can do a kind of measurement with messages of a size; else it is left out. */
    boolean supports(Kind kind, int size);

    /** Whether its threads have their CPUs for themselves, so that a lower share tells of others on the machine. */
    boolean spins(Kind kind);

    /**
     * Measures.
     *
     * @param kind what
     * @param size bytes of a message
     * @param length how long
     * @return the numbers of the kind's measures, and others
     * @throws InterruptedException if the thread is interrupted
     */
    Numbers run(Kind kind, int size, Length length) throws InterruptedException;

    /** How long a run is. */
    enum Length {
        /** As the options say. */
        FULL,
        /** A few messages, to see whether it works. */
        TINY
    }
}
