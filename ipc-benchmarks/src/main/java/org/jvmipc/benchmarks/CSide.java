package org.jvmipc.benchmarks;

import java.io.IOException;
import java.util.List;

/** The C programs beside {@link JavaSide}: compiled at the beginning. */
final class CSide implements AutoCloseable {
    private static final long SLACK_MILLIS = 60_000;
    private static final int WARMUP_TRIPS = 50_000;
    private static final int FLOOR_TRIPS = 100_000;
    private static final int FLOOR_SIZE = 8;

    private final Settings settings;
    private final CPrograms programs;

    private CSide(Settings settings, CPrograms programs) {
        this.settings = settings;
        this.programs = programs;
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

    static CSide compile(Settings settings) throws IOException, InterruptedException {
        CSide side = new CSide(settings, CPrograms.create());
        try {
            side.programs.compile("floor", "pingpong.c", FLOOR_SIZE, List.of());
            side.programs.compile("pingpong", "pingpong.c", settings.size(), List.of());
            for (Ring ring : Ring.values()) {
                side.programs.compile(ring.program(), "ring.c", settings.size(), ring.flags);
            }
            return side;
        } catch (InterruptedException | RuntimeException failed) {
            side.delete();
            throw failed;
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
        return programs.run(program, SLACK_MILLIS, WARMUP_TRIPS, trips, 0, 0, settings.cpus().first(),
                settings.cpus().second());
    }

    /** One direction: messages, nanos, verified. */
    Numbers throughput(Ring ring) throws InterruptedException {
        // There is no compiler to wait for, only caches.
        long warmup = Math.min(100, settings.warmupMillis());
        return programs.run(ring.program(), warmup + settings.millis() + SLACK_MILLIS, settings.capacity(), warmup,
                settings.millis(), settings.cpus().first(), settings.cpus().second());
    }

    /** Deletes the programs; what cannot be deleted stays. */
    void delete() {
        programs.delete();
    }

    @Override
    public void close() {
        programs.close();
    }
}
