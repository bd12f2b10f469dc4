package org.jvmipc.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Channels in shared memory beside their peers: pairs of runs next to each other, the sides of each in processes of
 * their own, and the median of the pairs' ratios. A ping-pong in C, run before and after each pair, tells whether the
 * machine stayed the same; a pair during which it did not is thrown away. Judges nothing: the exit code is 0 whatever
 * comes out, unless a run failed.
 */
public final class Compare {
    private static final int EXIT_INTERRUPTED = 130;
    /** How often no child is seen before it is believed that there is none. */
    private static final int QUIET_LOOKS = 4;

    private final CompareOptions options;
    private final CContestant c;
    private final Contestants contestants;
    private final TextReport report;
    /** Why a contestant cannot do what is to be measured, empty if it can. */
    private final Map<String, String> refusals = new HashMap<>();
    /** Whether something failed that had worked when it was tried. */
    private boolean failure;
    private volatile boolean interrupted;

    /** Without C if there are no programs. */
    private Compare(CompareOptions options, CPrograms programs) {
        this.options = options;
        this.c = programs == null ? null : new CContestant(programs, options);
        this.contestants = new Contestants(options,
                programs == null ? List.of() : List.of(c, CContestant.copy(programs, options),
                        CQueue.posix(programs, options), CQueue.systemV(programs, options)));
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
        Compare compare = new Compare(options, programs);
        Thread cleaning = new Thread(() -> compare.clean(programs));
        Runtime.getRuntime().addShutdownHook(cleaning);
        try {
            compare.run();
        } finally {
            compare.awaitEndIfInterrupted();
            Runtime.getRuntime().removeShutdownHook(cleaning);
            if (programs != null) {
                programs.close();
            }
        }
        if (compare.failure) {
            System.exit(1);
        }
    }

    /** Leaves no child and no file behind when it is interrupted from the terminal. */
    private void clean(CPrograms programs) {
        interrupted = true;
        // The run that was going on may still start its other side.
        for (int quiet = 0; quiet < QUIET_LOOKS; quiet++) {
            List<ProcessHandle> children = ProcessHandle.current().descendants().toList();
            children.forEach(Program::stop);
            if (!children.isEmpty()) {
                quiet = 0;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        Workplace.deleteAll();
        if (programs != null) {
            programs.delete();
        }
        Runtime.getRuntime().halt(EXIT_INTERRUPTED);
    }

    /** The thread that cleans up ends the process, and nothing may be started any more. */
    private void awaitEndIfInterrupted() {
        while (interrupted) {
            LockSupport.park();
        }
    }

    private void run() throws IOException, InterruptedException {
        report.begin(c != null);
        report.effort(new Effort(options).seconds(this::rivals));
        List<Duel> duels = new ArrayList<>();
        for (Kind kind : options.kinds()) {
            for (int size : options.sizes(kind)) {
                duels.addAll(duels(kind, size));
            }
        }
        report.end(duels);
        if (options.json() != null) {
            Files.writeString(options.json(), JsonReport.of(options, Machine.describe(), duels));
        }
        if (options.html() != null) {
            Files.writeString(options.html(), HtmlReport.of(options, Machine.describe(), duels));
        }
    }

    /** With whom the subject is to be compared; nobody if it cannot do that itself. */
    private List<Contestant> rivals(Kind kind, int size) {
        Contestant subject = contestants.get(options.subject());
        if (subject == null || !subject.supports(kind, size)) {
            return List.of();
        }
        return options.peers().stream()
                .map(contestants::get)
                .filter(peer -> peer != null && peer.supports(kind, size))
                .toList();
    }

    private List<Duel> duels(Kind kind, int size) throws InterruptedException {
        Contestant subject = contestants.get(options.subject());
        List<Contestant> peers = rivals(kind, size);
        List<Duel> duels = new ArrayList<>();
        if (peers.isEmpty()) {
            return duels;
        }
        String refusal = refusal(subject, kind, size);
        // If the subject itself cannot, it is said once.
        for (Contestant peer : refusal.isEmpty() ? peers : List.of(subject)) {
            Duel duel = new Duel(kind, size, subject, peer);
            duels.add(duel);
            report.begin(duel);
            String reason = refusal.isEmpty() ? refusal(peer, kind, size) : refusal;
            if (reason.isEmpty()) {
                tryToFight(duel);
            } else {
                duel.skip(reason);
                report.skipped(duel);
            }
        }
        return duels;
    }

    /** Tries with a few messages whether it works here. */
    private String refusal(Contestant contestant, Kind kind, int size) throws InterruptedException {
        String key = contestant.name() + " " + kind + " " + size;
        String known = refusals.get(key);
        if (known == null) {
            try {
                awaitEndIfInterrupted();
                contestant.run(kind, size, Contestant.Length.TINY);
                known = "";
            } catch (IllegalStateException failed) {
                known = contestant.name() + ": " + Program.cause(failed);
            }
            refusals.put(key, known);
        }
        return known;
    }

    /** A run that fails ends its own duel only. */
    private void tryToFight(Duel duel) throws InterruptedException {
        try {
            fight(duel);
        } catch (IllegalStateException failed) {
            awaitEndIfInterrupted();
            failure = true;
            duel.skip("FAILED: " + Program.cause(failed));
            report.skipped(duel);
        }
    }

    private void fight(Duel duel) throws InterruptedException {
        boolean spin = duel.subject().spins(duel.kind()) && duel.peer().spins(duel.kind());
        int wanted = Math.min(options.pairs(), duel.kind().mostPairs());
        for (int i = 0; duel.counted().size() < wanted && i < wanted + options.repeats(); i++) {
            boolean subjectFirst = i % 2 == 0;
            // What idling costs does not depend on how near the CPUs are to each other.
            double before = duel.kind() == Kind.IDLE ? 0 : floor();
            Numbers first = run(duel, subjectFirst ? duel.subject() : duel.peer());
            Numbers second = run(duel, subjectFirst ? duel.peer() : duel.subject());
            double after = duel.kind() == Kind.IDLE ? 0 : floor();
            Bout bout = new Bout(before, subjectFirst ? first : second, subjectFirst ? second : first, after,
                    subjectFirst, spin);
            duel.add(bout);
            report.add(duel, bout);
        }
    }

    private Numbers run(Duel duel, Contestant contestant) throws InterruptedException {
        awaitEndIfInterrupted();
        return contestant.run(duel.kind(), duel.size(), Contestant.Length.FULL);
    }

    private double floor() throws InterruptedException {
        awaitEndIfInterrupted();
        return c == null ? 0 : c.floor();
    }
}
