package org.jvmipc.posix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.Registration;
import org.jvmipc.posix.internal.Doorbells;
import org.jvmipc.posix.internal.LifeFiles;
import org.jvmipc.spi.Log;

/**
 * How processes know of each other whether they live: each has one file in {@link IpcHome} and holds a lock on it that
 * the kernel drops when its last thread is gone, whatever the reason. That needs no signal, no parent and no common PID
 * namespace, is not deceived by zombies, reused process numbers or stopped processes, and is not lost when Java code in
 * the owner opens and closes the file.
 *
 * <p>A life sign is named by its file's name, which is never used again. Put {@link #name()} of {@link #own()} into
 * shared memory; others {@link #check} it. A name whose file is missing is dead. All methods may be called from any
 * thread.
 */
public final class LifeSign {

    private static LifeSign own;
    private static boolean exiting;
    private static final Deque<Runnable> AT_EXIT = new ArrayDeque<>();

    private final String name;

    private LifeSign(String name) {
        this.name = name;
    }

    /**
     * Returns the life sign of this process, giving it one if it has none yet; then it also sweeps once.
     *
     * @return always the same
     * @throws UnsupportedOperationException if native calls do not work here
     * @throws AccessRefusedException if {@link IpcHome} cannot be trusted
     * @throws NativeCallException if the file cannot be made
     * @throws IllegalStateException if this process is ending and never had one
     */
    public static synchronized LifeSign own() {
        if (own == null) {
            if (exiting) {
                throw new IllegalStateException("This process is ending");
            }
            NativeLibrary.requireSupported();
            own = new LifeSign(LifeFiles.create());
            hook();
            sweep();
        }
        return own;
    }

    /**
     * Has something run when this process ends in an orderly way, before its life sign is taken away: whoever wrote
     * {@link #name()} into shared memory stops touching that memory there, because from then on others may take
     * over what this process had claimed. The last one added runs first.
     *
     * @param task must not block for long; if one throws the file stays for others to sweep
     * @return takes it back
     * @throws IllegalStateException if this process is ending
     */
    public static synchronized Registration atExit(Runnable task) {
        if (exiting) {
            throw new IllegalStateException("This process is ending");
        }
        Runnable once = task::run; // an identity of its own, even if the same task is added twice
        AT_EXIT.push(once);
        return () -> {
            synchronized (LifeSign.class) {
                AT_EXIT.remove(once);
            }
        };
    }

    /**
     * Tells whether a process lives. Takes well under 2 microseconds for a process that was asked for before, and never
     * blocks. Keeps one descriptor open for each living process asked for, until {@link #forget}. A dead process's file
     * is removed on the way.
     *
     * @param name its life sign
     * @return {@link Life#UNKNOWN} only if too many files are open or the directory cannot be read
     * @throws IllegalArgumentException if this cannot be the name of a life sign
     */
    public static Life check(String name) {
        return LifeFiles.check(name);
    }

    /**
     * Says that nobody will ask for a process again soon, so that nothing is kept open for it. Asking again is allowed.
     *
     * @param name its life sign
     */
    public static void forget(String name) {
        LifeFiles.forget(name);
    }

    /**
     * Tells whether a text has the form of a life sign's name, to be asked about text from shared memory.
     *
     * @param text any text
     * @return whether {@link #check} accepts it
     */
    public static boolean isName(String text) {
        return LifeFiles.isName(text);
    }

    /**
     * Returns the process number in a life sign's name, for messages.
     *
     * @param name a life sign
     * @return a process id in that process's own PID namespace
     * @throws IllegalArgumentException if this cannot be the name of a life sign
     */
    public static long pid(String name) {
        return LifeFiles.pid(name);
    }

    /**
     * Reads what a process wrote about itself. Plain Java.
     *
     * @param name its life sign
     * @return who it is or was, or empty if the file is missing or unreadable
     * @throws IllegalArgumentException if this cannot be the name of a life sign
     */
    public static Optional<Owner> owner(String name) {
        return LifeFiles.owner(name);
    }

    /**
     * Lists the life signs in {@link IpcHome}, also of processes that have died. Plain Java.
     *
     * @return names, in no order
     * @throws UncheckedIOException if the directory exists and cannot be read
     */
    public static List<String> list() {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(IpcHome.path(), LifeFiles.PREFIX + "*")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (isName(name)) {
                    names.add(name);
                }
            }
        } catch (NoSuchFileException e) {
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    /**
     * Removes the files of processes that have died, counters that have no life sign, doorbells if no process has a
     * life sign, and the directory if it is empty then. Any number of processes may do this at the same time.
     *
     * @return how many life signs it removed
     */
    public static int sweep() {
        int removed = 0;
        for (String name : list()) {
            if (LifeFiles.remove(name)) {
                removed++;
            }
        }
        LifeFiles.removeOrphans();
        if (list().isEmpty()) {
            Doorbells.remove();
        }
        IpcHome.removeIfEmpty();
        int count = removed;
        if (count > 0) {
            Log.debug(() -> "the life signs of " + count + " dead processes were removed");
        }
        return removed;
    }

    /**
     * Returns the name under which others ask for this process.
     *
     * @return at most 40 ASCII characters
     */
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }

    private static void hook() {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(null, LifeSign::end, "ipc-exit", 0, false));
        } catch (IllegalStateException e) {
            exiting = true; // already ending: the file stays for others to sweep
        }
    }

    private static void end() {
        List<Runnable> tasks;
        synchronized (LifeSign.class) {
            exiting = true;
            tasks = new ArrayList<>(AT_EXIT);
        }
        boolean clean = true;
        for (Runnable task : tasks) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                clean = false;
            }
        }
        if (clean) {
            LifeFiles.removeOwn();
            sweep(); // whoever goes last leaves nothing of the dead behind
        }
    }

    /** What a process wrote about itself when it began. */
    public static final class Owner {
        private final ProcessIdentity identity;
        private final String mainClass;

        /**
         * Creates it.
         *
         * @param identity which process
         * @param mainClass what it runs
         */
        public Owner(ProcessIdentity identity, String mainClass) {
            this.identity = identity;
            this.mainClass = mainClass;
        }

        /**
         * Returns which process it is.
         *
         * @return never {@code null}
         */
        public ProcessIdentity identity() {
            return identity;
        }

        /**
         * Returns what the process runs.
         *
         * @return its main class or jar, perhaps empty
         */
        public String mainClass() {
            return mainClass;
        }

        @Override
        public String toString() {
            return "pid " + identity.pid() + " (" + mainClass + ")";
        }
    }
}
