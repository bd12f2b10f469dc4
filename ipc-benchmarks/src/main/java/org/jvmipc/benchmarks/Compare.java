package org.jvmipc.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Channels in shared memory beside their peers: pairs of runs next to each other, the sides of each in processes of
 * their own, and the median of the pairs' ratios. A ping-pong in C, run before and after each pair, tells whether the
 * machine stayed the same; a pair during which it did not is thrown away. Judges nothing: the exit code is 0 whatever
 * comes out.
 */
public final class Compare {
    private static final int EXIT_INTERRUPTED = 130;

    private final CompareOptions options;
    private final CContestant c;
    private final Contestants contestants;
    private final TextReport report;
    /** Why a contestant cannot do what is to be measured, empty if it can. */
    private final Map<String, String> refusals = new HashMap<>();

    /** Without C if there are no programs. */
    private Compare(CompareOptions options, CPrograms programs) {
        this.options = options;
        this.c = programs == null ? null : new CContestant(programs, options);
        this.contestants = new Contestants(options,
                programs == null ? List.of() : List.of(c, CContestant.copy(programs, options)));
        this.report = new TextReport(options, System.out);
    }

    /**
     * Runs the comparison.
     *
     * @param args see {@code --help}
     * @throws IOException if the C programs or the reports cannot be written
     * @throws InterruptedException never, as nobody interrupts
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (Arrays.asList(args).contains("--help")) {
            System.out.print(CompareOptions.usage());
            return;
        }
        CompareOptions options;
        try {
            options = CompareOptions.parse(args);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(2);
            return;
        }
        CPrograms programs = CPrograms.isAvailable() ? CPrograms.create() : null;
        Thread cleaning = new Thread(() -> clean(programs));
        Runtime.getRuntime().addShutdownHook(cleaning);
        try {
            new Compare(options, programs).run();
        } finally {
            Runtime.getRuntime().removeShutdownHook(cleaning);
            if (programs != null) {
                programs.close();
            }
        }
    }

    /** Leaves no child and no file behind when it is interrupted from the terminal. */
    private static void clean(CPrograms programs) {
        ProcessHandle.current().descendants().forEach(Program::stop);
        Workplace.deleteAll();
        if (programs != null) {
            programs.delete();
        }
        // Else the main thread would still complain that its children are gone.
        Runtime.getRuntime().halt(EXIT_INTERRUPTED);
    }

    private void run() throws IOException, InterruptedException {
        report.begin(c != null);
        List<Duel> duels = new ArrayList<>();
        for (Kind kind : options.kinds()) {
            for (int size : options.sizes(kind)) {
                for (String peer : options.peers()) {
                    Duel duel = duel(kind, size, peer);
                    if (duel != null) {
                        duels.add(duel);
                    }
                }
            }
        }
        report.end(duels);
    }

    /** Null if the two have nothing to compare in this way. */
    private Duel duel(Kind kind, int size, String name) throws InterruptedException {
        Contestant subject = contestants.get(options.subject());
        Contestant peer = contestants.get(name);
        if (subject == null || peer == null || !subject.supports(kind, size) || !peer.supports(kind, size)) {
            return null;
        }
        Duel duel = new Duel(kind, size, subject, peer);
        report.begin(duel);
        String refusal = refusal(subject, kind, size) + refusal(peer, kind, size);
        if (refusal.isEmpty()) {
            fight(duel);
        } else {
            duel.skip(refusal);
            report.skipped(duel);
        }
        return duel;
    }

    /** Tries with a few messages whether it works here. */
    private String refusal(Contestant contestant, Kind kind, int size) throws InterruptedException {
        String key = contestant.name() + " " + kind + " " + size;
        String known = refusals.get(key);
        if (known == null) {
            try {
                contestant.run(kind, size, Contestant.Length.TINY);
                known = "";
            } catch (IllegalStateException failed) {
                known = contestant.name() + ": " + Program.cause(failed);
            }
            refusals.put(key, known);
        }
        return known;
    }

    private void fight(Duel duel) throws InterruptedException {
        boolean spin = duel.subject().spins(duel.kind()) && duel.peer().spins(duel.kind());
        for (int i = 0; duel.counted().size() < options.pairs() && i < options.pairs() + options.repeats(); i++) {
            boolean subjectFirst = i % 2 == 0;
            double before = floor();
            Numbers first = run(duel, subjectFirst ? duel.subject() : duel.peer());
            Numbers second = run(duel, subjectFirst ? duel.peer() : duel.subject());
            double after = floor();
            Bout bout = new Bout(before, subjectFirst ? first : second, subjectFirst ? second : first, after,
                    subjectFirst, spin);
            duel.add(bout);
            report.add(duel, bout);
        }
    }

    private static Numbers run(Duel duel, Contestant contestant) throws InterruptedException {
        return contestant.run(duel.kind(), duel.size(), Contestant.Length.FULL);
    }

    private double floor() throws InterruptedException {
        return c == null ? 0 : c.floor();
    }
}
