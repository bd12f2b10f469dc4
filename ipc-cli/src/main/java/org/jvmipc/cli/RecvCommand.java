package org.jvmipc.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ipc recv}: a channel to the standard output. */
@Command(name = "recv",
        header = "Receive messages from a channel.",
        description = {
            "",
            "Receives messages from a channel and prints each on a line: one, or -n, or with -f all until the channel"
                + " ends. Waits for them. It is a receiver as any other: from a ring or a kernel queue the messages are"
                + " taken.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 all is received, 1 something failed or the channel ended before, 2 wrong usage,",
            "3 there is no such channel, 4 access denied, 124 timed out.",
            "",
            "Examples:",
            "  ipc recv shm:orders",
            "  ipc recv shm:orders -n 10 --timeout 5s",
            "  ipc recv queue:/var/spool/orders?reader=audit -f --format json"
        })
final class RecvCommand implements Callable<Integer> {
    @Option(names = {"-n", "--count"}, paramLabel = "N", converter = Quantity.Size.class,
            description = "Receive so many; default 1.")
    private Long count;

    @Option(names = {"-f", "--follow"}, description = "Receive until the channel ends.")
    private boolean follow;

    @Option(names = {"-t", "--timeout"}, paramLabel = "TIME", converter = Quantity.Time.class,
            description = "Wait so long for each message, such as 500ms; default: as long as it takes.")
    private Duration timeout;

    @Mixin
    private Receiving receiving;

    @Override
    public Integer call() throws InterruptedException {
        long limit = count != null ? count : follow ? Long.MAX_VALUE : 1;
        try (Receiver receiver = Ipc.receiver(receiving.address())) {
            Receiving.End end = receiving.receive(receiver, limit, timeout);
            if (end == Receiving.End.TIMED_OUT) {
                receiving.err().println("ipc: nothing came from " + receiving.address() + " for "
                        + Words.millis(timeout.toMillis()));
                return ExitCodes.TIMED_OUT;
            }
            boolean early = end == Receiving.End.CLOSED && !follow;
            if (early) {
                receiving.err().println("ipc: " + receiving.address() + " has ended: its senders have left");
            }
            return early ? ExitCodes.FAILED : ExitCodes.OK;
        }
    }
}
