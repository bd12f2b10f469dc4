package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jvmipc.Codec;
import org.jvmipc.MalformedMessageException;

/** Codecs of single values, and the hash of types. */
public final class SimpleCodecs {
    /** Byte arrays as they are. */
    public static final Codec<byte[]> BYTES = new FunctionCodec<>("bytes", bytes -> bytes, bytes -> bytes);
    /** Text in UTF-8. */
    public static final Codec<String> UTF8 = new Text();
    /** Numbers of 8 bytes. */
    public static final Codec<Long> LONGS = new Longs();

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private SimpleCodecs() {
    }

    /** FNV-1a of 64 bits over the UTF-8 bytes of a type's description; 0 stands for none. */
    public static long hash(String type) {
        if (type.isEmpty()) {
            return 0;
        }
        long hash = FNV_OFFSET;
        for (byte octet : type.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ octet & 0xff) * FNV_PRIME;
        }
        return hash == 0 ? 1 : hash;
    }

    static void refuseNull(Object value) {
        if (value == null) {
            throw new IllegalArgumentException("null cannot be sent");
        }
    }

    /** Text in UTF-8. */
    private static final class Text implements Codec<String> {
        @Override
        public int size(String value) {
            refuseNull(value);
            return Utf8.length(value);
        }

        @Override
        public void encode(String value, ByteBuffer into) {
            Utf8.put(value, into);
        }

        @Override
        public String decode(ByteBuffer from) {
            return Utf8.get(from);
        }

        @Override
        public String type() {
            return "string";
        }

        @Override
        public String toString() {
            return "codec of string";
        }
    }

    /** Numbers of 8 bytes. */
    private static final class Longs implements Codec<Long> {
        @Override
        public int size(Long value) {
            refuseNull(value);
            return Long.BYTES;
        }

        @Override
        public void encode(Long value, ByteBuffer into) {
            into.putLong(value);
        }

        @Override
        public Long decode(ByteBuffer from) {
            if (from.remaining() != Long.BYTES) {
                throw new MalformedMessageException("a long has 8 bytes, here are " + from.remaining());
            }
            return from.getLong();
        }

        @Override
        public String type() {
            return "long";
        }

        @Override
        public String toString() {
            return "codec of long";
        }
    }
}
