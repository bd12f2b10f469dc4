package org.jvmipc.internal;

import org.jvmipc.spi.Readiness;

/**
 * What one case of a select waits for. The thread that waits makes the attempts, one at a time; {@link #close} may be
 * called by any thread.
 *
 * @param <T> what it gives
 */
interface SelectSource<T> {
    /**
     * Takes what is waited for, if it is there, without waiting.
     *
     * @return true if it was; {@link #outcome} then tells it
     * @throws RuntimeException what the case ends with; the case goes on only if {@link #survives} says so
     */
    boolean attempt();

    /** What the last successful attempt took; to be asked once. */
    T outcome();

    /** Whether nothing comes after the last successful attempt. */
    boolean isOver();

    /** Whether attempts are worth while after one has thrown. */
    default boolean survives(RuntimeException thrown) {
        return false;
    }

    /** Tells when another attempt is worth while; null if the source does so by {@link #onReady} or {@link #due}. */
    default Readiness readiness() {
        return null;
    }

    /** Has a source without {@link #readiness} tell, once, when an attempt is worth while. */
    default void onReady(Runnable wake) {
    }

    /** When an attempt will succeed in any case, by {@link System#nanoTime}; {@link Long#MAX_VALUE} if never. */
    default long due() {
        return Long.MAX_VALUE;
    }

    /** Looks after the peers; some five times a second. */
    default void idle() {
    }

    /** Nobody waits any more. */
    default void close() {
    }
}
