package org.jvmipc.mq.internal.persistent;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.TreeMap;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wires;
import org.jvmipc.SegmentCorruptedException;

/**
 * Reads messages by their numbers, in place. Messages of one cycle are numbered without gaps, so that the number of a
 * cycle's first one tells where each other is. Used by one thread at a time.
 */
final class LogReader implements AutoCloseable {
    private static final long NOWHERE = -1;
    private static final int UNKNOWN = -1;
    /** Longer than a new file takes to be seen. */
    private static final long SUSPICION_NANOS = 300_000_000;
    private static final long FORGOTTEN_NANOS = 60_000_000_000L;

    private final String channel;
    private final Store store;
    private final ExcerptTailer tailer;
    private final Views views = new Views();
    /** The number that the next document has, or less; NOWHERE if it has to be looked for. */
    private long ahead = NOWHERE;
    private DocumentContext document;
    private int at;
    private int length;
    /** Where in the views the header is behind the document that was opened last; UNKNOWN if it was not by number. */
    private int behind = UNKNOWN;
    /** Documents were opened that Chronicle's tailer has not come to. */
    private boolean tailerIsLate;
    /** What comes after the last message that was found to be lost. */
    private long passed = NOWHERE;
    /** Since when nothing is found although there must be something, 0 if that is not so. */
    private long suspectedFrom;

    LogReader(Store store) {
        this.channel = store.channel();
        this.store = store;
        this.tailer = store.queue().createTailer();
        tailer.singleThreadedCheckDisabled(true);
    }

    private LogReader(String channel) {
        this.channel = channel;
        this.store = null;
        this.tailer = null;
    }

    /** Looks at a document that somebody has open. */
    static LogReader over(String channel, DocumentContext open) {
        LogReader reader = new LogReader(channel);
        reader.look(open);
        return reader;
    }

    private void look(DocumentContext open) {
        Bytes<?> bytes = open.wire().bytes();
        views.show(bytes.bytesStore());
        look(views.at(bytes.readPosition()), Math.toIntExact(bytes.readRemaining()));
    }

    private void look(int place, int size) {
        at = place;
        behind = UNKNOWN;
        length = Record.length(views.words(), at, size);
        if (length < 0 && length != Record.LOST) {
            throw new SegmentCorruptedException(channel + ": a document in the queue was not written by this toolkit;"
                    + " others must not write to it. Read the rest with Chronicle, or with start=index:N behind it,"
                    + " or close the queue everywhere and run PersistentQueues.repair");
        }
    }

    /**
     * Opens a message; {@link #done} follows if there is one.
     *
     * @param number its number, or that of one before it which is there no longer
     * @return false if there is none yet
     */
    boolean open(long number) {
        return ahead == number && step() || openByChronicle(number, false);
    }

    /** Whether a message can be opened, as far as can be seen behind the last one. */
    boolean sees(long number) {
        return ahead == number && Wires.isReadyData(header());
    }

    /** The header behind the last document and what Chronicle has put there, 0 if that is not in what is mapped. */
    private int header() {
        while (views.holds(behind, 0)) {
            int header = views.header(behind);
            if (!Wires.isReadyMetaData(header)) {
                return header;
            }
            behind = Views.behind(behind, header);
        }
        return Wires.NOT_INITIALIZED;
    }

    /** Opens the next document where the last one ends, if that is in what is mapped. */
    private boolean step() {
        int header = header();
        int next = behind;
        if (!Wires.isReadyData(header) || !views.holds(next, Wires.lengthOf(header))) {
            return false;
        }
        tailerIsLate = true;
        try {
            look(next + Views.HEADER, Wires.lengthOf(header));
        } finally {
            // Behind one that is none of ours, too, so that it is told once.
            behind = Views.behind(next, header);
        }
        ahead = number() + 1;
        // What was lost is passed over by the way that looks behind it, file by file.
        return length >= 0;
    }

    /** Opens a message, or if wanted also what stands in the place of one that was lost. */
    private boolean openByChronicle(long number, boolean lostToo) {
        if (tailerIsLate || ahead == NOWHERE || ahead > number || number - ahead > 1 && ahead != number) {
            seek(number);
            tailerIsLate = false;
        }
        while (true) {
            DocumentContext next = tailer.readingDocument();
            if (!next.isPresent()) {
                next.close();
                if (store.state().next() > Math.max(number, passed)) {
                    suspect(number);
                }
                return false;
            }
            try {
                look(next);
            } catch (RuntimeException | Error broken) {
                next.close();
                throw broken;
            }
            ahead = number() + 1;
            if (length == Record.LOST) {
                passed = ahead;
            }
            if (number() >= number && (lostToo || length >= 0)) {
                document = next;
                behind = Views.aligned(at + Math.toIntExact(next.wire().bytes().readRemaining()));
                return true;
            }
            next.close();
        }
    }

    /**
     * Where to go on after {@link #open} has found nothing.
     *
     * @param number what was asked for
     * @return the same, or a higher one if all in between were lost
     */
    long behindLost(long number) {
        return Math.max(number, passed);
    }

    /** Chronicle shows no message where there must be one: for a moment, or because a file is damaged. */
    private void suspect(long number) {
        ahead = NOWHERE;
        long now = System.nanoTime();
        if (suspectedFrom == 0 || now - suspectedFrom > FORGOTTEN_NANOS) {
            suspectedFrom = now;
        } else if (now - suspectedFrom > SUSPICION_NANOS) {
            suspectedFrom = 0;
            QueueCheck.requireWhole(channel, store.directory(), number);
        }
    }

    /** Goes to a message, or to somewhere before it. */
    private void seek(long number) {
        TreeMap<Integer, Path> cycles = store.files().list();
        while (!cycles.isEmpty()) {
            int cycle = cycles.pollLastEntry().getKey();
            long first = firstOf(cycle);
            if (first != NOWHERE && first <= number) {
                // What is not there yet comes after what is.
                long offset = Math.min(number, Math.max(first, store.state().next() - 1)) - first;
                if (!tailer.moveToIndex(store.queue().rollCycle().toIndex(cycle, offset))) {
                    tailer.moveToIndex(store.queue().rollCycle().toIndex(cycle, 0));
                }
                ahead = first;
                return;
            }
        }
        tailer.toStart();
        ahead = 0;
    }

    /** The number of a cycle's first message, NOWHERE if it has none yet. */
    private long firstOf(int cycle) {
        // Chronicle would wait for a file that is only made.
        if (!RollFiles.isBegun(store.files().path(cycle))
                || !tailer.moveToIndex(store.queue().rollCycle().toIndex(cycle, 0))) {
            return NOWHERE;
        }
        try (DocumentContext first = tailer.readingDocument()) {
            if (!first.isPresent()) {
                return NOWHERE;
            }
            look(first);
            return number();
        }
    }

    /** The number that comes after a cycle's last one. */
    long endOf(int cycle) {
        ahead = NOWHERE;
        for (int later : store.files().list().tailMap(cycle, false).keySet()) {
            long first = firstOf(later);
            if (first != NOWHERE) {
                return first;
            }
        }
        return store.state().next();
    }

    /** How many bytes of a cycle's file are used: the rest is a hole. */
    long bytesOf(int cycle) {
        long last = endOf(cycle) - 1;
        if (last < 0 || !openByChronicle(last, true)) {
            return 0;
        }
        long end = store.queue().rollCycle().toCycle(tailer.index()) == cycle ? document.wire().bytes().readLimit() : 0;
        done();
        ahead = NOWHERE;
        return end;
    }

    /** The number of the oldest message there is, or that of the next one to come. */
    long first() {
        ahead = NOWHERE;
        for (int cycle : store.files().list().keySet()) {
            long first = firstOf(cycle);
            if (first != NOWHERE) {
                return first;
            }
        }
        return store.state().next();
    }

    /** The number of the first message that is not older than a time, or that of the next one to come. */
    long firstSince(long micros) {
        long low = first();
        long high = store.state().next();
        while (low < high) {
            long middle = low + high >>> 1;
            if (!open(middle)) {
                high = middle;
                continue;
            }
            boolean isOlder = time() < micros;
            long number = number();
            done();
            ahead = NOWHERE;
            if (isOlder) {
                low = number + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    long number() {
        return Record.number(views.words(), at);
    }

    /** When it was sent, in microseconds since 1970. */
    long time() {
        return Record.time(views.words(), at);
    }

    /** When it is due, in microseconds since 1970, 0 for at once. */
    long due() {
        return Record.due(views.words(), at);
    }

    int length() {
        return length;
    }

    /** The message in place, until {@link #done}. */
    ByteBuffer message() {
        return views.readable(Record.start(views.words(), at), length);
    }

    /** The message may go. */
    void done() {
        DocumentContext open = document;
        document = null;
        if (open != null) {
            open.close();
        }
    }

    /** The message stays, to be opened again. */
    void again() {
        done();
        ahead = number();
        behind = at - Views.HEADER;
        tailerIsLate = true;
    }

    @Override
    public void close() {
        done();
        views.close();
        tailer.close();
    }
}
