package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Function;
import org.jvmipc.Codec;

/** A codec of two functions between values and byte arrays. */
public final class FunctionCodec<T> implements Codec<T> {
    private final String type;
    private final Function<? super T, byte[]> encoder;
    private final Function<byte[], ? extends T> decoder;

    public FunctionCodec(String type, Function<? super T, byte[]> encoder, Function<byte[], ? extends T> decoder) {
        this.type = type;
        this.encoder = Objects.requireNonNull(encoder, "encoder");
        this.decoder = Objects.requireNonNull(decoder, "decoder");
    }

    private byte[] bytes(T value) {
        SimpleCodecs.refuseNull(value);
        byte[] bytes = encoder.apply(value);
        if (bytes == null) {
            throw new IllegalArgumentException("the encoder of \"" + type + "\" gave null for " + value);
        }
        return bytes;
    }

    @Override
    public int size(T value) {
        return bytes(value).length;
    }

    @Override
    public void encode(T value, ByteBuffer into) {
        into.put(bytes(value));
    }

    /** Calls the encoder once and copies nothing. */
    @Override
    public ByteBuffer message(T value, ByteBuffer room) {
        return ByteBuffer.wrap(bytes(value));
    }

    @Override
    public T decode(ByteBuffer from) {
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        return decoder.apply(bytes);
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public String toString() {
        return "codec of " + (type.isEmpty() ? "an unchecked type" : type);
    }
}
