package org.jvmipc.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.InspectedPeer.Presence;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ipc top}: what goes on. */
@Command(name = "top",
        header = "Show what goes on: rates, depth, who waits or hangs.",
        description = {
            "",
            "Shows again and again how much goes through the channels, how full they are, and who takes part. Reads"
                + " the channels' own headers and the counters of the processes, both in shared memory, so that it"
                + " works for processes that hang or are stopped. On a terminal the table is refreshed until q or"
                + " Ctrl-C is pressed; otherwise a table is printed each time.",
            ""
        },
        footer = {
            "",
            "IN/s and OUT/s are what goes into and out of a channel a second: messages ('120 msg') where its ends count"
                + " them for others to read, else bytes ('2.8K') with the headers of messages, as the header of the"
                + " channel has them. OUT/s of several receivers is that of all together. GROWTH is how many bytes"
                + " more are in it than at the look before. BLOCKED is for how long a sender has been waiting for"
                + " room; else how often a second senders had to wait. Below stand those who are stopped or dead, and"
                + " those who wait for room.",
            "",
            "Exit codes: 0 all is well, 1 something failed, 2 wrong usage.",
            "",
            "Examples:",
            "  ipc top",
            "  ipc top shm:orders -d 200ms",
            "  ipc top -n 5 --json >> load.jsonl"
        })
final class TopCommand implements Callable<Integer> {
    private static final int PEERS = 7;
    /** The head of a screen: the time, the names of the columns, and the line where the cursor stays. */
    private static final int HEAD = 3;
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

    /** What was seen at some moment. */
    private record Look(Map<String, Inspected> objects, Traffic traffic, long nanos) {
    }

    @Override
    public Integer call() throws InterruptedException {
        if (interval.toMillis() < 10) {
            throw new IllegalArgumentException("--interval is " + interval.toMillis()
                    + "ms; it must be at least 10ms");
        }
        if (common.json() || !Terminal.isScreen(1)) {
            try (Keyboard none = Keyboard.none()) {
                watch(none, false);
            }
            return ExitCodes.OK;
        }
        try (Keyboard keyboard = Keyboard.open()) {
            // However it ends, but by SIGKILL.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                keyboard.restore();
                common.out().print(SHOW);
                common.out().flush();
            }));
            common.out().print(HIDE);
            watch(keyboard, true);
        }
        return ExitCodes.OK;
    }

    private void watch(Keyboard keyboard, boolean screen) throws InterruptedException {
        Survey survey = new Survey();
        Look before = look(survey);
        for (long i = 0; (count == null || i < count) && !common.out().checkError(); i++) {
            if (keyboard.awaitQuit(interval)) {
                return;
            }
            Look now = look(survey);
            List<Change> changes = changes(before, now);
            if (common.json()) {
                changes.forEach(change -> common.out().println(JsonText.of(change.json())));
            } else {
                print(changes, screen ? Keyboard.size() : new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE}, screen,
                        keyboard.isThere() ? "   q ends this" : "");
            }
            common.out().flush();
            before = now;
        }
    }

    private Look look(Survey survey) {
        Map<String, Inspected> seen = new LinkedHashMap<>();
        Traffic traffic = Traffic.read();
        long nanos = System.nanoTime();
        for (Inspected object : survey.list(directories.stream().map(each -> each.toAbsolutePath().normalize())
                .toList(), false)) {
            boolean wanted = names.isEmpty() ? !object.isForeign() && !object.kind().startsWith("life")
                    : names.stream().anyMatch(name -> object.name().contains(name));
            if (wanted) {
                seen.put(object.name() + " " + object.identity(), object);
            }
        }
        return new Look(seen, traffic, nanos);
    }

    private static List<Change> changes(Look before, Look now) {
        List<Change> changes = new ArrayList<>();
        double seconds = Math.max(1, now.nanos() - before.nanos()) / 1e9;
        now.objects().forEach((key, object) -> changes.add(Change.of(before.objects().get(key), object, seconds,
                now.traffic().since(before.traffic(), object.name(), seconds))));
        changes.sort(Comparator.comparingDouble((Change change) -> -change.activity())
                .thenComparingLong(change -> -change.object().depthBytes())
                .thenComparing(change -> change.object().name()));
        return changes;
    }

    private void print(List<Change> changes, int[] size, boolean screen, String hint) {
        PrintWriter out = common.out();
        Style style = common.style();
        List<String> notes = new ArrayList<>();
        changes.forEach(change -> notes.addAll(change.notes()));
        int below = Math.min(notes.size(), Math.max(1, size[0] / 3));
        int shown = Math.min(changes.size(), Math.max(1, size[0] - HEAD - below));
        out.print(screen ? CLEAR : "");
        out.println(LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + "  " + changes.size()
                + (changes.size() == 1 ? " object" : " objects") + style.faint(hint));
        Table table = new Table(style, "NAME", "KIND", "IN/s", "OUT/s", "DEPTH", "GROWTH", "BLOCKED", "PEERS");
        for (Change change : changes.subList(0, shown)) {
            Inspected object = change.object();
            boolean noteworthy = Description.isAnybody(object, Presence.STOPPED)
                    || Description.isAnybody(object, Presence.DEAD);
            table.row((column, cell) -> column == PEERS && noteworthy ? style.warning(cell) : cell,
                    Words.printable(object.name()), Words.printable(object.kind()), change.in(), change.out(),
                    Description.depth(object), change.grown(), change.blocked(), Description.peers(object));
        }
        table.print(out, size[1]);
        for (String note : notes.subList(0, below)) {
            String line = Words.printable(note);
            out.println(style.warning(line.substring(0, Math.min(line.length(), size[1]))));
        }
        if (!screen) {
            out.println();
        }
    }
}
