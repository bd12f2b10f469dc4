package org.jvmipc.testkit;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Ends the child when its parent has gone, so that no test leaves an orphan. */
final class ParentWatch {

    /** The exit code of an orphan: what a shell reports for a program that SIGHUP ended. */
    static final int ORPHANED = 129;
    /** The process that must be the parent; not set where a wrapper stands between. */
    static final String PARENT_PROPERTY = "org.jvmipc.testkit.parent";

    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long SHUTDOWN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private ParentWatch() {
    }

    /**
     * Reads the standard input for as long as there is a parent to write to it. Costs nothing while idle, and nothing
     * at the end: a JVM that exits waits 300 ms for a thread in a system call, so that thread is called back.
     */
    static void readLinesInto(Queue<String> lines) {
        FileChannel input = new FileInputStream(FileDescriptor.in).getChannel();
        Thread reader = daemon("parent-lines", () -> {
            // Not Channels.newReader: it waits for more than one line once the channel belongs to a file descriptor.
            try (BufferedReader in = new BufferedReader(
                    new InputStreamReader(Channels.newInputStream(input), StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    lines.add(line);
                }
            } catch (ClosedByInterruptException e) {
                return; // the child ends by itself
            } catch (IOException e) {
                e.printStackTrace();
            }
            end();
        });
        Runtime.getRuntime().addShutdownHook(new Thread(reader::interrupt, "parent-lines-end"));
    }

    /**
     * Looks again and again who the parent is: the kernel gives an orphan another one at once, even while the dead
     * parent is still a zombie, which {@link ProcessHandle#isAlive} takes for alive.
     */
    static void watchProcess() {
        long parent = Long.getLong(PARENT_PROPERTY, parentPid());
        if (parent <= 0) {
            return; // the first process of its PID namespace: the parent is out of sight
        }
        daemon("parent-watch", () -> {
            while (parentPid() == parent) {
                LockSupport.parkNanos(LOOK_EVERY_NANOS);
            }
            end();
        });
    }

    private static long parentPid() {
        return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
    }

    private static void end() {
        // Shutdown hooks may remove shared files, and may hang as well.
        daemon("parent-gone", () -> {
            long start = System.nanoTime();
            while (System.nanoTime() - start < SHUTDOWN_NANOS) {
                LockSupport.parkNanos(SHUTDOWN_NANOS);
            }
            Runtime.getRuntime().halt(ORPHANED);
        });
        System.exit(ORPHANED);
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
