package org.jvmipc.shm.sync;

/**
 * What {@link Permits} keep in the memory, within {@link SyncLayout}; {@code docs/formats/primitives.md} tells the
 * same and a test compares them. The word {@link SyncLayout#WORD} has the permits in its upper half, less those that
 * its creator gave, and {@link #CONTENDED} below.
 */
final class PermitLayout {
    /** In the word: somebody waits, and has to be signalled by whoever adds permits. */
    static final long CONTENDED = 1;
    static final long FLAGS = 0xffff_ffffL;
    static final int PERMITS_SHIFT = 32;

    /** How many permits were had by participants whose places others have taken. */
    static final int LOST = SyncLayout.OWN;
    /** For each place of a participant: the participant above, and below what it took less what it gave back. */
    static final int BALANCES = SyncLayout.OWN + SyncLayout.LINE;
    static final int BALANCE_COUNT = 48;

    private PermitLayout() {
    }
}
