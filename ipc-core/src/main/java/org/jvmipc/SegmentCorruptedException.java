package org.jvmipc;

/**
 * Shared memory holds a value that no correct peer writes. The endpoint that found it does not use the segment any
 * more.
 */
public final class SegmentCorruptedException extends IpcException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message where, what was found, what was allowed
     */
    public SegmentCorruptedException(String message) {
        super(message);
    }
}
