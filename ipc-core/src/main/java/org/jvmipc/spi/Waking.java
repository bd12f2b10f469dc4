package org.jvmipc.spi;

/**
 * A callback for {@link Readiness#arm} that does no more than note what happened and wake a thread. Whoever sees the
 * change may run it at once, on any thread, so that no other thread is started or woken for it.
 */
@FunctionalInterface
public interface Waking extends Runnable {
}
