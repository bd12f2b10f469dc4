package org.jvmipc.benchmarks;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jvmipc.Codec;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Replier;
import org.jvmipc.Requester;
import org.jvmipc.Sender;

/**
 * Round trips of 32 bytes between two JVMs over a pair of {@code shm:} channels: bare, by {@code send} and
 * {@code receive}, and as a request and its reply. Runs alternate. Judges nothing.
 */
public final class RequestRoundTrips {
    private static final String BARE = "bare";
    private static final String REQUESTS = "requests";
    private static final int SIZE = 32;
    private static final int PAIRS = 5;
    private static final int TRIPS = 200_000;
    private static final int MOST_PAIRS = 1000;
    private static final int MOST_TRIPS = 10_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Codec<Numbered> CODEC = Codec.ofRecord(Numbered.class);

    private final int trips;
    private int runs;

    private RequestRoundTrips(int trips) {
        this.trips = trips;
    }

    /**
     * What goes there and back.
     *
     * @param number which one it is
     * @param second fills it up
     * @param third fills it up
     * @param fourth fills it up
     */
    record Numbered(long number, long second, long third, long fourth) {
    }

    /**
     * Runs the benchmark.
     *
     * @param args how many pairs of runs, 5 if there is none, and how many round trips in each, 200,000; or, for the
     *     other JVM, {@code answer}, of which kind, and a name
     * @throws InterruptedException never, as nobody interrupts
     */
    public static void main(String[] args) throws InterruptedException {
        if (args.length == 3 && args[0].equals("answer")) {
            answer(args[1], args[2]);
            return;
        }
        int pairs = args.length == 0 ? PAIRS : number(args[0], MOST_PAIRS);
        int trips = args.length < 2 ? TRIPS : number(args[1], MOST_TRIPS);
        if (args.length > 2 || pairs < 1 || trips < 1) {
            System.err.println("RequestRoundTrips [PAIRS [TRIPS]]; PAIRS is a number from 1 to " + MOST_PAIRS
                    + ", TRIPS one from 1 to " + MOST_TRIPS + ", not \"" + String.join(" ", args) + "\"");
            System.exit(2);
            return;
        }
        new RequestRoundTrips(trips).run(pairs);
    }

    private static int number(String text, int most) {
        return text.matches("\\d{1,8}") && Integer.parseInt(text) <= most ? Integer.parseInt(text) : 0;
    }

    private void run(int pairs) throws InterruptedException {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            Numbers bare = measure(BARE);
            Numbers requests = measure(REQUESTS);
            double ratio = requests.get("median") / bare.get("median");
            ratios.add(ratio);
            print("request %6.0f ns (p99 %7.0f) | bare %6.0f ns (p99 %7.0f)  ratio %.2f", requests.get("median"),
                    requests.get("p99"), bare.get("median"), bare.get("p99"), ratio);
        }
        print("median of %d pairs: %.2f", pairs, Numbers.median(ratios));
    }

    private Numbers measure(String kind) throws InterruptedException {
        String name = "bench-" + ProcessHandle.current().pid() + "-" + ++runs;
        try (Receiver back = Ipc.receiver("shm:" + name + "-back"); Sender there = Ipc.sender("shm:" + name + "-there");
                Program other = Program.start(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED", "-cp", JavaSide.classPath(),
                        RequestRoundTrips.class.getName(), "answer", kind, name))) {
            String line = other.line(PATIENCE.toMillis());
            if (!line.equals(Peer.READY)) {
                throw new IllegalStateException("the other side printed \"" + line + "\" before it was ready");
            }
            if (kind.equals(BARE)) {
                ByteBuffer message = ByteBuffer.allocate(SIZE);
                return measure(number -> {
                    there.send(message.clear().putLong(0, number));
                    return back.receive(PATIENCE).message().payload().getLong(0);
                });
            }
            try (Requester<Numbered, Numbered> requester = Requester.over(there, back, CODEC, CODEC)) {
                return measure(number -> requester.request(new Numbered(number, 0, 0, 0), PATIENCE).number());
            }
        }
    }

    /** One round trip. */
    private interface Trip {
        long there(long number) throws InterruptedException;
    }

    private Numbers measure(Trip trip) throws InterruptedException {
        long[] nanos = new long[trips];
        // As many before that, for the compiler.
        for (int i = -trips; i < trips; i++) {
            long start = System.nanoTime();
            long number = trip.there(i);
            if (number != i) {
                throw new IllegalStateException(number + " came back instead of " + i);
            }
            if (i >= 0) {
                nanos[i] = System.nanoTime() - start;
            }
        }
        Arrays.sort(nanos);
        return Numbers.parse("median=" + nanos[trips / 2] + " p99=" + nanos[(int) (trips * 99L / 100)]);
    }

    /** The other JVM: answers until nobody is left who asks. */
    private static void answer(String kind, String name) throws InterruptedException {
        try (Receiver there = Ipc.receiver("shm:" + name + "-there");
                Sender back = Ipc.sender("shm:" + name + "-back")) {
            System.out.println(Peer.READY);
            if (kind.equals(REQUESTS)) {
                try (Replier<Numbered, Numbered> replier = Replier.over(there, back, CODEC, CODEC)) {
                    replier.serve(asked -> asked);
                }
                return;
            }
            ByteBuffer copy = ByteBuffer.allocate(SIZE);
            while (true) {
                Received next = there.receive(PATIENCE);
                if (!next.isMessage()) {
                    return;
                }
                back.send(copy.clear().put(next.message().payload()).flip(), PATIENCE);
            }
        }
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
        System.out.flush();
    }
}
