package org.jvmipc.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The C programs: compiled at the beginning into a directory of their own, which goes when closed. */
final class CSide implements AutoCloseable {
    /** How they are compiled. */
    static final List<String> COMPILER = List.of("gcc", "-O2", "-march=native");

    private static final long COMPILE_MILLIS = 60_000;
    private static final long SLACK_MILLIS = 60_000;
    private static final int WARMUP_TRIPS = 50_000;
    private static final int FLOOR_TRIPS = 100_000;
    private static final int FLOOR_SIZE = 8;

    private final Settings settings;
    private final Path directory;

    private CSide(Settings settings, Path directory) {
        this.settings = settings;
        this.directory = directory;
    }

    /** The kinds of rings in C. */
    enum Ring {
        /** Messages of any length, as in Java. */
        RECORDS("C ring, messages of any length", List.of("-DRECORDS")),
        /** Messages of one size that the compiler knows. */
        SLOTS("C ring, slots of one size", List.of());

        private final String title;
        private final List<String> flags;

        Ring(String title, List<String> flags) {
            this.title = title;
            this.flags = flags;
        }

        String title() {
            return title;
        }

        private String program() {
            return "ring-" + name();
        }
    }

    /** Whether there is a compiler. */
    static boolean isAvailable() {
        return Cpus.findCommand(COMPILER.get(0)) != null;
    }

    static CSide compile(Settings settings) throws IOException, InterruptedException {
        CSide side = new CSide(settings, Files.createTempDirectory("jvmipc-bench-c-"));
        try {
            for (String source : List.of("common.h", "pingpong.c", "ring.c")) {
                side.copy(source);
            }
            side.compile("floor", "pingpong.c", FLOOR_SIZE, List.of());
            side.compile("pingpong", "pingpong.c", settings.size(), List.of());
            for (Ring ring : Ring.values()) {
                side.compile(ring.program(), "ring.c", settings.size(), ring.flags);
            }
            return side;
        } catch (IOException | InterruptedException | RuntimeException failed) {
            side.close();
            throw failed;
        }
    }

    private void copy(String source) throws IOException {
        try (InputStream in = CSide.class.getResourceAsStream(source)) {
            if (in == null) {
                throw new IOException("the resource " + source + " is missing from this build");
            }
            Files.copy(in, directory.resolve(source));
        }
    }

    private void compile(String program, String source, int size, List<String> flags) throws InterruptedException {
        List<String> command = new ArrayList<>(COMPILER);
        command.add("-DMESSAGE=" + size);
        command.addAll(flags);
        command.addAll(List.of("-o", directory.resolve(program).toString(), directory.resolve(source).toString()));
        try (Program compiler = Program.start(command)) {
            compiler.finish(COMPILE_MILLIS);
        }
    }

    /** The least that a round trip costs now, in nanoseconds. */
    double floor() throws InterruptedException {
        return pingpong("floor", FLOOR_TRIPS).get("batched");
    }

    /** To and fro with messages of the size that is measured: trips, median, p99, batched; in nanoseconds. */
    Numbers roundTrip() throws InterruptedException {
        return pingpong("pingpong", settings.trips());
    }

    private Numbers pingpong(String program, int trips) throws InterruptedException {
        return run(program, SLACK_MILLIS, WARMUP_TRIPS, trips, settings.cpus().first(), settings.cpus().second());
    }

    /** One direction: messages, nanos, verified. */
    Numbers throughput(Ring ring) throws InterruptedException {
        // There is no compiler to wait for, only caches.
        long warmup = Math.min(100, settings.warmupMillis());
        return run(ring.program(), warmup + settings.millis() + SLACK_MILLIS, settings.capacity(), warmup,
                settings.millis(), settings.cpus().first(), settings.cpus().second());
    }

    private Numbers run(String program, long patienceMillis, long... args) throws InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(directory.resolve(program).toString());
        for (long arg : args) {
            command.add(Long.toString(arg));
        }
        try (Program running = Program.start(command)) {
            Numbers numbers = Numbers.parse(running.line(patienceMillis));
            running.finish(patienceMillis);
            return numbers;
        }
    }

    /** Deletes the programs; what cannot be deleted stays. */
    void delete() {
        File[] files = directory.toFile().listFiles();
        for (File file : files == null ? new File[0] : files) {
            file.delete();
        }
        directory.toFile().delete();
    }

    @Override
    public void close() throws IOException {
        delete();
        if (Files.exists(directory)) {
            throw new IOException(directory + " could not be deleted");
        }
    }
}
