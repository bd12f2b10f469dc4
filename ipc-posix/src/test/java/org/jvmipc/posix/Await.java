package org.jvmipc.posix;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what a test wants to see. */
final class Await {

    private Await() {
    }

    static void until(String what, long millis, BooleanSupplier condition) {
        long deadline = System.nanoTime() + millis * 1_000_000;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                fail("not within " + millis + " ms: " + what);
            }
            LockSupport.parkNanos(500_000);
        }
    }

    static void until(String what, BooleanSupplier condition) {
        until(what, 10_000, condition);
    }

    static void asleep(Thread thread, String method) {
        until(thread.getName() + " in " + method, () -> {
            for (StackTraceElement frame : thread.getStackTrace()) {
                if (frame.getMethodName().equals(method)) {
                    return true;
                }
            }
            return false;
        });
    }

    /** Much sooner than the sleep of a thread that was not woken. */
    static void ended(Thread thread) {
        until("the end of " + thread.getName(), () -> !thread.isAlive());
    }
}
