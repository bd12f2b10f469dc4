package org.jvmipc.mq.internal.persistent;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds out whether Chronicle can work in this JVM, before a class of it is loaded: without these flags it fails later,
 * with errors that do not tell why.
 */
final class FlagsCheck {
    /** What users add; the last one only keeps a warning away. */
    static final List<String> FLAGS = List.of(
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED");
    private static final String LIBRARY = "net/openhft/chronicle/queue/ChronicleQueue.class";
    /** From this version on the JVM warns of what Chronicle does, unless it is told not to. */
    private static final int WARNS_SINCE = 23;
    private static final String NAMED = "chronicle.core";

    private FlagsCheck() {
    }

    /**
     * Refuses to go on if something is missing.
     *
     * @throws UnsupportedOperationException if Chronicle is not there, or the JVM was started without the flags
     */
    static void require() {
        check(library());
    }

    /** What a JVM is started with that shall use queues; nothing if Chronicle is not there. */
    static List<String> forChildren() {
        if (FlagsCheck.class.getClassLoader().getResource(LIBRARY) == null) {
            return List.of();
        }
        List<String> flags = new ArrayList<>(FLAGS);
        if (Runtime.version().feature() >= WARNS_SINCE) {
            flags.add("--sun-misc-unsafe-memory-access=allow");
        }
        return List.copyOf(flags);
    }

    /** The module in which Chronicle is. */
    private static Module library() {
        Class<?> self = FlagsCheck.class;
        if (self.getClassLoader().getResource(LIBRARY) == null) {
            throw new UnsupportedOperationException("queue: needs Chronicle Queue, which is not on the class path; add "
                    + "net.openhft:chronicle-queue, on which org.jvmipc:ipc-mq depends");
        }
        ModuleLayer layer = self.getModule().getLayer();
        return layer == null ? self.getClassLoader().getUnnamedModule()
                : layer.findModule(NAMED).orElse(self.getClassLoader().getUnnamedModule());
    }

    /** As {@link #require}, for Chronicle in a certain module. */
    static void check(Module library) {
        Module base = Object.class.getModule();
        if (!base.isOpen("java.lang.reflect", library) || !base.isExported("sun.nio.ch", library)) {
            throw new UnsupportedOperationException(advice(library));
        }
    }

    private static String advice(Module library) {
        String target = library.isNamed() ? library.getName() : "ALL-UNNAMED";
        String flags = String.join(" ", FLAGS).replace("ALL-UNNAMED", target);
        String opens = "java.base/java.lang.reflect java.base/sun.nio.ch";
        return "queue: needs a JVM that was started with flags for Chronicle Queue, and this one was not. Give them"
                + " in one of these ways:\n"
                + "  command line:        java " + flags + " ...\n"
                + "  tests (Surefire):    <argLine>" + flags + "</argLine>\n"
                + "  environment:         JDK_JAVA_OPTIONS=\"" + flags + "\"\n"
                + "  manifest of a jar that is started by java -jar:\n"
                + "                       Add-Opens: " + opens + "\n"
                + "                       Add-Exports: java.base/jdk.internal.ref\n"
                + "(The command ipc and ChildJvm.inheritOpens() give them by themselves. posixmq: and sysvmq: need"
                + " none.)";
    }
}
