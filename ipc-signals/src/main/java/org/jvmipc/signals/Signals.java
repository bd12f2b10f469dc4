package org.jvmipc.signals;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jvmipc.signals.internal.Blocking;
import org.jvmipc.signals.internal.Handlers;
import org.jvmipc.signals.internal.Sending;

/**
 * Handling and sending of signals.
 *
 * <pre>{@code
 * try (SignalRegistration reload = Signals.on(Signal.HUP, signal -> configuration.reload())) {
 *     ...
 * }
 * Signals.kill(pid, Signal.USR1);
 * }</pre>
 *
 * <p>Handling is plain Java ({@code sun.misc.Signal}) and needs neither an option nor native code. Sending calls the
 * system, and throws {@link UnsupportedOperationException} where that does not work. All methods may be called by any
 * thread.
 *
 * <p><b>How often.</b> A handler runs at least once after the last signal that came, and not more often than signals
 * came. How many of them were one run is unknown: the kernel keeps one standard signal of a kind, the JVM and this
 * class run a handler once for all that come before it begins. Whoever has to count uses real-time signals.
 *
 * <p><b>HUP, INT and TERM</b> end the JVM with its shutdown hooks unless the program has handlers for them. With a
 * handler it is the program that says what they mean: the JVM goes on unless the handler ends it, or was registered
 * with {@link Chain#ALL}. With {@link #defaultAction} they end the process without shutdown hooks. Started with
 * {@code -Xrs}, the JVM leaves them to the system, and calls no handler of any signal.
 */
public final class Signals {
    private Signals() {
    }

    /**
     * Handles a signal on a daemon thread of this toolkit, beside other handlers of the same signal, with
     * {@link Chain#OTHERS}.
     *
     * @param signal which one
     * @param handler what to do
     * @return closes the handler
     * @throws IllegalArgumentException if the signal cannot be handled; the message says why
     */
    public static SignalRegistration on(Signal signal, SignalHandler handler) {
        return Handlers.ofProcess().on(Objects.requireNonNull(signal, "signal"),
                Objects.requireNonNull(handler, "handler"), null, Chain.OTHERS);
    }

    /**
     * Handles a signal. Handlers of one signal do not wait for each other. If they chain differently, the one that
     * chains to most counts: {@link Chain#ALL} before {@link Chain#OTHERS} before {@link Chain#NONE}.
     *
     * @param signal which one
     * @param handler what to do
     * @param executor runs the handler; it had better not run it on the thread that calls it, which is one of the JVM's
     *     for signals
     * @param chain who else gets the signal once the handlers have returned
     * @return closes the handler
     * @throws IllegalArgumentException if the signal cannot be handled; the message says why
     */
    public static SignalRegistration on(Signal signal, SignalHandler handler, Executor executor, Chain chain) {
        return Handlers.ofProcess().on(Objects.requireNonNull(signal, "signal"),
                Objects.requireNonNull(handler, "handler"), Objects.requireNonNull(executor, "executor"),
                Objects.requireNonNull(chain, "chain"));
    }

    /**
     * Ignores a signal. Programs that this one starts ignore it, too, unless it is HUP, INT or TERM, which is thrown
     * away when it has come.
     *
     * @param signal which one
     * @return closing it brings back what was there before
     * @throws IllegalArgumentException if the signal cannot be ignored; the message says why
     * @throws IllegalStateException if it has handlers
     */
    public static SignalRegistration ignore(Signal signal) {
        return Handlers.ofProcess().ignore(Objects.requireNonNull(signal, "signal"));
    }

    /**
     * Leaves a signal to the system, which in most cases ends the process at once, without shutdown hooks.
     *
     * @param signal which one
     * @return closing it brings back what was there before
     * @throws IllegalArgumentException if that would break the JVM; the message says how
     * @throws IllegalStateException if it has handlers
     */
    public static SignalRegistration defaultAction(Signal signal) {
        return Handlers.ofProcess().defaultAction(Objects.requireNonNull(signal, "signal"));
    }

    /**
     * Why a signal cannot be handled here. With {@code -Xrs} all are refused besides.
     *
     * @param signal which one
     * @return the reason, or empty if it can
     */
    public static Optional<String> whyRefused(Signal signal) {
        return Optional.ofNullable(Handlers.ofProcess().refusal(signal));
    }

    /**
     * Sends a signal to the process that has a number now. If it may have ended and its number been given away, send to
     * a {@link ProcessHandle} or {@link SignalTarget}.
     *
     * @param pid the number
     * @param signal which one
     * @throws NoSuchProcessException if there is no such process
     * @throws SignalNotPermittedException if it belongs to another user
     * @throws IllegalArgumentException if the number is not positive
     */
    public static void kill(long pid, Signal signal) {
        Sending.kill(pid, signal);
    }

    /**
     * Sends a signal to a process, and to no other that may have its number by now.
     *
     * @param process the process
     * @param signal which one
     * @throws NoSuchProcessException if it has ended
     * @throws SignalNotPermittedException if it belongs to another user
     */
    public static void kill(ProcessHandle process, Signal signal) {
        try (SignalTarget target = SignalTarget.of(process)) {
            target.send(signal);
        }
    }

    /**
     * Sends a signal to all processes of a group.
     *
     * @param group the number of the group, which is that of the process that made it
     * @param signal which one
     * @throws NoSuchProcessException if there is no such group
     * @throws SignalNotPermittedException if none of its processes may be sent to
     * @throws IllegalArgumentException if the number is less than 2, which would mean more than a group
     */
    public static void killGroup(long group, Signal signal) {
        Sending.killGroup(group, signal);
    }

    /**
     * Whether some process has a number. One that has ended counts until its parent has taken notice; a {@link
     * SignalTarget} tells more.
     *
     * @param pid the number
     * @return whether there is one, also if it may not be sent to
     * @throws IllegalArgumentException if the number is not positive
     */
    public static boolean exists(long pid) {
        return Sending.exists(pid);
    }

    /**
     * Sends a signal with a payload, if there is room. The kernel keeps as many as the limit of the receiving process
     * (RLIMIT_SIGPENDING) allows for all processes of its user together. A standard signal is lost, with its payload,
     * while another of its kind is pending; take a real-time one.
     *
     * @param pid the process that has this number now
     * @param signal which one
     * @param payload what C programs find in {@code si_value.sival_int}
     * @return false if there is no room at the moment
     * @throws NoSuchProcessException if there is no such process
     * @throws SignalNotPermittedException if it belongs to another user
     * @throws IllegalArgumentException if the number is not positive
     */
    public static boolean tryQueue(long pid, Signal signal, int payload) {
        return Sending.tryQueue(pid, signal, payload);
    }

    /**
     * As {@link #tryQueue}, but waits for room, by trying again after pauses of up to 5 ms.
     *
     * @param pid the process that has this number now
     * @param signal which one
     * @param payload what C programs find in {@code si_value.sival_int}
     * @param timeout how long to wait at most
     * @throws InterruptedException if the thread is interrupted while it waits; nothing was sent
     * @throws org.jvmipc.IpcTimeoutException if there was no room in time; nothing was sent
     * @throws NoSuchProcessException if there is no such process
     * @throws SignalNotPermittedException if it belongs to another user
     * @throws IllegalArgumentException if the number is not positive
     */
    public static void queue(long pid, Signal signal, int payload, Duration timeout) throws InterruptedException {
        Sending.queue(pid, signal, payload, timeout);
    }

    /**
     * Whether all threads of this process block some signals, so that these wait in their queue to be read.
     *
     * @param signals which ones
     * @return false if some thread lets one of them through
     */
    public static boolean areBlocked(Signal... signals) {
        return Blocking.notBlocked(List.of(signals)).isEmpty();
    }

    /**
     * Sees to it that this process blocks some signals. If it does, this returns; else the process becomes the same JVM
     * with the same arguments, environment and standard streams again, under the same number, now with the signals
     * blocked, and begins anew in {@code main}. To be called there first: threads end as they are, shutdown hooks do
     * not run, and what was read ahead from the standard input is lost. Costs the start of a JVM. Programs that the
     * process starts inherit the blocking from a JVM 17, and not from a JVM 25: let each of them do this itself.
     *
     * @param signals which ones
     * @throws IllegalStateException if it has become the same already, and they are not blocked all the same (HUP, INT
     *     and TERM, which the JVM lets through unless it has {@code -Xrs})
     * @throws org.jvmipc.IpcException if the system refuses
     */
    public static void relaunchBlocked(Signal... signals) {
        Blocking.relaunch(List.of(signals));
    }
}
