package org.jvmipc.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints what is measured: lines as it goes on and a summary, or one JSON object at the end. */
final class Report {
    private final Settings settings;
    private final PrintStream out;
    private final boolean compiled;

    Report(Settings settings, boolean compiled, PrintStream out) {
        this.settings = settings;
        this.compiled = compiled;
        this.out = out;
    }

    void begin() {
        if (settings.json()) {
            return;
        }
        print("Java %s, %s; %s %s; %d CPUs, the sides are %s", Runtime.version(), System.getProperty("java.vm.name"),
                System.getProperty("os.name"), System.getProperty("os.version"),
                Runtime.getRuntime().availableProcessors(), settings.cpus());
        print("messages of %d bytes, ring of %d bytes, %s", settings.size(), settings.capacity(), settings.address());
        print("C: %s", compiled ? String.join(" ", CPrograms.COMPILER)
                : "there is no " + CPrograms.COMPILER.get(0) + ", so there is no C side and no ratio");
        if (!settings.cpus().isPinned()) {
            print("note: not pinned (taskset missing, only one CPU allowed, or not wanted); expect more noise");
        }
    }

    void begin(Contest contest) {
        if (!settings.json()) {
            print("");
            print("%s, %s", contest.kind().title, contest.kind().unit);
        }
    }

    void add(Contest contest, Pair pair) {
        if (settings.json()) {
            return;
        }
        List<String> parts = new ArrayList<>();
        parts.add(String.format(Locale.ROOT, "  %2d  Java %s", contest.pairs().size(), numbers(contest, pair.java())));
        for (int i = 0; i < pair.c().size(); i++) {
            parts.add(String.format(Locale.ROOT, "%s %s  ratio %.2f", contest.opponents().get(i),
                    numbers(contest, pair.c().get(i)), contest.ratio(pair, i)));
        }
        if (compiled) {
            parts.add(String.format(Locale.ROOT, "floor %.0f -> %.0f ns", pair.floorBefore(), pair.floorAfter()));
        }
        if (!pair.isSteady()) {
            parts.add("DOES NOT COUNT: " + pair.disturbance());
        }
        print("%s", String.join(" | ", parts));
    }

    private static String numbers(Contest contest, Numbers numbers) {
        String details = contest.kind().details.stream()
                .map(name -> String.format(Locale.ROOT, "%s %.1f", name, numbers.get(name)))
                .collect(Collectors.joining(", "));
        return String.format(Locale.ROOT, "%.1f", numbers.get(contest.kind().key))
                + (details.isEmpty() ? "" : " (" + details + ")");
    }

    void end(List<Contest> contests) {
        if (settings.json()) {
            print("%s", json(contests));
            return;
        }
        for (Contest contest : contests) {
            Contest.Kind kind = contest.kind();
            print("");
            print("%s, medians of %d of %d pairs%s", kind.title, contest.counted().size(), contest.pairs().size(),
                    contest.counted().stream().allMatch(Pair::isSteady) ? "" : "; all of them disturbed");
            print("  %-32s %8.1f %s", "Java", contest.javaMedian(), kind.unit);
            for (int i = 0; i < contest.opponents().size(); i++) {
                print("  %-32s %8.1f %s; Java / C, median of pairs: %.2f; target %s %.1f: %s",
                        contest.opponents().get(i), contest.opponentMedian(i), kind.unit, contest.ratio(i),
                        kind.atLeast ? ">=" : "<=", kind.target, verdict(contest, i));
            }
        }
    }

    private static String verdict(Contest contest, int opponent) {
        return contest.reaches(opponent) ? "PASS" : "under target";
    }

    private String json(List<Contest> contests) {
        return "{\"java\":" + quoted(Runtime.version().toString())
                + ",\"size\":" + settings.size() + ",\"capacity\":" + settings.capacity()
                + ",\"address\":" + quoted(settings.address()) + ",\"pinned\":" + settings.cpus().isPinned()
                + ",\"compiler\":" + (compiled ? quoted(String.join(" ", CPrograms.COMPILER)) : "null")
                + ",\"contests\":" + contests.stream().map(this::json).collect(Collectors.joining(",", "[", "]"))
                + "}";
    }

    private String json(Contest contest) {
        Contest.Kind kind = contest.kind();
        List<String> opponents = new ArrayList<>();
        for (int i = 0; i < contest.opponents().size(); i++) {
            opponents.add("{\"name\":" + quoted(contest.opponents().get(i)) + ",\"median\":"
                    + number(contest.opponentMedian(i)) + ",\"ratio\":" + number(contest.ratio(i)) + ",\"reached\":"
                    + contest.reaches(i) + "}");
        }
        return "{\"title\":" + quoted(kind.title) + ",\"unit\":" + quoted(kind.unit) + ",\"target\":"
                + quoted((kind.atLeast ? ">= " : "<= ") + kind.target) + ",\"java\":" + number(contest.javaMedian())
                + ",\"c\":[" + String.join(",", opponents) + "],\"pairs\":"
                + contest.pairs().stream().map(this::json).collect(Collectors.joining(",", "[", "]")) + "}";
    }

    private String json(Pair pair) {
        return "{\"disturbance\":" + quoted(pair.disturbance()) + ",\"floor\":[" + number(pair.floorBefore()) + ","
                + number(pair.floorAfter()) + "],\"java\":" + json(pair.java()) + ",\"c\":"
                + pair.c().stream().map(this::json).collect(Collectors.joining(",", "[", "]")) + "}";
    }

    private String json(Numbers numbers) {
        return numbers.byName().entrySet().stream().map(Report::member).collect(Collectors.joining(",", "{", "}"));
    }

    private static String member(Map.Entry<String, Double> number) {
        return quoted(number.getKey()) + ":" + number(number.getValue());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private void print(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
        out.flush();
    }
}
