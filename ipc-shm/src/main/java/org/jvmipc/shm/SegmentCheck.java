package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Whether what stands in a header can be, for those who look at segments of any kind. */
final class SegmentCheck {
    private SegmentCheck() {
    }

    /** Whether it begins as a segment of this toolkit, of any kind and version. */
    static boolean isToolkits(ByteBuffer header) {
        byte[] magic = new byte[SegmentLayout.MAGIC_BYTES.length];
        if (header.limit() < SegmentLayout.STATE + Integer.BYTES) {
            return false;
        }
        header.get(SegmentLayout.MAGIC, magic);
        return Arrays.equals(magic, SegmentLayout.MAGIC_BYTES);
    }

    /** Whether its creator has not come to the end of its work. */
    static boolean isUnfinished(ByteBuffer header) {
        return header.getInt(SegmentLayout.STATE) == 0;
    }

    static boolean isMemory(ByteBuffer header) {
        return header.getInt(SegmentLayout.KIND) == SharedLayout.KIND_MEMORY;
    }

    /** What is wrong with a header that is finished; empty if nothing is. */
    static String problem(ByteBuffer header, long size) {
        long mark = header.getLong(SegmentLayout.BYTE_ORDER);
        if (mark == Long.reverseBytes(SegmentLayout.BYTE_ORDER_MARK)) {
            return "made with the other byte order";
        }
        if (mark != SegmentLayout.BYTE_ORDER_MARK) {
            return "its byte order mark is " + Long.toHexString(mark);
        }
        int version = header.getInt(SegmentLayout.LAYOUT_VERSION);
        if (version != SegmentLayout.VERSION) {
            return "its layout has version " + version + ", this tool knows version " + SegmentLayout.VERSION;
        }
        long says = header.getLong(SegmentLayout.FILE_SIZE);
        if (says != size) {
            return "it is " + size + " bytes long and says " + says
                    + (size < says ? ": somebody has truncated it" : "");
        }
        return isMemory(header) ? memoryProblem(header) : ringProblem(header);
    }

    private static String memoryProblem(ByteBuffer header) {
        long usable = header.getLong(SharedLayout.SIZE);
        boolean sound = header.limit() >= SharedLayout.HEADER_SIZE
                && header.getLong(SharedLayout.HEADER_BYTES) == SharedLayout.HEADER_SIZE && usable >= 1
                && usable <= SharedLayout.MAX_SIZE
                && header.getLong(SharedLayout.FILE_SIZE) == SharedLayout.HEADER_SIZE + usable;
        return sound ? "" : "it says a header of " + header.getLong(SharedLayout.HEADER_BYTES)
                + " bytes and memory of " + usable + " bytes, which do not fit together";
    }

    private static String ringProblem(ByteBuffer header) {
        Geometry geometry = Geometry.of(header);
        if (geometry.kind() < SegmentLayout.KIND_SPSC || geometry.kind() > SegmentLayout.KIND_MPMC) {
            return "it is of kind " + geometry.kind() + ", which is unknown";
        }
        boolean sound = header.limit() >= SegmentLayout.HEADER_SIZE && geometry.isSound()
                && header.getLong(SegmentLayout.HEADER_BYTES) == geometry.headerBytes()
                && header.getLong(SegmentLayout.FILE_SIZE) == geometry.fileSize();
        return sound ? "" : "it says a capacity of " + geometry.capacity() + " bytes, " + geometry.producers()
                + " producers, " + geometry.consumers() + " consumers and a header of "
                + header.getLong(SegmentLayout.HEADER_BYTES) + " bytes, which do not fit together";
    }

    /** What the creator of a ring says of the type of the messages; empty if nothing. */
    static String typeText(ByteBuffer header) {
        byte[] bytes = new byte[SegmentLayout.TAIL - SegmentLayout.TYPE_TEXT];
        header.get(SegmentLayout.TYPE_TEXT, bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return SharedHeader.printable(end < 0 ? text : text.substring(0, end));
    }
}
