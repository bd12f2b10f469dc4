package org.jvmipc.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Consumer;
import org.jvmipc.EndOfChannelException;
import org.jvmipc.Message;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What commands that receive have in common. */
final class Receiving {
    /** After this time without a message a channel counts as empty. */
    private static final Duration IDLE = Duration.ofMillis(200);
    private static final Duration SLICE = Duration.ofSeconds(1);

    @Parameters(paramLabel = "ADDRESS", description = "Such as shm:orders or queue:/var/spool/orders.")
    private String address;

    @Option(names = "--format", paramLabel = "FORMAT",
            description = "How messages are printed: text, hex or json; default text.")
    private Format format;

    @Option(names = "--json", description = "The same as --format json.")
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this text.")
    private boolean help;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** Why it ended. */
    enum End { COUNT, EMPTY, CLOSED, TIMED_OUT, READER_GONE }

    /** The channel, as it was named. */
    String address() {
        return address;
    }

    /** Where messages go. */
    PrintWriter out() {
        return command.commandLine().getOut();
    }

    /** Where everything else goes. */
    PrintWriter err() {
        return command.commandLine().getErr();
    }

    private String line(Message message) {
        Format chosen = format == null ? json ? Format.JSON : Format.TEXT : format;
        return chosen.write(message);
    }

    /** Prints a message; false if nobody reads any more. */
    private boolean print(Message message) {
        out().println(line(message));
        // A pipe whose reader has gone, as that of head.
        return !out().checkError();
    }

    /**
     * Receives and prints.
     *
     * @param limit how many at most
     * @param timeout for how long to wait for each; null for ever
     */
    End receive(Receiver receiver, long limit, Duration timeout) throws InterruptedException {
        for (long count = 0; count < limit; count++) {
            Received received = await(receiver, timeout);
            if (!received.isMessage()) {
                return received.kind() == Received.Kind.END ? End.CLOSED
                        : out().checkError() ? End.READER_GONE : End.TIMED_OUT;
            }
            if (!print(received.message())) {
                return End.READER_GONE;
            }
        }
        return End.COUNT;
    }

    private Received await(Receiver receiver, Duration timeout) throws InterruptedException {
        try {
            if (timeout != null) {
                return receiver.receive(timeout);
            }
            Received received;
            do {
                received = receiver.receive(SLICE);
            } while (received.kind() == Received.Kind.TIMED_OUT && !out().checkError());
            return received;
        } catch (EndOfChannelException end) {
            return Received.END;
        }
    }

    /** Receives what is there now, and hands it over. */
    static End drain(Receiver receiver, long limit, Consumer<Message> consumer) throws InterruptedException {
        for (long count = 0; count < limit; count++) {
            Received received;
            try {
                received = receiver.receive(IDLE);
            } catch (EndOfChannelException end) {
                return End.CLOSED;
            }
            if (!received.isMessage()) {
                return received.kind() == Received.Kind.END ? End.CLOSED : End.EMPTY;
            }
            consumer.accept(received.message());
        }
        return End.COUNT;
    }

    /** Receives what is there now, and prints it. */
    End drain(Receiver receiver, long limit) throws InterruptedException {
        return drain(receiver, limit, this::print);
    }

    void printAll(Iterable<Message> messages) {
        messages.forEach(this::print);
    }
}
