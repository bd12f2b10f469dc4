package org.jvmipc.posix.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jvmipc.observe.ChannelStats;
import org.jvmipc.spi.CounterStore;
import org.jvmipc.spi.Log;

/** The counters of this process: in one file, and in one more each time when all ends in those there are are open. */
final class OwnCounters {
    /** For 8128 ends that are open at the same time, in 4 MiB. */
    static final int MOST_FILES = 64;
    /** What has refused a file, such as a file system without space, may have passed by then. */
    static final long REFUSED_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Maker maker;
    private final LongSupplier clock;
    private final List<CounterFile> files = new ArrayList<>();
    private long unrecorded;
    private boolean refused;
    private long refusedAt;

    /** Makes the files. */
    interface Maker {
        /** Makes the one with a number, from 1 on; null if there is no place for any yet. */
        CounterFile make(int number) throws IOException;
    }

    OwnCounters(Maker maker, LongSupplier clock) {
        this.maker = maker;
        this.clock = clock;
    }

    /** A record for an end; null if there is none. */
    synchronized CounterStore.Slot open(String address, ChannelStats.End end, long number) {
        for (CounterFile file : files) {
            CounterStore.Slot slot = file.open(address, end, number);
            if (slot != null) {
                return slot;
            }
        }
        CounterFile another = files.size() < MOST_FILES ? another() : null;
        if (another != null) {
            files.add(another);
        } else if (refused || !files.isEmpty()) {
            unrecorded++;
        }
        if (!files.isEmpty()) {
            files.get(0).tellUnrecorded(unrecorded);
        }
        return another == null ? null : another.open(address, end, number);
    }

    /** A channel must not fail for want of its counters. */
    private CounterFile another() {
        if (refused && clock.getAsLong() - refusedAt < REFUSED_NANOS) {
            return null;
        }
        try {
            return maker.make(files.size() + 1);
        } catch (IOException | RuntimeException cannot) {
            if (!refused) {
                Log.warning("others cannot read the counters of all channels of this process: no file for them can be "
                        + "made; that will be tried again with channels that are opened later", cannot);
            }
            refused = true;
            refusedAt = clock.getAsLong();
            return null;
        }
    }
}
