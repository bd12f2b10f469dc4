package org.jvmipc.benchmarks;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Prints pairs as they come, and a table at the end. */
final class TextReport {
    /** Seconds after which somebody may wonder. */
    private static final long LONG = 180;

    private final CompareOptions options;
    private final PrintStream out;

    TextReport(CompareOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    void begin(boolean compiled) {
        Machine.describe().forEach((name, value) -> print("%-8s %s", name, value));
        print("%-8s %s", "sides", options.cpus());
        if (!compiled) {
            print("note: there is no %s, so there is no C, and no floor to tell whether the machine stayed the same",
                    CPrograms.COMPILER.get(0));
        }
        if (!options.cpus().isPinned()) {
            print("note: not pinned (taskset missing, only one CPU allowed, or not wanted); expect more noise");
        }
    }

    /** How long it is going to take: nobody is to find out by waiting. */
    void effort(long seconds) {
        print("takes about %s%s", seconds < 100 ? seconds + " s" : (seconds + 30) / 60 + " min",
                seconds > LONG ? "; --quick gives first figures in about a minute, --only and --peers choose" : "");
    }

    void begin(Duel duel) {
        print("");
        print("%s, %d B: %s / %s", duel.kind().option(), duel.size(), duel.subject().name(), duel.peer().name());
    }

    void skipped(Duel duel) {
        print("  skipped: %s", duel.skipped());
    }

    void add(Duel duel, Bout bout) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "  %2d ", duel.bouts().size()));
        for (Measure measure : duel.kind().measures()) {
            line.append(String.format(Locale.ROOT, " %s %s / %s = %.2f;", measure.key(),
                    number(bout.subject().get(measure.key())), number(bout.peer().get(measure.key())),
                    bout.ratio(measure)));
        }
        if (bout.floorBefore() > 0) {
            line.append(String.format(Locale.ROOT, " floor %.0f, %.0f ns;", bout.floorBefore(), bout.floorAfter()));
        }
        if (!duel.kind().sleeps()) {
            line.append(String.format(Locale.ROOT, " busy %.2f, %.2f", bout.subject().get(Numbers.BUSY),
                    bout.peer().get(Numbers.BUSY)));
        }
        print("%s%s", line, bout.counts() ? "" : "  THROWN AWAY: " + bout.disturbance());
    }

    void end(List<Duel> duels) {
        Kind kind = null;
        for (Duel duel : duels) {
            if (duel.kind() != kind) {
                kind = duel.kind();
                print("");
                print("%s: %s", kind.option(), kind.title());
                print("  %6s  %-26s %12s   %-14s %12s  %7s  %s", "bytes", "", "", "", "", "ratio", "pairs");
            }
            if (!duel.skipped().isEmpty()) {
                print("  %6d  %s skipped: %s", duel.size(), duel.peer().name(), duel.skipped());
            } else if (!duel.hasResult()) {
                print("  %6d  %s: all %d pairs were thrown away", duel.size(), duel.peer().name(),
                        duel.bouts().size());
            } else {
                rows(duel);
            }
        }
    }

    private void rows(Duel duel) {
        for (Measure measure : duel.kind().measures()) {
            print("  %6d  %-26s %12s   %-14s %12s  %7.2f  %d of %d", duel.size(),
                    duel.subject().name() + " " + measure.key() + " " + measure.unit(),
                    number(duel.subjectMedian(measure.key())), duel.peer().name(),
                    number(duel.peerMedian(measure.key())), duel.ratio(measure), duel.counted().size(),
                    duel.bouts().size());
        }
        if (duel.subjectHas(Numbers.ALLOCATED_SENDING) && duel.peerHas(Numbers.ALLOCATED_SENDING)) {
            print("  %6s  %-26s %12s   %-14s %12s", "", "  B allocated a message", allocated(duel, true), "",
                    allocated(duel, false));
        }
    }

    private static String allocated(Duel duel, boolean subject) {
        return number(Math.max(subject ? duel.subjectMedian(Numbers.ALLOCATED) : duel.peerMedian(Numbers.ALLOCATED),
                subject ? duel.subjectMedian(Numbers.ALLOCATED_SENDING)
                        : duel.peerMedian(Numbers.ALLOCATED_SENDING)));
    }

    /** Three digits or so. */
    static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 || value == 0 ? "%.0f" : value >= 10 ? "%.1f" : "%.3f", value);
    }

    private void print(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
        out.flush();
    }
}
