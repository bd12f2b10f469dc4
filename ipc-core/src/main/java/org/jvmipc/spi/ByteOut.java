package org.jvmipc.spi;

import java.nio.ByteBuffer;

/** Where bytes go. */
public interface ByteOut extends Port {
    /** The peer has gone; in a channel that waits for peers, the next write looks for another. */
    int GONE = -1;
    /** There is no peer yet, or none again. */
    int NO_PEER = -2;

    /**
     * Writes what there is room for, from the buffer's position on, and moves the position.
     *
     * @param bytes any kind of buffer with at least one byte remaining
     * @return bytes written, 0 if there is no room, {@link #GONE} or {@link #NO_PEER}
     */
    int write(ByteBuffer bytes);

    /**
     * The most bytes that one write takes as a whole or not at all even when others write too; frames that several
     * writers may send must fit.
     *
     * @return bytes; {@link Integer#MAX_VALUE} if there is only one writer
     */
    default int atomicLimit() {
        return Integer.MAX_VALUE;
    }

    /**
     * Whether a write goes as one packet, as a whole or not at all.
     *
     * @return false for a stream
     */
    default boolean packets() {
        return false;
    }

    /**
     * Asks for more room than the port had, as it is about to be closed and has a few last bytes to say. Does nothing
     * if there is no more to be had.
     */
    default void makeRoom() {
    }

    /**
     * What to tell a user whose message exceeds the limit of this transport.
     *
     * @return the fix
     */
    default String limitAdvice() {
        return "raise the option maxMessage on both sides, or send it in parts";
    }
}
