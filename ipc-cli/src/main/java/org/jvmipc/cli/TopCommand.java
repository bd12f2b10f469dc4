package org.jvmipc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.InspectedPeer.Presence;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ipc top}: what goes on. */
@Command(name = "top",
        description = {
            "Shows again and again how much goes through the channels, how full they are, and who takes part. Reads"
                + " positions from the channels' own headers, so that it works for processes that hang or are stopped."
                + " On a terminal the table is refreshed until Ctrl-C; otherwise a table is printed each time.",
            ""
        },
        footer = {
            "",
            "IN and OUT are bytes a second into and out of the channel, with the headers of messages. GROWTH is how"
                + " many bytes more are in it than at the look before.",
            "",
            "Exit codes: 0 all is well, 1 something failed, 2 wrong usage.",
            "",
            "Examples:",
            "  ipc top",
            "  ipc top shm:orders -d 200ms",
            "  ipc top -n 5 --json >> load.jsonl"
        })
final class TopCommand implements Callable<Integer> {
    private static final int PEERS = 6;
    private static final String CLEAR = "\u001b[H\u001b[2J";
    private static final String HIDE = "\u001b[?25l";
    private static final String SHOW = "\u001b[?25h";

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Only what has this in its name.")
    private List<String> names = new ArrayList<>();

    @Option(names = {"-d", "--interval"}, paramLabel = "TIME", defaultValue = "1s", converter = Quantity.Time.class,
            description = "Time between two looks, such as 500ms; default ${DEFAULT-VALUE}.")
    private Duration interval;

    @Option(names = {"-n", "--count"}, paramLabel = "N", converter = Quantity.Size.class,
            description = "End after so many tables; default: never.")
    private Long count;

    @Option(names = "--dir", paramLabel = "DIR", description = "Look into this directory, too. May be repeated.")
    private List<Path> directories = new ArrayList<>();

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    /** What was seen of an object at some moment. */
    private record Seen(Inspected object, long nanos) {
    }

    /** What has changed since the look before; -1 if unknown. */
    private record Row(Inspected object, double in, double out, long growth) {
    }

    @Override
    public Integer call() throws InterruptedException {
        if (interval.toMillis() < 10) {
            throw new IllegalArgumentException("--interval is " + interval.toMillis()
                    + "ms; it must be at least 10ms");
        }
        PrintWriter out = spec.commandLine().getOut();
        Survey survey = new Survey();
        boolean screen = !common.json() && Terminal.isScreen(1);
        int[] size = screen ? size() : new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE};
        Map<String, Seen> before = look(survey);
        Thread restore = new Thread(() -> {
            out.print(SHOW);
            out.flush();
        });
        if (screen) {
            Runtime.getRuntime().addShutdownHook(restore);
            out.print(HIDE);
        }
        for (long i = 0; (count == null || i < count) && !out.checkError(); i++) {
            TimeUnit.MILLISECONDS.sleep(interval.toMillis());
            Map<String, Seen> now = look(survey);
            print(rows(before, now), out, screen, size);
            before = now;
        }
        return ExitCodes.OK;
    }

    private Map<String, Seen> look(Survey survey) {
        Map<String, Seen> seen = new LinkedHashMap<>();
        for (Inspected object : survey.list(directories.stream().map(each -> each.toAbsolutePath().normalize())
                .toList(), false)) {
            boolean wanted = names.isEmpty() ? !object.isForeign() && !object.kind().startsWith("life")
                    : names.stream().anyMatch(name -> object.name().contains(name));
            if (wanted) {
                seen.put(object.name() + " " + object.identity(), new Seen(object, System.nanoTime()));
            }
        }
        return seen;
    }

    private static List<Row> rows(Map<String, Seen> before, Map<String, Seen> now) {
        List<Row> rows = new ArrayList<>();
        Map<String, Seen> known = new HashMap<>(before);
        now.forEach((key, seen) -> {
            Seen old = known.get(key);
            double seconds = old == null ? 0 : (seen.nanos() - old.nanos()) / 1e9;
            boolean counted = old != null && seconds > 0 && seen.object().sentBytes() != Inspected.UNKNOWN;
            double in = counted ? (seen.object().sentBytes() - old.object().sentBytes()) / seconds : -1;
            double out = counted ? (seen.object().takenBytes() - old.object().takenBytes()) / seconds : -1;
            boolean deep = old != null && old.object().depthBytes() >= 0 && seen.object().depthBytes() >= 0;
            rows.add(new Row(seen.object(), in, out,
                    deep ? seen.object().depthBytes() - old.object().depthBytes() : 0));
        });
        rows.sort(Comparator.comparingDouble((Row row) -> -Math.max(row.in(), row.out()))
                .thenComparingLong(row -> -row.object().depthBytes()).thenComparing(row -> row.object().name()));
        return rows;
    }

    private void print(List<Row> rows, PrintWriter out, boolean screen, int[] size) {
        if (common.json()) {
            rows.forEach(row -> out.println(JsonText.of(json(row))));
            out.flush();
            return;
        }
        Style style = common.style();
        out.print(screen ? CLEAR : "");
        out.println(LocalTime.now().truncatedTo(ChronoUnit.SECONDS).toString() + "  " + rows.size()
                + (rows.size() == 1 ? " object" : " objects"));
        Table table = new Table(style, "NAME", "KIND", "IN/s", "OUT/s", "DEPTH", "GROWTH", "PEERS");
        int shown = Math.max(1, Math.min(rows.size(), size[0] - 3));
        for (Row row : rows.subList(0, Math.min(shown, rows.size()))) {
            boolean noteworthy = Description.isAnybody(row.object(), Presence.STOPPED)
                    || Description.isAnybody(row.object(), Presence.DEAD);
            table.row((column, cell) -> column == PEERS && noteworthy ? style.warning(cell) : cell,
                    Words.printable(row.object().name()), Words.printable(row.object().kind()), rate(row.in()),
                    rate(row.out()), Description.depth(row.object()), growth(row.growth()),
                    Description.peers(row.object()));
        }
        table.print(out, size[1]);
        if (!screen) {
            out.println();
        }
        out.flush();
    }

    private static Map<String, Object> json(Row row) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("inBytesPerSecond", row.in() < 0 ? null : Math.round(row.in()));
        json.put("outBytesPerSecond", row.out() < 0 ? null : Math.round(row.out()));
        json.put("growthBytes", row.growth());
        json.putAll(Description.json(row.object()));
        return json;
    }

    private static String rate(double bytes) {
        return bytes < 0 ? "-" : Words.bytes(Math.round(bytes));
    }

    private static String growth(long bytes) {
        return bytes == 0 ? "-" : (bytes > 0 ? "+" : "-") + Words.bytes(Math.abs(bytes));
    }

    /** Rows and columns of the terminal, as its own driver tells them. */
    private static int[] size() throws InterruptedException {
        try {
            Process stty = new ProcessBuilder("stty", "size").redirectInput(ProcessBuilder.Redirect.INHERIT).start();
            String text = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
            stty.waitFor();
            String[] field = text.split(" ");
            if (field.length == 2 && Integer.parseInt(field[0]) > 0) {
                return new int[] {Integer.parseInt(field[0]), Integer.parseInt(field[1])};
            }
        } catch (IOException | NumberFormatException none) {
            return new int[] {24, 80};
        }
        return new int[] {24, 80};
    }
}
