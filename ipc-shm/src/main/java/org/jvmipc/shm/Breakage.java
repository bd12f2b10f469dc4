package org.jvmipc.shm;

import org.jvmipc.SegmentCorruptedException;

/**
 * What an end has found broken in its segment, which is of no use to it from then on: the first finding is told again
 * to whoever comes later. For any thread.
 */
final class Breakage {
    private final String address;
    private volatile SegmentCorruptedException first;

    /**
     * Nothing is broken yet.
     *
     * @param address the channel, for messages
     */
    Breakage(String address) {
        this.address = address;
    }

    boolean isKnown() {
        return first != null;
    }

    /** Tells it again, if there is something. */
    void check() {
        SegmentCorruptedException known = first;
        if (known != null) {
            throw new SegmentCorruptedException(known.getMessage());
        }
    }

    /** Notes that the JVM could not read or write a page, and returns what to throw. */
    SegmentCorruptedException found(InternalError gone) {
        SegmentCorruptedException told = new SegmentCorruptedException(
                "a page of the segment is gone; was its file truncated?");
        told.initCause(gone);
        return found(told);
    }

    /** Notes what contradicts itself, and returns what to throw. */
    SegmentCorruptedException found(SegmentCorruptedException contradiction) {
        if (first == null) {
            SegmentCorruptedException told =
                    new SegmentCorruptedException(address + ": " + contradiction.getMessage());
            told.initCause(contradiction);
            first = told;
        }
        return first;
    }
}
