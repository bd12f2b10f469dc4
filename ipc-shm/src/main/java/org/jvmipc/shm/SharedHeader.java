package org.jvmipc.shm;

import static org.jvmipc.shm.SharedLayout.BYTE_ORDER;
import static org.jvmipc.shm.SharedLayout.CONSTANT_END;
import static org.jvmipc.shm.SharedLayout.CREATOR_PID;
import static org.jvmipc.shm.SharedLayout.FILE_SIZE;
import static org.jvmipc.shm.SharedLayout.GENERATION;
import static org.jvmipc.shm.SharedLayout.HEADER_BYTES;
import static org.jvmipc.shm.SharedLayout.HEADER_SIZE;
import static org.jvmipc.shm.SharedLayout.KIND;
import static org.jvmipc.shm.SharedLayout.KIND_MEMORY;
import static org.jvmipc.shm.SharedLayout.LAYOUT_VERSION;
import static org.jvmipc.shm.SharedLayout.MAGIC;
import static org.jvmipc.shm.SharedLayout.SIZE;
import static org.jvmipc.shm.SharedLayout.STATE;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.posix.ProcessIdentity;

/** Writes, reads and checks the constant part of a {@link SharedSegment}'s header. */
final class SharedHeader {
    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private SharedHeader() {
    }

    /**
     * Whether its creator has not come to the end of its work. (What is not even blank and has no magic is somebody's.)
     *
     * @param header a private copy of the first bytes, or of as many as there are
     */
    static boolean isUnfinished(ByteBuffer header) {
        return isOurs(header) && header.getInt(STATE) == 0;
    }

    /** Whether it says that it is a segment of this kind, of any version. */
    static boolean isOurs(ByteBuffer header) {
        return isToolkits(header) && header.getInt(KIND) == KIND_MEMORY;
    }

    /** Whether it says that it is a segment of this toolkit, of any kind. */
    static boolean isToolkits(ByteBuffer header) {
        return header.limit() >= CONSTANT_END && magic(header).equals(ownMagic());
    }

    /**
     * Checks a finished header.
     *
     * @param header a private copy
     * @param size of the whole memory
     * @throws IncompatibleChannelException if it is a segment of another kind, layout, byte order, size, type or name
     * @throws SegmentCorruptedException if it is none
     */
    static void check(ByteBuffer header, long size, SegmentRequest request) {
        String where = request.backing().name();
        if (header.limit() < CONSTANT_END) {
            throw tooShort(where, size);
        }
        if (!isToolkits(header)) {
            throw incompatible(where, "begins with \"" + printable(magic(header)) + "\"", "\"" + ownMagic() + "\"");
        }
        long mark = header.getLong(BYTE_ORDER);
        if (mark == Long.reverseBytes(SegmentLayout.BYTE_ORDER_MARK)) {
            throw incompatible(where, "was made with the other byte order", ByteOrder.nativeOrder().toString());
        }
        if (header.getInt(KIND) != KIND_MEMORY) {
            throw incompatible(where, "is of kind " + header.getInt(KIND), "kind " + KIND_MEMORY);
        }
        if (header.limit() < HEADER_SIZE) {
            throw tooShort(where, size);
        }
        int version = header.getInt(LAYOUT_VERSION);
        if (version != SharedLayout.VERSION) {
            throw incompatible(where, "has layout version " + version, "version " + SharedLayout.VERSION);
        }
        long usable = header.getLong(SIZE);
        long headerBytes = header.getLong(HEADER_BYTES);
        long fileSize = header.getLong(FILE_SIZE);
        if (mark != SegmentLayout.BYTE_ORDER_MARK || header.getInt(STATE) != SegmentLayout.STATE_READY
                || headerBytes != HEADER_SIZE || usable < 1 || usable > SharedLayout.MAX_SIZE
                || fileSize != HEADER_SIZE + usable || size != fileSize) {
            throw new SegmentCorruptedException(where + " is " + size + " bytes long and says byte order "
                    + Long.toHexString(mark) + ", state " + header.getInt(STATE) + ", header of " + headerBytes
                    + " bytes, memory of " + usable + " bytes, " + fileSize
                    + " bytes in all, which do not fit together; nobody can use it: remove it");
        }
        if (request.size() != SegmentRequest.ANY_SIZE && request.size() != usable) {
            throw incompatible(where, "has " + usable + " bytes", request.size() + " bytes");
        }
        compare(where, "holds", type(header), request.identity().type());
        compare(where, "is called", name(header), request.identity().name());
    }

    private static SegmentCorruptedException tooShort(String where, long size) {
        return new SegmentCorruptedException(where + " is " + size + " bytes long, a segment has at least "
                + (HEADER_SIZE + 1) + "; it is none, or somebody has truncated it: remove it");
    }

    private static void compare(String where, String what, String found, String wanted) {
        if (!wanted.isEmpty() && !found.isEmpty() && !wanted.equals(found)) {
            throw incompatible(where, what + " \"" + printable(found) + "\"", "\"" + wanted + "\"");
        }
    }

    private static IncompatibleChannelException incompatible(String where, String found, String wanted) {
        return new IncompatibleChannelException(where + " " + found + ", wanted is " + wanted);
    }

    /** What a segment begins with from the first moment: what it is, and that it is not ready. */
    static byte[] beginning() {
        ByteBuffer first = ByteBuffer.allocate(CONSTANT_END).order(ByteOrder.nativeOrder());
        first.put(MAGIC, SegmentLayout.MAGIC_BYTES);
        first.putInt(LAYOUT_VERSION, SharedLayout.VERSION);
        first.putInt(KIND, KIND_MEMORY);
        first.putLong(BYTE_ORDER, SegmentLayout.BYTE_ORDER_MARK);
        first.putLong(HEADER_BYTES, HEADER_SIZE);
        first.putLong(CREATOR_PID, ProcessIdentity.current().pid());
        return first.array();
    }

    /** Completes the header of a new segment; "ready" comes last. */
    static void complete(ByteBuffer memory, SegmentRequest request) {
        memory.putLong(SIZE, request.size());
        memory.putLong(FILE_SIZE, HEADER_SIZE + request.size());
        memory.putLong(GENERATION, new SecureRandom().nextLong());
        putText(memory, SharedLayout.TYPE_LENGTH, SharedLayout.TYPE, request.identity().type());
        putText(memory, SharedLayout.NAME_LENGTH, SharedLayout.NAME, request.identity().name());
    }

    /** Says that it is ready: after its creator has taken a place, as one without anybody looks as if it was kept. */
    static void ready(ByteBuffer memory) {
        INT.setRelease(memory, STATE, SegmentLayout.STATE_READY);
    }

    /** What it holds, as its creator called it; empty if it did not say. */
    static String type(ByteBuffer header) {
        return text(header, SharedLayout.TYPE_LENGTH, SharedLayout.TYPE, SharedLayout.TYPE_MAX);
    }

    /** What it is called; empty if it has no name. */
    static String name(ByteBuffer header) {
        return text(header, SharedLayout.NAME_LENGTH, SharedLayout.NAME, SharedLayout.NAME_MAX);
    }

    private static String text(ByteBuffer header, int lengthField, int field, int max) {
        int length = Math.max(0, Math.min(header.getInt(lengthField), max));
        byte[] bytes = new byte[length];
        header.get(field, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void putText(ByteBuffer memory, int lengthField, int field, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        memory.put(field, bytes);
        memory.putInt(lengthField, bytes.length);
    }

    private static String ownMagic() {
        return new String(SegmentLayout.MAGIC_BYTES, StandardCharsets.ISO_8859_1);
    }

    private static String magic(ByteBuffer header) {
        byte[] bytes = new byte[SegmentLayout.MAGIC_BYTES.length];
        header.get(MAGIC, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** What somebody else wrote may be anything; a message is to be read. */
    static String printable(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                out.append(String.format("\\%02x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
