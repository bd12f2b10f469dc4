package org.jvmipc.process.internal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a process of a group starts: the program that its first argument names, under a watch that ends it when its
 * supervisor has gone. Uses the JDK alone, as it stands at the end of the class path of jars that have their own
 * version of the toolkit, or none.
 */
public final class ChildMain {
    /** What a shell reports for a program that SIGTERM ended. */
    private static final int TERMINATED = 143;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** For the program's shutdown hooks, once it has been told to end. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private ChildMain() {
    }

    /**
     * Runs a program.
     *
     * @param args its main class, and its arguments
     * @throws Throwable what it throws
     */
    public static void main(String[] args) throws Throwable {
        // Those who name this process to others, such as channels, take the program's name from here.
        System.setProperty("sun.java.command", String.join(" ", args));
        watchParent();
        try {
            Method main = Class.forName(args[0], true, ClassLoader.getSystemClassLoader())
                    .getMethod("main", String[].class);
            main.trySetAccessible();
            main.invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
        } catch (ClassNotFoundException | NoSuchMethodException missing) {
            System.err.println("class " + args[0] + (missing instanceof ClassNotFoundException
                    ? " is not on the class path " + System.getProperty("java.class.path")
                    : " has no public static void main(String[])"));
            System.exit(1);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    /**
     * Ends this process when its supervisor has gone, by force if need be. Not by a signal that the kernel sends at the
     * death of a parent (PR_SET_PDEATHSIG): that comes with the death of a thread, while others may still die, so that
     * the channels which the supervisor holds seem to be held when the last process leaves them, and stay. When the
     * parent's number changes, the kernel has taken back all that it had.
     */
    private static void watchParent() {
        long parent = Long.getLong(Handover.PARENT, 0);
        if (parent <= 0) {
            return;
        }
        daemon("ipc-parent-watch", () -> {
            // An orphan gets another parent at once.
            while (ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L) == parent) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
            daemon("ipc-parent-gone", () -> System.exit(TERMINATED));
            long start = System.nanoTime();
            while (System.nanoTime() - start < GRACE_NANOS) {
                LockSupport.parkNanos(GRACE_NANOS);
            }
            Runtime.getRuntime().halt(TERMINATED);
        });
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
