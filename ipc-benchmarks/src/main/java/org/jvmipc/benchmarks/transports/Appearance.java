package org.jvmipc.benchmarks.transports;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another process does while it opens its end. */
final class Appearance {
    private static final long SECONDS = 20;
    private static final String READY = ".ready-";

    private Appearance() {
    }

    /** A consumer tells that it will see all that is sent from now on. */
    static void announce(Setup setup) throws IOException {
        Files.createFile(setup.place().resolve(setup.channel() + READY + System.nanoTime()));
    }

    /** Waits until all consumers have told so. */
    static void awaitConsumers(Setup setup) {
        File place = setup.place().toFile();
        String prefix = setup.channel() + READY;
        await("the consumers", () -> {
            String[] ready = place.list((in, name) -> name.startsWith(prefix));
            return ready != null && ready.length >= setup.shape().consumers();
        });
    }

    static void await(String what, BooleanSupplier isThere) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!isThere.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(what + " did not come within " + SECONDS + " s");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
