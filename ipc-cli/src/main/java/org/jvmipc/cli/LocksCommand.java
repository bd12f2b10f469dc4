package org.jvmipc.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.InspectedPeer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ipc locks}: who holds, who waits, and for whom. */
@Command(name = "locks",
        header = "Show who holds, who waits, for whom; find deadlocks.",
        description = {
            "",
            "Shows what processes synchronize by: who holds it, who waits and since when, and which threads wait for"
                + " each other in a circle. What is seen at two looks, 0.1 s apart, counts as a deadlock. Takes no lock"
                + " and changes nothing.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 no deadlock, 1 something failed, 2 wrong usage, 6 there is a deadlock.",
            "",
            "Examples:",
            "  ipc locks",
            "  ipc locks --waiting              only those that somebody waits for",
            "  ipc locks --dot | dot -Tsvg > wait-for.svg"
        })
final class LocksCommand implements Callable<Integer> {
    private static final long BETWEEN_MILLIS = 100;

    @Parameters(paramLabel = "DIR", arity = "0..*", description = "Directories with locks in files.")
    private List<Path> directories = new ArrayList<>();

    @Option(names = {"-w", "--waiting"}, description = "Only what somebody waits for.")
    private boolean waiting;

    @Option(names = "--dot", description = "Print who waits for whom as a graph for Graphviz.")
    private boolean dot;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws InterruptedException {
        List<Path> absolute = directories.stream().map(each -> each.toAbsolutePath().normalize()).toList();
        WaitFor before = new WaitFor(locks(absolute));
        if (!before.edges().isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(BETWEEN_MILLIS);
        }
        List<Inspected> locks = locks(absolute);
        WaitFor graph = new WaitFor(locks);
        List<List<WaitFor.Edge>> cycles = graph.cycles(before);
        locks.removeIf(lock -> waiting && lock.peers().stream().noneMatch(WaitFor::isWaiter));
        PrintWriter out = common.out();
        if (dot) {
            out.println(graph.dot());
        } else if (common.json()) {
            locks.forEach(lock -> out.println(JsonText.of(Description.json(lock))));
            cycles.forEach(cycle -> out.println(JsonText.of(Map.of("deadlock", json(graph, cycle)))));
        } else {
            print(locks, out);
            cycles.forEach(cycle -> print(graph, cycle, out));
        }
        return cycles.isEmpty() ? ExitCodes.OK : ExitCodes.DEADLOCK;
    }

    /** What can be held or waited for. */
    private static List<Inspected> locks(List<Path> directories) {
        List<Inspected> found = new Survey().list(directories, false);
        found.removeIf(object -> !object.details().containsKey("waiters"));
        found.sort((one, other) -> one.name().compareTo(other.name()));
        return found;
    }

    private void print(List<Inspected> locks, PrintWriter out) {
        if (locks.isEmpty()) {
            common.err().println("ipc: there are no locks" + (waiting ? " that anybody waits for" : ""));
            return;
        }
        Style style = common.style();
        Table table = new Table(style, "NAME", "KIND", "ROLE", "PID", "THREAD", "FOR", "PROCESS", "NOTE");
        for (Inspected lock : locks) {
            List<InspectedPeer> peers = new ArrayList<>(lock.peers());
            peers.removeIf(peer -> peer.role().equals("participant"));
            if (peers.isEmpty()) {
                table.row((column, cell) -> cell, Words.printable(lock.name()), lock.kind(), "free", "-", "-", "-", "-",
                        note(lock));
            }
            for (InspectedPeer peer : peers) {
                String presence = Description.presence(peer.presence());
                table.row((column, cell) -> column == 2 && WaitFor.isWaiter(peer) ? style.warning(cell) : cell,
                        Words.printable(lock.name()), lock.kind(), peer.role(),
                        peer.pid() < 0 ? "?" : Long.toString(peer.pid()),
                        peer.thread() < 0 ? "-" : "#" + peer.thread(), Words.millis(peer.millis()),
                        Words.printable(peer.name().isEmpty() ? "-" : peer.name()),
                        Words.printable((presence + " " + peer.note()).trim()));
            }
        }
        table.print(out);
    }

    private static String note(Inspected lock) {
        Object state = lock.details().get("state");
        return state == null || state.equals("consistent") ? "" : state.toString();
    }

    private void print(WaitFor graph, List<WaitFor.Edge> cycle, PrintWriter out) {
        out.println();
        out.println(common.style().bad("deadlock:"));
        for (WaitFor.Edge edge : cycle) {
            out.println("  " + Words.printable(graph.label(edge.waiter())) + " waits for "
                    + Words.printable(edge.lock()) + ", which " + Words.printable(graph.label(edge.holder()))
                    + " holds");
        }
    }

    private static List<Map<String, Object>> json(WaitFor graph, List<WaitFor.Edge> cycle) {
        List<Map<String, Object>> json = new ArrayList<>();
        for (WaitFor.Edge edge : cycle) {
            Map<String, Object> wait = new LinkedHashMap<>();
            wait.put("waiter", graph.label(edge.waiter()));
            wait.put("lock", edge.lock());
            wait.put("holder", graph.label(edge.holder()));
            json.add(wait);
        }
        return json;
    }
}
