package org.jvmipc.demos.codecs;

import com.google.protobuf.Struct;
import java.time.Duration;
import java.util.function.Function;
import org.jvmipc.Codec;
import org.jvmipc.Ipc;
import org.jvmipc.ReceivedValue;
import org.jvmipc.TypedReceiver;
import org.jvmipc.demos.Demos;
import org.jvmipc.demos.codecs.Quotes.Quote;

/** Reads quotes in three forms, one of each in turn. */
final class QuoteReader {
    private QuoteReader() {
    }

    /**
     * Reads them.
     *
     * @param args what the addresses of the channels begin with
     */
    public static void main(String[] args) throws InterruptedException {
        try (TypedReceiver<Quote> records = Ipc.receiver(args[0] + "-record", Quotes.RECORD);
                TypedReceiver<Quote> sbe = Ipc.receiver(args[0] + "-sbe", Quotes.SBE);
                TypedReceiver<Struct> protobuf = Ipc.receiver(args[0] + "-protobuf", Quotes.PROTOBUF)) {
            Tally<Quote> first = new Tally<>("record", Quotes.RECORD, quote -> quote);
            Tally<Quote> second = new Tally<>("SBE", Quotes.SBE, quote -> quote);
            Tally<Struct> third = new Tally<>("Protobuf", Quotes.PROTOBUF, Quotes::fromStruct);
            while (first.take(records) | second.take(sbe) | third.take(protobuf)) {
                continue;
            }
            first.tell();
            second.tell();
            third.tell();
        }
    }

    /** What came in one form. */
    private static final class Tally<T> {
        private final String form;
        private final Codec<T> codec;
        private final Function<T, Quote> reader;
        private int count;
        private long bytes;
        private Quote last;

        Tally(String form, Codec<T> codec, Function<T, Quote> reader) {
            this.form = form;
            this.codec = codec;
            this.reader = reader;
        }

        /** False at the end. */
        boolean take(TypedReceiver<T> from) throws InterruptedException {
            ReceivedValue<T> received = from.receive(Duration.ofSeconds(30));
            if (!received.isValue()) {
                return false;
            }
            count++;
            bytes += codec.size(received.value());
            last = reader.apply(received.value());
            return true;
        }

        void tell() {
            Demos.say("%s: %d quotes in %d bytes, the last one %s at %d", form, count, bytes, last.symbol(),
                    last.cents());
        }
    }
}
