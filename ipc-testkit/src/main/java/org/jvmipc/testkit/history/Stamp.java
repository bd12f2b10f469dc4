package org.jvmipc.testkit.history;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What makes a message of a history known again: who sent it and its number there, with a checksum over all of it.
 *
 * @param source who sent it; one number for each life of a process, never used again
 * @param number counts the messages of the source from 0
 */
public record Stamp(int source, long number) {
    /** The least number of bytes that a message has. */
    public static final int SMALLEST = Integer.BYTES + 2 * Long.BYTES;

    /**
     * Makes a message.
     *
     * @param length its length in bytes, {@link #SMALLEST} or more
     * @return the message, from position 0 to the limit
     * @throws IllegalArgumentException if the length is less
     */
    public ByteBuffer message(int length) {
        if (length < SMALLEST) {
            throw new IllegalArgumentException("a message of " + length + " bytes has no room for its stamp; "
                    + SMALLEST + " or more are needed");
        }
        ByteBuffer message = ByteBuffer.allocate(length).putInt(source).putLong(number);
        while (message.remaining() > Long.BYTES) {
            message.put((byte) (number * 31 + message.position()));
        }
        return message.putLong(checksum(message.array(), message.position())).clear();
    }

    /**
     * Reads a message, which is copied before it is looked at.
     *
     * @param message what was received; its position does not move
     * @return its stamp; empty if the message is not, to the last bit, one that {@link #message} made
     */
    public static Optional<Stamp> of(ByteBuffer message) {
        byte[] bytes = new byte[message.remaining()];
        message.duplicate().get(bytes);
        int length = bytes.length - Long.BYTES;
        if (bytes.length < SMALLEST || ByteBuffer.wrap(bytes).getLong(length) != checksum(bytes, length)) {
            return Optional.empty();
        }
        ByteBuffer copy = ByteBuffer.wrap(bytes);
        return Optional.of(new Stamp(copy.getInt(), copy.getLong()));
    }

    private static long checksum(byte[] bytes, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, length);
        // The length, too: zeros at the end would not change much of the sum.
        return sum.getValue() << Integer.SIZE | length;
    }
}
