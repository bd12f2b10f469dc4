package org.jvmipc.shm.sync;

import org.jvmipc.IpcException;
import org.jvmipc.PeerInfo;

/**
 * A process died, or left, while one of its threads held a lock: what the lock protects may be half changed. Call
 * {@code recover()}, repair it, and say so to the guard that this returns.
 */
public final class OwnerDiedException extends IpcException {
    private static final long serialVersionUID = 1L;

    /** The process. */
    private final transient PeerInfo owner;

    /**
     * Creates the exception.
     *
     * @param message who died, holding what
     * @param owner who it was, {@link PeerInfo#UNKNOWN} if that is not known any more
     */
    public OwnerDiedException(String message, PeerInfo owner) {
        super(message);
        this.owner = owner;
    }

    /**
     * Who died.
     *
     * @return the process, {@link PeerInfo#UNKNOWN} if that is not known any more
     */
    public PeerInfo owner() {
        return owner == null ? PeerInfo.UNKNOWN : owner;
    }
}
