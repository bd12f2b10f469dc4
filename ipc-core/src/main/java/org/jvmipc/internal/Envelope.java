package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jvmipc.Codec;
import org.jvmipc.MalformedMessageException;

/**
 * Requests and replies as messages; {@code docs/formats/patterns.md} describes them.
 *
 * <pre>
 *  63    56 55                                     0
 * +--------+----------------------------------------+----------------
 * | kind   |  number of the request                 |  value …        big-endian
 * +--------+----------------------------------------+----------------
 * </pre>
 *
 * <p>One thread at a time packs: the buffer is used again.
 */
final class Envelope<T> {
    static final int HEAD = Long.BYTES;
    static final int REQUEST = 1;
    static final int REPLY = 2;
    static final int FAILURE = 3;
    static final int CANCEL = 4;
    static final long MAX_NUMBER = (1L << 56) - 1;
    /** A larger buffer is given back to the collector instead of being kept for the next value. */
    private static final int KEPT = 64 << 10;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Codec<T> codec;
    private ByteBuffer room = ByteBuffer.allocate(256);

    Envelope(Codec<T> codec) {
        this.codec = Objects.requireNonNull(codec, "codec");
    }

    static long head(int kind, long number) {
        return (long) kind << 56 | number;
    }

    static int kind(long head) {
        return (int) (head >>> 56);
    }

    static long number(long head) {
        return head & MAX_NUMBER;
    }

    /** A message without a value. */
    static ByteBuffer bare(int kind, long number) {
        return ByteBuffer.allocate(HEAD).putLong(head(kind, number)).flip();
    }

    /** A failure with its description, cut off where the channel's messages end. */
    static ByteBuffer failure(long number, String description, int maxMessage) {
        byte[] text = description.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, Math.max(0, maxMessage - HEAD));
        return ByteBuffer.allocate(HEAD + length).putLong(head(FAILURE, number)).put(text, 0, length).flip();
    }

    /** A message with a value, valid until the next one is packed. */
    ByteBuffer pack(int kind, long number, T value) {
        ByteBuffer made = codec instanceof FunctionCodec ? codec.message(value, NOTHING) : null;
        int size = Math.addExact(HEAD, made != null ? made.remaining() : codec.size(value));
        ByteBuffer buffer = room.capacity() < size ? ByteBuffer.allocate(size) : room;
        if (buffer.capacity() <= KEPT) {
            room = buffer;
        }
        buffer.clear().limit(size).putLong(head(kind, number));
        if (made != null) {
            buffer.put(made);
        } else {
            codec.encode(value, buffer);
        }
        if (buffer.position() != size) {
            throw new IllegalStateException("the codec of \"" + codec.type() + "\" announced " + (size - HEAD)
                    + " bytes and wrote " + (buffer.position() - HEAD));
        }
        return buffer.flip();
    }

    /**
     * The value behind the head.
     *
     * @throws MalformedMessageException if it is none
     */
    T unpack(ByteBuffer message) {
        return value(codec, message.order(ByteOrder.BIG_ENDIAN));
    }

    /** Decodes all of a big-endian message. */
    static <T> T value(Codec<T> codec, ByteBuffer message) {
        T value;
        try {
            value = codec.decode(message);
        } catch (MalformedMessageException malformed) {
            throw malformed;
        } catch (RuntimeException thrown) {
            throw new MalformedMessageException("it is no " + codec.type() + ": " + thrown, thrown);
        }
        if (value == null || message.hasRemaining()) {
            throw new MalformedMessageException("the decoder of \"" + codec.type() + "\" gave "
                    + (value == null ? "null" : "a value and left " + message.remaining() + " bytes unread"));
        }
        return value;
    }

    /** The description of a failure behind the head. */
    static String text(ByteBuffer message) {
        return StandardCharsets.UTF_8.decode(message).toString();
    }
}
