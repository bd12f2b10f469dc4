package org.jvmipc.demos.copy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jvmipc.Ipc;
import org.jvmipc.demos.Demos;

/** Copies a file: this process reads it, another one writes it, a Unix socket carries the bytes. */
public final class Copy {
    private static final int CHUNK = 64 << 10;

    private Copy() {
    }

    /**
     * Copies.
     *
     * @param args the file to read and the file to write, which must not exist
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        String channel = "unix:" + Demos.directory().resolve("copy");
        try (FileChannel file = FileChannel.open(Path.of(args[0]), StandardOpenOption.READ)) {
            Process writer = Demos.start(Writer.class, channel, args[1]);
            String sent;
            try (WritableByteChannel out = Ipc.sink(channel)) {
                writer.onExit().thenRun(() -> hangUp(out));
                sent = move(file, out);
            } catch (IOException writerHasGone) {
                System.exit(Math.max(1, writer.waitFor()));
                return;
            }
            System.out.println("read    " + sent + "  " + args[0]);
            System.exit(writer.waitFor());
        }
    }

    /** A writer that has failed before it opened its end would be waited for in vain. */
    private static void hangUp(WritableByteChannel out) {
        try {
            out.close();
        } catch (IOException alreadyClosed) {
            return;
        }
    }

    /** Moves all bytes from one channel to the other and tells how many they were, and their SHA-256. */
    static String move(ReadableByteChannel from, WritableByteChannel to) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
        long count = 0;
        while (from.read(chunk.clear()) >= 0) {
            count += chunk.flip().remaining();
            digest.update(chunk.duplicate());
            while (chunk.hasRemaining()) {
                to.write(chunk);
            }
        }
        return count + " bytes, SHA-256 " + HexFormat.of().formatHex(digest.digest());
    }

    /** The other process. */
    static final class Writer {
        private Writer() {
        }

        public static void main(String[] args) throws Exception {
            try (ReadableByteChannel in = Ipc.source(args[0]);
                    FileChannel file = FileChannel.open(
                            Path.of(args[1]), StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                System.out.println("written " + move(in, file) + "  " + args[1]);
            } catch (FileAlreadyExistsException exists) {
                System.err.println("ipc run: " + args[1] + " exists already; remove it, or give another name");
                System.exit(1);
            }
        }
    }
}
