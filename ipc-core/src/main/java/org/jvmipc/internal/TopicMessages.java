package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jvmipc.Codec;
import org.jvmipc.MalformedMessageException;
import org.jvmipc.Publication;

/** Publications and subscriptions as messages; {@code docs/formats/patterns.md} describes them. */
public final class TopicMessages {
    static final byte SUBSCRIBE = 1;
    static final byte UNSUBSCRIBE = 2;
    /** Bytes of UTF-8 of a topic or prefix. */
    static final int MAX_TOPIC = 1_000;
    private static final int MISSED = 0;

    private TopicMessages() {
    }

    private static byte[] topic(String topic) {
        byte[] bytes = new byte[Utf8.length(topic)];
        Utf8.put(topic, ByteBuffer.wrap(bytes));
        if (bytes.length > MAX_TOPIC) {
            throw new IllegalArgumentException("a topic of " + bytes.length + " bytes; at most " + MAX_TOPIC
                    + " are allowed");
        }
        return bytes;
    }

    private static ByteBuffer control(byte kind, String prefix) {
        byte[] bytes = topic(prefix);
        return ByteBuffer.allocate(1 + bytes.length).put(kind).put(bytes).flip();
    }

    public static ByteBuffer subscribe(String prefix) {
        return control(SUBSCRIBE, prefix);
    }

    public static ByteBuffer unsubscribe(String prefix) {
        return control(UNSUBSCRIBE, prefix);
    }

    /** A publication, of which nothing was missed so far. */
    public static <T> ByteBuffer publication(String topic, T value, Codec<T> codec) {
        byte[] bytes = topic(topic);
        ByteBuffer body = codec.message(value, ByteBuffer.allocate(0));
        return ByteBuffer.allocate(Long.BYTES + Short.BYTES + bytes.length + body.remaining())
                .putLong(0).putShort((short) bytes.length).put(bytes).put(body).flip();
    }

    /** The same publication for one that has missed some. */
    static ByteBuffer missing(ByteBuffer publication, long missed) {
        return missed == 0 ? publication.duplicate() : ByteBuffer.allocate(publication.remaining())
                .put(publication.duplicate()).flip().putLong(MISSED, missed);
    }

    static long missed(ByteBuffer publication) {
        return publication.getLong(publication.position() + MISSED);
    }

    /** Publications as values, for those who receive them. */
    public static <T> Codec<Publication<T>> codec(Codec<T> codec) {
        return new FunctionCodec<>("", publication -> publication(
                publication.topic(), publication.value(), codec).array(), bytes -> read(ByteBuffer.wrap(bytes), codec));
    }

    public static <T> Publication<T> read(ByteBuffer message, Codec<T> codec) {
        int length = message.remaining() < Long.BYTES + Short.BYTES ? -1
                : Short.toUnsignedInt(message.getShort(message.position() + Long.BYTES));
        if (length < 0 || length > message.remaining() - Long.BYTES - Short.BYTES) {
            throw new MalformedMessageException("a message of " + message.remaining() + " bytes is no publication");
        }
        long missed = message.getLong();
        message.getShort();
        byte[] topic = new byte[length];
        message.get(topic);
        return new Publication<>(new String(topic, StandardCharsets.UTF_8), Envelope.value(codec, message), missed);
    }
}
