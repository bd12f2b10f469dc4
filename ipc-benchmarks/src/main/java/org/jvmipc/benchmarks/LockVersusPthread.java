package org.jvmipc.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A lock that two JVMs want all the time, against a {@code pthread} mutex that two processes in C want: what a section
 * under it costs, and what it costs to hand it over. Runs alternate; a C ping-pong before and after each pair tells
 * whether the machine stayed the same. Judges nothing: the exit code is 0 whatever comes out.
 */
public final class LockVersusPthread {
    private static final long START_MILLIS = 60_000;
    private static final int C_WARM_UP = 20_000;
    private static final int FLOOR_SIZE = 8;
    private static final int FLOOR_WARM_UP = 20_000;
    private static final int FLOOR_TRIPS = 50_000;
    private static final double FLOOR_TOLERANCE = 0.2;
    private static final int PERCENT = 100;

    private final LockOptions options;
    private final CPrograms programs;
    private int runs;

    LockVersusPthread(LockOptions options, CPrograms programs) {
        this.options = options;
        this.programs = programs;
    }

    /** What two processes do with the lock. */
    enum Work {
        /** Each counts whenever it has it. */
        CONTENDED("contended: two processes, each takes it, counts and gives it back", List.of()),
        /** Each counts only if it is its turn. */
        HANDOVER("hand-over: two processes take turns", List.of("-DHANDOVER"));

        private final String title;
        private final List<String> flags;

        Work(String title, List<String> flags) {
            this.title = title;
            this.flags = flags;
        }
    }

    /** A pair of runs, in nanoseconds for each section. */
    record Result(double java, double javaShare, double c, double cShare, double robust, double floorBefore,
            double floorAfter) {
        boolean isSteady() {
            double low = Math.min(floorBefore, floorAfter);
            return Math.max(floorBefore, floorAfter) - low <= FLOOR_TOLERANCE * low;
        }
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
            System.out.print(LockOptions.USAGE);
            return;
        }
        LockOptions options;
        try {
            options = LockOptions.parse(args);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(2);
            return;
        }
        if (!CPrograms.isAvailable()) {
            System.err.println("there is no " + CPrograms.COMPILER.get(0) + ", so there is nothing to compare with");
            System.exit(1);
            return;
        }
        try (CPrograms programs = CPrograms.create()) {
            Thread cleaning = new Thread(() -> {
                ProcessHandle.current().descendants().forEach(Program::stop);
                programs.delete();
            });
            Runtime.getRuntime().addShutdownHook(cleaning);
            try {
                new LockVersusPthread(options, programs).run();
            } finally {
                Runtime.getRuntime().removeShutdownHook(cleaning);
            }
        }
    }

    private void run() throws InterruptedException {
        print("Java %s; %s; %,d sections in a run; C: %s", Runtime.version(), options.cpus(), options.sections(),
                String.join(" ", CPrograms.COMPILER));
        for (Work work : Work.values()) {
            print("");
            print("%s", work.title);
            List<Result> results = new ArrayList<>();
            for (int i = 0; i < options.pairs(); i++) {
                Result result = measure(work);
                results.add(result);
                print("  SharedLock %6.1f ns (first %2.0f %%) | pthread %6.1f ns (first %2.0f %%)  ratio %.2f | "
                        + "robust pthread %6.1f ns | floor %.0f -> %.0f ns%s", result.java, PERCENT * result.javaShare,
                        result.c, PERCENT * result.cShare, result.java / result.c, result.robust, result.floorBefore,
                        result.floorAfter, result.isSteady() ? "" : "; DOES NOT COUNT: the floor moved");
            }
            summarize(results);
        }
    }

    private void summarize(List<Result> all) {
        List<Result> steady = all.stream().filter(Result::isSteady).toList();
        List<Result> counted = steady.isEmpty() ? all : steady;
        print("  median of %d of %d pairs: SharedLock / pthread %.2f, SharedLock / robust pthread %.2f%s",
                counted.size(), all.size(),
                Numbers.median(counted.stream().map(result -> result.java / result.c).toList()),
                Numbers.median(counted.stream().map(result -> result.java / result.robust).toList()),
                steady.isEmpty() ? "; all of them disturbed" : "");
    }

    /** One pair. */
    Result measure(Work work) throws InterruptedException {
        double before = floor();
        Numbers java = java(work);
        Numbers c = c(work, false);
        Numbers robust = c(work, true);
        double sections = options.sections();
        return new Result(java.get("nanos") / sections, java.get("own") / sections, c.get("nanos") / sections,
                c.get("own") / sections, robust.get("nanos") / sections, before, floor());
    }

    private double floor() throws InterruptedException {
        programs.compile("floor", "pingpong.c", FLOOR_SIZE, List.of());
        return programs.run("floor", START_MILLIS, FLOOR_WARM_UP, FLOOR_TRIPS, 0, 0, options.cpus().first(),
                options.cpus().second()).get("batched");
    }

    private Numbers c(Work work, boolean robust) throws InterruptedException {
        String program = "lock-" + work + (robust ? "-robust" : "");
        List<String> flags = new ArrayList<>(work.flags);
        flags.add("-pthread");
        if (robust) {
            flags.add("-DROBUST");
        }
        programs.compile(program, "lock.c", FLOOR_SIZE, flags);
        return programs.run(program, START_MILLIS, C_WARM_UP, options.sections(), options.cpus().first(),
                options.cpus().second());
    }

    private Numbers java(Work work) throws InterruptedException {
        String name = "bench-" + ProcessHandle.current().pid() + "-" + ++runs;
        try (Program first = start(options.cpus().first(), name, "0", work);
                Program second = start(options.cpus().second(), name, "1", work)) {
            Numbers one = Numbers.parse(first.line(START_MILLIS + options.warmupMillis()));
            Numbers other = Numbers.parse(second.line(START_MILLIS));
            first.finish(START_MILLIS);
            second.finish(START_MILLIS);
            if (one.get("counter") != options.sections() || one.get("own") + other.get("own") != options.sections()) {
                throw new IllegalStateException("sections were lost: " + one + ", " + other);
            }
            return one.with("nanos", Math.max(one.get("end"), other.get("end"))
                    - Math.min(one.get("start"), other.get("start")));
        }
    }

    private Program start(int cpu, String name, String side, Work work) {
        List<String> command = new ArrayList<>(Cpus.prefix(cpu));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // A JVM that is pinned to one CPU takes it for all there is, and would compile and wait in other ways.
        command.addAll(List.of("-XX:+UseSerialGC", "-Xshare:auto", "-Xmx64m", "-XX:ActiveProcessorCount=2"));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(options.jvmOptions());
        command.addAll(List.of("-cp", JavaSide.classPath(), LockSide.class.getName(), name, side,
                Boolean.toString(work == Work.HANDOVER), Integer.toString(options.warmupMillis()),
                Integer.toString(options.sections())));
        return Program.start(command);
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
        System.out.flush();
    }
}
