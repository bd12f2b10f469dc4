package org.jvmipc.spi;

import java.nio.ByteBuffer;
import java.util.List;
import org.jvmipc.observe.ChannelStats;
import org.jvmipc.observe.ProcessStats;

/**
 * Memory for counters that other processes can read. Found by {@link java.util.ServiceLoader}; core counts on its own
 * memory where there is none. Methods may be called by any thread.
 */
public interface CounterStore {
    /** The bytes of the counters of one end. */
    int COUNTER_BYTES = 128;
    /** Where among them the {@link ChannelStats#messages} are, as a {@code long}; so with the others. */
    int MESSAGES = 0;
    /** Where the {@link ChannelStats#bytes} are. */
    int BYTES = 8;
    /** Where the {@link ChannelStats#waits} are. */
    int WAITS = 16;
    /** Where the {@link ChannelStats#wakeUps} are. */
    int WAKE_UPS = 24;
    /** Where the {@link ChannelStats#dropped} are. */
    int DROPPED = 32;
    /** Where the {@link ChannelStats#failures} are. */
    int FAILURES = 40;
    /** Where {@link ChannelStats#waitingSince} is, in milliseconds since 1970, or 0. */
    int WAITING_SINCE = 48;

    /**
     * Gives room for the counters of one end. Must not fail because of counters: what is wrong is logged once.
     *
     * @param address the end's address
     * @param end which end it is
     * @param number which of this process's ends it is
     * @return null if it is to be counted in this process only
     */
    Slot open(String address, ChannelStats.End end, long number);

    /**
     * Reads what processes have counted.
     *
     * @return one for each process
     */
    List<ProcessStats> processes();

    /** The counters of one end. */
    interface Slot {
        /**
         * The memory: direct, all zeros, {@link #COUNTER_BYTES} long, at a multiple of 8, and never unmapped.
         *
         * @return always the same buffer
         */
        ByteBuffer counters();

        /** The end was closed, or nobody has it any more; others may take the memory over. Called once. */
        void close();
    }
}
