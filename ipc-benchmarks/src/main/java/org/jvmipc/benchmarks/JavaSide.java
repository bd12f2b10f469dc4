package org.jvmipc.benchmarks;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs the two Java sides, each in a JVM of its own, on the JDK that runs this. */
final class JavaSide {
    /** Starting a JVM, on a busy machine. */
    private static final long START_MILLIS = 20_000;

    private final Settings settings;
    private int runs;

    JavaSide(Settings settings) {
        this.settings = settings;
    }

    /** One direction: messages, nanos, verified. */
    Numbers throughput() throws InterruptedException {
        String address = address();
        try (Program consumer = start(settings.cpus().second(), "consume", address,
                Long.toString(settings.warmupMillis()), Long.toString(settings.millis()))) {
            expectReady(consumer);
            try (Program producer = start(settings.cpus().first(), "produce", address)) {
                return result(consumer, producer, settings.warmupMillis() + settings.millis());
            }
        }
    }

    /** To and fro: trips, median, p99, batched, verified; in nanoseconds. */
    Numbers roundTrip() throws InterruptedException {
        String there = address();
        String back = address();
        try (Program pong = start(settings.cpus().second(), "pong", there, back)) {
            expectReady(pong);
            try (Program ping = start(settings.cpus().first(), "ping", there, back,
                    Long.toString(settings.warmupMillis()), Integer.toString(settings.trips()))) {
                return result(ping, pong, settings.warmupMillis());
            }
        }
    }

    private static void expectReady(Program program) throws InterruptedException {
        String line = program.line(START_MILLIS);
        if (!line.equals(Peer.READY)) {
            throw new IllegalStateException("a side printed \"" + line + "\" before it was ready");
        }
    }

    private static Numbers result(Program measuring, Program other, long millis) throws InterruptedException {
        Numbers numbers = Numbers.parse(measuring.line(millis + 2 * START_MILLIS))
                .withBusyOf(Numbers.parse(other.line(START_MILLIS)));
        measuring.finish(START_MILLIS);
        other.finish(START_MILLIS);
        return numbers;
    }

    private String address() {
        String name = "bench-" + ProcessHandle.current().pid() + "-" + ++runs;
        return settings.address().replace("{name}", name).replace("{capacity}", Integer.toString(settings.capacity()));
    }

    private Program start(int cpu, String... args) {
        List<String> command = new ArrayList<>(Cpus.prefix(cpu));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-Xshare:auto", "-Xmx64m"));
        // A JVM that is pinned to one CPU takes it for all there is, and would compile and wait in other ways.
        command.add("-XX:ActiveProcessorCount=2");
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.add("-D" + Pattern.SIZE_PROPERTY + "=" + settings.size());
        command.addAll(settings.jvmOptions());
        command.addAll(List.of("-cp", classPath(), Peer.class.getName()));
        command.addAll(List.of(args));
        return Program.start(command);
    }

    /** What this JVM was started with. */
    static String classPath() {
        String modules = System.getProperty("jdk.module.path", "");
        String classes = System.getProperty("java.class.path", "");
        return modules.isEmpty() || classes.isEmpty() ? modules + classes : modules + File.pathSeparator + classes;
    }
}
