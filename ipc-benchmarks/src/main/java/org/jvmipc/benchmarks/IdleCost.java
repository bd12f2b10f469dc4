package org.jvmipc.benchmarks;

import java.time.Duration;
import java.util.Locale;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;

/** What it costs to wait: the CPU time of a process whose one receiver is blocked on an empty channel. */
public final class IdleCost {
    private IdleCost() {
    }

    /**
     * Waits and tells.
     *
     * @param args the address ({@code shm:idle-cost} if none is given) and how many seconds to wait (10)
     * @throws InterruptedException never, as nobody interrupts
     */
    public static void main(String[] args) throws InterruptedException {
        String address = args.length > 0 ? args[0] : "shm:idle-cost";
        String seconds = args.length > 1 ? args[1] : "10";
        if (args.length > 2 || !seconds.matches("[1-9]\\d{0,4}")) {
            System.err.println("IdleCost [ADDRESS [SECONDS]]; SECONDS is a number from 1 to 99999, not \""
                    + String.join(" ", args) + "\"");
            System.exit(2);
            return;
        }
        Duration wait = Duration.ofSeconds(Integer.parseInt(seconds));
        try (Receiver receiver = Ipc.receiver(address)) {
            // Has all classes loaded and the JVM's own start-up work over.
            receiver.receive(Duration.ofSeconds(1));
            Duration before = cpu();
            Received received = receiver.receive(wait);
            double used = cpu().minus(before).toNanos() / 1e9;
            System.out.println(String.format(Locale.ROOT,
                    "%s: %s after %d s, during which the process used %.2f s of CPU time (told in steps of 0.01 s)",
                    address, received.kind(), wait.toSeconds(), used));
        }
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow(
                () -> new UnsupportedOperationException("this system does not tell the CPU time of a process"));
    }
}
