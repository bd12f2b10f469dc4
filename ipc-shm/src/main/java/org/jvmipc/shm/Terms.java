package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.WaitStrategy;
import org.jvmipc.posix.FutexReadiness;
import org.jvmipc.spi.OptionValues;

/** What the options of an address mean to a port. */
final class Terms {
    private static final int MAX_CHAIN = 16 << 20;

    private final OptionValues values;

    Terms(OptionValues values) {
        this.values = values;
    }

    boolean waitsForPeers() {
        return values.waitsForPeers();
    }

    /** Whether this end sleeps in the kernel; if not, it needs no native call. */
    boolean maySleep() {
        WaitStrategy strategy = values.waitStrategy();
        return strategy == WaitStrategy.ADAPTIVE || strategy == WaitStrategy.BLOCK;
    }

    /** The largest message that this end sends. */
    int maxMessage(int capacity) {
        return maxMessage(SpscRing.maxMessage(capacity), capacity);
    }

    /** The same for a ring that takes at most {@code most}; larger ones may go in parts. */
    int maxMessage(int most, int capacity) {
        if (!values.isGiven("maxMessage") || fragments()) {
            return most;
        }
        if (values.maxMessage() > most) {
            throw new IncompatibleChannelException("maxMessage=" + values.maxMessage() + " is wanted, but the ring has "
                    + "capacity=" + capacity + ", which takes messages of up to " + most + " bytes");
        }
        return values.maxMessage();
    }

    /** Whether messages that are larger than the ring takes go in parts. */
    boolean fragments() {
        return values.flag("fragment");
    }

    /** The largest message that goes in parts. */
    int maxChain() {
        return values.isGiven("maxMessage") ? values.maxMessage() : MAX_CHAIN;
    }

    /** How an end waits. Its sequence is followed by its announcement. */
    Bell bell(ByteBuffer memory, int sequence, BooleanSupplier ready) {
        if (maySleep()) {
            FutexReadiness futex = new FutexReadiness(memory, sequence, sequence + Integer.BYTES, ready);
            return new Bell(futex, futex::close);
        }
        PollingReadiness polling = new PollingReadiness(ready);
        return new Bell(polling, polling::close);
    }
}
