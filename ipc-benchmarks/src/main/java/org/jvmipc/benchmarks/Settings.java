package org.jvmipc.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What to measure.
 *
 * @param pairs how many pairs of a Java and a C run
 * @param repeats how many pairs more, in place of those that were disturbed
 * @param size bytes of a message
 * @param capacity bytes of the ring
 * @param warmupMillis how long Java runs before it is measured
 * @param millis how long a throughput run is measured
 * @param trips how many round trips are measured in a run
 * @param address where the Java sides meet
 * @param cpus where the sides run
 * @param throughput whether to measure it
 * @param roundTrip whether to measure it
 * @param json whether to print JSON
 * @param jvmOptions more options for the Java sides
 */
record Settings(int pairs, int repeats, int size, int capacity, int warmupMillis, int millis, int trips,
        String address, Cpus cpus, boolean throughput, boolean roundTrip, boolean json, List<String> jvmOptions) {
    static final String ADDRESS = "shm:{name}?ring=spsc&wait=spin&capacity={capacity}";

    static final String USAGE = """
            RingVersusC [options]   a channel between two JVMs against the same in C, both sides and their ratio
              --pairs N             pairs of a Java and a C run (5)
              --repeats N           more pairs, in place of those that were disturbed (as many as --pairs)
              --size BYTES          of a message, a multiple of 8 (32)
              --capacity BYTES      of the ring, a power of two, also with k or m (1m)
              --warmup MILLIS       before Java is measured (700)
              --time MILLIS         of a throughput run (1500)
              --trips N             of a round-trip run (1000000)
              --address ADDRESS     where the Java sides meet; {name} and {capacity} are filled in
                                    (shm:{name}?ring=spsc&wait=spin&capacity={capacity})
              --cpus A,B            where the sides run (the first two allowed); "none" does not pin
              --only WHAT           throughput or roundtrip
              --jvm OPTION          one more option for the Java sides; may be given again
              --json                prints one JSON object
              --help                prints this
            """;

    Settings {
        check("--pairs", pairs, 1, 1000);
        check("--repeats", repeats, 0, 1000);
        check("--size", size, 8, 4096);
        check("--capacity", capacity, 4096, 1 << 30);
        check("--warmup", warmupMillis, 1, 60_000);
        check("--time", millis, 1, 60_000);
        check("--trips", trips, 1000, 100_000_000);
        if (size % 8 != 0) {
            throw new IllegalArgumentException("--size is " + size + ", a multiple of 8 is needed");
        }
        if (Integer.bitCount(capacity) != 1 || capacity < 8 * size) {
            throw new IllegalArgumentException("--capacity is " + capacity
                    + ", a power of two that holds at least 8 messages is needed");
        }
    }

    private static void check(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(option + " is " + value + ", allowed is " + least + " to " + most);
        }
    }

    static Settings parse(String... args) {
        int pairs = 5;
        int repeats = -1;
        int size = 32;
        int capacity = 1 << 20;
        int warmupMillis = 700;
        int millis = 1500;
        int trips = 1_000_000;
        String address = ADDRESS;
        String only = "";
        Cpus cpus = null;
        boolean json = false;
        List<String> jvmOptions = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            String option = args[i];
            if (option.equals("--json")) {
                json = true;
                continue;
            }
            if (i + 1 == args.length) {
                throw new IllegalArgumentException("option " + option + " is unknown or lacks its value");
            }
            String value = args[++i];
            switch (option) {
                case "--pairs" -> pairs = number(option, value);
                case "--repeats" -> repeats = number(option, value);
                case "--size" -> size = number(option, value);
                case "--capacity" -> capacity = number(option, value);
                case "--warmup" -> warmupMillis = number(option, value);
                case "--time" -> millis = number(option, value);
                case "--trips" -> trips = number(option, value);
                case "--address" -> address = value;
                case "--cpus" -> cpus = value.equals("none") ? new Cpus(-1, -1) : Cpus.parse(value);
                case "--only" -> only = only(value);
                case "--jvm" -> jvmOptions.add(value);
                default -> throw new IllegalArgumentException("option " + option + " is unknown; see --help");
            }
        }
        return new Settings(pairs, repeats < 0 ? pairs : repeats, size, capacity, warmupMillis, millis, trips, address,
                cpus == null ? Cpus.find() : cpus, !only.equals("roundtrip"), !only.equals("throughput"), json,
                List.copyOf(jvmOptions));
    }

    private static String only(String value) {
        if (!value.equals("throughput") && !value.equals("roundtrip")) {
            throw new IllegalArgumentException("--only is \"" + value + "\", allowed is throughput or roundtrip");
        }
        return value;
    }

    private static int number(String option, String value) {
        String digits = value.toLowerCase(Locale.ROOT);
        int shift = digits.endsWith("k") ? 10 : digits.endsWith("m") ? 20 : 0;
        digits = shift == 0 ? digits : digits.substring(0, digits.length() - 1);
        if (!digits.matches("\\d{1,9}") || Long.parseLong(digits) << shift > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(option + " is \"" + value + "\", a whole number is needed");
        }
        return Integer.parseInt(digits) << shift;
    }
}
