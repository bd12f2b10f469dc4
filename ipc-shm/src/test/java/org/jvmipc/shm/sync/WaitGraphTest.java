package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WaitGraphTest {
    private static final int GRAPHS = 3_000;

    @Test
    void shouldFindTheShortestCycleThroughTheLeast() {
        WaitGraph<Integer> graph = new WaitGraph<>();
        graph.add(3, 1);
        graph.add(1, 2);
        graph.add(2, 3);
        graph.add(2, 4);
        graph.add(4, 1);
        graph.add(3, 2);
        graph.add(7, 7);
        graph.add(8, 1);
        graph.add(3, 9);
        assertEquals(List.of(List.of(1, 2, 3), List.of(7)), graph.cycles());
    }

    /** Against reachability by Warshall's algorithm, on graphs of all densities. */
    @Test
    void shouldFindOneCycleOfEachSetThatWaitsForItself() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int cyclic = 0;
        for (int i = 0; i < GRAPHS; i++) {
            cyclic += check(random, "graph " + i + " of seed " + seed);
        }
        assertTrue(cyclic > GRAPHS / 10 && cyclic < GRAPHS * 9 / 10, cyclic + " of " + GRAPHS + " have cycles");
    }

    private static int check(Random random, String message) {
        int size = 1 + random.nextInt(9);
        int count = random.nextInt(size * 2);
        List<int[]> edges = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            edges.add(new int[] {random.nextInt(size), random.nextInt(size)});
        }
        boolean[][] direct = new boolean[size][size];
        edges.forEach(edge -> direct[edge[0]][edge[1]] = true);
        Set<BitSet> expected = classes(direct);
        List<List<Integer>> cycles = graph(edges).cycles();
        assertEquals(expected.size(), cycles.size(), message);
        Set<BitSet> found = new HashSet<>();
        for (List<Integer> cycle : cycles) {
            for (int i = 0; i < cycle.size(); i++) {
                assertTrue(direct[cycle.get(i)][cycle.get((i + 1) % cycle.size())], message);
            }
            assertEquals(cycle.size(), new HashSet<>(cycle).size(), message);
            found.addAll(expected.stream().filter(each -> cycle.stream().allMatch(each::get)).toList());
        }
        assertEquals(expected, found, message);
        Collections.shuffle(edges, random);
        assertEquals(cycles, graph(edges).cycles(), message + ", in another order");
        return expected.isEmpty() ? 0 : 1;
    }

    private static WaitGraph<Integer> graph(List<int[]> edges) {
        WaitGraph<Integer> graph = new WaitGraph<>();
        edges.forEach(edge -> graph.add(edge[0], edge[1]));
        return graph;
    }

    /** The sets of those who reach themselves and each other. */
    private static Set<BitSet> classes(boolean[][] direct) {
        int size = direct.length;
        boolean[][] reach = new boolean[size][];
        for (int i = 0; i < size; i++) {
            reach[i] = direct[i].clone();
        }
        for (int via = 0; via < size; via++) {
            for (int from = 0; from < size; from++) {
                for (int to = 0; to < size; to++) {
                    reach[from][to] |= reach[from][via] && reach[via][to];
                }
            }
        }
        Set<BitSet> classes = new HashSet<>();
        for (int i = 0; i < size; i++) {
            BitSet set = new BitSet();
            for (int j = 0; j < size; j++) {
                set.set(j, reach[i][j] && reach[j][i]);
            }
            if (!set.isEmpty()) {
                classes.add(set);
            }
        }
        return classes;
    }
}
