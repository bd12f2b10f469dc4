package org.jvmipc.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jvmipc.benchmarks.transports.Inlet;
import org.jvmipc.benchmarks.transports.Outlet;
import org.jvmipc.benchmarks.transports.Payload;
import org.jvmipc.benchmarks.transports.Setup;
import org.jvmipc.benchmarks.transports.Sink;
import org.jvmipc.benchmarks.transports.Transport;
import org.jvmipc.benchmarks.transports.Transports;

/**
 * {@code queue:} beside Chronicle Queue alone, in the same two JVMs, in turns of some milliseconds: what the machine
 * does to one of them, its other programs and its hypervisor, it does to the other, too. In each turn there are round
 * trips one after the other, and then messages one way as fast as it goes, with an answer to the last. Judges nothing.
 */
public final class QueueVersusChronicle {
    private static final List<String> NAMES = List.of("queue", "chronicle");
    private static final int TRIPS = 1000;
    private static final int BURST = 5000;
    private static final int PAIRS = 100;
    private static final int MOST_PAIRS = 2000;
    private static final int SIZE = 256;
    private static final long PATIENCE_MILLIS = 120_000;

    private final Way[] ways;
    private final List<List<Double>> ratios = List.of(new ArrayList<>(), new ArrayList<>());
    private final long[][] trips;
    private int turns;

    private QueueVersusChronicle(Way[] ways, int pairs) {
        this.ways = ways;
        this.trips = new long[ways.length][pairs * TRIPS];
    }

    /** The ends of one transport in this process. */
    private static final class Way implements Sink {
        private final Inlet inlet;
        private final Outlet outlet;
        private final Patience patience = new Patience();
        private long sent;
        private long received;

        Way(Inlet inlet, Outlet outlet) {
            this.inlet = inlet;
            this.outlet = outlet;
        }

        @Override
        public void accept(int length, long first, long second, long third, long last) {
            if (!Payload.isSound(++received, length, first, second, third, last)) {
                throw new IllegalStateException("message " + received + " was lost or changed");
            }
        }

        void send() throws IOException {
            sent++;
            while (!outlet.offer(sent)) {
                patience.check();
                Thread.onSpinWait();
            }
            outlet.flush();
            patience.reset();
        }

        void receive(int count) throws IOException {
            for (int left = count; left > 0; ) {
                int got = inlet.poll(this, left);
                if (got == 0) {
                    patience.check();
                    Thread.onSpinWait();
                } else {
                    patience.reset();
                    left -= got;
                }
            }
        }
    }

    /**
     * Runs the benchmark.
     *
     * @param args how many pairs of turns, 100 if there is none; or, for the two JVMs, {@code ask} or {@code answer},
     *     that number and where they meet
     * @throws IOException if a transport fails
     * @throws InterruptedException never, as nobody interrupts
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        int pairs = args.length == 0 ? PAIRS : number(args[args.length == 3 ? 1 : 0]);
        if (pairs < 1 || args.length > 1 && args.length != 3) {
            System.err.println("QueueVersusChronicle [PAIRS]; PAIRS is a number from 1 to " + MOST_PAIRS + ", not \""
                    + String.join(" ", args) + "\"");
            System.exit(2);
        } else if (args.length < 2) {
            run(pairs);
        } else if (args[0].equals("ask")) {
            ask(pairs, Path.of(args[2]));
        } else {
            answer(pairs, Path.of(args[2]));
        }
    }

    private static int number(String text) {
        return text.matches("\\d{1,8}") && Integer.parseInt(text) <= MOST_PAIRS ? Integer.parseInt(text) : 0;
    }

    private static void run(int pairs) throws InterruptedException {
        Cpus cpus = Cpus.find();
        try (Workplace place = Workplace.create();
                Program answers = start(cpus.second(), "answer", pairs, place.path());
                Program asks = start(cpus.first(), "ask", pairs, place.path())) {
            for (String line = asks.line(PATIENCE_MILLIS); !line.isEmpty(); line = asks.line(PATIENCE_MILLIS)) {
                System.out.println(line);
            }
            asks.finish(PATIENCE_MILLIS);
            answers.finish(PATIENCE_MILLIS);
        }
    }

    private static Program start(int cpu, String role, int pairs, Path place) {
        List<String> command = new ArrayList<>(Cpus.prefix(cpu));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m", "-XX:ActiveProcessorCount=2",
                "-XX:+IgnoreUnrecognizedVMOptions"));
        command.addAll(Contestants.CHRONICLE_FLAGS);
        command.addAll(List.of("-D" + Payload.SIZE_PROPERTY + "=" + SIZE, "-cp", JavaSide.classPath(),
                QueueVersusChronicle.class.getName(), role, Integer.toString(pairs), place.toString()));
        return Program.start(command);
    }

    /** As many turns as are measured come before, for the compiler. */
    private static void ask(int pairs, Path place) throws IOException {
        Way[] ways = open(place, "back", "there");
        QueueVersusChronicle asking = new QueueVersusChronicle(ways, pairs);
        for (int i = -pairs; i < pairs; i++) {
            asking.pair(i);
        }
        asking.print();
        close(ways);
    }

    private static void answer(int pairs, Path place) throws IOException {
        Way[] ways = open(place, "there", "back");
        for (int i = -pairs; i < pairs; i++) {
            for (int turn = 0; turn < ways.length; turn++) {
                Way way = ways[turn ^ i & 1];
                for (int trip = 0; trip < TRIPS; trip++) {
                    way.receive(1);
                    way.send();
                }
                way.receive(BURST);
                way.send();
            }
        }
        close(ways);
    }

    private static Way[] open(Path place, String from, String to) throws IOException {
        Setup[] setups = new Setup[NAMES.size()];
        Inlet[] inlets = new Inlet[NAMES.size()];
        for (int i = 0; i < inlets.length; i++) {
            setups[i] = new Setup(place, NAMES.get(i) + "-" + from, true, Setup.Shape.ONE_TO_ONE, 1 << 20,
                    Setup.Waiting.SPIN, "");
            inlets[i] = Transports.byName(NAMES.get(i)).inlet(setups[i]);
        }
        Way[] ways = new Way[NAMES.size()];
        for (int i = 0; i < ways.length; i++) {
            Transport transport = Transports.byName(NAMES.get(i));
            ways[i] = new Way(inlets[i], transport.outlet(setups[i].withChannel(NAMES.get(i) + "-" + to)));
        }
        return ways;
    }

    private static void close(Way[] ways) throws IOException {
        for (Way way : ways) {
            way.outlet.close();
            way.inlet.close();
        }
    }

    /** A turn of each; which comes first alternates. */
    private void pair(int number) throws IOException {
        double[] median = new double[ways.length];
        double[] burst = new double[ways.length];
        for (int turn = 0; turn < ways.length; turn++) {
            int which = turn ^ number & 1;
            Way way = ways[which];
            long[] nanos = new long[TRIPS];
            long last = System.nanoTime();
            for (int i = 0; i < TRIPS; i++) {
                way.send();
                way.receive(1);
                long now = System.nanoTime();
                nanos[i] = now - last;
                last = now;
            }
            for (int i = 0; i < BURST; i++) {
                way.send();
            }
            way.receive(1);
            burst[which] = System.nanoTime() - last;
            if (number >= 0) {
                System.arraycopy(nanos, 0, trips[which], number * TRIPS, TRIPS);
            }
            Arrays.sort(nanos);
            median[which] = nanos[TRIPS / 2];
        }
        if (number >= 0) {
            turns++;
            ratios.get(0).add(median[0] / median[1]);
            ratios.get(1).add(burst[1] / burst[0]);
        }
    }

    private void print() {
        for (long[] each : trips) {
            Arrays.sort(each);
        }
        for (int i = 0; i < NAMES.size(); i++) {
            say("%-10s round trip: median %6d ns, p90 %6d, p99 %6d, p99.9 %7d", NAMES.get(i), at(i, 500), at(i, 900),
                    at(i, 990), at(i, 999));
        }
        say("round trip, queue over chronicle: %s", spread(ratios.get(0)));
        say("messages a second, queue over chronicle: %s", spread(ratios.get(1)));
        System.out.println();
    }

    private long at(int which, int perMille) {
        return trips[which][(int) ((long) trips[which].length * perMille / 1000)];
    }

    private String spread(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return String.format(Locale.ROOT, "%.2f (median of %d pairs of turns; half of them from %.2f to %.2f)",
                Numbers.median(sorted), turns, sorted.get(turns / 4), sorted.get(turns * 3 / 4));
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
        System.out.flush();
    }
}
