package org.jvmipc.demos.stats;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jvmipc.ChannelStatus;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.demos.Demos;
import org.jvmipc.signals.Signal;
import org.jvmipc.signals.SignalRegistration;
import org.jvmipc.signals.Signals;

/** Asks a busy process for its counters by {@code kill -USR1}, as {@code dd} can be asked. */
public final class Stats {
    private Stats() {
    }

    /**
     * Starts the worker, gives it work, and asks.
     *
     * @param args how many messages to send before each of three questions
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        int each = Demos.number(args, 0, "COUNT", 20, 1_000_000);
        String channel = "shm:stats-" + ProcessHandle.current().pid();
        try (Receiver answers = Ipc.receiver(channel + "-answers"); Sender work = Ipc.sender(channel)) {
            Process worker = Demos.start(Worker.class, channel);
            Runtime.getRuntime().addShutdownHook(new Thread(worker::destroy));
            for (int question = 1; question <= 3; question++) {
                for (int i = 0; i < each; i++) {
                    work.transfer(StandardCharsets.UTF_8.encode("work " + i));
                }
                Signals.kill(worker.toHandle(), Signal.USR1);
                System.out.println(answers.receive(Duration.ofSeconds(30)).text());
            }
            work.close(Duration.ofSeconds(5));
            System.exit(worker.waitFor());
        }
    }

    /** Works, and tells its counters upon USR1. */
    static final class Worker {
        private Worker() {
        }

        public static void main(String[] args) throws InterruptedException {
            try (Receiver receiver = Ipc.receiver(args[0]);
                    Sender answers = Ipc.sender(args[0] + "-answers");
                    SignalRegistration stats = Signals.on(Signal.USR1, signal -> {
                        ChannelStatus status = receiver.status();
                        answers.send(StandardCharsets.UTF_8.encode(signal + ": received " + status.received()
                                + ", waiting " + status.depthMessages()));
                    })) {
                while (stats.isEffective() && receiver.receive(Duration.ofSeconds(30)).isMessage()) {
                    continue;
                }
            }
        }
    }
}
