package org.jvmipc.mq.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jvmipc.spi.DumpLine;
import org.jvmipc.spi.DumpOptions;

/**
 * Prints the documents of a queue on disk, as {@code docs/formats/queue.md} lays them out, without the classes of
 * Chronicle: it goes from one document's header to the next, and so up to where a file was damaged.
 */
final class DiskQueueDump {
    private static final String SUFFIX = ".cq4";
    private static final int NOT_COMPLETE = 1 << 31;
    private static final int META = 1 << 30;
    private static final int LENGTH = META - 1;
    private static final int END = NOT_COMPLETE | META;
    private static final int HEADER = 4;
    private static final int CHUNK = 1 << 16;
    private static final byte[] ZEROS = new byte[CHUNK];
    private static final byte[] NUMBER = {(byte) 0xC1, 'n', (byte) 0xA7};
    private static final byte[] TIME = {(byte) 0xC1, 't', (byte) 0xA7};
    private static final byte[] DUE = {(byte) 0xC1, 'd', (byte) 0xA7};
    private static final byte[] MESSAGE = {(byte) 0xC1, 'm', (byte) 0x82};
    private static final byte BYTES = (byte) 0x8A;

    private final DumpOptions options;
    private final Consumer<DumpLine> out;
    private long records;

    DiskQueueDump(DumpOptions options, Consumer<DumpLine> out) {
        this.options = options;
        this.out = out;
    }

    /** Dumps a file, or all of a directory; false if it is no queue. */
    boolean dump(Path path) throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(path)) {
            collect(path, files);
            for (int lane = 0; Files.isDirectory(path.resolve("lane-" + lane)); lane++) {
                collect(path.resolve("lane-" + lane), files);
            }
        } else if (path.toString().endsWith(SUFFIX)) {
            files.add(path);
        }
        for (Path file : files) {
            dumpFile(file);
        }
        return !files.isEmpty();
    }

    private static void collect(Path directory, List<Path> into) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            files.forEach(found::add);
        }
        Collections.sort(found);
        into.addAll(found);
    }

    private void line(String what, long at, Map<String, Object> fields, String damage) {
        out.accept(new DumpLine(what, at, fields, new byte[0], damage));
    }

    private void dumpFile(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("file", file.toString());
            fields.put("bytes", channel.size());
            line("file", 0, fields, channel.size() < HEADER ? "it is too short to hold anything" : "");
            long at = 0;
            while (at >= 0 && at + HEADER <= channel.size() && records < options.records()) {
                at = document(channel, at);
            }
        }
    }

    /** Where the next one begins; -1 if there is none. */
    private long document(FileChannel channel, long at) throws IOException {
        int header = read(channel, at, HEADER).getInt(0);
        int length = header & LENGTH;
        Map<String, Object> fields = new LinkedHashMap<>();
        if (header == 0) {
            return nothing(channel, at);
        }
        if (header == END) {
            line("end of file", at, fields, "");
            return -1;
        }
        fields.put("length", length);
        if (at + HEADER + length > channel.size()) {
            line("document", at, fields, "it goes beyond the end of the file, which has " + channel.size() + " bytes");
            return -1;
        }
        boolean complete = (header & NOT_COMPLETE) == 0;
        if ((header & META) != 0) {
            line("metadata", at, fields, complete ? "" : "not finished");
        } else {
            message(channel, at, length, fields, complete);
        }
        // Headers stand at multiples of 4.
        return at + HEADER + length + 3 & -HEADER;
    }

    /** Where there is no header the file ends, and only zeros follow; else somebody has overwritten it. */
    private long nothing(FileChannel channel, long at) throws IOException {
        long next = at;
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        for (int read = channel.read(chunk, next); read > 0; read = channel.read(chunk.clear(), next)) {
            int zeros = chunk.flip().mismatch(ByteBuffer.wrap(ZEROS, 0, read));
            if (zeros >= 0) {
                break;
            }
            next += read;
        }
        if (at > 0 && next >= channel.size()) {
            return -1;
        }
        if (read(channel, at, HEADER).getInt(0) != 0) {
            // It was written meanwhile.
            return at;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        if (next < channel.size()) {
            fields.put("zeros up to about", next);
        }
        line(at == 0 ? "header" : "gap", at, fields, at == 0
                ? "the file begins with zeros: it is just being made, or somebody has overwritten it"
                : "zeros where a document should begin, and something behind them: somebody has overwritten it");
        return -1;
    }

    private void message(FileChannel channel, long at, int length, Map<String, Object> fields, boolean complete)
            throws IOException {
        records++;
        ByteBuffer document = read(channel, at + HEADER, (int) Math.min(length, 64L + options.payload()));
        int next = field(document, 0, NUMBER, "number", fields);
        next = time(document, next, TIME, "sent", fields);
        next = time(document, next, DUE, "due", fields);
        if (!complete) {
            out.accept(new DumpLine("message", at, fields, new byte[0],
                    "not finished: it is being written, or its writer died"));
            return;
        }
        boolean whole = fields.containsKey("number") && begins(document, next, MESSAGE)
                && document.limit() > next + 8 && document.get(next + 7) == BYTES;
        if (!whole) {
            out.accept(new DumpLine("document", at, fields, new byte[0], "it is no message of this toolkit"));
            return;
        }
        int size = document.getInt(next + 3) - 1;
        fields.put("length", size);
        boolean fits = size >= 0 && next + 8L + size <= length;
        byte[] payload = new byte[fits ? Math.min(size, options.payload()) : 0];
        document.get(next + 8, payload);
        out.accept(new DumpLine("message", at, fields, payload, fits ? "" : "it is longer than its document"));
    }

    private static boolean begins(ByteBuffer document, int at, byte[] mark) {
        if (at + mark.length > document.limit()) {
            return false;
        }
        for (int i = 0; i < mark.length; i++) {
            if (document.get(at + i) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private static int field(ByteBuffer document, int at, byte[] mark, String name, Map<String, Object> into) {
        if (!begins(document, at, mark) || at + mark.length + Long.BYTES > document.limit()) {
            return at;
        }
        into.put(name, document.getLong(at + mark.length));
        return at + mark.length + Long.BYTES;
    }

    private static int time(ByteBuffer document, int at, byte[] mark, String name, Map<String, Object> into) {
        int next = field(document, at, mark, name, into);
        if (next > at) {
            into.put(name, Instant.EPOCH.plus((Long) into.get(name), ChronoUnit.MICROS).toString());
        }
        return next;
    }

    private static ByteBuffer read(FileChannel channel, long at, int bytes) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (piece.hasRemaining() && channel.read(piece, at + piece.position()) >= 0) {
            continue;
        }
        // What was cut off meanwhile reads as zeros.
        return piece.clear();
    }
}
