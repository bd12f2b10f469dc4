package org.jvmipc.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.Inspected.Condition;
import org.jvmipc.spi.Inspected.Verdict;
import org.jvmipc.spi.InspectedPeer.Presence;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ipc ls}: what there is. */
@Command(name = "ls",
        description = {
            "Lists channels, segments, locks, queues, semaphores and sockets: those of the toolkit, and those of POSIX"
                + " and System V whoever made them. Reads files only: it takes no lock, so that stopped processes do"
                + " not hold it up, and it changes nothing.",
            "",
            "Sockets and FIFOs are shown that a JVM has open, and those in the given directories; with -a those of"
                + " all processes that may be looked at. POSIX queues that nobody has open are shown where the mqueue"
                + " file system is mounted.",
            ""
        },
        footer = {
            "",
            "STATE is 'in use', 'unused' (to be kept, or the kernel keeps it), 'dead' (all who used it are dead: ipc"
                + " clean removes it), 'damaged', 'unfinished' or 'unreadable'.",
            "",
            "Exit codes: 0 all is well, 1 something failed, 2 wrong usage.",
            "",
            "Examples:",
            "  ipc ls",
            "  ipc ls -a                   also of other programs, and life signs",
            "  ipc ls /var/spool/orders    also queues, FIFOs and segments there",
            "  ipc ls --json | jq -r 'select(.state==\"dead\").name'"
        })
final class LsCommand implements Callable<Integer> {
    private static final int STATE = 2;
    private static final int PEERS = 7;

    @Parameters(paramLabel = "DIR", arity = "0..*", description = "Directories to look into, too.")
    private List<Path> directories = new ArrayList<>();

    @Option(names = {"-a", "--all"}, description = "Show also what other programs have, and the life signs.")
    private boolean all;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<Path> absolute = new ArrayList<>();
        for (Path directory : directories) {
            absolute.add(directory.toAbsolutePath().normalize());
        }
        List<Inspected> found = new Survey().list(absolute, all);
        found.removeIf(object -> !all && isAside(object));
        found.sort((one, other) -> one.name().compareTo(other.name()));
        PrintWriter out = spec.commandLine().getOut();
        if (common.json()) {
            for (Inspected object : found) {
                out.println(JsonText.of(Description.json(object)));
            }
        } else if (found.isEmpty()) {
            spec.commandLine().getErr().println("ipc: there is nothing" + (all ? "" : "; -a shows what others have"));
        } else {
            print(found, out, common.style());
        }
        return ExitCodes.OK;
    }

    /** What is there for other objects, and in order. */
    private static boolean isAside(Inspected object) {
        boolean auxiliary = object.kind().equals("life sign") || object.kind().equals("queue membership");
        return auxiliary && object.verdict() != Verdict.DEAD;
    }

    private static void print(List<Inspected> objects, PrintWriter out, Style style) {
        Users users = new Users();
        Instant now = Instant.now();
        Table table = new Table(style, "NAME", "KIND", "STATE", "OWNER", "MODE", "SIZE", "DEPTH", "PEERS", "AGE");
        for (Inspected object : objects) {
            table.row((column, cell) -> paint(object, column, cell, style), Words.printable(object.name()),
                    Words.printable(object.kind()), Description.state(object), users.name(object.uid()),
                    Description.mode(object), Words.bytes(object.bytes()), Description.depth(object),
                    Description.peers(object), Words.since(object.since(), now));
        }
        table.print(out);
        for (Inspected object : objects) {
            if (object.condition() != Condition.OK) {
                out.println(style.bad(Words.printable(object.name()) + ": " + Words.printable(object.problem())));
            }
        }
    }

    private static String paint(Inspected object, int column, String cell, Style style) {
        if (column == STATE) {
            return object.condition() != Condition.OK ? style.bad(cell)
                    : object.verdict() == Verdict.DEAD ? style.warning(cell)
                    : object.verdict() == Verdict.IN_USE ? style.good(cell) : style.faint(cell);
        }
        boolean noteworthy = Description.isAnybody(object, Presence.DEAD)
                || Description.isAnybody(object, Presence.STOPPED);
        return column == PEERS && noteworthy ? style.warning(cell) : cell;
    }
}
