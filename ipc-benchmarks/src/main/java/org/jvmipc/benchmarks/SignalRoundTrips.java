package org.jvmipc.benchmarks;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.signals.Signal;
import org.jvmipc.signals.SignalRegistration;
import org.jvmipc.signals.Signals;

/**
 * Round trips of signals between two JVMs, beside the same in C: a standard signal that a handler answers, and a
 * real-time signal with a number through the channel {@code signal:}. Half a round trip of handlers is the time from
 * {@code kill} to the handler. Judges nothing.
 */
public final class SignalRoundTrips {
    private static final Signal QUEUED = Signal.realTime(1);
    private static final long C_MILLIS = 120_000;
    private static final int WAIT_SECONDS = 30;

    private final int rounds;
    private final int warmUp;

    private SignalRoundTrips(int rounds) {
        this.rounds = rounds;
        this.warmUp = Math.max(1, rounds / 5);
    }

    /**
     * Runs the benchmark.
     *
     * @param args how many rounds of each kind, 20,000 if there is none; or, for the other JVM, {@code answer} and to
     *     whom
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        Signals.relaunchBlocked(QUEUED);
        if (args.length == 2) {
            answer(args[1], Long.parseLong(args[1].split("[:?]")[1]));
            return;
        }
        String count = args.length == 0 ? "20000" : args[0];
        if (args.length > 1 || !count.matches("[1-9]\\d{0,7}")) {
            System.err.println("SignalRoundTrips [ROUNDS]; ROUNDS is a number from 1 to 99999999, not \""
                    + String.join(" ", args) + "\"");
            System.exit(2);
            return;
        }
        new SignalRoundTrips(Integer.parseInt(count)).run();
    }

    private void run() throws Exception {
        try (Receiver receiver = Ipc.receiver("signal:self?signal=" + QUEUED.name());
                Program other = Program.start(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                        SignalRoundTrips.class.getName(), "answer", receiver.address().toString()))) {
            long pid = Long.parseLong(other.line(TimeUnit.SECONDS.toMillis(WAIT_SECONDS)));
            report("handlers, Java", handlers(pid));
            try (Sender sender = Ipc.sender("signal:" + pid + "?signal=" + QUEUED.name())) {
                report("signal:, Java", queued(sender, receiver));
            }
        }
        if (CPrograms.isAvailable()) {
            try (CPrograms c = CPrograms.create()) {
                c.compile("signal", "signal.c", Integer.BYTES, List.of());
                report("handlers, C", c.run("signal", C_MILLIS, 0, rounds, warmUp));
                report("sigqueue and sigwaitinfo, C", c.run("signal", C_MILLIS, 1, rounds, warmUp));
            }
        }
    }

    private Numbers handlers(long pid) throws InterruptedException {
        Semaphore answered = new Semaphore(0);
        SignalRegistration handler = Signals.on(Signal.USR1, signal -> answered.release());
        try {
            return measure(number -> {
                Signals.kill(pid, Signal.USR1);
                if (!answered.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("no answer to number " + number);
                }
            });
        } finally {
            handler.close();
        }
    }

    private Numbers queued(Sender sender, Receiver receiver) throws InterruptedException {
        ByteBuffer message = ByteBuffer.allocateDirect(Integer.BYTES);
        return measure(number -> {
            sender.send(message.clear().putInt(number).flip());
            int answer = receiver.receive().message().payload().getInt();
            if (answer != number + 1) {
                throw new IllegalStateException(answer + " came instead of " + (number + 1));
            }
        });
    }

    /** One round. */
    private interface Round {
        void play(int number) throws InterruptedException;
    }

    private Numbers measure(Round round) throws InterruptedException {
        long[] nanos = new long[rounds];
        for (int i = -warmUp; i < rounds; i++) {
            long start = System.nanoTime();
            round.play(i);
            if (i >= 0) {
                nanos[i] = System.nanoTime() - start;
            }
        }
        Arrays.sort(nanos);
        return Numbers.parse("median=" + nanos[rounds / 2] + " p99=" + nanos[(int) (rounds * 99L / 100)]);
    }

    private static void report(String what, Numbers numbers) {
        System.out.printf(Locale.ROOT, "%-28s median %8.1f µs   p99 %8.1f µs%n", what, numbers.get("median") / 1000.0,
                numbers.get("p99") / 1000.0);
    }

    /** The other JVM: answers both kinds until it is stopped. */
    private static void answer(String address, long parent) throws InterruptedException {
        try (Receiver receiver = Ipc.receiver("signal:self?signal=" + QUEUED.name());
                Sender sender = Ipc.sender(address)) {
            Signals.on(Signal.USR1, signal -> Signals.kill(parent, Signal.USR1));
            System.out.println(ProcessHandle.current().pid());
            ByteBuffer message = ByteBuffer.allocateDirect(Integer.BYTES);
            while (true) {
                int number = receiver.receive().message().payload().getInt();
                sender.send(message.clear().putInt(number + 1).flip());
            }
        }
    }
}
