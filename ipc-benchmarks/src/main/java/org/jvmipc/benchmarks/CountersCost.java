package org.jvmipc.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jvmipc.Ipc;
import org.jvmipc.MessageHandler;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;

/**
 * What counting costs: messages of 32 bytes from a thread to itself over a ring between one sender and one receiver, in
 * JVMs that count in shared memory and in JVMs that do not count at all, in turns. Each JVM tells the CPU time of its
 * quickest round. Judges nothing.
 */
public final class CountersCost {
    private static final Map<String, Way> WAYS = new LinkedHashMap<>();
    private static final String MEASURE = "measure";
    private static final int SIZE = 32;
    private static final int BATCH = 16;
    private static final int PAIRS = 15;
    private static final int MESSAGES = 400_000;
    private static final int ROUNDS = 25;
    private static final int MOST_PAIRS = 1000;
    private static final int MOST_MESSAGES = 10_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    static {
        WAYS.put("trySend and poll", CountersCost::oneByOne);
        WAYS.put("16 trySend, then poll", CountersCost::inBatches);
        WAYS.put("send and receive", CountersCost::byCalls);
    }

    private final Sender sender;
    private final Receiver receiver;
    private final ByteBuffer message = ByteBuffer.allocateDirect(SIZE);
    private long sum;
    private final MessageHandler handler = received -> sum += received.getLong(received.position());

    private CountersCost(Sender sender, Receiver receiver) {
        this.sender = sender;
        this.receiver = receiver;
    }

    /** A way of sending and receiving so many messages. */
    private interface Way {
        void go(CountersCost ends, int messages) throws InterruptedException;
    }

    /**
     * Runs the benchmark.
     *
     * @param args how many pairs of JVMs, 15 if there is none, and how many messages in each of 25 rounds, 400,000; or,
     *     for the other JVMs, {@code measure} and how many messages
     * @throws InterruptedException never, as nobody interrupts
     */
    public static void main(String[] args) throws InterruptedException {
        if (args.length == 2 && args[0].equals(MEASURE)) {
            measure(Integer.parseInt(args[1]));
            return;
        }
        int pairs = args.length == 0 ? PAIRS : number(args[0], MOST_PAIRS);
        int messages = args.length < 2 ? MESSAGES : number(args[1], MOST_MESSAGES);
        if (args.length > 2 || pairs < 1 || messages < 1) {
            System.err.println("CountersCost [PAIRS [MESSAGES]]; PAIRS is a number from 1 to " + MOST_PAIRS
                    + ", MESSAGES one from 1 to " + MOST_MESSAGES + ", not \"" + String.join(" ", args) + "\"");
            System.exit(2);
            return;
        }
        compare(pairs, messages);
    }

    private static int number(String text, int most) {
        return text.matches("\\d{1,8}") && Integer.parseInt(text) <= most ? Integer.parseInt(text) : 0;
    }

    private static void compare(int pairs, int messages) throws InterruptedException {
        Map<String, List<Double>> ratios = new TreeMap<>();
        Cpus cpus = Cpus.find();
        print("nanoseconds a message, counted / not counted, in pairs of JVMs");
        for (int i = 0; i < pairs; i++) {
            // Whoever comes second meets a machine that the first one has warmed up.
            boolean countedFirst = i % 2 == 0;
            Numbers first = run(countedFirst, messages, cpus);
            Numbers second = run(!countedFirst, messages, cpus);
            Numbers counted = countedFirst ? first : second;
            Numbers not = countedFirst ? second : first;
            StringBuilder line = new StringBuilder();
            int way = 0;
            for (String name : WAYS.keySet()) {
                double on = counted.get("way" + way);
                double off = not.get("way" + way);
                ratios.computeIfAbsent(name, added -> new ArrayList<>()).add(on / off);
                line.append(String.format(Locale.ROOT, "%s%s %.2f / %.2f", way == 0 ? "" : "   ", name, on, off));
                way++;
            }
            print("%s", line);
        }
        for (String name : WAYS.keySet()) {
            double[] sorted = ratios.get(name).stream().mapToDouble(Double::doubleValue).sorted().toArray();
            print("%-22s median ratio of %d pairs %.3f (quartiles %.3f and %.3f)", name, pairs,
                    Numbers.median(ratios.get(name)), sorted[sorted.length / 4], sorted[sorted.length * 3 / 4]);
        }
    }

    private static Numbers run(boolean counts, int messages, Cpus cpus) throws InterruptedException {
        List<String> command = new ArrayList<>(cpus.isPinned() ? Cpus.prefix(cpus.first()) : List.of());
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED", "-Dipc.counters=" + (counts ? "true" : "off"), "-cp",
                JavaSide.classPath(), CountersCost.class.getName(), MEASURE, String.valueOf(messages)));
        try (Program program = Program.start(command)) {
            Numbers numbers = Numbers.parse(program.line(PATIENCE.toMillis()));
            program.finish(PATIENCE.toMillis());
            return numbers;
        }
    }

    /** In a JVM of its own. */
    private static void measure(int messages) throws InterruptedException {
        String address = "shm:counters-cost-" + ProcessHandle.current().pid() + "?ring=spsc&wait=spin";
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        StringBuilder line = new StringBuilder();
        try (Receiver receiver = Ipc.receiver(address); Sender sender = Ipc.sender(address)) {
            CountersCost ends = new CountersCost(sender, receiver);
            int number = 0;
            for (Way way : WAYS.values()) {
                long[] nanos = new long[ROUNDS];
                // The first rounds are for the compiler, and not the quickest ones.
                for (int i = 0; i < ROUNDS; i++) {
                    long start = clock.getCurrentThreadCpuTime();
                    way.go(ends, messages);
                    nanos[i] = clock.getCurrentThreadCpuTime() - start;
                }
                double least = Arrays.stream(nanos).min().orElseThrow();
                line.append(String.format(Locale.ROOT, " way%d=%.3f", number++, least / messages));
            }
        }
        System.out.println(line.toString().strip());
    }

    private void oneByOne(int messages) {
        for (int i = 0; i < messages; i++) {
            offer(i);
            if (receiver.poll(handler, 1) != 1) {
                throw lost();
            }
        }
    }

    private void inBatches(int messages) {
        for (int i = 0; i < messages; i += BATCH) {
            for (int j = 0; j < BATCH; j++) {
                offer(i + j);
            }
            if (receiver.poll(handler, BATCH) != BATCH) {
                throw lost();
            }
        }
    }

    private void byCalls(int messages) throws InterruptedException {
        for (int i = 0; i < messages; i++) {
            sender.send(message.clear().putLong(0, i));
            if (receiver.receive().message().payload().getLong(0) != i) {
                throw lost();
            }
        }
    }

    private void offer(int number) {
        if (sender.trySend(message.clear().putLong(0, number)) != SendResult.SENT) {
            throw lost();
        }
    }

    private static IllegalStateException lost() {
        return new IllegalStateException("a message was not sent or did not come");
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
        System.out.flush();
    }
}
