package org.jvmipc.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A channel between two JVMs, spinning, against the same thing in C: messages a second against rings with cached
 * positions, round trips against a ping-pong on two cache lines. Runs alternate, so that both sides meet the same
 * machine; the C ping-pong, run before and after each Java run, tells whether it stayed the same. Judges nothing: the
 * exit code is 0 whatever comes out. Without gcc there are Java's numbers alone.
 */
public final class RingVersusC {
    private static final int EXIT_INTERRUPTED = 130;

    private final Settings settings;
    private final JavaSide java;
    private final CSide c;
    private final Report report;

    private RingVersusC(Settings settings, CSide c) {
        this.settings = settings;
        this.java = new JavaSide(settings);
        this.c = c;
        this.report = new Report(settings, c != null, System.out);
    }

    /** One run. */
    private interface Run {
        Numbers measure() throws InterruptedException;
    }

    /**
     * Runs the benchmark.
     *
     * @param args see {@code --help}
     * @throws IOException if the C programs cannot be written
     * @throws InterruptedException never, as nobody interrupts
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (Arrays.asList(args).contains("--help")) {
            System.out.print(Settings.USAGE);
            return;
        }
        Settings settings;
        try {
            settings = Settings.parse(args);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(2);
            return;
        }
        if (CPrograms.isAvailable()) {
            try (CSide c = CSide.compile(settings)) {
                runWith(settings, c);
            }
        } else {
            runWith(settings, null);
        }
    }

    /** Leaves no child and no file behind, also when it is interrupted from the terminal. */
    private static void runWith(Settings settings, CSide c) throws InterruptedException {
        Thread cleaning = new Thread(() -> {
            ProcessHandle.current().descendants().forEach(Program::stop);
            if (c != null) {
                c.delete();
            }
            // Else the main thread would still complain that its children are gone.
            Runtime.getRuntime().halt(EXIT_INTERRUPTED);
        });
        Runtime.getRuntime().addShutdownHook(cleaning);
        try {
            new RingVersusC(settings, c).run();
        } finally {
            Runtime.getRuntime().removeShutdownHook(cleaning);
        }
    }

    private void run() throws InterruptedException {
        report.begin();
        List<Contest> contests = new ArrayList<>();
        if (settings.throughput()) {
            contests.add(throughput());
        }
        if (settings.roundTrip()) {
            contests.add(roundTrip());
        }
        report.end(contests);
    }

    private Contest throughput() throws InterruptedException {
        List<String> titles = new ArrayList<>();
        List<Run> opponents = new ArrayList<>();
        for (CSide.Ring ring : c == null ? new CSide.Ring[0] : CSide.Ring.values()) {
            titles.add(ring.title());
            opponents.add(() -> c.throughput(ring).withRate());
        }
        return measure(new Contest(Contest.Kind.THROUGHPUT, titles), () -> java.throughput().withRate(), opponents);
    }

    private Contest roundTrip() throws InterruptedException {
        return c == null
                ? measure(new Contest(Contest.Kind.ROUND_TRIP, List.of()), java::roundTrip, List.of())
                : measure(new Contest(Contest.Kind.ROUND_TRIP, List.of("C ping-pong")), java::roundTrip,
                        List.of(c::roundTrip));
    }

    private Contest measure(Contest contest, Run mine, List<Run> opponents) throws InterruptedException {
        report.begin(contest);
        int steady = 0;
        for (int i = 0; steady < settings.pairs() && i < settings.pairs() + settings.repeats(); i++) {
            double before = floor();
            Numbers own = mine.measure();
            double after = floor();
            List<Numbers> theirs = new ArrayList<>();
            for (Run opponent : opponents) {
                theirs.add(opponent.measure());
            }
            Pair pair = new Pair(before, own, after, theirs);
            contest.add(pair);
            report.add(contest, pair);
            steady += pair.isSteady() ? 1 : 0;
        }
        return contest;
    }

    private double floor() throws InterruptedException {
        return c == null ? 0 : c.floor();
    }
}
