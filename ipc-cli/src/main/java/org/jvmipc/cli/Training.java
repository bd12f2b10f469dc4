package org.jvmipc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;
import org.jvmipc.Sender;

/**
 * What the launcher runs when it makes the archive of classes: {@code ls} of this machine, and of what plain Java can
 * make in a directory of its own. So the archive has the classes that describe a ring, a socket and a queue, whatever
 * there is at that moment; each that it lacks is read from its jar at each start.
 */
public final class Training {
    private Training() {
    }

    /**
     * Lists what there is, to nobody.
     *
     * @param args none
     * @throws Exception if something of it cannot be made; what was loaded until then is in the archive
     */
    public static void main(String[] args) throws Exception {
        Path directory = Files.createTempDirectory("ipc-archive");
        Path queue = Files.createDirectory(directory.resolve("queue"));
        try (Sender ring = Ipc.sender("shm:ring?wait=spin&capacity=4k&backing=file&dir=" + directory);
                Listener socket = Ipc.listen("unix:" + directory.resolve("socket"))) {
            ring.trySend(ByteBuffer.allocate(Long.BYTES));
            for (String name : List.of("metadata.cq4t", "reader.cursor")) {
                Files.createFile(queue.resolve(name));
            }
            PrintWriter nobody = new PrintWriter(Writer.nullWriter());
            String place = socket.isOpen() ? directory.toString() : ".";
            Start.list(nobody, nobody, "ls", "-a", place);
            Start.list(nobody, nobody, "ls", "-a", "--json", place);
        } finally {
            remove(queue);
            remove(directory);
        }
    }

    private static void remove(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.delete(directory);
    }
}
