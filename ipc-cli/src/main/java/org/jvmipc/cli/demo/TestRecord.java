package org.jvmipc.cli.demo;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A message that can be checked: {@code [checksum:4][flags:4][number:8][payload]}, big-endian. The checksum is CRC-32C
 * over all that follows it. The bytes are on the heap, as the checksum must not be computed where another process can
 * take the memory away. Used by one thread.
 */
final class TestRecord {
    static final int HEADER = 16;
    /** This one counts for the rates: the ones before warm up. */
    static final int MEASURED = 1;
    /** The last one of a run. */
    static final int LAST = 2;

    private static final int FLAGS = 4;
    private static final int NUMBER = 8;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final byte[] bytes;
    private final ByteBuffer view;
    private final CRC32C checksum = new CRC32C();

    TestRecord(int size) {
        if (size < HEADER) {
            throw new IllegalArgumentException("a record has at least " + HEADER + " bytes, not " + size);
        }
        bytes = new byte[size];
        view = ByteBuffer.wrap(bytes);
    }

    /** Fills it with content that follows from the number. */
    ByteBuffer fill(long number, int flags) {
        view.clear();
        view.putInt(FLAGS, flags);
        view.putLong(NUMBER, number);
        long word = number * MIX;
        int index = HEADER;
        for (; index + Long.BYTES <= bytes.length; index += Long.BYTES) {
            view.putLong(index, word);
            word += MIX;
        }
        for (; index < bytes.length; index++) {
            bytes[index] = (byte) index;
        }
        view.putInt(0, sum());
        return view;
    }

    /** Copies a message; tells whether it is one that {@link #fill} has made, unchanged. */
    boolean read(ByteBuffer message) {
        if (message.remaining() != bytes.length) {
            return false;
        }
        message.get(bytes);
        return view.getInt(0) == sum();
    }

    long number() {
        return view.getLong(NUMBER);
    }

    boolean isMeasured() {
        return (view.getInt(FLAGS) & MEASURED) != 0;
    }

    boolean isLast() {
        return (view.getInt(FLAGS) & LAST) != 0;
    }

    int size() {
        return bytes.length;
    }

    private int sum() {
        checksum.reset();
        checksum.update(bytes, FLAGS, bytes.length - FLAGS);
        return (int) checksum.getValue();
    }
}
