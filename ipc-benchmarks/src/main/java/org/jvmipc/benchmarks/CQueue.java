package org.jvmipc.benchmarks;

import java.util.List;

/** A queue of the kernel between two processes in C, by calls that block. */
final class CQueue implements Contestant {
    private static final long SLACK_MILLIS = 60_000;
    private static final int ONE_WAY = 0;
    private static final int TO_AND_FRO = 1;
    private static final int WARMUP_MILLIS = 100;
    private static final int WARMUP_TRIPS = 1000;
    private static final int TINY_MILLIS = 20;
    private static final int TINY_TRIPS = 1000;
    /** About what a trip costs, to have as many as go into the time of a measurement. */
    private static final int TRIP_NANOS = 20_000;

    private final CPrograms programs;
    private final CompareOptions options;
    private final String name;
    private final String title;
    private final List<String> flags;

    private CQueue(CPrograms programs, CompareOptions options, String name, String title, List<String> flags) {
        this.programs = programs;
        this.options = options;
        this.name = name;
        this.title = title;
        this.flags = flags;
    }

    static Contestant posix(CPrograms programs, CompareOptions options) {
        return new CQueue(programs, options, "posixmq-c", "C: mq_send and mq_receive", List.of("-DFOUR"));
    }

    static Contestant systemV(CPrograms programs, CompareOptions options) {
        return new CQueue(programs, options, "sysvmq-c", "C: msgsnd and msgrcv", List.of("-DFOUR", "-DSYSV"));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public boolean supports(Kind kind, int size) {
        return (kind == Kind.THROUGHPUT || kind == Kind.ROUND_TRIP) && size <= Contestants.LARGEST_IN_QUEUE;
    }

    @Override
    public boolean spins(Kind kind) {
        return false;
    }

    @Override
    public Numbers run(Kind kind, int size, Length length) throws InterruptedException {
        String program = name + "-" + size;
        programs.compile(program, "queue.c", size, flags);
        int producer = options.cpus().producer(0, kind.shape());
        int consumer = options.cpus().consumer(0, kind.shape());
        boolean tiny = length == Length.TINY;
        if (kind == Kind.THROUGHPUT) {
            int millis = tiny ? TINY_MILLIS : options.millis();
            return programs.run(program, millis + SLACK_MILLIS, ONE_WAY, WARMUP_MILLIS, millis, producer, consumer)
                    .withRate();
        }
        long trips = tiny ? TINY_TRIPS : options.millis() * 1_000_000L / TRIP_NANOS;
        long atRate = tiny ? TINY_TRIPS : (long) options.rate() * options.millis() / 1000;
        return programs.run(program, options.millis() * 10L + SLACK_MILLIS, TO_AND_FRO, WARMUP_TRIPS, trips,
                options.rate(), atRate, producer, consumer);
    }
}
