package org.jvmipc.signals.internal;

import java.nio.ByteBuffer;

/**
 * How the bytes of a message stand in the 64 bits that go with a signal. Four bytes are the integer that a C program
 * sends and gets as {@code sival_int}, which is the lower half; C leaves anything in the upper half. Of a shorter
 * message, the upper half is {@link #SHORT} and its length.
 */
final class SignalFormat {
    /** Of a message, in bytes. */
    static final int LONGEST = Integer.BYTES;

    /** "jip", and room for the length. No half of an address or small number looks like this. */
    private static final int SHORT = 0x6A697000;

    private SignalFormat() {
    }

    /** Reads a message from position to limit, which stay. */
    static long encode(ByteBuffer message) {
        int length = message.remaining();
        int value = 0;
        for (int i = 0; i < length; i++) {
            value = value << Byte.SIZE | message.get(message.position() + i) & 0xFF;
        }
        long upper = length == LONGEST ? 0 : SHORT | length;
        return upper << Integer.SIZE | value & 0xffff_ffffL;
    }

    /** Writes the message that a value stands for, from position 0 to its limit. */
    static ByteBuffer decode(long value, ByteBuffer room) {
        int upper = (int) (value >>> Integer.SIZE);
        int length = upper - SHORT >= 0 && upper - SHORT < LONGEST ? upper - SHORT : LONGEST;
        room.clear();
        for (int i = 0; i < length; i++) {
            room.put((byte) (value >>> Byte.SIZE * (length - 1 - i)));
        }
        return room.flip();
    }
}
