package org.jvmipc.shm.sync;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who waits for whom. One who waits for several waits for all of them (as a writer does for readers), so each cycle is
 * a deadlock. What comes out depends on what was put in, and not on its order. Not thread-safe.
 *
 * @param <N> who
 */
final class WaitGraph<N extends Comparable<N>> {
    private final TreeMap<N, TreeSet<N>> holders = new TreeMap<>();
    private final Map<N, TreeSet<N>> waiters = new HashMap<>();

    /** One waits for another, or for itself. */
    void add(N waiter, N holder) {
        holders.computeIfAbsent(waiter, any -> new TreeSet<>()).add(holder);
        waiters.computeIfAbsent(holder, any -> new TreeSet<>()).add(waiter);
    }

    /**
     * One cycle of each set of those who all wait, through others, for each other: the shortest through the least one
     * of them.
     *
     * @return each cycle in the order of waiting, from the least one on
     */
    List<List<N>> cycles() {
        prune();
        List<List<N>> cycles = new ArrayList<>();
        Set<N> done = new HashSet<>();
        for (N start : holders.keySet()) {
            if (!done.contains(start)) {
                Map<N, N> after = reach(start, holders);
                if (after.containsKey(start)) {
                    cycles.add(path(start, after));
                    // Those who reach it, and are reached, are of the same set.
                    Set<N> same = new HashSet<>(reach(start, waiters).keySet());
                    same.retainAll(after.keySet());
                    done.addAll(same);
                }
            }
        }
        return cycles;
    }

    /** Takes out those who wait for nobody who waits, again and again: mostly all. */
    private void prune() {
        Deque<N> free = new ArrayDeque<>();
        waiters.keySet().stream().filter(who -> !holders.containsKey(who)).forEach(free::add);
        while (!free.isEmpty()) {
            N goesOn = free.remove();
            for (N waiter : waiters.getOrDefault(goesOn, new TreeSet<>())) {
                Set<N> left = holders.get(waiter);
                left.remove(goesOn);
                if (left.isEmpty()) {
                    holders.remove(waiter);
                    free.add(waiter);
                }
            }
            waiters.remove(goesOn);
        }
    }

    /** Who can be reached, nearest first, each with the one before. */
    private Map<N, N> reach(N start, Map<N, TreeSet<N>> steps) {
        Map<N, N> before = new HashMap<>();
        Deque<N> next = new ArrayDeque<>();
        next.add(start);
        while (!next.isEmpty()) {
            N from = next.remove();
            for (N to : steps.getOrDefault(from, new TreeSet<>())) {
                if (before.putIfAbsent(to, from) == null) {
                    next.add(to);
                }
            }
        }
        return before;
    }

    private List<N> path(N start, Map<N, N> before) {
        ArrayDeque<N> path = new ArrayDeque<>();
        N at = start;
        do {
            at = before.get(at);
            path.addFirst(at);
        } while (!at.equals(start));
        return List.copyOf(path);
    }
}
