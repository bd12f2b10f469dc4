package org.jvmipc.shm;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.posix.NativeLibrary;

/**
 * The ports that are open in this JVM. When it ends in an orderly way ({@code System.exit}, SIGTERM, the last thread)
 * they leave their segments, so that peers see them leave and not die, and no file is left.
 */
final class OpenPorts {
    private static final Set<Runnable> OPEN = ConcurrentHashMap.newKeySet();

    private OpenPorts() {
    }

    /**
     * A port was opened; holds it, so that the GC does not take what is open.
     *
     * @param close closes it
     * @param natively whether this process has a life sign, which must not go before its ports have closed
     */
    static void add(Runnable close, boolean natively) {
        OPEN.add(close);
        if (natively && NativeLibrary.isAvailable()) {
            LifeHook.touch();
        } else {
            PlainHook.touch();
        }
    }

    static void remove(Runnable close) {
        OPEN.remove(close);
    }

    private static synchronized void closeAll() {
        for (Runnable close : OPEN) {
            try {
                close.run();
            } catch (RuntimeException | Error next) {
                // The others are closed all the same; nobody is left to be told.
                continue;
            }
        }
    }

    /** Installed with the first port that needs no native code. */
    private static final class PlainHook {
        static {
            try {
                Runtime.getRuntime().addShutdownHook(new Thread(OpenPorts::closeAll, "ipc-shm-exit"));
            } catch (IllegalStateException ending) {
                // Opened while the JVM ends: peers will see it die.
            }
        }

        static void touch() {
            // Initialises the class.
        }
    }

    /** Installed with the first port that has a life sign. */
    private static final class LifeHook {
        static {
            try {
                LifeSign.atExit(OpenPorts::closeAll);
            } catch (IllegalStateException ending) {
                // Opened while the JVM ends: peers will see it die.
            }
        }

        static void touch() {
            // Initialises the class.
        }
    }
}
