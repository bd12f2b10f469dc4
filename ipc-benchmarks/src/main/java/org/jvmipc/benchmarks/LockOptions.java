package org.jvmipc.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * What to measure of locks.
 *
 * @param pairs how many pairs of a Java and a C run for each kind of work
 * @param sections how often the lock is taken in a run, by both together
 * @param warmupMillis how long Java runs before it is measured
 * @param cpus where the sides run
 * @param jvmOptions more options for the Java sides
 */
record LockOptions(int pairs, int sections, int warmupMillis, Cpus cpus, List<String> jvmOptions) {
    static final String USAGE = """
            LockVersusPthread [options]   a lock that two JVMs want, against a pthread mutex between two processes in C
              --pairs N             pairs of a Java and a C run (5)
              --sections N          how often it is taken in a run, by both together (1000000)
              --warmup MILLIS       before Java is measured (1000)
              --cpus A,B            where the sides run (the first two allowed); "none" does not pin
              --jvm OPTION          one more option for the Java sides; may be given again
              --help                prints this
            """;

    static LockOptions parse(String... args) {
        int pairs = 5;
        int sections = 1_000_000;
        int warmup = 1000;
        Cpus cpus = null;
        List<String> jvmOptions = new ArrayList<>();
        for (int i = 0; i < args.length; i += 2) {
            String option = args[i];
            if (i + 1 == args.length) {
                throw new IllegalArgumentException("option " + option + " is unknown or lacks its value; see --help");
            }
            String value = args[i + 1];
            switch (option) {
                case "--pairs" -> pairs = number(option, value, 1000);
                case "--sections" -> sections = number(option, value, 100_000_000);
                case "--warmup" -> warmup = number(option, value, 60_000);
                case "--cpus" -> cpus = value.equals("none") ? new Cpus(-1, -1) : Cpus.parse(value);
                case "--jvm" -> jvmOptions.add(value);
                default -> throw new IllegalArgumentException("option " + option + " is unknown; see --help");
            }
        }
        return new LockOptions(pairs, sections, warmup, cpus == null ? Cpus.find() : cpus, List.copyOf(jvmOptions));
    }

    private static int number(String option, String value, int most) {
        if (!value.matches("[1-9]\\d{0,8}") || Integer.parseInt(value) > most) {
            throw new IllegalArgumentException(option + " is \"" + value + "\", a number from 1 to " + most
                    + " is needed");
        }
        return Integer.parseInt(value);
    }
}
