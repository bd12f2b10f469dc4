package org.jvmipc.benchmarks.transports;

import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Unix-domain sockets of the JDK, which block. */
final class UnixTransport implements Transport {
    @Override
    public Inlet inlet(Setup setup) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        Path begun = Path.of(setup.file() + ".new");
        server.bind(UnixDomainSocketAddress.of(begun));
        // Seen when it listens.
        Files.move(begun, setup.file());
        return new StreamInlet(new StreamInlet.Opener() {
            @Override
            public ReadableByteChannel open() throws IOException {
                return server.accept();
            }

            @Override
            public void close() throws IOException {
                server.close();
            }
        });
    }

    @Override
    public Outlet outlet(Setup setup) throws IOException {
        File file = setup.file().toFile();
        Appearance.await("the socket " + file, file::exists);
        return new StreamOutlet(SocketChannel.open(UnixDomainSocketAddress.of(setup.file())));
    }
}
