package org.jvmipc.cli;

import java.util.concurrent.Callable;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ipc cat}: what is in a channel now. */
@Command(name = "cat",
        header = "Print what is in a channel now.",
        description = {
            "",
            "Prints what is in a channel now, a message a line, and ends when nothing has come for 0.2 s. A queue on"
                + " disk is read from its beginning and stays as it is. From a ring or a kernel queue the messages are"
                + " taken; ipc dump shows those of a ring without taking them.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 all is well, 1 something failed, 2 wrong usage, 3 there is no such channel,",
            "4 access denied.",
            "",
            "Examples:",
            "  ipc cat queue:/var/spool/orders",
            "  ipc cat queue:/var/spool/orders?start=index:1000 -n 5 --json",
            "  ipc cat posixmq:jobs"
        })
final class CatCommand implements Callable<Integer> {
    @Option(names = {"-n", "--count"}, paramLabel = "N", converter = Quantity.Size.class,
            description = "Print at most so many.")
    private Long count;

    @Mixin
    private Receiving receiving;

    @Override
    public Integer call() throws InterruptedException {
        try (Receiver receiver = Ipc.receiver(Existing.of(receiving.address()))) {
            receiving.drain(receiver, count == null ? Long.MAX_VALUE : count);
            return ExitCodes.OK;
        }
    }
}
