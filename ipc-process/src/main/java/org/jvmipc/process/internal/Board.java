package org.jvmipc.process.internal;

import org.jvmipc.ChannelClosedException;
import org.jvmipc.WaitStrategy;
import org.jvmipc.shm.SharedInt;
import org.jvmipc.shm.SharedSegment;

/**
 * Where a group tells its processes which channels are over: nobody is left, or will come, who sends. A word for each
 * channel in a segment. A channel that is over stays so; what was sent before can be seen by whoever has seen that.
 */
public final class Board implements AutoCloseable {
    static final String TYPE = "board of a process group";
    private static final int OVER = 1;

    private final SharedSegment segment;

    private Board(SharedSegment segment) {
        this.segment = segment;
    }

    /** Makes one for some channels. */
    static Board create(String name, int channels) {
        return new Board(SharedSegment.posix(name).type(TYPE).waitStrategy(WaitStrategy.YIELD)
                .create(Math.max(1, channels) * (long) Integer.BYTES));
    }

    /** Opens that of the group; for its processes. */
    public static Board open(String name) {
        return new Board(SharedSegment.posix(name).type(TYPE).waitStrategy(WaitStrategy.YIELD).open());
    }

    /** The word of a channel. */
    public Over over(int place) {
        SharedInt word = segment.intAt(place * (long) Integer.BYTES);
        return () -> {
            try {
                return word.getAcquire() == OVER;
            } catch (ChannelClosedException ending) {
                // The JVM ends, and has closed what is shared, while a thread still receives.
                return false;
            }
        };
    }

    /** Tells whether a channel is over. */
    @FunctionalInterface
    public interface Over {
        boolean isOver();
    }

    /** Nobody will send any more. */
    void tell(int place) {
        segment.intAt(place * (long) Integer.BYTES).setRelease(OVER);
    }

    @Override
    public void close() {
        segment.close();
    }
}
