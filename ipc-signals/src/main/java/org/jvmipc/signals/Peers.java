package org.jvmipc.signals;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.jvmipc.signals.internal.BoundChildren;
import org.jvmipc.signals.internal.ExitWatch;
import org.jvmipc.signals.internal.GroupEnd;

/**
 * The lives of other processes. Children are reaped by the JDK alone; nothing here takes that from it. All methods may
 * be called by any thread.
 */
public final class Peers {
    private Peers() {
    }

    /**
     * Tells when a process ends, which need not be a child, and how. Asks the kernel by a process descriptor, without a
     * thread that waits: the process that has this number now is meant, whoever has it later. Closes the descriptor
     * when it is done or the future is cancelled.
     *
     * <p>How it ended is known from Linux 6.15 on, for any process, as soon as its parent has taken notice; before that
     * for nobody but its parent. The future waits for the parent for a tenth of a second, then completes with {@link
     * Exit.Kind#UNKNOWN}. For a child of this JVM take {@link #onExit(Process)}.
     *
     * @param pid its number
     * @return completes when it has ended, on a thread that all channels share: dependent stages must not block
     * @throws NoSuchProcessException if there is no such process
     * @throws UnsupportedOperationException if the kernel has no process descriptors (before 5.3)
     * @throws IllegalArgumentException if the number is not positive
     */
    public static CompletableFuture<Exit> onExit(long pid) {
        return ExitWatch.of(pid);
    }

    /**
     * Tells when a child ends, and how. Its exit code is what the JDK knows, {@link Process#exitValue}: that is 128 and
     * the number of the signal also for a child which a signal ended, so that {@code exit(143)} looks like SIGTERM.
     * Where the kernel tells more (Linux 6.15), that decides; elsewhere such a code is taken for the signal.
     *
     * @param child the child
     * @return completes when it has ended
     */
    public static CompletableFuture<Exit> onExit(Process child) {
        return ExitWatch.of(child);
    }

    /**
     * Starts a child that gets a signal when this process ends, however it does, {@code PR_SET_PDEATHSIG}. By the
     * commands {@code setpriv} (util-linux) and {@code sh}, which become the program, so that the child's number is
     * that of the program. The kernel binds the child to the thread that starts it: this is done on a thread that lives
     * as long as the JVM. A program that changes its user or gains privileges by its file loses the binding. One that
     * cannot be started shows by its exit code, 126 or 127.
     *
     * <p>The signal comes when that thread ends, while others of this process may still be ending: for a moment, what
     * the child asks the kernel about this process, such as for its locks, may be answered as if it still lived. A
     * child that takes over what its parent had waits for {@link #onExit(long)} of it first.
     *
     * @param builder the program and how to start it; not changed
     * @param signal such as TERM or KILL
     * @return the child
     * @throws IOException if it cannot be started, or there is no {@code setpriv}
     * @throws IllegalArgumentException if the builder has no command
     */
    public static Process startBound(ProcessBuilder builder, Signal signal) throws IOException {
        return BoundChildren.start(builder, signal);
    }

    /**
     * Ends a group of processes in an orderly way: sends TERM to all, waits, sends KILL to those that are left, and
     * waits until they are gone. Those that have ended already are left alone, also if their parent, which is not this
     * process, never takes notice. Blocks the calling thread.
     *
     * @param processes the group; each by its handle, so that no other process is hit that has its number
     * @param grace how long to wait after TERM
     * @return who went in which way
     * @throws InterruptedException if the thread is interrupted while it waits; whoever is left is killed first
     * @throws IllegalArgumentException if this process is one of them; nothing was sent
     * @throws SignalNotPermittedException if one of them belongs to another user; the others have got TERM
     */
    public static Shutdown shutdown(Collection<ProcessHandle> processes, Duration grace) throws InterruptedException {
        return GroupEnd.of(processes, grace);
    }
}
