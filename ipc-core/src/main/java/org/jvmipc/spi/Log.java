package org.jvmipc.spi;

import java.lang.System.Logger.Level;
import java.util.function.Supplier;

/**
 * The toolkit's log: the {@link System.Logger} named {@value #NAME}. For what an operator may want to know and nobody
 * is told by an exception; never on the way of a message. The logger is looked up with the first line, as that may load
 * a whole logging framework. Methods may be called by any thread, and throw nothing.
 */
public final class Log {
    /** The name of the logger. */
    public static final String NAME = "org.jvmipc";

    private Log() {
    }

    /** Loaded with the first line. */
    private static final class Lazy {
        static final System.Logger LOGGER = System.getLogger(NAME);
    }

    /**
     * Something of note that needs nobody's care, such as that what a dead process had left was put in order.
     *
     * @param line what
     */
    public static void info(String line) {
        log(Level.INFO, () -> line, null);
    }

    /**
     * Something that somebody should look at, such as a file that is not ours.
     *
     * @param line what
     * @param why its reason, or null
     */
    public static void warning(String line, Throwable why) {
        log(Level.WARNING, () -> line, why);
    }

    /**
     * What only those want to know who look for a defect.
     *
     * @param line what; asked for only if it is logged
     */
    public static void debug(Supplier<String> line) {
        log(Level.DEBUG, line, null);
    }

    /** A log that fails must not take a channel with it. */
    private static void log(Level level, Supplier<String> line, Throwable why) {
        try {
            if (Lazy.LOGGER.isLoggable(level)) {
                Lazy.LOGGER.log(level, line.get(), why);
            }
        } catch (RuntimeException | LinkageError unusable) {
            return;
        }
    }
}
