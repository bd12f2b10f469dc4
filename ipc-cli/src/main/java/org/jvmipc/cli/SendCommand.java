package org.jvmipc.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jvmipc.Ipc;
import org.jvmipc.Sender;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ipc send}: the standard input into a channel. */
@Command(name = "send",
        header = "Send lines into a channel.",
        description = {
            "",
            "Sends messages into a channel: those of -m, or one for each line of the standard input. Waits while the"
                + " channel is full.",
            "",
            "A ring, a FIFO or a kernel queue goes with its last user: with nobody there to receive, add ?keep=true to"
                + " the address, or start ipc recv first. queue: keeps what it gets.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 all is sent, 1 something failed, 2 wrong usage or a line that stands for no message,",
            "3 there is no such channel, 4 access denied, 124 the channel was full for too long.",
            "",
            "Examples:",
            "  ipc send shm:orders?keep=true -m hello -m world",
            "  seq 1000 | ipc send queue:/var/spool/orders",
            "  echo 00ff10 | ipc send posixmq:jobs --format hex",
            "  ipc recv shm:a --format json -f | ipc send shm:b --format json"
        })
final class SendCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ADDRESS", description = "Such as shm:orders or queue:/var/spool/orders.")
    private String address;

    @Option(names = {"-m", "--message"}, paramLabel = "TEXT", description = "Send this. May be repeated.")
    private List<String> messages = new ArrayList<>();

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text",
            description = "What a line is: text, hex, or json ({\"text\":\"...\"} or {\"hex\":\"...\"}); default"
                + " ${DEFAULT-VALUE}.")
    private Format format;

    @Option(names = {"-n", "--count"}, paramLabel = "N", converter = Quantity.Size.class,
            description = "Send at most so many.")
    private Long count;

    @Option(names = {"-t", "--timeout"}, paramLabel = "TIME", converter = Quantity.Time.class,
            description = "Wait so long for room for each message, such as 500ms; default: as long as it takes.")
    private Duration timeout;

    @Option(names = "--json", description = "Report as JSON what was sent.")
    private boolean json;

    @Option(names = {"-q", "--quiet"}, description = "Do not report.")
    private boolean quiet;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this text.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    private long sent;
    private long bytes;

    private final InputStream in;

    SendCommand() {
        this(System.in);
    }

    SendCommand(InputStream in) {
        this.in = in;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Sender sender = Ipc.sender(address)) {
            if (messages.isEmpty()) {
                sendLines(sender);
            } else {
                for (String message : messages) {
                    send(sender, message);
                }
            }
        }
        if (json) {
            spec.commandLine().getOut().println(JsonText.of(Map.of("sent", sent, "bytes", bytes)));
        } else if (!quiet) {
            spec.commandLine().getErr().println("sent " + sent + (sent == 1 ? " message, " : " messages, ")
                    + bytes + " bytes");
        }
        return ExitCodes.OK;
    }

    private void sendLines(Sender sender) throws IOException, InterruptedException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        while (count == null || sent < count) {
            String line = lines.readLine();
            if (line == null) {
                return;
            }
            send(sender, line);
        }
    }

    private void send(Sender sender, String line) throws InterruptedException {
        if (count != null && sent >= count) {
            return;
        }
        byte[] message;
        try {
            message = format.read(line);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("message " + (sent + 1) + " is no "
                    + format.name().toLowerCase(Locale.ROOT) + ": " + wrong.getMessage()
                    + "; those before it were sent");
        }
        if (timeout == null) {
            sender.send(ByteBuffer.wrap(message));
        } else {
            sender.send(ByteBuffer.wrap(message), timeout);
        }
        sent++;
        bytes += message.length;
    }
}
