package org.jvmipc;

import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.function.Function;
import org.jvmipc.internal.FunctionCodec;
import org.jvmipc.internal.RecordCodec;
import org.jvmipc.internal.SimpleCodecs;

/**
 * Turns values into messages and back, for {@link TypedSender} and {@link TypedReceiver}. Never Java serialization: a
 * message is data, and decoding it runs no code but the codec's.
 *
 * <p>A codec describes the type of its messages ({@link #type}); a hash of the description is compared when a channel
 * is opened, so that two programs which disagree are told so instead of misreading each other.
 *
 * <p><b>Threads.</b> Any number of threads may use a codec at the same time: it keeps no state between calls.
 *
 * <p><b>Trust.</b> {@link #decode} gets bytes that another program wrote. The codecs made here check every length
 * against the message, and take no memory that its bytes do not back.
 *
 * @param <T> what is sent; never null
 */
public interface Codec<T> {
    /** The most bytes that a value can have: the largest message that any channel carries. */
    int MAX_SIZE = (1 << 30) - 1;

    /**
     * How many bytes {@link #encode} writes for a value.
     *
     * @param value the value
     * @return the exact number
     * @throws IllegalArgumentException if the value cannot be sent; the message says what is wrong with it
     */
    int size(T value);

    /**
     * Writes a value from the buffer's position on, exactly {@link #size} bytes, and moves the position.
     *
     * @param value the value
     * @param into a big-endian buffer with room enough
     * @throws IllegalArgumentException if the value cannot be sent; the message says what is wrong with it
     */
    void encode(T value, ByteBuffer into);

    /**
     * Reads a value: all bytes from position to limit.
     *
     * @param from a big-endian buffer that holds one whole message and is valid during this call only
     * @return the value
     * @throws MalformedMessageException if the bytes are no such value
     */
    T decode(ByteBuffer from);

    /**
     * Describes the type of the messages, the same in every JVM and every version that understands them; the grammar is
     * in {@code docs/formats/record.md}.
     *
     * @return the description, empty for a type that is not to be checked
     */
    String type();

    /**
     * What is compared when a channel is opened: FNV-1a, 64 bits, of the UTF-8 bytes of {@link #type}; should that be
     * 0, then 1.
     *
     * @return the hash, 0 if the type is not to be checked
     */
    default long typeHash() {
        return SimpleCodecs.hash(type());
    }

    /**
     * Makes a message of a value.
     *
     * @param value the value
     * @param room a buffer to use if it is large enough, whatever it holds
     * @return the message from position to limit, in {@code room} or in another buffer
     * @throws IllegalArgumentException if the value cannot be sent; the message says what is wrong with it
     */
    default ByteBuffer message(T value, ByteBuffer room) {
        int size = size(value);
        ByteBuffer buffer = room.capacity() < size ? ByteBuffer.allocate(size) : room;
        buffer.clear().limit(size).order(ByteOrder.BIG_ENDIAN);
        encode(value, buffer);
        if (buffer.position() != size) {
            throw new IllegalStateException("the codec of \"" + type() + "\" announced " + size + " bytes and wrote "
                    + buffer.position());
        }
        return buffer.flip();
    }

    /**
     * Byte arrays as they are; type {@code bytes}. What was encoded is no longer looked at when sending returns.
     *
     * @return the codec
     */
    static Codec<byte[]> bytes() {
        return SimpleCodecs.BYTES;
    }

    /**
     * Text in UTF-8; type {@code string}. Text with half a surrogate pair cannot be sent, and bytes that are not UTF-8
     * are malformed: nothing is replaced.
     *
     * @return the codec
     */
    static Codec<String> utf8() {
        return SimpleCodecs.UTF8;
    }

    /**
     * Numbers of 8 bytes, big-endian; type {@code long}.
     *
     * @return the codec
     */
    static Codec<Long> longs() {
        return SimpleCodecs.LONGS;
    }

    /**
     * Records by a fixed layout, which {@code docs/formats/record.md} describes byte by byte. Components may be of the
     * primitive types, enums, {@link String}, other records, and {@link java.util.List} and {@link java.util.Optional}
     * of these. On the module path, a record that is not public in an exported package needs
     * {@link #ofRecord(Class, MethodHandles.Lookup)}, or a package opened to {@code org.jvmipc.core}.
     *
     * @param <R> the record class
     * @param record the record class
     * @return the codec
     * @throws IllegalArgumentException if the class is no record, has a component of another type, or is not
     *     accessible; the message says which and what to do
     */
    static <R extends Record> Codec<R> ofRecord(Class<R> record) {
        return RecordCodec.of(record, null);
    }

    /**
     * Records by a fixed layout, as {@link #ofRecord(Class)}, of any class that the caller can reach.
     *
     * @param <R> the record class
     * @param record the record class
     * @param lookup the caller's {@link MethodHandles#lookup()}
     * @return the codec
     * @throws IllegalArgumentException as {@link #ofRecord(Class)}
     */
    static <R extends Record> Codec<R> ofRecord(Class<R> record, MethodHandles.Lookup lookup) {
        return RecordCodec.of(record, Objects.requireNonNull(lookup, "lookup"));
    }

    /**
     * Any values, by two functions, with a type that is not checked.
     *
     * @param <T> what is sent
     * @param encoder gives a value's bytes
     * @param decoder makes a value of bytes, or throws
     * @return the codec
     */
    static <T> Codec<T> of(Function<? super T, byte[]> encoder, Function<byte[], ? extends T> decoder) {
        return new FunctionCodec<>("", encoder, decoder);
    }

    /**
     * Any values, by two functions, with a type that is checked.
     *
     * @param <T> what is sent
     * @param type a name of your own for what the bytes mean, such as {@code com.example.Order/2}; to be changed when
     *     the bytes' meaning does
     * @param encoder gives a value's bytes
     * @param decoder makes a value of bytes, or throws
     * @return the codec
     * @throws IllegalArgumentException if the type is empty
     */
    static <T> Codec<T> of(String type, Function<? super T, byte[]> encoder, Function<byte[], ? extends T> decoder) {
        if (type.isEmpty()) {
            throw new IllegalArgumentException("a type is needed; of(encoder, decoder) makes a codec without one");
        }
        return new FunctionCodec<>(type, encoder, decoder);
    }
}
