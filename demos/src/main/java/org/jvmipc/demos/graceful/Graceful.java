package org.jvmipc.demos.graceful;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jvmipc.signals.Peers;
import org.jvmipc.signals.Shutdown;
import org.jvmipc.signals.Signal;
import org.jvmipc.signals.SignalRegistration;
import org.jvmipc.signals.Signals;

/** A supervisor that ends its workers in an orderly way upon TERM or Ctrl-C; and if it is killed, they end, too. */
public final class Graceful {
    private static final Duration GRACE = Duration.ofSeconds(2);

    private Graceful() {
    }

    /**
     * Supervises until a signal comes.
     *
     * @param args how each worker behaves: {@code polite} or {@code stubborn}
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (SignalRegistration term = Signals.on(Signal.TERM, signal -> end.countDown());
                SignalRegistration interrupt = Signals.on(Signal.INT, signal -> end.countDown())) {
            List<ProcessHandle> workers = new ArrayList<>();
            for (String behaviour : args) {
                Process worker = start(behaviour);
                workers.add(worker.toHandle());
                Peers.onExit(worker).thenAccept(exit -> System.out.println(behaviour + " " + exit));
            }
            System.out.println("supervisor " + ProcessHandle.current().pid() + " waits for "
                    + term.signal() + " or " + interrupt.signal());
            end.await();
            Shutdown shutdown = Peers.shutdown(workers, GRACE);
            System.out.println(shutdown.ended().size() + " ended, " + shutdown.killed().size() + " had to be killed");
        }
    }

    /** Gets KILL when the supervisor ends, however it does. */
    private static Process start(String behaviour) throws IOException {
        return Peers.startBound(new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Worker.class.getName(),
                behaviour).inheritIO(), Signal.KILL);
    }

    /** Works until it is told to end, and then either tidies up or does not care. */
    static final class Worker {
        private Worker() {
        }

        public static void main(String[] args) throws Exception {
            CountDownLatch end = new CountDownLatch(1);
            // Ctrl-C goes to all processes of the terminal; the supervisor says what it means.
            try (SignalRegistration interrupt = Signals.ignore(Signal.INT);
                    SignalRegistration term = Signals.on(Signal.TERM, signal -> {
                        if (args[0].equals("polite")) {
                            end.countDown();
                        }
                    })) {
                System.out.println(args[0] + " worker works"
                        + (term.isEffective() && interrupt.isEffective() ? "" : " and hears no signals"));
                end.await();
                System.out.println(args[0] + " worker tidies up");
            }
        }
    }
}
