package org.jvmipc.pipes.internal;

import java.util.Set;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.pipes.UnixCredentials;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.SocketCalls;
import org.jvmipc.spi.PauseReadiness;
import org.jvmipc.spi.Readiness;

/** Connects to a stream or seqpacket socket by a native descriptor. */
final class NativeConnector implements Origin {
    /** Not in the table of errors: the socket there is of another type. */
    private static final int EPROTOTYPE = 91;

    private final String channel;
    private final SocketName name;
    private final SocketKind kind;
    private final Set<Integer> allowed;
    private final PauseReadiness pending = new PauseReadiness();

    /**
     * Creates it; nothing is touched.
     *
     * @param channel the address, for messages
     * @param name the socket
     * @param kind its kind
     * @param allowed whose socket it may be, besides this user's
     */
    NativeConnector(String channel, SocketName name, SocketKind kind, Set<Integer> allowed) {
        this.channel = channel;
        this.name = name;
        this.kind = kind;
        this.allowed = allowed;
    }

    @Override
    public Wire next() {
        if (!checkOwner(channel, name, allowed)) {
            return null;
        }
        Fd fd = SocketKind.open(kind.type(), channel);
        boolean connected = false;
        try {
            if (connect(fd, channel, name)) {
                UnixCredentials peer = Credentials.ofPeer(fd);
                if (name.isAbstract() && peer.uid() != FileEntry.self() && !allowed.contains(peer.uid())) {
                    throw new AccessRefusedException(channel + " is refused: it belongs to uid " + peer.uid()
                            + " (pid " + peer.pid() + "); the option allow=" + peer.uid() + " would allow that");
                }
                connected = true;
                pending.reset();
                return new NativeWire(fd, kind, peer);
            }
            return null;
        } finally {
            if (!connected) {
                fd.close();
            }
        }
    }

    /** Refuses what is not to be connected to; false if nothing is there. */
    static boolean checkOwner(String channel, SocketName name, Set<Integer> allowed) {
        if (name.isAbstract()) {
            return true;
        }
        FileEntry entry = FileEntry.at(name.path());
        if (entry != null) {
            entry.requireSocket(channel, allowed);
        }
        return entry != null;
    }

    /** Connects a socket; false if nobody is there or too many wait to be accepted. */
    static boolean connect(Fd fd, String channel, SocketName name) {
        int number = fd.acquire();
        if (number == Fd.CLOSED) {
            return false;
        }
        try {
            int result = SocketCalls.connect(number, name.text());
            switch (-result) {
                case 0:
                    return true;
                case Errno.ENOENT, Errno.ECONNREFUSED, Errno.EAGAIN, Errno.EINTR:
                    return false;
                case EPROTOTYPE:
                    throw new IncompatibleChannelException(channel + ": the socket there is of another type; give the"
                            + " option type the same value (stream, seqpacket or dgram) on both sides");
                case Errno.EACCES:
                    throw new AccessRefusedException(channel
                            + " is refused: this user may not write to the socket; its owner must allow it");
                default:
                    throw new NativeCallException("connect", channel, result);
            }
        } finally {
            fd.release();
        }
    }

    @Override
    public Readiness pending() {
        return pending;
    }

    @Override
    public void close() {
        // Nothing is held between attempts.
    }
}
