package org.jvmipc.testkit.contract;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jvmipc.Message;
import org.jvmipc.Received;

/** Messages whose every byte follows from a number and a size, so that a lost, changed or mixed one shows. */
final class Payload {
    private static final int SHOWN = 16;

    private Payload() {
    }

    static byte[] bytes(int number, int size) {
        byte[] bytes = new byte[size];
        long state = (number + 1) * 0x9E3779B97F4A7C15L ^ size * 0xC2B2AE3D27D4EB4FL;
        for (int i = 0; i < size; i++) {
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
            bytes[i] = (byte) (state >>> 32);
        }
        return bytes;
    }

    static ByteBuffer of(int number, int size) {
        return ByteBuffer.wrap(bytes(number, size));
    }

    static void assertIs(int number, int size, Received received) {
        if (!received.isMessage()) {
            throw new AssertionError("expected message " + number + ", but the outcome is " + received);
        }
        assertIs(number, size, received.message());
    }

    static void assertIs(int number, int size, Message message) {
        assertIs(number, size, message.bytes());
    }

    /** Checks what a handler got, without moving its position. */
    static void assertIs(int number, int size, ByteBuffer message) {
        byte[] found = new byte[message.remaining()];
        message.duplicate().get(found);
        assertIs(number, size, found);
    }

    static void assertIs(int number, int size, byte[] found) {
        byte[] expected = bytes(number, size);
        int at = Arrays.mismatch(expected, found);
        if (at >= 0) {
            throw new AssertionError("expected message " + number + " of " + size + " bytes " + shown(expected)
                    + ", found " + found.length + " bytes " + shown(found) + "; the first difference is at " + at);
        }
    }

    private static String shown(byte[] bytes) {
        return Arrays.toString(Arrays.copyOf(bytes, Math.min(SHOWN, bytes.length)));
    }
}
