package org.jvmipc.demos.codecs;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.function.Function;
import org.agrona.concurrent.UnsafeBuffer;
import org.jvmipc.Codec;
import org.jvmipc.MalformedMessageException;
import org.jvmipc.demos.codecs.sbe.MessageHeaderDecoder;
import org.jvmipc.demos.codecs.sbe.MessageHeaderEncoder;
import org.jvmipc.demos.codecs.sbe.QuoteDecoder;
import org.jvmipc.demos.codecs.sbe.QuoteEncoder;

/** The same in three forms. Each codec is one line; the functions below it are what an application has anyway. */
final class Quotes {
    /** What somebody asks for so many shares. */
    record Quote(String symbol, long cents, int size) {
    }

    /** By the layout of this toolkit. */
    static final Codec<Quote> RECORD = Codec.ofRecord(Quote.class);
    /** By Simple Binary Encoding: {@code src/main/sbe/quote.xml}, from which the build makes encoder and decoder. */
    static final Codec<Quote> SBE = Codec.of("quote.xml/0", Quotes::toSbe, Quotes::fromSbe);
    /** By Protocol Buffers, here with a type that comes with them; those which {@code protoc} makes go the same way. */
    static final Codec<Struct> PROTOBUF = Codec.of("google.protobuf.Struct", Struct::toByteArray, by(Struct.parser()));

    private Quotes() {
    }

    private static byte[] toSbe(Quote quote) {
        byte[] bytes = new byte[MessageHeaderEncoder.ENCODED_LENGTH + QuoteEncoder.BLOCK_LENGTH];
        new QuoteEncoder().wrapAndApplyHeader(new UnsafeBuffer(bytes), 0, new MessageHeaderEncoder())
                .symbol(quote.symbol()).cents(quote.cents()).size(quote.size());
        return bytes;
    }

    private static Quote fromSbe(byte[] bytes) {
        QuoteDecoder quote = new QuoteDecoder()
                .wrapAndApplyHeader(new UnsafeBuffer(bytes), 0, new MessageHeaderDecoder());
        return new Quote(quote.symbol(), quote.cents(), quote.size());
    }

    private static <T> Function<byte[], T> by(Parser<T> parser) {
        return bytes -> {
            try {
                return parser.parseFrom(bytes);
            } catch (InvalidProtocolBufferException malformed) {
                throw new MalformedMessageException(malformed.getMessage());
            }
        };
    }

    static Struct toStruct(Quote quote) {
        return Struct.newBuilder()
                .putFields("symbol", Value.newBuilder().setStringValue(quote.symbol()).build())
                .putFields("cents", Value.newBuilder().setNumberValue(quote.cents()).build())
                .putFields("size", Value.newBuilder().setNumberValue(quote.size()).build()).build();
    }

    static Quote fromStruct(Struct quote) {
        return new Quote(quote.getFieldsOrThrow("symbol").getStringValue(),
                (long) quote.getFieldsOrThrow("cents").getNumberValue(),
                (int) quote.getFieldsOrThrow("size").getNumberValue());
    }
}
