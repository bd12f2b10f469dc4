package org.jvmipc.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.Inspected.Condition;
import org.jvmipc.spi.Inspected.Verdict;
import org.jvmipc.spi.InspectedPeer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ipc info}: all that is known of something. */
@Command(name = "info",
        header = "Show all that is known of one: header, peers, lag.",
        description = {
            "",
            "Shows all that is known of a channel, segment, lock or queue: its header, who takes part and how far"
                + " behind each one is, whether it may be removed and why. Changes nothing.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 all is well, 2 wrong usage, 3 there is nothing of that name, 4 it may not be read,",
            "5 it is damaged.",
            "",
            "Examples:",
            "  ipc info shm:orders",
            "  ipc info orders-lock",
            "  ipc info /dev/shm/jvmipc-1000-orders",
            "  ipc info queue:/var/spool/orders --json"
        })
final class InfoCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", arity = "1..*",
            description = "Addresses, paths, or names as ipc ls shows them.")
    private List<String> names;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        int worst = ExitCodes.OK;
        PrintWriter out = common.out();
        boolean first = true;
        for (Inspected object : new Survey().named(names)) {
            if (common.json()) {
                out.println(JsonText.of(Description.json(object)));
            } else {
                if (!first) {
                    out.println();
                }
                print(object, out, common.style());
            }
            first = false;
            worst = Math.max(worst, object.condition() == Condition.DAMAGED ? ExitCodes.DAMAGED
                    : object.condition() == Condition.UNREADABLE ? ExitCodes.DENIED : ExitCodes.OK);
        }
        return worst;
    }

    private static void print(Inspected object, PrintWriter out, Style style) {
        out.println(style.head(Words.printable(object.name())));
        line(out, "kind", object.kind());
        line(out, "state", Description.state(object)
                + (object.problem().isEmpty() ? "" : ": " + Words.printable(object.problem())));
        if (object.verdict() != Verdict.NONE || !object.verdictReason().isEmpty()) {
            line(out, "removal", (object.verdict() == Verdict.DEAD ? "ipc clean removes it: " : "stays: ")
                    + Words.printable(object.verdictReason()));
        }
        if (!object.where().equals(object.details().get("path"))) {
            line(out, "where", object.where());
        }
        line(out, "owner", new Users().name(object.uid()) + ", mode " + Description.mode(object));
        if (object.bytes() >= 0) {
            line(out, "size", Words.bytes(object.bytes()) + " (" + object.bytes() + " bytes)");
        }
        if (object.since() != null) {
            line(out, "since", object.since() + " (" + Words.since(object.since(), Instant.now()) + ")");
        }
        if (object.depthMessages() >= 0 || object.depthBytes() >= 0) {
            line(out, "depth", Description.depth(object) + (object.capacityBytes() < 0 ? ""
                    : " of " + Words.bytes(object.capacityBytes())));
        }
        for (Map.Entry<String, Object> detail : object.details().entrySet()) {
            line(out, detail.getKey(), Words.printable(String.valueOf(detail.getValue())));
        }
        if (!object.peers().isEmpty()) {
            out.println();
            Table table = new Table(style, "ROLE", "PID", "PRESENCE", "THREAD", "LAG", "FOR", "NAME", "NOTE");
            object.peers().forEach(peer -> table.row((column, cell) -> cell, row(peer)));
            table.print(out);
        }
    }

    private static String[] row(InspectedPeer peer) {
        String presence = Description.presence(peer.presence());
        return new String[] {peer.role(), peer.pid() < 0 ? "?" : Long.toString(peer.pid()),
                presence.isEmpty() ? "alive" : presence, peer.thread() < 0 ? "-" : "#" + peer.thread(),
                Words.bytes(peer.lag()), Words.millis(peer.millis()),
                peer.name().isEmpty() ? "-" : Words.printable(peer.name()), Words.printable(peer.note())};
    }

    private static void line(PrintWriter out, String name, String value) {
        out.println("  " + name + " ".repeat(Math.max(1, 20 - name.length())) + value);
    }
}
