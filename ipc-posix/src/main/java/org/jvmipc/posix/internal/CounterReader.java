package org.jvmipc.posix.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jvmipc.observe.ChannelStats;
import org.jvmipc.observe.ProcessStats;
import org.jvmipc.posix.Life;
import org.jvmipc.posix.LifeSign.Owner;
import org.jvmipc.spi.CounterStore;

/**
 * Reads files of counters by copying them, so that it needs neither their owner nor a mapping of its own. What they say
 * is checked; they may have been written by anything.
 */
final class CounterReader {
    private CounterReader() {
    }

    /** What a process has counted; empty if its first file is gone, unfinished or not one of ours. */
    static Optional<ProcessStats> read(Path home, String lifeSign) {
        List<ChannelStats> channels = new ArrayList<>();
        ByteBuffer header = null;
        for (int number = 1; number <= OwnCounters.MOST_FILES; number++) {
            ByteBuffer copy = read(home.resolve(LifeFiles.counters(lifeSign, number)), channels);
            if (copy == null) {
                break;
            }
            header = header == null ? copy : header;
        }
        if (header == null) {
            return Optional.empty();
        }
        return Optional.of(new ProcessStats(
                header.getLong(CounterLayout.PID),
                header.getLong(CounterLayout.START_TIME),
                LifeFiles.owner(lifeSign).map(Owner::mainClass).orElse(""),
                lifeSign,
                Instant.ofEpochMilli(header.getLong(CounterLayout.CREATED)),
                LifeFiles.look(lifeSign) != Life.DEAD,
                header.getLong(CounterLayout.UNRECORDED),
                List.copyOf(channels)));
    }

    /** Adds what one file says of channels, and returns a copy of it; null if there is none. */
    private static ByteBuffer read(Path path, List<ChannelStats> channels) {
        ByteBuffer first = ByteBuffer.allocate(CounterLayout.FILE_SIZE).order(ByteOrder.nativeOrder());
        ByteBuffer second = ByteBuffer.allocate(CounterLayout.FILE_SIZE).order(ByteOrder.nativeOrder());
        try (FileChannel file = FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            if (!fill(file, first) || !fill(file, second) || !isOurs(first)) {
                return null;
            }
        } catch (IOException gone) {
            return null;
        }
        for (int i = 0; i < CounterLayout.RECORD_COUNT; i++) {
            int at = CounterLayout.HEADER_SIZE + i * CounterLayout.RECORD_SIZE;
            long generation = first.getLong(at + CounterLayout.GENERATION);
            if ((generation & 1) == 0 && generation == second.getLong(at + CounterLayout.GENERATION)) {
                channel(second, at).ifPresent(channels::add);
            }
        }
        return second;
    }

    private static boolean fill(FileChannel file, ByteBuffer copy) throws IOException {
        while (copy.hasRemaining()) {
            if (file.read(copy, copy.position()) <= 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOurs(ByteBuffer copy) {
        byte[] magic = new byte[CounterLayout.MAGIC_BYTES.length];
        copy.get(CounterLayout.MAGIC, magic);
        return Arrays.equals(magic, CounterLayout.MAGIC_BYTES)
                && copy.getInt(CounterLayout.LAYOUT_VERSION) == CounterLayout.VERSION
                && copy.getInt(CounterLayout.HEADER_BYTES) == CounterLayout.HEADER_SIZE
                && copy.getInt(CounterLayout.RECORD_BYTES) == CounterLayout.RECORD_SIZE
                && copy.getInt(CounterLayout.RECORDS) == CounterLayout.RECORD_COUNT;
    }

    private static Optional<ChannelStats> channel(ByteBuffer copy, int at) {
        int state = copy.getInt(at + CounterLayout.STATE);
        int end = copy.getInt(at + CounterLayout.END);
        int length = copy.getInt(at + CounterLayout.ADDRESS_LENGTH);
        boolean known = (state == CounterLayout.STATE_OPEN || state == CounterLayout.STATE_CLOSED)
                && (end == CounterLayout.END_SENDER || end == CounterLayout.END_RECEIVER)
                && length >= 0 && length <= CounterLayout.ADDRESS_MAX;
        if (!known) {
            return Optional.empty();
        }
        byte[] address = new byte[length];
        copy.get(at + CounterLayout.ADDRESS, address);
        int counters = at + CounterLayout.COUNTERS;
        long since = copy.getLong(counters + CounterStore.WAITING_SINCE);
        return Optional.of(new ChannelStats(
                new String(address, StandardCharsets.UTF_8),
                end == CounterLayout.END_SENDER ? ChannelStats.End.SENDER : ChannelStats.End.RECEIVER,
                copy.getLong(at + CounterLayout.NUMBER),
                Instant.ofEpochMilli(copy.getLong(at + CounterLayout.OPENED)),
                state == CounterLayout.STATE_OPEN,
                copy.getLong(counters + CounterStore.MESSAGES),
                copy.getLong(counters + CounterStore.BYTES),
                copy.getLong(counters + CounterStore.WAITS),
                copy.getLong(counters + CounterStore.WAKE_UPS),
                copy.getLong(counters + CounterStore.DROPPED),
                copy.getLong(counters + CounterStore.FAILURES),
                since == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(since))));
    }
}
