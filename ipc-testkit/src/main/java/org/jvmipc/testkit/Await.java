package org.jvmipc.testkit;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Waits for something to become true, by looking again and again; for tests, instead of sleeping.
 *
 * <p>All methods block the calling thread, look at least once however short the timeout is, and throw an
 * {@link AssertionError} that says what did not happen. An interrupt ends the wait with an {@link AssertionError} too
 * and leaves the thread's interrupt status set.
 */
public final class Await {

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private Await() {
    }

    /**
     * Waits until a condition holds. Looks at once, then after pauses that grow from 1 to 10 ms.
     *
     * @param timeout how long at most
     * @param what what is awaited, as the end of the sentence "waited for ..."
     * @param condition evaluated by the calling thread
     * @throws AssertionError if the condition did not hold in time, or the thread was interrupted
     */
    public static void until(Duration timeout, String what, BooleanSupplier condition) {
        until(timeout, () -> what, condition);
    }

    /**
     * Waits until a condition holds; the message is made only when it is needed, so it can tell the last state seen.
     *
     * @param timeout how long at most
     * @param what what is awaited, as the end of the sentence "waited for ..."
     * @param condition evaluated by the calling thread
     * @throws AssertionError if the condition did not hold in time, or the thread was interrupted
     */
    public static void until(Duration timeout, Supplier<String> what, BooleanSupplier condition) {
        Objects.requireNonNull(what, "what");
        if (!holds(timeout, condition)) {
            String why = Thread.currentThread().isInterrupted() ? "interrupted while waiting for " : "waited for ";
            throw new AssertionError(why + what.get() + " (timeout " + timeout + ")");
        }
    }

    /**
     * Waits until there is a value.
     *
     * @param <T> the type of the value
     * @param timeout how long at most
     * @param what what is awaited, as the end of the sentence "waited for ..."
     * @param source evaluated by the calling thread; {@code null} means not yet
     * @return the first value that is not {@code null}
     * @throws AssertionError if there was none in time, or the thread was interrupted
     */
    public static <T> T value(Duration timeout, String what, Supplier<? extends T> source) {
        Object[] found = new Object[1];
        until(timeout, what, () -> (found[0] = source.get()) != null);
        @SuppressWarnings("unchecked") // only source has written to the array
        T value = (T) found[0];
        return value;
    }

    /**
     * Waits until a thread is really blocked: it waits in Java (parked, in {@code wait}, {@code join} ...), or it
     * sleeps in a system call below a native method, which Java calls {@code RUNNABLE}. A thread that waits for a
     * monitor does not count. One that has only just started, or that spins, does not count either: the state has
     * to last for several looks.
     *
     * @param thread the thread, of any kind
     * @param timeout how long at most
     * @throws AssertionError with the thread's state and stack if it is not blocked in time, or has ended
     */
    public static void blocked(Thread thread, Duration timeout) {
        new BlockedThread(thread, frame -> true).await(timeout);
    }

    /**
     * Waits until a thread is really blocked inside a certain method.
     *
     * @param thread the thread, of any kind
     * @param method the method as {@code Class.method}, without the package; any frame of the stack may be it
     * @param timeout how long at most
     * @throws AssertionError with the thread's state and stack if it is not blocked there in time, or has ended
     */
    public static void blockedIn(Thread thread, String method, Duration timeout) {
        new BlockedThread(thread, frame ->
                (frame.getClassName() + '.' + frame.getMethodName()).endsWith('.' + method)).await(timeout);
    }

    /**
     * Waits until a JVM has used less than some CPU time for so long: what its program uses while it waits. The thread
     * that ticks twenty times a second in any JVM is not counted. The time need not begin with the call, as a JVM
     * that has just started comes to rest late.
     *
     * @param pid the JVM's process
     * @param length how long it has to rest, a fifth of it being the resolution
     * @param limit what its threads may use together in that time, user and system
     * @param timeout how long at most, the rest included
     * @throws AssertionError with what each thread has used if the process did not come to rest in time, or has ended
     */
    public static void idle(long pid, Duration length, Duration limit, Duration timeout) {
        new IdleJvm(pid, length, limit).await(timeout);
    }

    /** The loop itself, for those who make an error message of their own. */
    static boolean holds(Duration timeout, BooleanSupplier condition) {
        long start = System.nanoTime();
        long limit = timeout.toNanos();
        long pause = FIRST_PAUSE_NANOS;
        while (!condition.getAsBoolean()) {
            long left = limit - (System.nanoTime() - start);
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(Math.min(pause, left));
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
        return true;
    }
}
