package org.jvmipc.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jvmipc.benchmarks.transports.Payload;
import org.jvmipc.benchmarks.transports.Setup;

/** A transport between JVMs: each side in one of its own, on the JDK that runs this. */
final class JavaContestant implements Contestant {
    /** Starting a JVM, on a busy machine. */
    private static final long START_MILLIS = 40_000;
    private static final int TINY_MESSAGES = 1000;
    /** Below this a copy is not what costs. */
    static final int LEAST_COPY = 1024;
    private static final int TINY_IDLE_MILLIS = 100;
    private static final long SLOWEST_WAKING_MILLIS = 10;
    private static final int TINY_MILLIS = 2000;

    private final Traits traits;
    private final CompareOptions options;

    /**
     * What is to be known of a transport.
     *
     * @param name what it is called
     * @param title what it is
     * @param transport the name that children know it by; empty if it is none, but a copy in memory
     * @param kinds what it can do
     * @param spins whether its threads keep their CPUs to themselves
     * @param mostBytes how many bytes may be sent in a run, as it keeps them all; 0 if it does not
     * @param flags options of the JVM that it needs
     */
    record Traits(String name, String title, String transport, Set<Kind> kinds, boolean spins, long mostBytes,
            List<String> flags) {
    }

    JavaContestant(Traits traits, CompareOptions options) {
        this.traits = traits;
        this.options = options;
    }

    @Override
    public String name() {
        return traits.name();
    }

    @Override
    public String title() {
        return traits.title();
    }

    @Override
    public boolean supports(Kind kind, int size) {
        if (size > Contestants.LARGEST_IN_QUEUE && Contestants.QUEUES_OF_KERNEL.contains(traits.transport())) {
            return false;
        }
        return traits.kinds().contains(kind) && (!traits.transport().isEmpty() || size >= LEAST_COPY);
    }

    @Override
    public boolean spins(Kind kind) {
        return traits.spins() && !kind.sleeps() && options.cpus().waiting(kind.shape()) == Setup.Waiting.SPIN;
    }

    @Override
    public Numbers run(Kind kind, int size, Length length) throws InterruptedException {
        try (Workplace place = Workplace.create()) {
            Sides sides = new Sides(kind, size, length, place.path());
            if (traits.transport().isEmpty()) {
                return sides.copy();
            }
            if (kind.sleeps()) {
                return sides.sleeping();
            }
            return kind == Kind.ROUND_TRIP ? sides.roundTrip() : sides.oneWay();
        }
    }

    /** The processes of one run. */
    private final class Sides {
        private final Kind kind;
        private final int size;
        private final Length length;
        private final Job job;

        Sides(Kind kind, int size, Length length, Path place) {
            this.kind = kind;
            this.size = size;
            this.length = length;
            boolean tiny = length == Length.TINY;
            this.job = Job.parse()
                    .with(Job.TRANSPORT, traits.transport())
                    .with(Job.PLACE, place)
                    .with(Job.SHAPE, kind.shape().name())
                    .with(Job.WAITING, kind.sleeps() ? Setup.Waiting.BLOCK : options.cpus().waiting(kind.shape()))
                    .with(Job.ADDRESS, options.address())
                    .with(Job.CAPACITY, options.capacity(size))
                    .with(Job.WARMUP, tiny ? 1 : options.warmupMillis())
                    .with(Job.MILLIS, tiny ? TINY_MILLIS : options.millis())
                    .with(Job.MESSAGES, mostMessages())
                    .with(Job.STRIDE, tiny ? 64 : size < 4096 ? 4096 : 64)
                    .with(Job.RATE, options.rate());
        }

        /** What one producer sends at most. */
        private long mostMessages() {
            if (length == Length.TINY) {
                return TINY_MESSAGES;
            }
            return traits.mostBytes() == 0 ? Long.MAX_VALUE / kind.shape().producers()
                    : traits.mostBytes() / kind.shape().producers() / (size + Long.BYTES);
        }

        Numbers copy() throws InterruptedException {
            try (Program copying = start(options.cpus().producer(0, kind.shape()), Job.Role.COPY, 0, true)) {
                Numbers numbers = Numbers.parse(copying.line(patience())).withRate();
                copying.finish(START_MILLIS);
                return numbers;
            }
        }

        Numbers oneWay() throws InterruptedException {
            List<Program> consumers = new ArrayList<>();
            List<Program> producers = new ArrayList<>();
            Setup.Shape shape = kind.shape();
            try {
                for (int i = 0; i < shape.consumers(); i++) {
                    consumers.add(start(job.with(Job.MESSAGES, mostMessages() * shape.producers()),
                            options.cpus().consumer(i, shape), Job.Role.CONSUME, i, i == 0));
                    expectReady(consumers.get(i));
                }
                for (int i = 0; i < shape.producers(); i++) {
                    producers.add(start(options.cpus().producer(i, shape), Job.Role.PRODUCE, i, false));
                }
                return collect(consumers, producers);
            } finally {
                producers.forEach(Program::close);
                consumers.forEach(Program::close);
            }
        }

        private Numbers collect(List<Program> consumers, List<Program> producers) throws InterruptedException {
            Numbers slowest = null;
            for (Program consumer : consumers) {
                Numbers numbers = Numbers.parse(consumer.line(patience())).withRate();
                slowest = slowest == null || numbers.get(Numbers.RATE) < slowest.get(Numbers.RATE) ? numbers : slowest;
            }
            producers.forEach(Program::release);
            consumers.forEach(Program::release);
            for (Program producer : producers) {
                String line = producer.line(START_MILLIS);
                slowest = line.equals(OneWay.NOT_MEASURED) ? slowest : withSender(slowest, Numbers.parse(line));
                producer.finish(START_MILLIS);
            }
            for (Program consumer : consumers) {
                consumer.finish(START_MILLIS);
            }
            return slowest;
        }

        private static Numbers withSender(Numbers numbers, Numbers sender) {
            double known = numbers.byName().getOrDefault(Numbers.ALLOCATED_SENDING, 0.0);
            return numbers.withBusyOf(sender)
                    .with(Numbers.ALLOCATED_SENDING, Math.max(known, sender.get(Numbers.ALLOCATED)));
        }

        Numbers roundTrip() throws InterruptedException {
            try (Program pong = start(options.cpus().consumer(0, kind.shape()), Job.Role.PONG, 0, true)) {
                expectReady(pong);
                try (Program ping = start(options.cpus().producer(0, kind.shape()), Job.Role.PING, 0, false)) {
                    Numbers numbers = Numbers.parse(ping.line(patience()))
                            .withBusyOf(Numbers.parse(pong.line(START_MILLIS)));
                    ping.release();
                    pong.release();
                    ping.finish(START_MILLIS);
                    pong.finish(START_MILLIS);
                    return numbers;
                }
            }
        }

        Numbers sleeping() throws InterruptedException {
            boolean tiny = length == Length.TINY;
            Job own = job
                    .with(Job.MESSAGES, kind == Kind.IDLE ? 0 : tiny ? CContestant.TINY_WAKINGS : options.wakings())
                    .with(Job.MILLIS, tiny ? TINY_IDLE_MILLIS : options.idleMillis());
            Setup.Shape shape = kind.shape();
            try (Program sleeper = start(own, options.cpus().consumer(0, shape), Job.Role.SLEEP, 0, true)) {
                expectReady(sleeper);
                try (Program ringer = start(own, options.cpus().producer(0, shape), Job.Role.RING, 0, false)) {
                    Numbers numbers = Numbers.parse(sleeper.line(
                            START_MILLIS + options.idleMillis() + SLOWEST_WAKING_MILLIS * options.wakings()));
                    ringer.release();
                    sleeper.release();
                    sleeper.finish(START_MILLIS);
                    ringer.finish(START_MILLIS);
                    return numbers;
                }
            }
        }

        private long patience() {
            return length == Length.TINY ? START_MILLIS
                    : 3L * options.warmupMillis() + 2L * options.millis() + START_MILLIS;
        }

        private Program start(int cpu, Job.Role role, int index, boolean first) {
            return start(job, cpu, role, index, first);
        }

        private Program start(Job job, int cpu, Job.Role role, int index, boolean first) {
            List<String> command = new ArrayList<>(Cpus.prefix(cpu));
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of("-XX:+UseSerialGC", "-Xshare:auto", "-Xms256m", "-Xmx256m"));
            // A JVM that is pinned to one CPU takes it for all there is, and would compile and wait in other ways.
            command.add("-XX:ActiveProcessorCount=2");
            if (length == Length.TINY) {
                command.add("-XX:TieredStopAtLevel=1");
                // Aeron need not make the long terms for it.
                command.add("-Dorg.jvmipc.benchmarks.aeron.term=" + (1 << 20));
            }
            command.addAll(List.of("-XX:+IgnoreUnrecognizedVMOptions", "--enable-native-access=ALL-UNNAMED"));
            command.add("-D" + Payload.SIZE_PROPERTY + "=" + size);
            command.addAll(traits.flags());
            command.addAll(options.jvmOptions());
            command.addAll(List.of("-cp", JavaSide.classPath(), Child.class.getName()));
            command.addAll(job.with(Job.ROLE, role.name()).with(Job.INDEX, index).with(Job.FIRST, first).args());
            return Program.start(command);
        }
    }

    private static void expectReady(Program program) throws InterruptedException {
        String line = program.line(START_MILLIS);
        if (!line.equals(Peer.READY)) {
            throw new IllegalStateException("a side printed \"" + line + "\" before it was ready");
        }
    }
}
