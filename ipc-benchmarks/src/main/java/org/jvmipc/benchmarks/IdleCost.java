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
        Duration wait = Duration.ofSeconds(args.length > 1 ? Integer.parseInt(args[1]) : 10);
        try (Receiver receiver = Ipc.receiver(address)) {
            // Has all classes loaded and the JVM's own start-up work over.
            receiver.receive(Duration.ofSeconds(1));
            Duration before = cpu();
            Received received = receiver.receive(wait);
            double seconds = cpu().minus(before).toNanos() / 1e9;
            System.out.println(String.format(Locale.ROOT,
                    "%s: %s after %d s, during which the process used %.2f s of CPU time (told in steps of 0.01 s)",
                    address, received.kind(), wait.toSeconds(), seconds));
        }
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow(
                () -> new UnsupportedOperationException("this system does not tell the CPU time of a process"));
    }
}
