package org.jvmipc.signals;

/**
 * How a process has ended.
 *
 * @param pid its number
 * @param kind whether it ended by itself or by a signal, if that is known
 * @param code with {@link Kind#EXITED}, its exit code; with {@link Kind#KILLED}, the number of the signal; else -1
 */
public record Exit(long pid, Kind kind, int code) {
    /** What is known of the end. */
    public enum Kind {
        /** It ended by itself, with an exit code. */
        EXITED,
        /** A signal ended it. */
        KILLED,
        /** It has ended, and nobody told this process how: see {@link Peers#onExit(long)}. */
        UNKNOWN
    }

    /**
     * Which signal ended it.
     *
     * @return the signal
     * @throws IllegalStateException if none did, or none is known
     */
    public Signal signal() {
        if (kind != Kind.KILLED) {
            throw new IllegalStateException(this + ": no signal is known to have ended it");
        }
        return Signal.of(code);
    }

    @Override
    public String toString() {
        return "process " + pid + switch (kind) {
            case EXITED -> " exited with " + code;
            case KILLED -> " was killed by " + Signal.of(code);
            case UNKNOWN -> " has ended";
        };
    }
}
