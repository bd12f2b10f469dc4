package org.jvmipc.demos;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.sync.SharedLock;

/** The processes of a demo. If one of them fails, or this one ends, the others are stopped. */
public final class Crew implements AutoCloseable {
    private static final int GRACE_SECONDS = 5;

    private final List<Process> processes = new CopyOnWriteArrayList<>();
    private final Thread cleaning = new Thread(this::end);
    private volatile Runnable failed = () -> { };
    private volatile List<String> locks = List.of();

    /** A crew of nobody. */
    public Crew() {
        Runtime.getRuntime().addShutdownHook(cleaning);
    }

    /**
     * Starts a process.
     *
     * @param main its main class
     * @param args its arguments
     * @throws IOException if it cannot be started
     */
    public void start(Class<?> main, Object... args) throws IOException {
        Process process = Demos.start(main, args);
        processes.add(process);
        process.onExit().thenAccept(ended -> {
            if (ended.exitValue() != 0) {
                stop();
                failed.run();
            }
        });
    }

    /**
     * Has something done when a process fails that is started later, after the others were told to stop.
     *
     * @param action what to do, in any thread; perhaps several times
     */
    public void onFailure(Runnable action) {
        failed = action;
    }

    /**
     * Waits until all have ended.
     *
     * @throws InterruptedException if this thread is interrupted
     * @throws IllegalStateException if one of them failed; it has told why
     */
    public void join() throws InterruptedException {
        for (Process process : processes) {
            int exit = process.waitFor();
            if (exit != 0) {
                stop();
                throw new IllegalStateException("process " + process.pid() + " ended with exit code " + exit
                        + ", or was stopped because another one failed");
            }
        }
    }

    private void stop() {
        processes.forEach(Process::destroy);
    }

    /**
     * Has locks removed when all have ended: one whose holder was stopped would stay, for others to be told of that.
     *
     * @param names of their segments
     */
    public void removeLocks(List<String> names) {
        locks = List.copyOf(names);
    }

    private void end() {
        stop();
        for (Process process : processes) {
            // A JVM that is told to stop while it starts may not.
            process.onExit().completeOnTimeout(process, GRACE_SECONDS, TimeUnit.SECONDS).join();
            process.destroyForcibly();
            process.onExit().join();
        }
        locks.forEach(name -> SharedLock.in(SharedSegment.posix(name)).destroy());
    }

    /** Stops those that still run, by force if need be, and waits for their end. */
    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(cleaning);
        } catch (IllegalStateException endsAlready) {
            return;
        }
    }
}
