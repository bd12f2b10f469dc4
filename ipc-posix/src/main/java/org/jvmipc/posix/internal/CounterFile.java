package org.jvmipc.posix.internal;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jvmipc.observe.ChannelStats;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.posix.SharedFiles;
import org.jvmipc.spi.CounterStore;

/**
 * Counters of this process, in a file beside its life sign: there are counters where there is a life sign, and who
 * removes the one of a dead process removes the other. It stays mapped until the process ends.
 */
final class CounterFile {
    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer memory;
    /** What was closed first is taken over first. */
    private long closings;
    private int open;
    private final long[] closed = new long[CounterLayout.RECORD_COUNT];

    private CounterFile(ByteBuffer memory) {
        this.memory = memory;
    }

    /** Makes the file. */
    static CounterFile create(Path path) throws IOException {
        // The file would be closed under the hands of a thread that is interrupted.
        boolean interrupted = Thread.interrupted();
        try (FileChannel channel = SharedFiles.create(path, CounterLayout.FILE_SIZE)) {
            ByteBuffer memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, CounterLayout.FILE_SIZE)
                    .order(ByteOrder.nativeOrder());
            ProcessIdentity self = ProcessIdentity.current();
            memory.putInt(CounterLayout.LAYOUT_VERSION, CounterLayout.VERSION)
                    .putInt(CounterLayout.HEADER_BYTES, CounterLayout.HEADER_SIZE)
                    .putInt(CounterLayout.RECORD_BYTES, CounterLayout.RECORD_SIZE)
                    .putInt(CounterLayout.RECORDS, CounterLayout.RECORD_COUNT)
                    .putLong(CounterLayout.PID, self.pid())
                    .putLong(CounterLayout.START_TIME, self.startTime())
                    .putLong(CounterLayout.CREATED, System.currentTimeMillis());
            long magic = ByteBuffer.wrap(CounterLayout.MAGIC_BYTES).order(ByteOrder.nativeOrder()).getLong();
            LONGS.setRelease(memory, CounterLayout.MAGIC, magic);
            return new CounterFile(memory);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A record for an end; null if all are those of open ends. */
    synchronized CounterStore.Slot open(String address, ChannelStats.End end, long number) {
        if (open == closed.length) {
            return null;
        }
        open++;
        int index = 0;
        for (int i = 1; i < closed.length; i++) {
            // Never used before all those that were closed, those that are open last.
            if (closed[i] < closed[index]) {
                index = i;
            }
        }
        closed[index] = Long.MAX_VALUE;
        int at = CounterLayout.HEADER_SIZE + index * CounterLayout.RECORD_SIZE;
        write(at, address, end, number);
        return new Record(index, at);
    }

    /** Tells how many ends have no record in any file. */
    void tellUnrecorded(long ends) {
        LONGS.setOpaque(memory, CounterLayout.UNRECORDED, ends);
    }

    /** Who reads meanwhile sees an odd generation, or two different ones. */
    private void write(int at, String address, ChannelStats.End end, long number) {
        long generation = (long) LONGS.getOpaque(memory, at + CounterLayout.GENERATION);
        LONGS.setVolatile(memory, at + CounterLayout.GENERATION, generation + 1);
        byte[] name = address.getBytes(StandardCharsets.UTF_8);
        if (name.length > CounterLayout.ADDRESS_MAX) {
            name = Arrays.copyOf(name, CounterLayout.ADDRESS_MAX);
        }
        memory.put(at + CounterLayout.COUNTERS, new byte[CounterStore.COUNTER_BYTES])
                .put(at + CounterLayout.ADDRESS, name)
                .putInt(at + CounterLayout.ADDRESS_LENGTH, name.length)
                .putInt(at + CounterLayout.END, end == ChannelStats.End.SENDER
                        ? CounterLayout.END_SENDER : CounterLayout.END_RECEIVER)
                .putLong(at + CounterLayout.OPENED, System.currentTimeMillis())
                .putLong(at + CounterLayout.CLOSED, 0)
                .putLong(at + CounterLayout.NUMBER, number)
                .putInt(at + CounterLayout.STATE, CounterLayout.STATE_OPEN);
        LONGS.setVolatile(memory, at + CounterLayout.GENERATION, generation + 2);
    }

    private synchronized void close(int index, int at) {
        closed[index] = ++closings;
        open--;
        memory.putLong(at + CounterLayout.CLOSED, System.currentTimeMillis());
        INTS.setRelease(memory, at + CounterLayout.STATE, CounterLayout.STATE_CLOSED);
    }

    /** One end's. */
    private final class Record implements CounterStore.Slot {
        private final int index;
        private final int at;
        private final ByteBuffer counters;

        Record(int index, int at) {
            this.index = index;
            this.at = at;
            this.counters = memory.slice(at + CounterLayout.COUNTERS, CounterStore.COUNTER_BYTES);
        }

        @Override
        public ByteBuffer counters() {
            return counters;
        }

        @Override
        public void close() {
            CounterFile.this.close(index, at);
        }
    }
}
