package org.jvmipc.demos.philosophers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jvmipc.demos.Crew;
import org.jvmipc.demos.Demos;
import org.jvmipc.demos.philosophers.Table.Note;
import org.jvmipc.shm.sync.Deadlock;
import org.jvmipc.shm.sync.DeadlockDetector;
import org.jvmipc.shm.sync.DeadlockPolicy;
import org.jvmipc.shm.sync.Deadlocks;

/**
 * Dijkstra's dining philosophers (EWD 310), each a process: on purpose into deadlocks, which are found and broken; then
 * without any, because forks are ordered; then because a banker lends them. This process is the host, who looks for
 * deadlocks, and fails if there is another number of them than there must be.
 */
public final class Philosophers {
    private static final String USAGE = """
            Usage: ipc run philosophers [--rounds ROUNDS] [--mode deadlock|order|banker|all]
            Five processes sit around a table with five forks between them, and need two each to eat. In each round
            (1 to 10000; else 3) each of them eats once.
              deadlock   all take their left fork, then all want their right one. One is told to give way.
              order      each takes the fork with the lower number first, so there never is a deadlock.
              banker     all want their left fork first; a banker keeps one fork back, though it is free.
              all        one after the other; this is what is done if nothing is said
            Fails if somebody starved, if a deadlock was not found, or if one was found where none can be.""";
    private static final int DEFAULT_ROUNDS = 3;
    private static final int MOST_ROUNDS = 10_000;
    private static final int TOLD_SECONDS = 10;

    private final Table table;
    private final String name;
    private final int rounds;

    /** What the detector told, and when. */
    private record Found(Deadlock deadlock, long atMillis) {
    }

    private Philosophers(Table table, String name, int rounds) {
        this.table = table;
        this.name = name;
        this.rounds = rounds;
    }

    /**
     * Lets them dine.
     *
     * @param args as the usage says
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        if (Demos.helps(args, USAGE)) {
            return;
        }
        int rounds = DEFAULT_ROUNDS;
        String mode = "all";
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 < args.length && args[i].equals("--rounds")) {
                rounds = Demos.number(args, i + 1, "--rounds", DEFAULT_ROUNDS, MOST_ROUNDS);
            } else if (i + 1 < args.length && args[i].equals("--mode")) {
                mode = args[i + 1];
            } else {
                throw new IllegalArgumentException("\"" + args[i] + "\" is not known, or has no value\n" + USAGE);
            }
        }
        List<Way> ways = Way.of(mode);
        String name = Demos.name("philosophers");
        System.out.printf("%d philosophers, each a process, and as many forks; %d rounds, in each of which each eats%n",
                Table.SEATS, rounds);
        try (Table table = new Table(name); Crew crew = new Crew()) {
            crew.onFailure(Thread.currentThread()::interrupt);
            crew.removeLocks(Table.forks(name));
            for (int seat = 0; seat < Table.SEATS; seat++) {
                crew.start(Philosopher.class, name, seat, rounds, mode);
            }
            new Philosophers(table, name, rounds).serve(ways, crew);
        }
    }

    private void serve(List<Way> ways, Crew crew) throws Exception {
        try {
            for (Way way : ways) {
                System.out.printf("%n%s: %s%n", way, way.description());
                serve(way);
            }
        } catch (InterruptedException | BrokenBarrierException leftAlone) {
            // Tells which process has failed.
            crew.join();
            throw leftAlone;
        }
        crew.join();
    }

    private void serve(Way way) throws Exception {
        table.clear();
        BlockingQueue<Found> told = new LinkedBlockingQueue<>();
        List<Long> foundAfter = new ArrayList<>();
        DeadlockPolicy policy = way == Way.DEADLOCK ? DeadlockPolicy.BREAK : DeadlockPolicy.REPORT;
        DeadlockDetector detector = Deadlocks.named(Table.forkPrefix(name)).watch(policy,
                deadlock -> told.add(new Found(deadlock, System.currentTimeMillis())));
        try {
            for (int round = 0; round < rounds; round++) {
                table.passGate();
                table.passGate();
                if (way == Way.DEADLOCK) {
                    foundAfter.add(foundAfter(told.poll(TOLD_SECONDS, TimeUnit.SECONDS), round));
                }
            }
        } finally {
            detector.close();
        }
        summarize(way, foundAfter, told.size());
    }

    /** Milliseconds from the moment at which the last one began to wait. */
    private long foundAfter(Found found, int round) {
        if (found == null || found.deadlock().waits().size() != Table.SEATS || !found.deadlock().broken()) {
            throw new IllegalStateException("round " + (round + 1) + ": instead of a deadlock of " + Table.SEATS
                    + " there was found: " + found);
        }
        if (round == 0) {
            System.out.println("round 1: " + found.deadlock());
        }
        return found.atMillis() - Collections.max(table.notes(Note.WAITS_SINCE));
    }

    private void summarize(Way way, List<Long> foundAfter, int surplus) {
        List<Long> meals = table.notes(Note.MEALS);
        int found = foundAfter.size() + surplus;
        long gaveWay = sum(table.notes(Note.GAVE_WAY));
        String more = switch (way) {
            case DEADLOCK -> "; gave way " + each(table.notes(Note.GAVE_WAY)) + "; found after "
                    + Collections.min(foundAfter) + " to " + Collections.max(foundAfter) + " ms";
            case ORDER -> "";
            case BANKER -> "; did not get a free fork " + each(table.notes(Note.REFUSED));
        };
        System.out.printf("%s: meals %s; deadlocks found %d, broken %d%s%n", way, each(meals), found, gaveWay, more);
        int must = way == Way.DEADLOCK ? rounds : 0;
        // Four can have their left fork, and the fifth must not.
        int refused = way == Way.BANKER ? rounds : 0;
        if (found != must || gaveWay != must || sum(table.notes(Note.REFUSED)) != refused
                || !meals.stream().allMatch(count -> count == rounds)) {
            throw new IllegalStateException(way + ": there should be " + rounds + " meals for each, " + must
                    + " deadlocks found and broken, and a fork kept back " + refused + " times");
        }
    }

    private static long sum(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).sum();
    }

    private static String each(List<Long> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
}
