package org.jvmipc.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.Message;
import org.jvmipc.Receiver;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ipc tail}: the last messages of a channel, and those to come. */
@Command(name = "tail",
        header = "Print the last of a channel, and with -f what comes.",
        description = {
            "",
            "Prints the last messages of a queue on disk, a message a line; with -f those to come, too. Of other"
                + " channels all are taken that are there, and the last ones printed.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 all is well, 1 something failed, 2 wrong usage, 3 there is no such channel,",
            "4 access denied.",
            "",
            "Examples:",
            "  ipc tail queue:/var/spool/orders",
            "  ipc tail queue:/var/spool/orders -n 0 -f --json"
        })
final class TailCommand implements Callable<Integer> {
    @Option(names = {"-n", "--count"}, paramLabel = "N", defaultValue = "10", converter = Quantity.Size.class,
            description = "Print the last N; default ${DEFAULT-VALUE}.")
    private long count;

    @Option(names = {"-f", "--follow"}, description = "Go on with what comes, until the channel ends.")
    private boolean follow;

    @Mixin
    private Receiving receiving;

    @Override
    public Integer call() throws InterruptedException {
        Address existing = Existing.of(receiving.address());
        boolean atEnd = count == 0 && existing.scheme().equals("queue") && !existing.options().containsKey("start");
        try (Receiver receiver = Ipc.receiver(atEnd ? existing.with("start", "end") : existing)) {
            Deque<Message> last = new ArrayDeque<>();
            Receiving.End end = atEnd ? Receiving.End.EMPTY : Receiving.drain(receiver, Long.MAX_VALUE, message -> {
                last.add(message);
                if (last.size() > count) {
                    last.remove();
                }
            });
            receiving.printAll(last);
            if (follow && end != Receiving.End.CLOSED) {
                receiving.receive(receiver, Long.MAX_VALUE, null);
            }
            return ExitCodes.OK;
        }
    }
}
