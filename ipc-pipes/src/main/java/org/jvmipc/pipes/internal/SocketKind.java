package org.jvmipc.pipes.internal;

import org.jvmipc.posix.Errno;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.SocketCalls;
import org.jvmipc.spi.Framing;

/**
 * What kind of native socket a channel uses.
 *
 * @param type a {@code SOCK_} number
 * @param passesDescriptors whether descriptors may go along
 * @param buffer bytes of a socket's buffer, as the kernel counts them
 */
record SocketKind(int type, boolean passesDescriptors, int buffer) {
    /** What to do about a message that is too large for a packet. */
    static final String ADVICE = "use type=stream, which takes messages of any size, or send it in parts";
    /** What the kernel keeps of a buffer for itself. */
    private static final int OVERHEAD = 32;
    /** How a stream of bytes is cut into packets: well below the buffer, so that several fit. */
    private static final int PART = 32 << 10;

    /** Asks the kernel for its limits. */
    static SocketKind of(int type, boolean passesDescriptors) {
        try (Fd fd = open(type, "a socket")) {
            return new SocketKind(type, passesDescriptors, option(fd, SocketCalls.SO_SNDBUF));
        }
    }

    static Fd open(int type, String name) {
        return Fd.own(NativeCallException.check(SocketCalls.socket(type), "socket", "AF_UNIX, " + type), name);
    }

    private static int option(Fd fd, int option) {
        int number = fd.acquire();
        try {
            return NativeCallException.check(SocketCalls.getOption(number, option), "getsockopt", fd.name());
        } finally {
            fd.release();
        }
    }

    boolean isPackets() {
        return type == SocketCalls.SOCK_SEQPACKET;
    }

    int largestPacket() {
        return buffer - OVERHEAD;
    }

    SessionOut.Limits limits(Framing framing) {
        if (!isPackets()) {
            return SessionOut.Limits.stream(buffer);
        }
        return framing == Framing.STREAM ? SessionOut.Limits.cut(Math.min(PART, largestPacket()), buffer)
                : new SessionOut.Limits(largestPacket(), true, Integer.MAX_VALUE, buffer, ADVICE);
    }

    /**
     * Asks whether somebody has an abstract name.
     *
     * @param type a {@code SOCK_} number; each type has names of its own
     * @param name {@code @name}
     * @return false if nobody has
     */
    static boolean isTaken(int type, String name) {
        try (Fd probe = open(type, "probe of " + name)) {
            int number = probe.acquire();
            try {
                return SocketCalls.bind(number, name) == -Errno.EADDRINUSE;
            } finally {
                probe.release();
            }
        }
    }

    /**
     * Asks whether somebody has a socket of any type at a path, without connecting to it.
     *
     * @param name a path
     * @return false if nobody has
     */
    static boolean isAlive(String name) {
        // A datagram socket only looks its peer up: a refusal because of the type says that there is one.
        try (Fd probe = open(SocketCalls.SOCK_DGRAM, "probe of " + name)) {
            int number = probe.acquire();
            try {
                int result = SocketCalls.connect(number, name);
                return result != -Errno.ECONNREFUSED && result != -Errno.ENOENT;
            } finally {
                probe.release();
            }
        }
    }
}
