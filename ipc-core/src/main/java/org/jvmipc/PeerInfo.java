package org.jvmipc;

/**
 * A process on the other side of a channel, as people name it.
 *
 * @param pid its process id in its own PID namespace, or -1 if the transport cannot tell
 * @param name its main class or command, "?" if unknown
 */
public record PeerInfo(long pid, String name) {
    /** A peer of which nothing is known, such as a foreign program on a FIFO. */
    public static final PeerInfo UNKNOWN = new PeerInfo(-1, "?");

    @Override
    public String toString() {
        return pid < 0 ? "unknown peer" : "pid " + pid + " (" + name + ")";
    }
}
