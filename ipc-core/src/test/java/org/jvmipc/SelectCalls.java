package org.jvmipc;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jvmipc.internal.Until;

/** Calls that block, for the tests of waiting. */
final class SelectCalls {
    private SelectCalls() {
    }

    static ByteBuffer text(String text) {
        return StandardCharsets.UTF_8.encode(text);
    }

    /** Runs a call in a thread of its own, and goes on when that is blocked. */
    static <T> FutureTask<T> blocked(Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = new Thread(task, "select-test");
        thread.setDaemon(true);
        thread.start();
        Until.isBlocked(thread);
        return task;
    }

    static <T> T result(FutureTask<T> task) throws Exception {
        return task.get(20, TimeUnit.SECONDS);
    }

    static Throwable failure(FutureTask<?> task) {
        return assertThrows(ExecutionException.class, () -> result(task)).getCause();
    }
}
