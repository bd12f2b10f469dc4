package org.jvmipc.benchmarks.transports;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Pipes by the JDK's file channels, which block; they have names, so that the two sides find them. */
final class PipeTransport implements Transport {
    @Override
    public Inlet inlet(Setup setup) throws IOException {
        Path begun = Path.of(setup.file() + ".new");
        Process command = new ProcessBuilder("mkfifo", begun.toString()).redirectErrorStream(true).start();
        String said = new String(command.getInputStream().readAllBytes());
        if (!Files.exists(begun)) {
            throw new IOException("mkfifo made no pipe: " + said);
        }
        // With both, it waits for nobody; that the writer goes is not seen then, and need not be.
        FileChannel channel = FileChannel.open(begun, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Files.move(begun, setup.file());
        return new StreamInlet(new StreamInlet.Opener() {
            @Override
            public ReadableByteChannel open() {
                return channel;
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        });
    }

    @Override
    public Outlet outlet(Setup setup) throws IOException {
        File file = setup.file().toFile();
        Appearance.await("the pipe " + file, file::exists);
        return new StreamOutlet(FileChannel.open(file.toPath(), StandardOpenOption.WRITE));
    }
}
