package org.jvmipc.shm.sync;

/**
 * What {@link Permits} keep in the memory, within {@link SyncLayout}; {@code docs/formats/primitives.md} tells the
 * same and a test compares them. The word {@link SyncLayout#WORD} has the permits in its upper half, less those that
 * its creator gave, and {@link #CONTENDED} below.
 */
final class PermitLayout {
    /** In the word: somebody waits, and has to be signalled by whoever adds permits. */
    static final long CONTENDED = 1;
    /** In the word: {@link #LOST} was added to the permits, and has to become 0. */
    static final long GIVEN = 2;
    static final long FLAGS = 0xffff_ffffL;
    static final int PERMITS_SHIFT = 32;

    /** How many permits were had by participants that have gone, and whose words were cleared. */
    static final int LOST = SyncLayout.OWN;
    /** The participant, in the upper half, that moves permits between the words below, as of {@link Ledger}. */
    static final int KEEPER = SyncLayout.OWN + 8;
    /** The place, counted from 1, whose word is being cleared, or 0. */
    static final int MOVE = SyncLayout.OWN + 16;
    /** What stood in that word. */
    static final int MOVED_FROM = SyncLayout.OWN + 24;
    /** What LOST becomes if it was cleared. */
    static final int MOVED_LOST = SyncLayout.OWN + 32;
    /** For each place of a participant: the participant above, and below what it took less what it gave back. */
    static final int BALANCES = SyncLayout.OWN + SyncLayout.LINE;
    static final int BALANCE_COUNT = 48;

    private PermitLayout() {
    }
}
