package org.jvmipc.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jvmipc.spi.DumpLine;
import org.jvmipc.spi.DumpOptions;

/** Prints the header, the participants and the records of a segment, as far as they can be told from each other. */
final class SegmentDump {
    private final Path file;
    private final List<SegmentContent> contents;
    private final DumpOptions options;
    private final Consumer<DumpLine> out;
    private long records;

    SegmentDump(Path file, List<SegmentContent> contents, DumpOptions options, Consumer<DumpLine> out) {
        this.file = file;
        this.contents = contents;
        this.options = options;
        this.out = out;
    }

    /** False if it does not begin as a segment. */
    boolean dump() throws IOException {
        try (SegmentCopy copy = new SegmentCopy(file)) {
            ByteBuffer header = copy.read(0, (int) Math.min(copy.size(), 1 << 16));
            if (!SegmentCheck.isToolkits(header)) {
                return false;
            }
            String problem = SegmentCheck.isUnfinished(header) ? "not finished by its creator"
                    : SegmentCheck.problem(header, copy.size());
            header(header, copy.size(), problem);
            participants(header);
            if (!SegmentCheck.isMemory(header) && Geometry.of(header).isSound()) {
                rings(copy, Geometry.of(header));
            }
            return true;
        }
    }

    private void line(String what, long at, Map<String, Object> fields, String damage) {
        out.accept(new DumpLine(what, at, fields, new byte[0], damage));
    }

    private void header(ByteBuffer header, long size, String problem) {
        Map<String, Object> fields = new LinkedHashMap<>();
        boolean memory = SegmentCheck.isMemory(header);
        fields.put("kind", SegmentNames.kind(header, contents));
        fields.put("version", header.getInt(SegmentLayout.LAYOUT_VERSION));
        fields.put("bytes", size);
        fields.put("bytes it says", header.getLong(SegmentLayout.FILE_SIZE));
        fields.put("header bytes", header.getLong(SegmentLayout.HEADER_BYTES));
        fields.put(memory ? "memory" : "capacity", header.getLong(SegmentLayout.CAPACITY));
        fields.put("generation", Long.toHexString(header.getLong(SegmentLayout.GENERATION)));
        fields.put("creator pid", header.getLong(SegmentLayout.CREATOR_PID));
        fields.put("state", header.getInt(SegmentLayout.STATE));
        if (memory && header.limit() >= SharedLayout.CONSTANT_END) {
            fields.put("type", SharedHeader.printable(SharedHeader.type(header)));
        }
        if (!memory && header.limit() >= SegmentLayout.TAIL) {
            fields.put("producers", header.getInt(SegmentLayout.PRODUCERS));
            fields.put("consumers", header.getInt(SegmentLayout.CONSUMERS));
            fields.put("fragments", header.getInt(SegmentLayout.FRAGMENTS));
            fields.put("type", SegmentCheck.typeText(header));
        }
        line("header", 0, fields, problem);
    }

    private void participants(ByteBuffer header) {
        boolean memory = SegmentCheck.isMemory(header);
        Geometry geometry = Geometry.of(header);
        if (memory) {
            for (int i = 0; i < SharedLayout.SLOT_COUNT; i++) {
                participant(header, "participant", SharedLayout.slot(i));
            }
        } else if (geometry.isSound()) {
            for (Side side : Side.values()) {
                for (int place = 0; place < geometry.places(side); place++) {
                    participant(header, geometry.role(side), geometry.slot(side, place));
                }
            }
        }
    }

    private void participant(ByteBuffer header, String role, int at) {
        if (at + SegmentLayout.SLOT_SIZE > header.limit()) {
            return;
        }
        Slot slot = new Slot(header, at);
        long presence = slot.presence();
        if (presence == 0) {
            return;
        }
        Participant who = slot.occupant();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("role", role);
        fields.put("there", SegmentLayout.isAttached(presence));
        fields.put("occupancy", SegmentLayout.occupancy(presence));
        fields.put("pid", who.pid());
        fields.put("name", SharedHeader.printable(who.name()));
        fields.put("start", who.startTicks());
        fields.put("pid namespace", who.pidNamespace());
        fields.put("life", SharedHeader.printable(who.life()));
        line("participant", at, fields, "");
    }

    private void rings(SegmentCopy copy, Geometry geometry) throws IOException {
        for (int number = 0; number < geometry.rings(); number++) {
            long base = geometry.ring(number);
            if (geometry.kind() == SegmentLayout.KIND_DOOR || geometry.ringBytes() > Integer.MAX_VALUE - 8) {
                return;
            }
            ByteBuffer read = copy.read(base, (int) Math.min(geometry.ringBytes(),
                    Math.max(0, copy.size() - base)));
            // What is missing is zeros: nothing is there.
            ByteBuffer ring = ByteBuffer.allocateDirect((int) geometry.ringBytes()).order(ByteOrder.nativeOrder());
            ring.put(read).clear();
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("ring", number);
            fields.put("tail", ring.getLong(SegmentLayout.TAIL));
            fields.put("head", ring.getLong(SegmentLayout.HEAD));
            line("ring", base, fields, "");
            if (geometry.kind() == SegmentLayout.KIND_MPMC) {
                cells(ring, base, geometry.mpmc());
            } else {
                records(ring, base, (int) geometry.capacity());
            }
        }
    }

    /** From the head on; of a broadcast that is what its producer keeps. Beyond the tail as long as records follow. */
    private void records(ByteBuffer ring, long base, int capacity) {
        long head = ring.getLong(SegmentLayout.HEAD);
        long tail = ring.getLong(SegmentLayout.TAIL);
        long end = head + capacity;
        long position = head;
        while (records < options.records() && end - position > 0) {
            int at = SegmentLayout.HEADER_SIZE + (int) (position & capacity - SegmentLayout.ALIGNMENT);
            long word = ring.getLong(at);
            if (word == 0 && position - tail >= 0) {
                return;
            }
            int size = RingRecords.size(word, position, capacity);
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("position", position);
            fields.put("published", tail - position > 0);
            if (size == 0) {
                fields.put("length word", word);
                line("record", base + at, fields, word == 0 ? "there is no record before the tail"
                        : "its length word is neither that of a message nor of padding; what follows cannot be found");
                return;
            }
            records++;
            fields.put("state", size < 0 ? "padding" : "message");
            fields.put("length", size < 0 ? -size : word - SegmentLayout.RECORD_HEADER);
            out.accept(new DumpLine("record", base + at, fields, size < 0 ? new byte[0] : payload(ring,
                    at + SegmentLayout.RECORD_HEADER, (int) word - SegmentLayout.RECORD_HEADER), ""));
            position += Math.abs(size);
        }
    }

    private void cells(ByteBuffer ring, long base, MpmcLayout layout) {
        long head = ring.getLong(SegmentLayout.HEAD);
        long position = head;
        while (records < options.records() && position - head < layout.lap()) {
            long word = ring.getLong(layout.headerAt(position));
            if (!layout.isOf(word, position)) {
                return;
            }
            int length = layout.length(word);
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("position", position);
            int state = layout.state(word);
            fields.put("state", state == MpmcLayout.CLAIMED ? "claimed" : state == MpmcLayout.COMMITTED ? "committed"
                    : state == MpmcLayout.DONE ? "done" : "in hand");
            fields.put("slot", layout.slot(word));
            fields.put("length", length);
            boolean fits = length <= layout.bytesToEnd(position);
            records++;
            out.accept(new DumpLine("record", base + layout.cellAt(position), fields,
                    fits ? payload(ring, layout.cellAt(position), length) : new byte[0],
                    fits ? "" : "it is longer than the ring goes on"));
            position += MpmcLayout.size(length);
        }
    }

    private byte[] payload(ByteBuffer ring, int at, int length) {
        byte[] bytes = new byte[Math.min(length, options.payload())];
        ring.get(at, bytes);
        return bytes;
    }
}
