package org.jvmipc.testkit.contract;

/** What all cases share. */
interface Cases {
    /** The bench of the test that runs. */
    Bench bench();
}
