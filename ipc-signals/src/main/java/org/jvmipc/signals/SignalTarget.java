package org.jvmipc.signals;

import java.time.Duration;
import org.jvmipc.signals.internal.Target;

/**
 * One process to send signals to: if it ends and its number is given to another process, that one gets none of them. It
 * is a process descriptor ({@code pidfd}); where the kernel has none (before 5.3, or forbidden), the start time of the
 * process is compared before each signal, which leaves a moment open.
 *
 * <p>To be closed. Safe for use by any thread; a use after closing is an {@link IllegalStateException}.
 */
public final class SignalTarget implements AutoCloseable {
    private final Target target;

    private SignalTarget(Target target) {
        this.target = target;
    }

    /**
     * The process that has a number now.
     *
     * @param pid its number
     * @return the process
     * @throws NoSuchProcessException if there is none
     * @throws IllegalArgumentException if the number is not positive
     */
    public static SignalTarget of(long pid) {
        return new SignalTarget(Target.of(pid));
    }

    /**
     * The process of a handle.
     *
     * @param process a handle, which itself knows the process by its start time, in hundredths of a second
     * @return the process
     * @throws NoSuchProcessException if it has ended
     */
    public static SignalTarget of(ProcessHandle process) {
        Target target = Target.of(process.pid());
        // Alive now, it was so when it was found, and so it is the one that was found.
        if (!process.isAlive()) {
            target.close();
            throw new NoSuchProcessException("process " + process.pid() + " has ended", process.pid());
        }
        return new SignalTarget(target);
    }

    /**
     * The number of the process.
     *
     * @return its number, which another process may have by now
     */
    public long pid() {
        return target.pid();
    }

    /**
     * Whether the process lives.
     *
     * @return false once it has ended, also before its parent has taken notice
     */
    public boolean isAlive() {
        return target.isAlive();
    }

    /**
     * Sends a signal.
     *
     * @param signal which one
     * @throws NoSuchProcessException if the process has ended
     * @throws SignalNotPermittedException if it belongs to another user
     */
    public void send(Signal signal) {
        target.send(signal);
    }

    /**
     * Sends a signal with a payload, if there is room; see {@link Signals#tryQueue}.
     *
     * @param signal which one
     * @param payload goes with it
     * @return false if there is no room at the moment
     * @throws NoSuchProcessException if the process has ended
     * @throws SignalNotPermittedException if it belongs to another user
     */
    public boolean tryQueue(Signal signal, int payload) {
        return target.tryQueue(signal, payload);
    }

    /**
     * Sends a signal with a payload, waiting for room; see {@link Signals#queue}.
     *
     * @param signal which one
     * @param payload goes with it
     * @param timeout how long to wait at most
     * @throws InterruptedException if the thread is interrupted while it waits; nothing was sent
     * @throws org.jvmipc.IpcTimeoutException if there was no room in time; nothing was sent
     * @throws NoSuchProcessException if the process has ended
     * @throws SignalNotPermittedException if it belongs to another user
     */
    public void queue(Signal signal, int payload, Duration timeout) throws InterruptedException {
        target.queue(signal, payload, timeout);
    }

    @Override
    public void close() {
        target.close();
    }

    @Override
    public String toString() {
        return "process " + pid();
    }
}
