package org.jvmipc.mq.internal.persistent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.openhft.chronicle.wire.Wires;

/**
 * The file of a roll cycle as it stands on the disk, whatever has become of it. It is read and not mapped, so that one
 * that was cut off cannot end the JVM, and nothing of it is believed that is not confirmed by something else: a message
 * is one if its document, its number and its length go together. Used by one thread.
 */
final class CycleScan implements AutoCloseable {
    private static final int WINDOW = 64 << 10;
    /** More than stands in front of a message, and than it takes to know an index. */
    private static final int PEEK = 64;
    private static final int DOCUMENT_HEADER = 4;
    private static final int ALIGNMENT = 4;
    private static final int HEAD = 4096;
    private static final byte[] STORE = "SCQStore".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] WRITE_POSITION = "writePosition".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] INDEX = "index".getBytes(StandardCharsets.US_ASCII);
    private static final byte LONG_ARRAY = (byte) 0x8D;
    private static final long SEQUENCE_MASK = 0xffff_ffffL;
    private static final long NOWHERE = -1;

    private final FileChannel channel;
    private final long size;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW).order(ByteOrder.LITTLE_ENDIAN);
    private long windowAt = Long.MIN_VALUE;
    private final List<String> problems = new ArrayList<>();
    /** Where Chronicle says that the last document begins, and how many messages came before it; or NOWHERE. */
    private long lastPosition = NOWHERE;
    private long lastSequence = NOWHERE;
    private long first = NOWHERE;
    private long expected = NOWHERE;
    private long latest;
    /** Where the last document that is whole has ended. */
    private long wholeTo;
    private int resumedLength;

    /** Gets what is intact. */
    interface Sink {
        /**
         * A message.
         *
         * @param found what is known of it
         * @throws IOException if it cannot be read, or written elsewhere
         */
        void message(Found found) throws IOException;
    }

    /**
     * A message that is intact.
     *
     * @param number of the message
     * @param time when it was sent
     * @param due when it is due, or 0
     * @param at where its bytes begin in the file
     * @param length how many it has
     */
    record Found(long number, long time, long due, long at, int length) {
    }

    private CycleScan(FileChannel channel, long size) {
        this.channel = channel;
        this.size = size;
    }

    static CycleScan open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        boolean done = false;
        try {
            CycleScan scan = new CycleScan(channel, channel.size());
            done = true;
            return scan;
        } finally {
            if (!done) {
                channel.close();
            }
        }
    }

    /** Whether nothing at all was written to it: somebody died who was making it, or it was emptied. */
    boolean isBlank() throws IOException {
        for (int at = 0; at < WINDOW; at += Long.BYTES) {
            if (longAt(at) != 0) {
                return false;
            }
        }
        return true;
    }

    /** What is wrong with its beginning, which says what the file is and where its end is; null if nothing. */
    String head() throws IOException {
        int word = intAt(0);
        if (!isWhole(0, word) || !Wires.isReadyMetaData(word)) {
            return size < DOCUMENT_HEADER ? "is empty" : word == Wires.NOT_INITIALIZED ? "has no header"
                    : "does not begin as a file of a queue, or is cut off there";
        }
        ByteBuffer head = read(DOCUMENT_HEADER, Math.min(HEAD, Wires.lengthOf(word)));
        if (find(head, STORE, head.limit()) < 0) {
            return "is no file of a queue";
        }
        int at = find(head, WRITE_POSITION, head.limit());
        int values = at < 0 ? -1 : afterCode(head, at + WRITE_POSITION.length);
        if (values >= 0) {
            lastPosition = head.getLong(values);
            lastSequence = head.getLong(values + Long.BYTES) & SEQUENCE_MASK;
        }
        return null;
    }

    /** Where the values of the array begin whose code comes next, behind its capacity and its length. */
    private static int afterCode(ByteBuffer head, int from) {
        for (int at = from; at < from + 2 * Long.BYTES && at + 1 + 4 * Long.BYTES <= head.limit(); at++) {
            if (head.get(at) == LONG_ARRAY && head.getLong(at + 1) == 2) {
                return at + 1 + 2 * Long.BYTES;
            }
        }
        return -1;
    }

    private static int find(ByteBuffer bytes, byte[] wanted, int limit) {
        for (int at = 0; at + wanted.length <= limit; at++) {
            if (Arrays.equals(bytes.array(), at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        return -1;
    }

    /** What is wrong, as far as a glance at its two ends tells; null if nothing is. */
    String glance() throws IOException {
        String head = head();
        if (head != null || lastPosition <= 0) {
            return head;
        }
        int word = intAt(lastPosition);
        if (lastPosition + DOCUMENT_HEADER > size || Wires.isReady(word) && !isWhole(lastPosition, word)) {
            return "is cut off: it has " + size + " bytes, and its last message begins at " + lastPosition;
        }
        if (!isWhole(lastPosition, word)
                || Wires.isReadyData(word) && recordLength(lastPosition, Wires.lengthOf(word)) < 0) {
            return "has no message at byte " + lastPosition + ", where the last one was";
        }
        return null;
    }

    /** Looks at all of it, and finds what is intact. */
    void walk(Sink sink) throws IOException {
        String head = head();
        if (head != null) {
            problems.add(head);
        }
        long at = head == null ? after(0, Wires.lengthOf(intAt(0))) : 0;
        wholeTo = at;
        while (true) {
            int word = intAt(at);
            int length = isWhole(at, word) ? Wires.lengthOf(word) : -1;
            if (word == Wires.END_OF_DATA && at <= size) {
                return;
            }
            if (length > 0 && Wires.isReadyMetaData(word) && isIndex(at)) {
                at = after(at, length);
                wholeTo = at;
                continue;
            }
            if (length < 0 || !Wires.isReadyData(word) || !isNext(at, length, 0)) {
                at = resume(at);
                if (at < 0) {
                    return;
                }
                length = resumedLength;
            }
            hand(at, length, sink);
            at = after(at, length);
            wholeTo = at;
        }
    }

    private void hand(long at, int length, Sink sink) throws IOException {
        ByteBuffer record = load(at + DOCUMENT_HEADER);
        int from = at(at + DOCUMENT_HEADER);
        long number = Record.number(record, from);
        latest = Record.time(record, from);
        first = first == NOWHERE ? number : first;
        expected = number + 1;
        int bytes = Record.length(record, from, length);
        if (bytes >= 0) {
            int start = Record.start(record, from) - from;
            sink.message(new Found(number, latest, Record.due(record, from), at + DOCUMENT_HEADER + start, bytes));
        }
    }

    /** Goes on at the next message behind damage; NOWHERE if there is none, which may be the end. */
    private long resume(long from) throws IOException {
        boolean isEnd = from > lastPosition && first != NOWHERE && expected == first + lastSequence + 1;
        long at = from;
        while (!isEnd && at + DOCUMENT_HEADER + Record.HEADER <= size) {
            if (longAt(at) == 0 && longAt(at + Long.BYTES) == 0) {
                // Most of what follows the end is empty, and nothing begins within that.
                at += 3 * ALIGNMENT;
                continue;
            }
            if (isFound(from, at)) {
                return at;
            }
            at += ALIGNMENT;
        }
        if (from <= lastPosition) {
            problems.add("has no messages from byte " + from + " on, and had some up to byte " + lastPosition);
        }
        return NOWHERE;
    }

    private boolean isFound(long from, long at) throws IOException {
        int word = intAt(at);
        long most = (at - wholeTo) / (DOCUMENT_HEADER + Record.HEADER);
        if (isWhole(at, word) && Wires.isReadyData(word) && isNext(at, Wires.lengthOf(word), most)) {
            resumedLength = Wires.lengthOf(word);
            problems.add("has " + (at - from) + " bytes from byte " + from + " on that are no messages");
            return true;
        }
        int length = recordLength(at, Integer.MAX_VALUE);
        int document = length < 0 ? -1 : documentLength(at, length);
        if (document < 0 || at + DOCUMENT_HEADER + document > size || !isNext(at, document, most)
                || !wasFinished(at, document)) {
            return false;
        }
        resumedLength = document;
        problems.add("has lost the header of a message at byte " + at);
        return true;
    }

    /** Whether a message without a header was one: what a writer had not finished stands behind all that were. */
    private boolean wasFinished(long at, int document) throws IOException {
        if (lastPosition != NOWHERE) {
            return at <= lastPosition;
        }
        long next = after(at, document);
        int word = intAt(next);
        return isWhole(next, word) && Wires.isReadyData(word) && recordLength(next, Wires.lengthOf(word)) >= 0;
    }

    private boolean isIndex(long at) throws IOException {
        return find(read(at + DOCUMENT_HEADER, PEEK / 2), INDEX, PEEK / 2) >= 0;
    }

    /** Whether the document has the number that comes next, or one of as many after it as may have been lost. */
    private boolean isNext(long at, int length, long lost) throws IOException {
        if (recordLength(at, length) < 0) {
            return false;
        }
        ByteBuffer record = load(at + DOCUMENT_HEADER);
        int from = at(at + DOCUMENT_HEADER);
        long number = Record.number(record, from);
        return number >= 0 && Record.time(record, from) >= latest
                && (expected == NOWHERE || number >= expected && number - expected <= lost);
    }

    /** How long the message of a document is, 0 for one that is known to be lost; -1 if it is none. */
    private int recordLength(long at, int documentLength) throws IOException {
        ByteBuffer record = load(at + DOCUMENT_HEADER);
        int from = at(at + DOCUMENT_HEADER);
        int length = Record.length(record, from, documentLength);
        return length == Record.LOST ? 0 : length;
    }

    private int documentLength(long at, int length) throws IOException {
        ByteBuffer record = load(at + DOCUMENT_HEADER);
        int from = at(at + DOCUMENT_HEADER);
        return Record.start(record, from) - from + length;
    }

    private boolean isWhole(long at, int word) {
        return Wires.isReady(word) && Wires.lengthOf(word) > 0 && at + DOCUMENT_HEADER + Wires.lengthOf(word) <= size;
    }

    private static long after(long at, int length) {
        long next = at + DOCUMENT_HEADER + length;
        return next + (-next & ALIGNMENT - 1);
    }

    private int intAt(long at) throws IOException {
        return load(at).getInt(at(at));
    }

    private long longAt(long at) throws IOException {
        return load(at).getLong(at(at));
    }

    private int at(long offset) {
        return (int) (offset - windowAt);
    }

    /** A look at the file from a certain place on; behind its end there are zeros. */
    private ByteBuffer load(long at) throws IOException {
        if (at < windowAt || at + PEEK > windowAt + WINDOW) {
            fill(window, at);
            windowAt = at;
        }
        return window;
    }

    private void fill(ByteBuffer target, long at) throws IOException {
        target.clear();
        while (target.hasRemaining() && channel.read(target, at + target.position()) >= 0) {
            continue;
        }
        Arrays.fill(target.array(), target.position(), target.limit(), (byte) 0);
        target.clear();
    }

    /** Some of its bytes. */
    ByteBuffer read(long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        fill(bytes, at);
        return bytes;
    }

    /** What a {@link #walk} has found wrong. */
    List<String> problems() {
        return problems;
    }

    /** The number of the first message that was found, -1 if there was none. */
    long first() {
        return first;
    }

    /** The number that comes after the last message that there was, intact or not; -1 if nobody knows. */
    long end() {
        boolean known = first != NOWHERE && lastPosition > 0
                && (lastSequence + 1) * (DOCUMENT_HEADER + Record.HEADER) <= lastPosition + PEEK;
        return known ? Math.max(expected, first + lastSequence + 1) : expected;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
