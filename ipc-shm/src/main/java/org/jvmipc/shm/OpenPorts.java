package org.jvmipc.shm;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The ports that are open in this JVM. When it ends in an orderly way ({@code System.exit}, SIGTERM, the last thread)
 * they leave their segments, so that peers see them leave and not die, and no file is left.
 */
final class OpenPorts {
    private static final Set<Runnable> OPEN = ConcurrentHashMap.newKeySet();

    private OpenPorts() {
    }

    /** A port was opened; holds it, so that the GC does not take what is open. */
    static void add(Runnable close) {
        OPEN.add(close);
        Hook.INSTALLED.hashCode();
    }

    static void remove(Runnable close) {
        OPEN.remove(close);
    }

    private static void closeAll() {
        for (Runnable close : OPEN) {
            try {
                close.run();
            } catch (RuntimeException | Error next) {
                // The others are closed all the same; nobody is left to be told.
                continue;
            }
        }
    }

    /** Installed with the first port. */
    private static final class Hook {
        static final Thread INSTALLED = new Thread(OpenPorts::closeAll, "ipc-shm-exit");

        static {
            try {
                Runtime.getRuntime().addShutdownHook(INSTALLED);
            } catch (IllegalStateException ending) {
                // Opened while the JVM ends: peers will see it die.
            }
        }
    }
}
