package org.jvmipc.demos.codecs;

import com.google.protobuf.Struct;
import java.time.Duration;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.Ipc;
import org.jvmipc.TypedSender;
import org.jvmipc.demos.Demos;
import org.jvmipc.demos.codecs.Quotes.Quote;

/** Sends the same quotes to another process in three forms, and shows that one is not taken for the other. */
public final class Codecs {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Codecs() {
    }

    /**
     * Sends them.
     *
     * @param args how many
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        int count = Demos.number(args, 0, "the number of quotes", 3, 1_000_000);
        if (!Object.class.getModule().isOpen("jdk.internal.misc", Codecs.class.getModule())) {
            throw new IllegalStateException("Agrona, on which code of SBE stands, needs the JVM's option "
                    + "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED; ./ipc run codecs gives it");
        }
        String channel = "shm:" + Demos.name("codecs");
        Process reader;
        try (TypedSender<Quote> records = Ipc.sender(channel + "-record", Quotes.RECORD);
                TypedSender<Quote> sbe = Ipc.sender(channel + "-sbe", Quotes.SBE);
                TypedSender<Struct> protobuf = Ipc.sender(channel + "-protobuf", Quotes.PROTOBUF)) {
            reader = Demos.start(QuoteReader.class, channel);
            Runtime.getRuntime().addShutdownHook(new Thread(reader::destroy));
            if (!records.awaitPeer(PATIENCE) || !sbe.awaitPeer(PATIENCE) || !protobuf.awaitPeer(PATIENCE)) {
                throw new IllegalStateException("the reader has not come within " + PATIENCE);
            }
            showMismatch(channel);
            for (int i = 0; i < count; i++) {
                Quote quote = new Quote("ACME", 12_000 + i, 100);
                records.send(quote);
                sbe.send(quote);
                protobuf.send(Quotes.toStruct(quote));
            }
        }
        System.exit(reader.waitFor());
    }

    private static void showMismatch(String channel) {
        try {
            Ipc.sender(channel + "-sbe", Quotes.PROTOBUF).close();
            throw new IllegalStateException("Protobuf was taken for SBE");
        } catch (IncompatibleChannelException refused) {
            Demos.say("refused: %s", refused.getMessage());
        }
    }
}
