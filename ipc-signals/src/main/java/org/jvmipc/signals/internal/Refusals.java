package org.jvmipc.signals.internal;

import org.jvmipc.signals.Signal;

/** Signals that a program for the JVM must not take, and why. */
final class Refusals {
    /** For all signals. */
    static final String WITH_XRS = "the JVM was started with -Xrs, with which it calls no handler of any signal and "
            + "leaves SIGHUP, SIGINT and SIGTERM to the system (they end the process without shutdown hooks); start it "
            + "without -Xrs, or with the signal blocked (env --block-signal=...) and receive it by "
            + "Ipc.receiver(\"signal:self\")";

    private static final int LEAST_CHOICE = 12;

    /** With which HotSpot suspends threads; can be chosen when it is started. */
    private final int suspends;

    Refusals() {
        this(System.getenv("_JAVA_SR_SIGNUM"));
    }

    Refusals(String choice) {
        int chosen = choice != null && choice.matches("\\d{1,2}") ? Integer.parseInt(choice) : 0;
        suspends = chosen >= LEAST_CHOICE && chosen <= Signal.LAST_REAL_TIME ? chosen : Signal.USR2.number();
    }

    /** Why no handler may be installed, or null if one may. */
    String ofHandling(Signal signal) {
        if (signal.number() == suspends) {
            return "the JVM itself suspends its threads with it; take SIGUSR1, or start the JVM with the environment "
                    + "variable _JAVA_SR_SIGNUM set to another number";
        }
        if (signal.isRealTime()) {
            return "the JVM has no handlers for real-time signals; start it with the signal blocked (Signals"
                    + ".relaunchBlocked, or env --block-signal=" + signal.name() + " java ...) and receive it by "
                    + "Ipc.receiver(\"signal:self?signal=" + signal.name() + "\")";
        }
        return switch (signal.name()) {
            case "KILL", "STOP" -> "the kernel lets no process handle, ignore or block it; for an orderly end use "
                    + "SIGTERM";
            case "SEGV", "BUS", "FPE", "ILL", "TRAP" -> "the JVM itself uses it, for null checks, mapped files, "
                    + "arithmetic and safepoints of compiled code, and would hang or crash; catch the exception that "
                    + "it becomes";
            case "ABRT" -> "the JVM itself ends by it when it crashes, and would lose its error report";
            case "QUIT" -> "the JVM itself answers it with a thread dump, and lets no Java code have it even with "
                    + "-Xrs, which leaves it to native code; take SIGUSR1";
            default -> null;
        };
    }

    /** Why it may not be ignored, or null if it may. */
    String ofIgnoring(Signal signal) {
        return signal == Signal.CHLD ? "the kernel would then reap children itself, and Process.waitFor could not tell "
                + "how they ended" : ofHandling(signal);
    }

    /** Why it may not be left to the system, or null if it may. */
    String ofDefault(Signal signal) {
        return switch (signal.name()) {
            case "PIPE" -> "the process would end at the first pipe or socket whose other side is gone, which the JVM "
                    + "makes an exception of";
            case "XFSZ" -> "the process would end at the first file that grows beyond its limit (ulimit -f), which the "
                    + "JVM makes an exception of";
            default -> ofHandling(signal);
        };
    }

    /** Whether it is one of those upon which the JVM ends with its shutdown hooks. */
    static boolean endsJvm(Signal signal) {
        return signal == Signal.HUP || signal == Signal.INT || signal == Signal.TERM;
    }

    static void check(Signal signal, String reason) {
        if (reason != null) {
            throw new IllegalArgumentException(signal + " (" + signal.number() + ") is refused: " + reason);
        }
    }

    /** What to say if the JVM itself refuses. */
    static IllegalArgumentException byJvm(Signal signal, IllegalArgumentException cause) {
        return new IllegalArgumentException(signal + " (" + signal.number() + ") is refused: " + (endsJvm(signal)
                ? WITH_XRS : "the JVM says \"" + cause.getMessage() + "\"; take another signal"), cause);
    }
}
