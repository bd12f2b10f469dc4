package org.jvmipc.cli.demo;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Tells a number now and then, for as long as it changes. */
final class Ticker {
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

    private final Thread thread;
    private volatile boolean ended;

    Ticker(LongSupplier number, LongConsumer tell) {
        thread = new Thread(() -> {
            long last = -1;
            while (!ended) {
                long now = number.getAsLong();
                if (now != last) {
                    tell.accept(now);
                    last = now;
                }
                LockSupport.parkNanos(EVERY_NANOS);
            }
        }, "ticker");
        thread.setDaemon(true);
        thread.start();
    }

    void end() {
        ended = true;
        LockSupport.unpark(thread);
    }
}
