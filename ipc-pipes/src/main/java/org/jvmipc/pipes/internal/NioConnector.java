package org.jvmipc.pipes.internal;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.spi.PauseReadiness;
import org.jvmipc.spi.Readiness;

/** Connects to a stream socket at a path, with what the JDK has. */
final class NioConnector implements Origin {
    private final String channel;
    private final Path path;
    private final PauseReadiness pending = new PauseReadiness();

    /**
     * Creates it; nothing is touched.
     *
     * @param channel the address, for messages
     * @param path the socket
     */
    NioConnector(String channel, Path path) {
        this.channel = channel;
        this.path = path;
    }

    @Override
    public Wire next() {
        FileEntry entry = FileEntry.at(path);
        if (entry == null) {
            return null;
        }
        entry.requireSocket(channel, Set.of());
        SocketChannel socket = null;
        try {
            socket = SocketChannel.open(StandardProtocolFamily.UNIX);
            socket.configureBlocking(false);
            // False: too many wait there to be accepted.
            if (socket.connect(UnixDomainSocketAddress.of(path))) {
                pending.reset();
                Wire wire = new NioWire(socket);
                socket = null;
                return wire;
            }
            return null;
        } catch (ConnectException nobodyListens) {
            return null;
        } catch (IOException e) {
            if (FileEntry.at(path) == null) {
                return null;
            }
            throw new AccessRefusedException(channel + " cannot be connected to: " + e.getMessage()
                    + "; the socket there must be a stream socket that this user may write to");
        } finally {
            closeQuietly(socket);
        }
    }

    private static void closeQuietly(SocketChannel socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException nothingToDo) {
                // The descriptor is given back all the same.
            }
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
