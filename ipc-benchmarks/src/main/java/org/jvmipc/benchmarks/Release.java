package org.jvmipc.benchmarks;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Whether the parent lets a child go: it closes the child's standard input, at its own end at the latest, so no child
 * outlives it.
 */
final class Release {
    /** What is given to a child that does not look at its release. */
    private static final long PATIENCE_SECONDS = 30;

    private final CountDownLatch gone = new CountDownLatch(1);
    private volatile boolean released;

    private Release() {
    }

    static Release await() {
        Release release = new Release();
        Thread thread = new Thread(release::follow, "release");
        thread.setDaemon(true);
        thread.start();
        return release;
    }

    private void follow() {
        try {
            while (System.in.read() >= 0) {
                // What is sent means nothing; only the end does.
            }
        } catch (IOException closed) {
            // The end as well.
        }
        released = true;
        gone.countDown();
        try {
            TimeUnit.SECONDS.sleep(PATIENCE_SECONDS);
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(3);
    }

    /** For loops. */
    boolean isGiven() {
        return released;
    }

    /** Whether it comes within a time. */
    boolean isGivenWithin(long millis) throws InterruptedException {
        return gone.await(millis, TimeUnit.MILLISECONDS);
    }
}
