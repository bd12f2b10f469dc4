package org.jvmipc.posix;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.Registration;
import org.jvmipc.posix.internal.FdSleeper;
import org.jvmipc.posix.internal.PollReactor;
import org.jvmipc.spi.Readiness;

/**
 * Waits until a descriptor can be read or written. Only the kernel knows, so spinning is of no use.
 *
 * <p>Each sleeping thread polls the descriptor together with an event counter of its own, so that a wake-up reaches
 * every thread that sleeps at that moment and is not consumed by another. The counters are made when the first thread
 * sleeps, reused, and closed with the descriptor. Armed callbacks of all descriptors share one daemon thread,
 * {@code ipc-poll}. Closing the {@link Fd} wakes sleepers and runs armed callbacks; there is nothing else to close.
 */
public final class FdReadiness implements Readiness {

    private static final int IDLE_KEPT = 2;

    private final Fd fd;
    private final int events;
    private final ArrayDeque<FdSleeper> idle = new ArrayDeque<>(IDLE_KEPT);
    private final List<FdSleeper> active = new ArrayList<>(IDLE_KEPT);
    private volatile boolean everArmed;
    private boolean wakeUpPending;
    private boolean closed;

    /**
     * Creates it; nothing native is called yet.
     *
     * @param fd the descriptor
     * @param events {@link PollCalls#POLLIN}, {@link PollCalls#POLLOUT} or both; error and hang-up always count
     */
    public FdReadiness(Fd fd, int events) {
        this.fd = fd;
        this.events = events;
        synchronized (active) { // closed() may run before onClose() has returned
            this.closed = !fd.onClose(this::closed);
        }
    }

    /**
     * Cannot be told without a system call.
     *
     * @return true
     */
    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public boolean canSpin() {
        return false;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Returns at once if the descriptor is closed or the thread is interrupted.
     *
     * @throws NativeCallException if no event counter can be made (too many open files)
     */
    @Override
    public void sleep(long nanos) {
        if (nanos <= 0) {
            return;
        }
        int number = fd.acquire();
        if (number == Fd.CLOSED) {
            return;
        }
        try {
            FdSleeper sleeper = enter();
            if (sleeper == null) {
                return;
            }
            try {
                // After enter(): an interrupt that comes later finds this sleeper and wakes it.
                if (!Thread.currentThread().isInterrupted()) {
                    sleeper.poll(number, events, nanos);
                }
            } finally {
                leave(sleeper);
            }
        } finally {
            fd.release();
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>Armed callbacks run too, also those for the same events that came through another object.
     */
    @Override
    public void wakeUp() {
        synchronized (active) {
            wakeUpPending = true;
            active.forEach(FdSleeper::wake);
        }
        if (everArmed) {
            PollReactor.get().fire(fd, events);
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws NativeCallException if the kernel refuses to watch one more descriptor
     */
    @Override
    public Registration arm(Runnable callback) {
        everArmed = true;
        return PollReactor.get().arm(fd, events, callback);
    }

    /**
     * Has something run when the thread that armed callbacks share has started, at once if it has. Loads nothing
     * native.
     *
     * @param task must neither block nor throw; runs on the thread that arms the first callback, or on this one
     */
    public static void whenShared(Runnable task) {
        PollReactor.whenStarted(task);
    }

    /** Returns null if the sleep is over before it began. */
    private FdSleeper enter() {
        synchronized (active) {
            if (closed || wakeUpPending) {
                wakeUpPending = false;
                return null;
            }
            FdSleeper sleeper = idle.poll();
            if (sleeper == null) {
                sleeper = new FdSleeper();
            }
            active.add(sleeper);
            return sleeper;
        }
    }

    private void leave(FdSleeper sleeper) {
        synchronized (active) {
            active.remove(sleeper);
            if (closed || idle.size() >= IDLE_KEPT) {
                sleeper.close();
            } else {
                sleeper.reset();
                idle.push(sleeper);
            }
        }
    }

    private void closed() {
        synchronized (active) {
            closed = true;
            active.forEach(FdSleeper::wake);
            idle.forEach(FdSleeper::close);
            idle.clear();
        }
    }
}
