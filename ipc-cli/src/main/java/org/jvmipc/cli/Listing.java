package org.jvmipc.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.Inspected.Condition;
import org.jvmipc.spi.Inspected.Verdict;
import org.jvmipc.spi.InspectedPeer.Presence;

/** What {@code ipc ls} prints. Names nothing of picocli: loading that would take longer than all the rest. */
final class Listing {
    private static final int STATE = 2;
    private static final int PEERS = 7;

    private final PrintWriter out;
    private final PrintWriter err;

    Listing(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Prints it.
     *
     * @param directories where to look, too
     * @param all whether to show also what other programs have
     * @param json as what
     * @return the exit code
     */
    int run(List<Path> directories, boolean all, boolean json) {
        List<Path> absolute = new ArrayList<>();
        for (Path directory : directories) {
            absolute.add(directory.toAbsolutePath().normalize());
        }
        List<Inspected> found = new Survey().list(absolute, all);
        found.removeIf(object -> !all && isAside(object));
        found.sort((one, other) -> one.name().compareTo(other.name()));
        if (json) {
            for (Inspected object : found) {
                out.println(JsonText.of(Description.json(object)));
            }
        } else if (found.isEmpty()) {
            err.println("ipc: there is nothing" + (all ? "" : "; -a shows what others have"));
        } else {
            print(found, out, new Style(Terminal.hasColour(1)));
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
