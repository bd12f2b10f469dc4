package org.jvmipc.shm.sync;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jvmipc.shm.SegmentView;

/**
 * Looks at locks again and again. What counts is what was the same at two looks.
 *
 * <p><b>No false alarm.</b> A look reads who waits, of all locks, and then who holds them. So between reading a
 * thread's record for the first time and for the second, all that is said to be held was read. If the record is of the
 * same waiting both times (no ticket is given twice) the thread was inside the method that waits all the time, and gave
 * nothing back. So if that holds for all of a cycle, all that was seen to be held stayed so until the second look, and
 * none of them got what it waits for, but one who had got it before: a thread that was slow, or stopped, between taking
 * a lock and leaving the queue. That one is not counted, as then the lock's word has it, or its record says that it may
 * read. A holder that is dead, or whose process is slow or stopped, waits for nothing, so it closes no cycle.
 *
 * <p>Not thread-safe.
 */
final class DeadlockScan {
    private final Supplier<List<SegmentView>> segments;
    private Map<SegmentView, LockView> views = new HashMap<>();
    private Set<WaitEdge> before = Set.of();
    /** What was reported already, and lasts. */
    private Set<List<WaitEdge>> known = new HashSet<>();

    DeadlockScan(Supplier<List<SegmentView>> segments) {
        this.segments = segments;
    }

    /** Looks, and tells of what lasts since the last time, once. */
    List<Deadlock> look(DeadlockPolicy policy) {
        Set<WaitEdge> now = edges();
        Map<Actor, Map<Actor, WaitEdge>> lasting = new HashMap<>();
        WaitGraph<Actor> graph = new WaitGraph<>();
        for (WaitEdge edge : now) {
            if (before.contains(edge)) {
                lasting.computeIfAbsent(edge.waiting().actor(), any -> new HashMap<>())
                        .merge(edge.holder(), edge, DeadlockScan::first);
                graph.add(edge.waiting().actor(), edge.holder());
            }
        }
        before = now;
        List<Deadlock> found = new ArrayList<>();
        Set<List<WaitEdge>> lasts = new HashSet<>();
        for (List<Actor> cycle : graph.cycles()) {
            List<WaitEdge> edges = edges(cycle, lasting);
            if (edges.stream().noneMatch(edge -> edge.waiting().lock().isGone(edge.waiting().owner()))) {
                lasts.add(edges);
                if (!known.contains(edges)) {
                    report(edges, policy).ifPresent(found::add);
                }
            }
        }
        known = lasts;
        return found;
    }

    private static WaitEdge first(WaitEdge one, WaitEdge other) {
        return WaitEdge.ORDER.compare(one, other) <= 0 ? one : other;
    }

    /** First all who wait, then all who hold. */
    private Set<WaitEdge> edges() {
        Map<SegmentView, LockView> now = new HashMap<>();
        for (SegmentView segment : segments.get()) {
            LockView known = views.get(segment);
            LockView view = known == null ? new LockView(segment) : known;
            if (view.isWhole()) {
                now.put(segment, view);
            }
        }
        views = now;
        List<WaitEdge.Wait> waits = new ArrayList<>();
        Set<Long> generations = new HashSet<>();
        for (LockView view : now.values()) {
            // One lock may be seen in two ways.
            if (generations.add(view.generation())) {
                waits.addAll(view.waits());
            }
        }
        Set<WaitEdge> edges = new HashSet<>();
        waits.forEach(wait -> edges.addAll(wait.lock().edges(wait)));
        return edges;
    }

    private static List<WaitEdge> edges(List<Actor> cycle, Map<Actor, Map<Actor, WaitEdge>> lasting) {
        List<WaitEdge> edges = new ArrayList<>();
        for (int i = 0; i < cycle.size(); i++) {
            edges.add(lasting.get(cycle.get(i)).get(cycle.get((i + 1) % cycle.size())));
        }
        return edges;
    }

    /** Empty if it was to be broken, and another has broken it or it is over. */
    private Optional<Deadlock> report(List<WaitEdge> edges, DeadlockPolicy policy) {
        WaitEdge victim = Collections.max(edges, WaitEdge.ORDER);
        Map<WaitEdge, DeadlockWait> waits = new HashMap<>();
        Map<Long, List<StackTraceElement>> stacks = stacks(edges);
        edges.forEach(edge -> waits.put(edge, describe(edge, stacks)));
        boolean breaks = policy == DeadlockPolicy.BREAK;
        if (breaks && !victim.waiting().lock().chooseVictim(victim.waiting())) {
            return Optional.empty();
        }
        return Optional.of(new Deadlock(edges.stream().map(waits::get).collect(Collectors.toUnmodifiableList()),
                waits.get(victim), breaks));
    }

    private static DeadlockWait describe(WaitEdge edge, Map<Long, List<StackTraceElement>> stacks) {
        WaitEdge.Wait wait = edge.waiting();
        LockView lock = wait.lock();
        boolean own = wait.actor().process().equals(SegmentView.ownProcess());
        return new DeadlockWait(lock.name(), WaitState.purpose(wait.epoch()) == WaitState.SHARED,
                lock.peer(wait.owner()), wait.actor().thread(), wait.threadName(), lock.peer(edge.holderOwner()),
                edge.holder().thread(), own ? stacks.getOrDefault(wait.actor().thread(), List.of()) : List.of());
    }

    /** Those of this process, if any of it takes part. */
    private static Map<Long, List<StackTraceElement>> stacks(List<WaitEdge> edges) {
        String own = SegmentView.ownProcess();
        Map<Long, List<StackTraceElement>> stacks = new HashMap<>();
        if (edges.stream().anyMatch(edge -> edge.waiting().actor().process().equals(own))) {
            Thread.getAllStackTraces().forEach(
                    (thread, stack) -> stacks.put(thread.getId() & Owner.THREAD_MASK, List.of(stack)));
        }
        return stacks;
    }
}
