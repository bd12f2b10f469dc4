package org.jvmipc.pipes.internal;

import java.nio.file.Path;
import java.util.Set;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.pipes.UnixCredentials;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FdReadiness;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.PollCalls;
import org.jvmipc.posix.SocketCalls;
import org.jvmipc.spi.Readiness;

/** Listens for stream or seqpacket connections by a native descriptor, and lets only some users in. */
final class NativeListener implements Origin {
    private static final int BACKLOG = 128;

    private final String channel;
    private final SocketKind kind;
    private final Fd socket;
    private final SocketFile file;
    private final UidFilter filter;
    private final FdReadiness pending;

    private NativeListener(String channel, SocketKind kind, Fd socket, SocketFile file, UidFilter filter) {
        this.channel = channel;
        this.kind = kind;
        this.socket = socket;
        this.file = file;
        this.filter = filter;
        this.pending = new FdReadiness(socket, PollCalls.POLLIN);
    }

    /**
     * Binds and listens.
     *
     * @param channel the address, for messages
     * @param name where
     * @param kind the kind of socket
     * @param allowed who may connect
     * @param keep whether the file stays when the listener is closed
     */
    static NativeListener bind(String channel, SocketName name, SocketKind kind, Set<Integer> allowed, boolean keep) {
        SocketFile.Bound<Fd> bound = bindSocket(channel, name, kind.type(), allowed, keep);
        Fd socket = bound.socket();
        return new NativeListener(channel, kind, socket, bound.file(), new UidFilter(channel, allowed));
    }

    /** A bound socket, which listens unless it is one for datagrams; its file is null for an abstract name. */
    static SocketFile.Bound<Fd> bindSocket(
            String channel, SocketName name, int type, Set<Integer> allowed, boolean keep) {
        if (name.isAbstract()) {
            return new SocketFile.Bound<>(bindOne(channel, name.text(), type), null);
        }
        boolean others = !Set.of(FileEntry.self()).containsAll(allowed);
        return SocketFile.bind(name.path(), new SocketFile.Policy(keep, others),
                (Path path) -> bindOne(channel, path.toString(), type),
                (target, own) -> SocketKind.isAlive(target.toString()));
    }

    private static Fd bindOne(String channel, String where, int type) {
        Fd fd = SocketKind.open(type, channel);
        boolean bound = false;
        int number = fd.acquire();
        try {
            if (type == SocketCalls.SOCK_DGRAM) {
                // Before anybody can send: the kernel notes who it was only if it is asked to.
                NativeCallException.check(
                        SocketCalls.setOption(number, SocketCalls.SO_PASSCRED, 1), "setsockopt", where);
            }
            int result = SocketCalls.bind(number, where);
            if (result == -Errno.EADDRINUSE) {
                throw new ChannelExistsException(channel
                        + ": another process receives there; close it, or use another name");
            }
            NativeCallException.check(result, "bind", where);
            if (type != SocketCalls.SOCK_DGRAM) {
                NativeCallException.check(SocketCalls.listen(number, BACKLOG), "listen", where);
            }
            bound = true;
            return fd;
        } finally {
            fd.release();
            if (!bound) {
                fd.close();
            }
        }
    }

    @Override
    public Wire next() {
        while (true) {
            int listening = socket.acquire();
            if (listening == Fd.CLOSED) {
                return null;
            }
            int accepted;
            try {
                accepted = SocketCalls.accept(listening);
            } finally {
                socket.release();
            }
            if (accepted == -Errno.EAGAIN) {
                return null;
            }
            if (accepted < 0) {
                throw new NativeCallException("accept", channel, accepted);
            }
            Wire wire = admit(Fd.own(accepted, channel));
            if (wire != null) {
                return wire;
            }
        }
    }

    private Wire admit(Fd fd) {
        boolean admitted = false;
        try {
            UnixCredentials peer = Credentials.ofPeer(fd);
            admitted = !NioListener.isProbe(peerAddress(fd)) && filter.admits(peer);
            return admitted ? new NativeWire(fd, kind, peer) : null;
        } finally {
            if (!admitted) {
                fd.close();
            }
        }
    }

    private static String peerAddress(Fd fd) {
        int number = fd.acquire();
        if (number == Fd.CLOSED) {
            return "";
        }
        try {
            return SocketCalls.peerAddress(number);
        } finally {
            fd.release();
        }
    }

    @Override
    public Readiness pending() {
        return pending;
    }

    @Override
    public synchronized void close() {
        if (!socket.isOpen()) {
            return;
        }
        if (file != null) {
            file.remove();
        }
        socket.close();
    }
}
