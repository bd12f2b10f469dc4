package org.jvmipc.spi;

import java.nio.ByteBuffer;

/** Where bytes come from. */
public interface ByteIn extends Port {
    /**
     * The peers have gone and all they sent was read. Stays so, unless the channel waits for peers: then it is told
     * once for each connection that ends, and the next read belongs to the next one.
     */
    int END = -1;

    /**
     * Reads what is there, to the buffer's position, and moves the position.
     *
     * @param into any kind of buffer with at least {@link #leastRoom} bytes remaining
     * @return bytes read, 0 if there are none at the moment, or {@link #END}
     */
    int read(ByteBuffer into);

    /**
     * The least room that a read needs: more than one byte where a packet that does not fit would be cut.
     *
     * @return bytes
     */
    default int leastRoom() {
        return 1;
    }

    /**
     * Ends the present connection because the peer sends nonsense. A channel that waits for peers goes on with the
     * next one; others are over.
     */
    default void drop() {
        close();
    }
}
