package org.jvmipc.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jvmipc.benchmarks.jmh.SingleThreadCosts;

/**
 * {@code ipc bench}: one command for all that can be measured here. Without a name it is {@link Compare}. Exit codes: 0
 * it was measured, whatever came out, 1 something failed, 2 wrong usage, 130 after SIGINT.
 */
public final class Bench {
    private Bench() {
    }

    /** A program that measures. */
    private interface Measuring {
        void run(String... args) throws Exception;
    }

    /** All of them, in the order of the help. */
    private enum Benchmark {
        COMPARE("[options]", "channels in shared memory beside their peers; this one if none is named", true,
                Compare::main),
        RING("[options]", "a spinning channel beside the same in C", true, RingVersusC::main),
        LOCKS("[options]", "a lock of two JVMs beside a pthread mutex of two processes in C", true,
                LockVersusPthread::main),
        REQUESTS("[PAIRS [TRIPS]]", "a request and its reply beside a bare round trip", false,
                RequestRoundTrips::main),
        QUEUES("[PAIRS]", "queue: beside Chronicle Queue alone, in the same two JVMs", false,
                QueueVersusChronicle::main),
        SIGNALS("[ROUNDS]", "signals to and fro, between JVMs and in C", false, SignalRoundTrips::main),
        FIRST("[ROUNDS]", "from starting a process to its first message, beside C", false, FirstMessage::main),
        IDLE("[ADDRESS [SECONDS]]", "what one receiver costs that is blocked", false, IdleCost::main),
        COUNTERS("[PAIRS [MESSAGES]]", "what it costs that channels count", false, CountersCost::main),
        COSTS("[NAME] [JMH options]", "what calls cost one thread", false, SingleThreadCosts::main);

        private final String synopsis;
        private final String title;
        /** Whether it answers --help itself. */
        private final boolean helps;
        private final Measuring program;

        Benchmark(String synopsis, String title, boolean helps, Measuring program) {
            this.synopsis = synopsis;
            this.title = title;
            this.helps = helps;
            this.program = program;
        }

        String option() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Benchmark> of(String name) {
            return Arrays.stream(values()).filter(benchmark -> benchmark.option().equals(name)).findFirst();
        }
    }

    /**
     * Runs a benchmark.
     *
     * @param args its name, if it is not the comparison, and its options
     * @throws Exception if it fails
     */
    public static void main(String[] args) throws Exception {
        if (args.length > 0 && (args[0].equals("--help") || args[0].equals("-h"))) {
            System.out.print(usage());
            return;
        }
        boolean named = args.length > 0 && !args[0].startsWith("-");
        Optional<Benchmark> wanted = named ? Benchmark.of(args[0]) : Optional.of(Benchmark.COMPARE);
        if (wanted.isEmpty()) {
            System.err.println("ipc bench: there is no benchmark \"" + args[0] + "\"; there are " + names());
            System.err.println("Try 'ipc bench --help'.");
            System.exit(2);
            return;
        }
        Benchmark benchmark = wanted.get();
        String[] rest = named ? Arrays.copyOfRange(args, 1, args.length) : args;
        boolean help = List.of(rest).contains("--help") || List.of(rest).contains("-h");
        if (help && !benchmark.helps) {
            System.out.println("ipc bench " + benchmark.option() + " " + benchmark.synopsis + "   " + benchmark.title);
            return;
        }
        benchmark.program.run(rest);
    }

    private static String names() {
        return Arrays.stream(Benchmark.values()).map(Benchmark::option).collect(Collectors.joining(", "));
    }

    private static String usage() {
        StringBuilder text = new StringBuilder("""
                ipc bench [NAME] [arguments]   measures; leave the machine alone meanwhile

                """);
        for (Benchmark benchmark : Benchmark.values()) {
            text.append(String.format(Locale.ROOT, "  %-9s %-20s %s%n", benchmark.option(), benchmark.synopsis,
                    benchmark.title));
        }
        return text + """

                Examples:
                  ipc bench --quick                             first figures, in about a minute
                  ipc bench --quick --html report.html --json report.json
                  ipc bench --only throughput --sizes 32,4k --peers aeron,agrona
                  ipc bench locks --help
                What is measured, and how to read it, stands in docs/benchmarks.md.

                """ + CompareOptions.usage();
    }
}
