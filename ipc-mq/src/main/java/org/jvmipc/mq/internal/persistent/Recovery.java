package org.jvmipc.mq.internal.persistent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.TreeMap;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.TailerDirection;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.TableStoreWriteLock;
import net.openhft.chronicle.threads.Pauser;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wires;

/**
 * Puts a queue in order after somebody has died in the middle of an append, or when nobody knows how it was left. Runs
 * under the lock for appending, so that no writer is alive. It breaks Chronicle's lock, wipes what was written of a
 * document that was never finished (Chronicle would stumble over what a shorter one leaves of it), and counts on from
 * the last message that was. Nothing is lost of which a sender was told that it was sent.
 */
final class Recovery {
    private static final int HEADER = 4;
    private static final int ALIGNMENT = 4;
    private static final int PAGE = 64 << 10;
    private static final long UNLOCK_AT_ONCE = 0;

    private final String channel;
    private final SingleChronicleQueue queue;
    private final QueueState state;
    private final RollFiles files;

    Recovery(String channel, SingleChronicleQueue queue, QueueState state, RollFiles files) {
        this.channel = channel;
        this.queue = queue;
        this.state = state;
        this.files = files;
    }

    void run() {
        unlock();
        TreeMap<Integer, Path> found = files.list();
        if (!found.isEmpty() && RollFiles.dropUnlessBegun(found.lastEntry().getValue())) {
            state.backedTo(found.pollLastEntry().getKey(), 0);
        }
        if (state.cycle() >= 0 && found.containsKey(state.cycle())) {
            wipe(found.get(state.cycle()), state.position(), state.length() + files.slack());
        }
        queue.refreshDirectoryListing();
        long number = 0;
        long time = 0;
        long position = 0;
        long length = 0;
        int cycle = -1;
        try (ExcerptTailer tailer = queue.createTailer()) {
            tailer.direction(TailerDirection.BACKWARD).toEnd();
            try (DocumentContext document = tailer.readingDocument()) {
                if (document.isPresent()) {
                    LogReader last = LogReader.over(channel, document);
                    number = last.number() + 1;
                    time = last.time();
                    position = document.wire().bytes().readPosition() - HEADER;
                    length = HEADER + document.wire().bytes().readRemaining();
                    cycle = queue.rollCycle().toCycle(tailer.index());
                    last.done();
                }
            }
        }
        if (cycle >= 0 && state.isAbandoned() && found.containsKey(cycle)) {
            // Of the machine's memory anything may have reached the disk.
            wipe(found.get(cycle), position, Long.MAX_VALUE);
        }
        if (!found.isEmpty()) {
            long begin = (long) found.lastKey() * queue.rollCycle().lengthInMillis() + queue.epoch();
            time = Math.max(time, begin * 1000);
        }
        state.found(number, time, cycle, position, length);
    }

    private void unlock() {
        try (TableStoreWriteLock held = new TableStoreWriteLock(queue.metaStore(), Pauser::balanced, UNLOCK_AT_ONCE)) {
            held.forceUnlock();
        }
    }

    /** From a document on, which may be the unfinished one, wipes what follows the last finished one. */
    private void wipe(Path file, long from, long atMost) {
        try (FileChannel bytes = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
            long at = from;
            while (true) {
                int word = word(bytes, header, at);
                if (word == Wires.END_OF_DATA) {
                    return;
                }
                if (word == Wires.NOT_INITIALIZED || Wires.isNotComplete(word)) {
                    break;
                }
                long next = at + HEADER + Wires.lengthOf(word);
                next += -next & ALIGNMENT - 1;
                if (next > bytes.size()) {
                    break;
                }
                at = next;
            }
            zero(bytes, at, at + Math.min(bytes.size() - at, atMost));
        } catch (IOException failed) {
            throw new UncheckedIOException(channel + ": " + file + " cannot be put in order", failed);
        }
    }

    private static int word(FileChannel bytes, ByteBuffer header, long at) throws IOException {
        header.clear();
        return bytes.read(header, at) < HEADER ? Wires.NOT_INITIALIZED : header.getInt(0);
    }

    /** Writes only where there is something else, so that holes stay holes. */
    private static void zero(FileChannel bytes, long from, long to) throws IOException {
        ByteBuffer page = ByteBuffer.allocate(PAGE);
        ByteBuffer zeros = ByteBuffer.allocate(PAGE);
        for (long at = from; at < to; at += page.limit()) {
            page.clear().limit((int) Math.min(PAGE, to - at));
            int length = bytes.read(page, at);
            if (length <= 0) {
                return;
            }
            page.flip();
            zeros.clear().limit(length);
            if (page.mismatch(zeros) >= 0) {
                bytes.write(zeros, at);
            }
        }
    }
}
