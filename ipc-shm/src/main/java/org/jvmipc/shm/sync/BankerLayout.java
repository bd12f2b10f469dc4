package org.jvmipc.shm.sync;

/**
 * Where a {@link Banker} has what, in the part of {@link SyncLayout} that the kinds have for themselves and that of the
 * names of conditions, which it has none of; {@code docs/formats/banker.md} tells the same and a test compares them.
 */
final class BankerLayout {
    /** How many types of resources there are at most. */
    static final int TYPE_MAX = 8;

    /** How many types there are; 0 until the totals stand there. */
    static final int TYPES = SyncLayout.OWN;
    static final int TOTALS = SyncLayout.OWN + Long.BYTES;

    // A row for each place of a participant.
    static final int ROWS = SyncLayout.OWN + SyncLayout.LINE;
    static final int ROW_COUNT = 48;
    static final int ROW_SIZE = 144;

    // Within a row.
    static final int CUSTOMER = 0;
    static final int CLAIM = 16;
    static final int HELD = 80;

    private BankerLayout() {
    }
}
