package org.jvmipc.demos.watch;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jvmipc.Ipc;
import org.jvmipc.Sender;

/** Sends readings at irregular moments, and crashes in the middle if it is told to. */
final class Station {
    private static final int CRASHED = 3;
    private static final int LONGEST_PAUSE_MILLIS = 20;

    private Station() {
    }

    public static void main(String[] args) throws Exception {
        int readings = Integer.parseInt(args[1]);
        boolean crashes = Boolean.parseBoolean(args[2]);
        Random random = new Random(args[0].hashCode());
        try (Sender sender = Ipc.sender(args[0])) {
            for (int i = 1; i <= readings; i++) {
                sender.send(StandardCharsets.UTF_8.encode(String.valueOf(20 + random.nextGaussian())));
                if (crashes && i > readings / 2) {
                    Runtime.getRuntime().halt(CRASHED);
                }
                TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
            }
        }
    }
}
