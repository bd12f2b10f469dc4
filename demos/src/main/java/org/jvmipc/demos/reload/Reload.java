package org.jvmipc.demos.reload;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.jvmipc.Duplex;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;
import org.jvmipc.demos.Demos;
import org.jvmipc.signals.Signal;
import org.jvmipc.signals.SignalRegistration;
import org.jvmipc.signals.Signals;

/** Changes the configuration of a service that is busy: {@code kill -HUP} makes it read it again, and loses nothing. */
public final class Reload {
    private Reload() {
    }

    /**
     * Starts the service, keeps it busy, and prints its answers.
     *
     * @param args how many answers to get with each of three configurations, at least
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        int each = Demos.number(args, 0, "COUNT", 50, 1_000_000);
        try (SignalRegistration own = Signals.on(Signal.HUP, signal -> System.exit(1))) {
            if (!own.isEffective()) {
                // The service inherits that, and would never hear of its new configuration.
                System.err.println("ipc run: HUP is ignored here, as under nohup and in jobs of some shells; start "
                        + "the demo by: env --default-signal=HUP ./ipc run reload " + each);
                System.exit(1);
            }
        }
        Path directory = Demos.directory();
        Path configuration = write(directory, "hello");
        int exit;
        try (Listener listener = Ipc.listen("unix:" + directory.resolve("work"))) {
            Process process = Demos.start(Service.class, listener.address(), configuration);
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
            try (Duplex service = listener.accept(Duration.ofSeconds(30))) {
                int number = 0;
                for (String greeting : new String[] {"hello", "welcome", "goodbye"}) {
                    if (number > 0) {
                        write(directory, greeting);
                        Signals.kill(process.toHandle(), Signal.HUP);
                    }
                    for (int count = 0; count < each; number++) {
                        service.sender().send(StandardCharsets.UTF_8.encode(String.valueOf(number)));
                        String answer = service.receiver().receive().message().text();
                        System.out.println(answer);
                        count += answer.startsWith(greeting) ? 1 : 0;
                    }
                }
            }
            exit = process.waitFor();
        }
        System.exit(exit);
    }

    /** Replaces the file as a whole: a service that reads it sees the old or the new. */
    private static Path write(Path directory, String greeting) throws Exception {
        Path next = Files.writeString(directory.resolve("next"), greeting);
        return Files.move(next, directory.resolve("configuration"), StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
