package org.jvmipc.spi;

/**
 * Somebody who takes part in an object: a producer, a consumer, one who holds a lock or waits for it.
 *
 * @param role such as {@code consumer}
 * @param pid its process in that one's PID namespace, -1 if unknown
 * @param name its main class or command, perhaps empty
 * @param process stands for its process, the same text for the same process, wherever it is found; empty if unknown
 * @param presence whether it lives
 * @param thread the number of its Java thread, -1 if that does not matter or is unknown
 * @param lag how many bytes are before it that it has not taken, -1 if that makes no sense
 * @param millis how long it has held or waited, in milliseconds; -1 if unknown
 * @param note what else is to be said, perhaps empty
 */
public record InspectedPeer(String role, long pid, String name, String process, Presence presence, long thread,
        long lag, long millis, String note) {

    /** Whether somebody lives, as far as that can be told. */
    public enum Presence {
        /** It lives. */
        ALIVE,
        /** It lives and was stopped by a signal or a debugger. */
        STOPPED,
        /** Its process is gone for good. */
        DEAD,
        /** It cannot be told from here, and is to be taken for alive. */
        UNKNOWN
    }

    /**
     * Describes somebody of whom only the process matters.
     *
     * @param role its role
     * @param pid its process
     * @param name its main class or command
     * @param presence whether it lives
     * @return the description
     */
    public static InspectedPeer of(String role, long pid, String name, Presence presence) {
        return new InspectedPeer(role, pid, name, "", presence, -1, -1, -1, "");
    }

    /**
     * The same with something to be said.
     *
     * @param text what is to be said
     * @return a copy
     */
    public InspectedPeer with(String text) {
        return new InspectedPeer(role, pid, name, process, presence, thread, lag, millis, text);
    }

    /**
     * The same, so many bytes behind.
     *
     * @param bytes how many
     * @return a copy
     */
    public InspectedPeer behind(long bytes) {
        return new InspectedPeer(role, pid, name, process, presence, thread, bytes, millis, note);
    }
}
