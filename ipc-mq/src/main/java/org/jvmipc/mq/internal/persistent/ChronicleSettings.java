package org.jvmipc.mq.internal.persistent;

/**
 * What Chronicle reads from system properties when its classes are loaded. Those that somebody has set stay, but for
 * the two without which this transport would not keep what it promises.
 */
final class ChronicleSettings {
    private ChronicleSettings() {
    }

    static void apply() {
        // Nothing is sent anywhere, also if somebody adds the library that would.
        System.setProperty("chronicle.analytics.disable", "true");
        // Its test whether a process lives is deceived by zombies and by other PID namespaces; ours is not.
        System.setProperty("queue.force.unlock.mode", "NEVER");
        unlessSet("chronicle.announcer.disable", "true");
        // Threads for what is done here in another way, or at once.
        unlessSet("chronicle.disk.monitor.disable", "true");
        unlessSet("background.releaser", "false");
        // It writes through SLF4J; where no logger is installed that is nobody's business.
        unlessSet("slf4j.internal.verbosity", "ERROR");
    }

    private static void unlessSet(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }
}
