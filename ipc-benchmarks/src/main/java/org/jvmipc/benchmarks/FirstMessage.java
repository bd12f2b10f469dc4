package org.jvmipc.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jvmipc.Ipc;
import org.jvmipc.Sender;

/**
 * How long it takes from starting a process until it has its first message, and how much of that is opening the channel
 * and receiving: a JVM beside a program in C, for each scheme. The other side runs already and has something to send.
 * Judges nothing.
 */
public final class FirstMessage {
    /** Bytes of the message. */
    static final int SIZE = 32;
    private static final int ROUNDS = 10;
    private static final int MOST_ROUNDS = 10_000;
    private static final long PATIENCE_MILLIS = 60_000;
    private static final double NANOS_IN_MILLI = 1e6;
    private static final String PROGRAM = "first";
    private static final String FROM_START = "start";
    private static final String FROM_OPENING = "open";

    private final int rounds;
    /** Null if there is no compiler. */
    private final CPrograms programs;
    private int runs;

    private FirstMessage(int rounds, CPrograms programs) {
        this.rounds = rounds;
        this.programs = programs;
    }

    /** A scheme and its names for the two languages. */
    private enum Scheme {
        SHM("shm"), UNIX("unix"), FIFO("fifo"), POSIXMQ("posixmq"), SYSVMQ("sysvmq"), QUEUE("queue");

        private final String word;

        Scheme(String word) {
            this.word = word;
        }

        /** The name of a channel, as the scheme wants it. */
        String name(Path place, int run) {
            String name = "bench-" + ProcessHandle.current().pid() + "-first-" + run;
            return switch (this) {
                case UNIX, FIFO, QUEUE -> place.resolve(name).toString();
                case SYSVMQ -> String.valueOf(Math.max(1, name.hashCode() & Integer.MAX_VALUE));
                default -> "/" + name;
            };
        }

        /** Whether a program in C has it, too. */
        boolean isInC() {
            return this != QUEUE;
        }

        /** What a JVM needs for it. */
        List<String> flags() {
            return this == QUEUE ? Contestants.CHRONICLE_FLAGS : List.of();
        }

        String address(String name) {
            return word + ":" + (this == SHM ? name.substring(1) : name);
        }
    }

    /**
     * Runs the benchmark.
     *
     * @param args how many times each, 10 if there is none
     * @throws IOException if the program in C cannot be written
     * @throws InterruptedException never, as nobody interrupts
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        String count = args.length == 0 ? String.valueOf(ROUNDS) : args[0];
        if (args.length > 1 || !count.matches("[1-9]\\d{0,4}") || Integer.parseInt(count) > MOST_ROUNDS) {
            System.err.println("FirstMessage [ROUNDS]; ROUNDS is a number from 1 to " + MOST_ROUNDS + ", not \""
                    + String.join(" ", args) + "\"");
            System.exit(2);
            return;
        }
        try (CPrograms programs = CPrograms.isAvailable() ? CPrograms.create() : null;
                Workplace place = Workplace.create()) {
            new FirstMessage(Integer.parseInt(count), programs).run(place.path());
        }
    }

    private void run(Path place) throws InterruptedException {
        List<Numbers> alone = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            alone.add(measure(List.of(), java(List.of())));
        }
        print("medians of %d, in ms%s", rounds, programs == null ? "; there is no " + CPrograms.COMPILER.get(0) : "");
        print("%-8s %12s %13s %12s %13s", "scheme", "Java: start", "from opening", "C: start", "from opening");
        print("%-8s %12.1f", "(none)", median(alone, FROM_START));
        for (Scheme scheme : Scheme.values()) {
            List<Numbers> ours = new ArrayList<>();
            List<Numbers> theirs = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                ours.add(ours(scheme, scheme.name(place, ++runs)));
                if (programs != null && scheme.isInC()) {
                    theirs.add(theirs(scheme, scheme.name(place, ++runs)));
                }
            }
            String c = theirs.isEmpty() ? "" : String.format(Locale.ROOT, " %12.2f %13.3f",
                    median(theirs, FROM_START), median(theirs, FROM_OPENING));
            print("%-8s %12.1f %13.1f%s", scheme.word, median(ours, FROM_START), median(ours, FROM_OPENING), c);
        }
    }

    private static double median(List<Numbers> all, String key) {
        return Numbers.median(all.stream().map(numbers -> numbers.get(key)).toList()) / NANOS_IN_MILLI;
    }

    private Numbers ours(Scheme scheme, String name) throws InterruptedException {
        String address = scheme.address(name);
        List<String> java = java(scheme.flags());
        if (scheme == Scheme.QUEUE) {
            // What was sent stays, so that no sender need live, which would need the same flags.
            try (Program sending = Program.start(concat(java, List.of(FirstMessageSide.SEND, address)))) {
                sending.finish(PATIENCE_MILLIS);
            }
            return measure(List.of(address), java);
        }
        try (Sender sender = Ipc.sender(address)) {
            Thread sending = new Thread(() -> send(sender), "sending");
            sending.setDaemon(true);
            sending.start();
            Numbers numbers = measure(List.of(address), java);
            sending.join();
            return numbers;
        }
    }

    private static List<String> concat(List<String> one, List<String> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    /** Sends what is received first. */
    static void send(Sender sender) {
        try {
            sender.send(FirstMessageSide.message(), Duration.ofMillis(PATIENCE_MILLIS));
        } catch (InterruptedException never) {
            throw new IllegalStateException(never);
        }
    }

    private Numbers theirs(Scheme scheme, String name) throws InterruptedException {
        programs.compile(PROGRAM, "first.c", SIZE, List.of());
        String program = programs.command(PROGRAM);
        try (Program sender = Program.start(List.of(program, "send", scheme.word, name))) {
            String line = sender.line(PATIENCE_MILLIS);
            if (!line.equals(Peer.READY)) {
                throw new IllegalStateException("the sender printed \"" + line + "\" before it was ready");
            }
            Numbers numbers = measure(List.of("receive", scheme.word, name), List.of(program));
            sender.finish(PATIENCE_MILLIS);
            return numbers;
        }
    }

    private static List<String> java(List<String> flags) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "-Xshare:auto"));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        if (!flags.isEmpty()) {
            command.add("-XX:+IgnoreUnrecognizedVMOptions");
            command.addAll(flags);
        }
        command.addAll(List.of("-cp", JavaSide.classPath(), FirstMessageSide.class.getName()));
        return command;
    }

    /** Starts a process; the clock is the same in all processes of a machine. */
    private static Numbers measure(List<String> args, List<String> program) throws InterruptedException {
        List<String> command = concat(program, args);
        long start = System.nanoTime();
        try (Program running = Program.start(command)) {
            Numbers numbers = Numbers.parse(running.line(PATIENCE_MILLIS));
            running.finish(PATIENCE_MILLIS);
            double first = numbers.get("first");
            return numbers.with(FROM_START, first - start).with(FROM_OPENING, first - numbers.get("opening"));
        }
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
        System.out.flush();
    }
}
