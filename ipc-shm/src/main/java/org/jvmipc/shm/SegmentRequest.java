package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jvmipc.WaitStrategy;

/**
 * What somebody wants of a segment.
 *
 * @param backing what its memory is made of
 * @param identity what it must be called and hold
 * @param creates whether to make it if it is missing
 * @param attaches whether to take it if it exists
 * @param size bytes for the user, or {@link #ANY_SIZE} for as many as it has
 * @param terms how to take part
 * @param content what it is to begin with, and whether what it ends with is needed
 */
record SegmentRequest(Backing backing, Identity identity, boolean creates, boolean attaches, long size, Terms terms,
        Content content) {
    static final long ANY_SIZE = -1;

    /**
     * What stands in the header for others to compare; empty if it is not to be compared.
     *
     * @param name its name
     * @param type what it holds
     */
    record Identity(String name, String type) {
    }

    /**
     * What is done with the memory for the user, or the first window of it.
     *
     * @param first writes into that of a new segment before anybody else sees it
     * @param needed whether a segment that nobody has open any more must not go
     */
    record Content(Consumer<ByteBuffer> first, Predicate<ByteBuffer> needed) {
        /** Of a segment that begins with zeros and goes with the last. */
        static final Content NONE = new Content(memory -> { }, memory -> false);
    }

    /**
     * How to take part.
     *
     * @param keeps whether to leave the segment when the last one goes
     * @param strategy how threads wait for a change
     * @param patience how long to wait for others who create, attach to or leave it
     * @param stride of the windows
     */
    record Terms(boolean keeps, WaitStrategy strategy, Duration patience, int stride) {
        /** Whether threads sleep in the kernel; if not, no native call is needed. */
        boolean maySleep() {
            return strategy == WaitStrategy.ADAPTIVE || strategy == WaitStrategy.BLOCK;
        }
    }
}
