package org.jvmipc.pipes.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jvmipc.spi.Readiness;

/** Listens at a path for stream connections, with what the JDK has. */
final class NioListener implements Origin {
    private static final int BACKLOG = 128;

    private final ServerSocketChannel socket;
    private final SocketFile file;
    private final NioReadiness pending;
    private boolean closed;

    private NioListener(ServerSocketChannel socket, SocketFile file) {
        this.socket = socket;
        this.file = file;
        this.pending = new NioReadiness(socket, SelectionKey.OP_ACCEPT);
    }

    static NioListener bind(Path path, boolean keep) {
        SocketFile.Bound<ServerSocketChannel> bound =
                SocketFile.bind(path, new SocketFile.Policy(keep, false), NioListener::listen, NioListener::isAlive);
        return new NioListener(bound.socket(), bound.file());
    }

    private static ServerSocketChannel listen(Path path) throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            socket.configureBlocking(false);
            return socket.bind(UnixDomainSocketAddress.of(path), BACKLOG);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static boolean isAlive(Path target, Path own) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            probe.bind(UnixDomainSocketAddress.of(own));
            probe.connect(UnixDomainSocketAddress.of(target));
            return true;
        } catch (ConnectException refused) {
            return false;
        } catch (IOException otherKindOfSocket) {
            return FileEntry.at(target) != null;
        }
    }

    /** Whether a connection only asks whether somebody listens. */
    static boolean isProbe(String boundTo) {
        return boundTo.endsWith("/" + SocketFile.PROBE) && SocketFile.isInRoom(boundTo);
    }

    @Override
    public Wire next() {
        try {
            while (true) {
                SocketChannel accepted = socket.accept();
                if (accepted == null) {
                    return null;
                }
                if (isProbe(accepted.getRemoteAddress().toString())) {
                    accepted.close();
                    continue;
                }
                accepted.configureBlocking(false);
                return new NioWire(accepted);
            }
        } catch (ClosedChannelException closedMeanwhile) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot accept; close channels that are not needed, or raise the limit of"
                    + " open files (ulimit -n)", e);
        }
    }

    @Override
    public Readiness pending() {
        return pending;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        file.remove();
        try {
            socket.close();
        } catch (IOException nothingToDo) {
            // The descriptor is given back all the same.
        }
        pending.close();
    }
}
