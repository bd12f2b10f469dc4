package org.jvmipc.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What to compare, and how. */
final class CompareOptions {
    static final String ADDRESS = "shm:{name}?ring={ring}&wait={wait}&capacity={capacity}";

    private static final int LEAST_SIZE = 32;
    private static final int MOST_SIZE = 1 << 20;

    /** One pair and the peers that most know; the few messages with which each is tried cost a third of it. */
    private static final List<String> QUICK = List.of("--only", "throughput,roundtrip", "--sizes", "32",
            "--peers", "aeron,agrona,unix,c", "--pairs", "1", "--warmup", "1000", "--time", "500");
    private static final List<String> SHORT = List.of("--pairs", "3", "--time", "500", "--wakings", "500",
            "--idle", "2000");

    private int pairs = 5;
    private int repeats = -1;
    private int warmupMillis = 1500;
    private int millis = 1500;
    private int rate = 10_000;
    private int wakings = 2000;
    private int idleMillis = 10_000;
    private int capacity;
    private String subject = Contestants.usualSubject();
    private String address = ADDRESS;
    private List<String> peers = Contestants.usual();
    private List<Kind> kinds = List.of(Kind.values());
    private List<Integer> sizes = List.of();
    private CpuList cpus;
    private Path json;
    private Path html;
    private final List<String> jvmOptions = new ArrayList<>();

    private CompareOptions() {
    }

    static String usage() {
        return """
                Compare [options]   channels in shared memory beside their peers, as ratios of paired runs
                  --pairs N           pairs of a run of the subject and one of its peer (5)
                  --repeats N         more pairs, in place of those thrown away (as many as --pairs)
                  --only KINDS        what to measure, of %s
                  --sizes BYTES       of messages, such as 32,256,4k (each kind has its own)
                  --peers NAMES       of %s
                                      (%s)
                  --subject NAME      what they are compared with, of the same (%s)
                  --address ADDRESS   of the subject's channels; {name}, {ring}, {wait}, {capacity} are filled in
                                      (%s)
                  --capacity BYTES    of rings, a power of two, also with k or m (by size of message)
                  --rate N            round trips a second where they are to start at given times (10000)
                  --wakings N         of a receiver that sleeps (2000)
                  --idle MILLIS       during which the cost of a receiver that sleeps is measured (10000)
                  --warmup MILLIS     before anything is measured (1500)
                  --time MILLIS       of a measurement (1500)
                  --cpus A,B[,...]    where the sides run (all allowed); "none" does not pin
                  --jvm OPTION        one more option for all the sides in Java; may be given again
                  --quick             a first figure in about a minute; unless other options say otherwise:
                                      %s
                  --short             between that and everything; unless other options say otherwise:
                                      %s
                  --json FILE         writes the results as JSON, too
                  --html FILE         writes the results as a page with drawings, too
                  --help              prints this
                """.formatted(String.join(", ", names(Kind.values())), String.join(", ", Contestants.names()),
                String.join(",", Contestants.usual()), Contestants.usualSubject(), ADDRESS,
                String.join(" ", QUICK), String.join(" ", SHORT));
    }

    private static List<String> names(Kind... kinds) {
        List<String> names = new ArrayList<>();
        for (Kind kind : kinds) {
            names.add(kind.option());
        }
        return names;
    }

    static CompareOptions parse(String... args) {
        CompareOptions options = new CompareOptions();
        List<String> words = new ArrayList<>(List.of(args));
        // Wherever they stand, what is said besides wins.
        if (words.removeIf("--short"::equals)) {
            options.setAll(SHORT);
        }
        if (words.removeIf("--quick"::equals)) {
            options.setAll(QUICK);
        }
        options.setAll(words);
        if (!words.contains("--peers")) {
            options.peers = options.peers.stream().filter(peer -> !peer.equals(options.subject)).toList();
        }
        options.check();
        return options;
    }

    private void setAll(List<String> words) {
        for (int i = 0; i < words.size(); i += 2) {
            if (i + 1 == words.size()) {
                throw new IllegalArgumentException("option " + words.get(i)
                        + " is unknown or lacks its value; see --help");
            }
            set(words.get(i), words.get(i + 1));
        }
    }

    private void set(String option, String value) {
        switch (option) {
            case "--pairs" -> pairs = number(option, value, 1, 1000);
            case "--repeats" -> repeats = number(option, value, 0, 1000);
            case "--warmup" -> warmupMillis = number(option, value, 1, 60_000);
            case "--time" -> millis = number(option, value, 10, 60_000);
            case "--wakings" -> wakings = number(option, value, 10, 100_000);
            case "--idle" -> idleMillis = number(option, value, 100, 600_000);
            case "--rate" -> rate = number(option, value, 100, 1_000_000);
            case "--capacity" -> capacity = number(option, value, 4096, 1 << 30);
            case "--subject" -> subject = known(option, value);
            case "--address" -> address = value;
            case "--peers" -> peers = words(value).stream().map(name -> known(option, name)).toList();
            case "--only" -> kinds = words(value).stream().map(Kind::of).toList();
            case "--sizes" -> sizes = words(value).stream().map(size -> size(option, size)).toList();
            case "--cpus" -> cpus = CpuList.parse(value);
            case "--json" -> json = file(option, value);
            case "--html" -> html = file(option, value);
            case "--jvm" -> jvmOptions.add(value);
            default -> throw new IllegalArgumentException("option " + option + " is unknown; see --help");
        }
    }

    private void check() {
        if (capacity != 0 && Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("--capacity is " + capacity + ", a power of two is needed");
        }
        if (peers.contains(subject)) {
            throw new IllegalArgumentException("--peers names the subject itself, " + subject);
        }
        cpus = cpus == null ? CpuList.find() : cpus;
    }

    private static List<String> words(String value) {
        return List.of(value.split(",", -1));
    }

    private static String known(String option, String name) {
        if (!Contestants.names().contains(name)) {
            throw new IllegalArgumentException(option + " names \"" + name + "\", allowed is "
                    + String.join(", ", Contestants.names()));
        }
        return name;
    }

    private static Path file(String option, String value) {
        Path file = Path.of(value).toAbsolutePath();
        if (Files.isDirectory(file) || !Files.isWritable(file.getParent())) {
            throw new IllegalArgumentException(option + " is \"" + value
                    + "\"; a file in a directory that exists and can be written to is needed");
        }
        return file;
    }

    private static int size(String option, String value) {
        int size = number(option, value, LEAST_SIZE, MOST_SIZE);
        if (size % 8 != 0) {
            throw new IllegalArgumentException(option + " names " + size + ", a multiple of 8 is needed");
        }
        return size;
    }

    private static int number(String option, String value, int least, int most) {
        String digits = value.toLowerCase(Locale.ROOT);
        int shift = digits.endsWith("k") ? 10 : digits.endsWith("m") ? 20 : 0;
        digits = shift == 0 ? digits : digits.substring(0, digits.length() - 1);
        if (!digits.matches("\\d{1,9}")) {
            throw new IllegalArgumentException(option + " is \"" + value + "\", a whole number is needed");
        }
        long number = Long.parseLong(digits) << shift;
        if (number < least || number > most) {
            throw new IllegalArgumentException(option + " is " + value + ", allowed is " + least + " to " + most);
        }
        return (int) number;
    }

    int pairs() {
        return pairs;
    }

    int repeats() {
        return repeats < 0 ? pairs : repeats;
    }

    int warmupMillis() {
        return warmupMillis;
    }

    int millis() {
        return millis;
    }

    /** Round trips a second. */
    int rate() {
        return rate;
    }

    /** How often a receiver that sleeps is woken. */
    int wakings() {
        return wakings;
    }

    /** How long a receiver sleeps of which the cost is measured. */
    int idleMillis() {
        return idleMillis;
    }

    String subject() {
        return subject;
    }

    String address() {
        return address;
    }

    List<String> peers() {
        return peers;
    }

    List<Kind> kinds() {
        return kinds;
    }

    /** The sizes of messages for a kind of measurement. */
    List<Integer> sizes(Kind kind) {
        return sizes.isEmpty() ? kind.sizes() : sizes;
    }

    /** Bytes of a ring for messages of a size: all shall stay in the caches, and no ring takes less than 8 of them. */
    int capacity(int size) {
        return capacity != 0 ? capacity : Math.max(1 << 20, Integer.highestOneBit(size) * 16);
    }

    CpuList cpus() {
        return cpus;
    }

    /** Where to write JSON; null if nowhere. */
    Path json() {
        return json;
    }

    /** Where to write a page; null if nowhere. */
    Path html() {
        return html;
    }

    List<String> jvmOptions() {
        return List.copyOf(jvmOptions);
    }

    /** What was chosen, by name, for reports. */
    Map<String, Object> byName() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("pairs", pairs);
        all.put("repeats", repeats());
        all.put("warmupMillis", warmupMillis);
        all.put("millis", millis);
        all.put("rate", rate);
        all.put("wakings", wakings);
        all.put("idleMillis", idleMillis);
        all.put("subject", subject);
        all.put("address", address);
        all.put("cpus", cpus.toString());
        all.put("jvmOptions", jvmOptions());
        return all;
    }
}
