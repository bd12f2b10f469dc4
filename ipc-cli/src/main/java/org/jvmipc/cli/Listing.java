package org.jvmipc.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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
        int code = ExitCodes.OK;
        for (Path directory : directories) {
            absolute.add(directory.toAbsolutePath().normalize());
            if (!Files.isDirectory(directory)) {
                boolean other = Files.exists(directory);
                err.println("ipc: " + Words.printable(directory.toString()) + (other
                        ? " is no directory; ipc info and ipc dump tell of a file" : " does not exist"));
                code = other ? ExitCodes.USAGE : ExitCodes.NOT_FOUND;
            } else if (!Files.isReadable(directory)) {
                err.println("ipc: " + Words.printable(directory.toString()) + " may not be read by this user");
                code = ExitCodes.DENIED;
            }
        }
        List<Inspected> found = new ArrayList<>();
        for (Inspected object : new Survey().list(absolute, all)) {
            if (all || !isAside(object)) {
                found.add(object);
            }
        }
        found.sort(new ByName());
        if (json) {
            for (Inspected object : found) {
                out.println(JsonText.of(Description.json(object)));
            }
        } else if (found.isEmpty()) {
            err.println("ipc: there is nothing" + (all ? "" : "; -a shows what others have"));
        } else {
            print(found, out, new Style(Terminal.hasColour(1)));
        }
        return code;
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
            table.row(new Paint(object, style), Words.printable(object.name()),
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

    /** As {@link Survey} says: no lambda expression. */
    private static final class ByName implements Comparator<Inspected> {
        @Override
        public int compare(Inspected one, Inspected other) {
            return one.name().compareTo(other.name());
        }
    }

    /** Colours of a row. */
    private static final class Paint implements Table.Painter {
        private final Inspected object;
        private final Style style;

        private Paint(Inspected object, Style style) {
            this.object = object;
            this.style = style;
        }

        @Override
        public String paint(int column, String cell) {
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
}
