package org.jvmipc.signals.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages in the 64 bits of a signal's value. */
class SignalFormatTest {
    private final ByteBuffer room = ByteBuffer.allocate(SignalFormat.LONGEST);

    private byte[] decoded(long value) {
        ByteBuffer message = SignalFormat.decode(value, room);
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        return bytes;
    }

    @Test
    void shouldCarryMessagesOfEachLength() {
        Random random = new Random(3);
        for (int length = 0; length <= SignalFormat.LONGEST; length++) {
            for (int i = 0; i < 1000; i++) {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                ByteBuffer message = ByteBuffer.allocate(length + 3).position(3).put(bytes).flip().position(3);
                assertArrayEquals(bytes, decoded(SignalFormat.encode(message)));
                assertEquals(3, message.position());
            }
        }
    }

    @Test
    void shouldBeAnIntegerToOtherPrograms() {
        assertEquals(42, (int) SignalFormat.encode(ByteBuffer.allocate(4).putInt(42).flip()));
        assertEquals(-1, (int) SignalFormat.encode(ByteBuffer.allocate(4).putInt(-1).flip()));
        assertEquals(0x0102, (int) SignalFormat.encode(ByteBuffer.wrap(new byte[] {1, 2})));
        assertEquals(0x6A697002, SignalFormat.encode(ByteBuffer.wrap(new byte[] {1, 2})) >>> 32);
    }

    /** Whatever a C program leaves in the half that no integer needs. */
    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1, 0x7FFF, 0x5555, 0x6A697004, 0x6A696FFF, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void shouldTakeAnIntegerOfOthersWithAnythingAboveIt(int above) {
        assertArrayEquals(new byte[] {0, 0, 1, 2}, decoded((long) above << 32 | 0x0102));
    }
}
