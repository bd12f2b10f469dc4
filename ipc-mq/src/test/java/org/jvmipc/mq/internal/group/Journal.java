package org.jvmipc.mq.internal.group;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** What a consumer has done, in memory of a file: it can be read when the consumer was killed. */
public final class Journal {
    /** What it does. */
    public enum Act {
        TOOK, ACKNOWLEDGED, GAVE_BACK, WAS_TOO_LATE
    }

    /**
     * A line.
     *
     * @param act what was done
     * @param message with which message
     * @param deliveries how often that was delivered
     */
    public record Line(Act act, int message, int deliveries) {
    }

    private final ByteBuffer memory;

    private Journal(ByteBuffer memory) {
        this.memory = memory;
    }

    public static Journal open(Path file, int lines) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            return new Journal(channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) lines * Long.BYTES));
        }
    }

    public void add(Act act, int message, int deliveries) {
        memory.putLong((long) (act.ordinal() + 1) << 56 | (long) (deliveries & 0xffffff) << 32 | message);
    }

    public List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (int at = 0; at < memory.capacity(); at += Long.BYTES) {
            long line = memory.getLong(at);
            if (line == 0) {
                break;
            }
            lines.add(new Line(Act.values()[(int) (line >>> 56) - 1], (int) line, (int) (line >>> 32) & 0xffffff));
        }
        return lines;
    }
}
