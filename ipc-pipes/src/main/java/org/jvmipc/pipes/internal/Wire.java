package org.jvmipc.pipes.internal;

import java.nio.ByteBuffer;
import org.jvmipc.spi.ByteIn;
import org.jvmipc.spi.ByteOut;
import org.jvmipc.spi.Readiness;

/**
 * One connection, non-blocking: bytes one way or both ways until one side has gone. One thread at a time reads and one
 * writes; any may close at any time, and calls that run meanwhile end soon.
 */
interface Wire {
    /**
     * Reads what is there.
     *
     * @return bytes read, 0, or {@link ByteIn#END} for ever once the peer sends no more
     */
    int read(ByteBuffer into);

    /**
     * Writes what there is room for.
     *
     * @return bytes written, 0, or {@link ByteOut#GONE} for ever once the peer takes no more
     */
    int write(ByteBuffer bytes);

    /** Tells when reading is worth while; always the same object. */
    Readiness readable();

    /** Tells when writing is worth while; always the same object. */
    Readiness writable();

    /** Takes nothing more; the peer sees that as a closed reader. */
    void endInput();

    /** Sends nothing more; the peer reads the end. */
    void endOutput();

    /**
     * Looks after what needs looking after; any thread may call it.
     *
     * @return true if nobody will ever come to this end, as its name leads elsewhere by now
     */
    default boolean idle() {
        return false;
    }

    /** Has the kernel hold more that was written than it did until now, if it lets us. */
    default void makeRoom() {
    }

    /** Ends both directions and wakes who waits; idempotent. */
    void close();

    /** As {@link #close}, because the peer sends nonsense; what it still sends must not get to the next reader. */
    default void drop() {
        close();
    }

    /** Bytes that have come and were not read, or -1 if that is unknown. */
    default long unread() {
        return -1;
    }

    /** Bytes that were written and the peer has not read, or -1 if that is unknown. */
    default long unsent() {
        return -1;
    }
}
