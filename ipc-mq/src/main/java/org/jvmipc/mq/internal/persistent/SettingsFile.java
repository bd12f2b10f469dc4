package org.jvmipc.mq.internal.persistent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.Wires;

/** Chronicle's table of settings, as far as one must know it to tell whether it is whole. */
final class SettingsFile {
    private static final int HEAD = 4096;
    private static final String TABLE = "STStore";
    private static final String FORMAT = "format";
    /** The code of a short text, with its length in the lowest five bits. */
    private static final int TEXT = 0xE0;

    private SettingsFile() {
    }

    static Path of(Path directory) {
        return directory.resolve(SingleChronicleQueue.QUEUE_METADATA_FILE);
    }

    private static ByteBuffer head(Path file) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            while (head.hasRemaining() && channel.read(head, head.position()) >= 0) {
                continue;
            }
        }
        return head.flip();
    }

    /** The roll cycle that a queue has by its table; null if that does not say. */
    static RollCycle rollCycle(Path directory) throws IOException {
        ByteBuffer head = head(of(directory));
        String text = new String(head.array(), 0, head.limit(), StandardCharsets.ISO_8859_1);
        int at = text.indexOf(FORMAT) + FORMAT.length();
        if (at < FORMAT.length() || at >= head.limit()) {
            return null;
        }
        int length = Byte.toUnsignedInt(head.get(at)) - TEXT;
        return length < 0 || at + 1 + length > head.limit() ? null
                : RollFiles.byFormat(text.substring(at + 1, at + 1 + length));
    }

    /** What is wrong with the table of a queue that has files; null if nothing is. */
    static String problem(Path directory) throws IOException {
        ByteBuffer head;
        try {
            head = head(of(directory));
        } catch (NoSuchFileException missing) {
            return "is missing; it says how the other files go together";
        }
        if (head.limit() < Integer.BYTES || head.getInt(0) == Wires.NOT_INITIALIZED) {
            return head.limit() < Integer.BYTES ? "is empty" : "has no header";
        }
        int word = head.getInt(0);
        String text = new String(head.array(), 0, head.limit(), StandardCharsets.ISO_8859_1);
        if (!Wires.isReadyMetaData(word) || !text.contains(TABLE)) {
            return "is not Chronicle's table of settings";
        }
        return Integer.BYTES + Wires.lengthOf(word) > head.limit() || rollCycle(directory) == null
                ? "is cut off, or names no roll cycle that queue: takes" : null;
    }
}
