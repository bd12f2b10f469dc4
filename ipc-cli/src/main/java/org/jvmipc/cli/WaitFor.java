package org.jvmipc.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.InspectedPeer;

/** Who waits for whom, thread by thread, over all locks of one look. */
final class WaitFor {
    private final Set<Edge> edges = new LinkedHashSet<>();
    private final Map<String, String> labels = new LinkedHashMap<>();

    /**
     * That a thread waits for one that holds something.
     *
     * @param waiter who
     * @param holder for whom
     * @param lock for what
     */
    record Edge(String waiter, String holder, String lock) {
    }

    WaitFor(List<Inspected> locks) {
        for (Inspected lock : locks) {
            for (InspectedPeer waiter : lock.peers()) {
                if (isWaiter(waiter)) {
                    lock.peers().stream().filter(WaitFor::isHolder)
                            .forEach(holder -> add(lock, waiter, holder));
                }
            }
        }
    }

    static boolean isWaiter(InspectedPeer peer) {
        return peer.role().startsWith("waiter");
    }

    static boolean isHolder(InspectedPeer peer) {
        return peer.role().equals("holder");
    }

    private void add(Inspected lock, InspectedPeer waiter, InspectedPeer holder) {
        labels.put(id(waiter), label(waiter));
        labels.put(id(holder), label(holder));
        edges.add(new Edge(id(waiter), id(holder), lock.name()));
    }

    private static String id(InspectedPeer peer) {
        return peer.process() + "#" + peer.thread();
    }

    private static String label(InspectedPeer peer) {
        String presence = Description.presence(peer.presence());
        return "pid " + (peer.pid() < 0 ? "?" : peer.pid()) + (peer.thread() < 0 ? "" : " thread #" + peer.thread())
                + (peer.name().isEmpty() ? "" : " " + peer.name()) + (presence.isEmpty() ? "" : ", " + presence);
    }

    String label(String id) {
        return labels.get(id);
    }

    Set<Edge> edges() {
        return edges;
    }

    Set<String> nodes() {
        return labels.keySet();
    }

    /**
     * Cycles of threads that wait for each other, made of edges that another look has shown, too: who is just being
     * served stands in no two looks the same.
     */
    List<List<Edge>> cycles(WaitFor before) {
        Map<String, List<Edge>> next = new LinkedHashMap<>();
        for (Edge edge : edges) {
            // Of a process of which only the number of its readers is known it cannot be told which thread holds.
            if (before.edges.contains(edge) && !edge.holder().endsWith("#-1")) {
                next.computeIfAbsent(edge.waiter(), any -> new ArrayList<>()).add(edge);
            }
        }
        List<List<Edge>> cycles = new ArrayList<>();
        Set<String> done = new HashSet<>();
        for (String start : next.keySet()) {
            List<Edge> path = new ArrayList<>();
            if (!done.contains(start) && find(start, start, next, new HashSet<>(), path)) {
                path.forEach(edge -> done.add(edge.waiter()));
                cycles.add(path);
            }
        }
        return cycles;
    }

    private static boolean find(String start, String at, Map<String, List<Edge>> next, Set<String> seen,
            List<Edge> path) {
        for (Edge edge : next.getOrDefault(at, List.of())) {
            path.add(edge);
            if (edge.holder().equals(start)
                    || seen.add(edge.holder()) && find(start, edge.holder(), next, seen, path)) {
                return true;
            }
            path.remove(path.size() - 1);
        }
        return false;
    }

    /** For Graphviz. */
    String dot() {
        StringBuilder out = new StringBuilder("digraph \"wait-for\" {\n  rankdir=LR;\n  node [shape=box];\n");
        labels.forEach((id, label) -> out.append("  ").append(quote(id)).append(" [label=").append(quote(label))
                .append("];\n"));
        for (Edge edge : edges) {
            out.append("  ").append(quote(edge.waiter())).append(" -> ").append(quote(edge.holder()))
                    .append(" [label=").append(quote(edge.lock())).append("];\n");
        }
        return out.append("}").toString();
    }

    private static String quote(String text) {
        return '"' + Words.printable(text).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
