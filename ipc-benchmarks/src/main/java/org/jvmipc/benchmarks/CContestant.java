package org.jvmipc.benchmarks;

import java.util.List;

/** The same in C, compiled with the message's size. */
final class CContestant implements Contestant {
    private static final long SLACK_MILLIS = 60_000;
    private static final int WARMUP_TRIPS = 50_000;
    private static final int FLOOR_TRIPS = 100_000;
    private static final int FLOOR_SIZE = 8;
    /** There is no compiler to wait for, only caches. */
    private static final int WARMUP_MILLIS = 100;
    private static final int TINY_MILLIS = 20;
    static final int TINY_WAKINGS = 20;
    private static final int TINY_TRIPS = 1000;
    /** About what a trip costs, to have as many as go into the time of a measurement. */
    private static final int TRIP_NANOS = 200;

    private final CPrograms programs;
    private final CompareOptions options;

    CContestant(CPrograms programs, CompareOptions options) {
        this.programs = programs;
        this.options = options;
    }

    @Override
    public String name() {
        return "c";
    }

    @Override
    public String title() {
        return "C: a ring, a ping-pong on two cache lines, a futex";
    }

    @Override
    public boolean supports(Kind kind, int size) {
        return kind == Kind.THROUGHPUT || kind == Kind.ROUND_TRIP || kind.sleeps();
    }

    @Override
    public boolean spins(Kind kind) {
        return !kind.sleeps();
    }

    @Override
    public Numbers run(Kind kind, int size, Length length) throws InterruptedException {
        if (kind.sleeps()) {
            return sleeping(kind, length);
        }
        return kind == Kind.ROUND_TRIP ? roundTrip(size, length) : throughput(size, length);
    }

    private Numbers sleeping(Kind kind, Length length) throws InterruptedException {
        programs.compile("wake", "wake.c", FLOOR_SIZE, List.of());
        int idle = length == Length.TINY ? TINY_MILLIS : options.idleMillis();
        return programs.run("wake", options.wakings() + idle + SLACK_MILLIS,
                kind == Kind.IDLE ? 0 : length == Length.TINY ? TINY_WAKINGS : options.wakings(), idle,
                options.cpus().producer(0, kind.shape()), options.cpus().consumer(0, kind.shape()));
    }

    /** Copies in memory, by the C library. */
    static Contestant copy(CPrograms programs, CompareOptions options) {
        return new Contestant() {
            @Override
            public String name() {
                return "memcpy-c";
            }

            @Override
            public String title() {
                return "memcpy on one CPU, in its caches";
            }

            @Override
            public boolean supports(Kind kind, int size) {
                return kind == Kind.THROUGHPUT && size >= JavaContestant.LEAST_COPY;
            }

            @Override
            public boolean spins(Kind kind) {
                return true;
            }

            @Override
            public Numbers run(Kind kind, int size, Length length) throws InterruptedException {
                String program = "copy-" + size;
                programs.compile(program, "copy.c", size, List.of());
                int millis = length == Length.TINY ? TINY_MILLIS : options.millis();
                return programs.run(program, millis + SLACK_MILLIS, WARMUP_MILLIS, millis,
                        options.cpus().producer(0, kind.shape())).withRate();
            }
        };
    }

    private Numbers throughput(int size, Length length) throws InterruptedException {
        String program = "ring-" + size;
        programs.compile(program, "ring.c", size, List.of("-DFOUR", "-DRECORDS"));
        int millis = length == Length.TINY ? TINY_MILLIS : options.millis();
        return programs.run(program, millis + SLACK_MILLIS, options.capacity(size), WARMUP_MILLIS, millis,
                options.cpus().producer(0, Kind.THROUGHPUT.shape()),
                options.cpus().consumer(0, Kind.THROUGHPUT.shape())).withRate();
    }

    private Numbers roundTrip(int size, Length length) throws InterruptedException {
        String program = "pingpong-" + size;
        programs.compile(program, "pingpong.c", size, List.of("-DFOUR"));
        return length == Length.TINY ? pingpong(program, TINY_TRIPS, options.rate(), TINY_TRIPS)
                : pingpong(program, options.millis() * 1_000_000L / TRIP_NANOS, options.rate(),
                        (long) options.rate() * options.millis() / 1000);
    }

    /** The least that a round trip costs now, in nanoseconds. */
    double floor() throws InterruptedException {
        programs.compile("floor", "pingpong.c", FLOOR_SIZE, List.of());
        return pingpong("floor", FLOOR_TRIPS, 0, 0).get("batched");
    }

    private Numbers pingpong(String program, long trips, int rate, long tripsAtRate) throws InterruptedException {
        return programs.run(program, options.millis() * 2L + SLACK_MILLIS, WARMUP_TRIPS, trips, rate, tripsAtRate,
                options.cpus().producer(0, Kind.ROUND_TRIP.shape()),
                options.cpus().consumer(0, Kind.ROUND_TRIP.shape()));
    }
}
