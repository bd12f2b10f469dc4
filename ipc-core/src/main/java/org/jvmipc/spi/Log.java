package org.jvmipc.spi;

import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import org.jvmipc.internal.Background;

/**
 * The toolkit's log: the {@link System.Logger} named {@value #NAME}. For what an operator may want to know and nobody
 * is told by an exception; never on the way of a message. Methods may be called by any thread, and throw nothing.
 *
 * <p>Looking up the logger, and the first line, may take a tenth of a second. So the logger is looked up with the first
 * line; what is only of note is written by a background thread; and what is for finding defects needs the system
 * property {@code ipc.log=debug}, beside a logger that lets it through. {@code ipc.log=off} writes nothing at all.
 */
public final class Log {
    /** The name of the logger. */
    public static final String NAME = "org.jvmipc";

    private static final String WANTED = System.getProperty("ipc.log", "info");
    private static final boolean OFF = WANTED.equals("off");
    private static final boolean DEBUG = WANTED.equals("debug");

    private Log() {
    }

    /** Loaded with the first line. */
    private static final class Lazy {
        static final System.Logger LOGGER = System.getLogger(NAME);
    }

    /**
     * Something of note that needs nobody's care, such as that what a dead process had left was put in order. Does not
     * wait until it is written; the last lines before the end of the process may be lost.
     *
     * @param line what
     */
    public static void info(String line) {
        if (!OFF) {
            Background.events().execute(() -> log(Level.INFO, line, null));
        }
    }

    /**
     * Something that somebody should look at, such as a file that is not ours.
     *
     * @param line what
     * @param why its reason, or null
     */
    public static void warning(String line, Throwable why) {
        if (!OFF) {
            log(Level.WARNING, line, why);
        }
    }

    /**
     * What only those want to know who look for a defect.
     *
     * @param line what; asked for only if it is wanted
     */
    public static void debug(Supplier<String> line) {
        if (DEBUG) {
            log(Level.DEBUG, line.get(), null);
        }
    }

    /**
     * As {@link #debug(Supplier)}, with a reason.
     *
     * @param line what
     * @param why its reason
     */
    public static void debug(String line, Throwable why) {
        if (DEBUG) {
            log(Level.DEBUG, line, why);
        }
    }

    /** A log that fails must not take a channel with it. */
    private static void log(Level level, String line, Throwable why) {
        try {
            Lazy.LOGGER.log(level, line, why);
        } catch (RuntimeException | LinkageError unusable) {
            return;
        }
    }
}
