package org.jvmipc.mq.internal.persistent;

import java.nio.ByteBuffer;

/**
 * How a message stands in a document: as Chronicle's binary wire of fixed width, so that its own tools show it as
 * {@code n} (the message's number), {@code t} (when it was sent) and, if it is delayed, {@code d} (when it is due),
 * both in microseconds since 1970, and {@code m} (its bytes), or {@code x} in place of a message that was lost. The
 * layout is in {@code docs/formats/queue.md}. Buffers are in little-endian order.
 */
final class Record {
    /** In front of a message that is not delayed. */
    static final int HEADER = 30;
    /** In front of one that is. */
    static final int DELAYED_HEADER = 41;
    /** In place of the length of a message that was lost, of which only the number is known. */
    static final int LOST = -2;

    private static final int WORD = 11;
    private static final short NUMBER = name('n');
    private static final short TIME = name('t');
    private static final short DUE = name('d');
    private static final short MESSAGE = name('m');
    private static final short LOSS = name('x');
    private static final byte INT64 = (byte) 0xA7;
    private static final byte LENGTH32 = (byte) 0x82;
    private static final byte BYTES = (byte) 0x8A;

    private Record() {
    }

    /** The code of a field name of one character, and the character. */
    private static short name(char name) {
        return (short) (0xC1 | name << 8);
    }

    static int header(long due) {
        return due == 0 ? HEADER : DELAYED_HEADER;
    }

    /** Writes what stands in front of a message and returns where the message begins. */
    static int write(ByteBuffer target, int at, long number, long time, long due, int length) {
        int next = word(target, at, NUMBER, number);
        next = word(target, next, TIME, time);
        if (due != 0) {
            next = word(target, next, DUE, due);
        }
        target.putShort(next, MESSAGE);
        target.put(next + 2, LENGTH32);
        target.putInt(next + 3, length + 1);
        target.put(next + 7, BYTES);
        return next + 8;
    }

    /** Makes a message without bytes one that was lost: what stands there keeps the numbers in their places. */
    static void lose(ByteBuffer target, int start) {
        target.putShort(start - 8, LOSS);
    }

    private static int word(ByteBuffer target, int at, short name, long value) {
        target.putShort(at, name);
        target.put(at + 2, INT64);
        target.putLong(at + 3, value);
        return at + WORD;
    }

    static long number(ByteBuffer source, int at) {
        return source.getLong(at + 3);
    }

    static long time(ByteBuffer source, int at) {
        return source.getLong(at + WORD + 3);
    }

    /** 0 if it is due at once. */
    static long due(ByteBuffer source, int at) {
        return source.getShort(at + 2 * WORD) == DUE ? source.getLong(at + 2 * WORD + 3) : 0;
    }

    /** Where the message begins. */
    static int start(ByteBuffer source, int at) {
        return at + (source.getShort(at + 2 * WORD) == DUE ? DELAYED_HEADER : HEADER);
    }

    /** How long the message is, LOST if it is, or -1 if the document is none of this transport's. */
    static int length(ByteBuffer source, int at, int documentLength) {
        if (documentLength < HEADER || source.getShort(at) != NUMBER || source.getShort(at + WORD) != TIME) {
            return -1;
        }
        int field = start(source, at) - 8;
        if (field + 8 - at > documentLength || source.getShort(field) != MESSAGE) {
            return documentLength >= HEADER && source.getShort(at + 2 * WORD) == LOSS ? LOST : -1;
        }
        int length = source.getInt(field + 3) - 1;
        return length >= 0 && length <= documentLength - (field + 8 - at) ? length : -1;
    }
}
