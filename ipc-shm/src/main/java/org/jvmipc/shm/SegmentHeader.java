package org.jvmipc.shm;

import static org.jvmipc.shm.SegmentLayout.BYTE_ORDER;
import static org.jvmipc.shm.SegmentLayout.CAPACITY;
import static org.jvmipc.shm.SegmentLayout.CONSUMERS;
import static org.jvmipc.shm.SegmentLayout.CREATOR_PID;
import static org.jvmipc.shm.SegmentLayout.FILE_SIZE;
import static org.jvmipc.shm.SegmentLayout.GENERATION;
import static org.jvmipc.shm.SegmentLayout.HEADER_BYTES;
import static org.jvmipc.shm.SegmentLayout.HEADER_SIZE;
import static org.jvmipc.shm.SegmentLayout.KIND;
import static org.jvmipc.shm.SegmentLayout.LAYOUT_VERSION;
import static org.jvmipc.shm.SegmentLayout.MAGIC;
import static org.jvmipc.shm.SegmentLayout.MAGIC_BYTES;
import static org.jvmipc.shm.SegmentLayout.PRODUCERS;
import static org.jvmipc.shm.SegmentLayout.STATE;
import static org.jvmipc.shm.SegmentLayout.TYPE_HASH;
import static org.jvmipc.shm.SegmentLayout.TYPE_TEXT;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.posix.ProcessIdentity;

/** Writes and checks the constant part of a segment's header. */
final class SegmentHeader {
    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    /** Bytes for the description of the type, which is the last of the constant part. */
    private static final int TYPE_TEXT_MAX = SegmentLayout.TAIL - TYPE_TEXT;

    private SegmentHeader() {
    }

    /**
     * Whether a creator has begun and not come to the end of its work: what is there is of no use to anybody. What does
     * not begin as a segment of this toolkit, be it zeros, is somebody's, and what holds no ring is not ours to judge.
     *
     * @param header a private copy of the first bytes, or of as many as there are
     */
    static boolean isUnfinished(ByteBuffer header) {
        return header.limit() >= STATE + Integer.BYTES && magic(header).equals(ownMagic())
                && header.getInt(STATE) == 0 && header.getInt(KIND) != SharedLayout.KIND_MEMORY;
    }

    /** What a segment begins with from the first moment: what it is, and that it is not ready. */
    static byte[] beginning() {
        ByteBuffer first = ByteBuffer.allocate(HEADER_SIZE).order(ByteOrder.nativeOrder());
        first.put(MAGIC, MAGIC_BYTES);
        first.putLong(CREATOR_PID, ProcessIdentity.current().pid());
        return first.array();
    }

    /** Whether it says that it is a segment of this toolkit. */
    static boolean hasMagic(ByteBuffer header) {
        return header.limit() >= HEADER_SIZE && magic(header).equals(ownMagic());
    }

    /**
     * Checks a finished header.
     *
     * @param header a private copy, in native byte order
     * @param size the size of the file
     * @throws IncompatibleChannelException if it is a segment of another kind, layout, byte order, capacity or type
     * @throws SegmentCorruptedException if it is none
     */
    static void check(ByteBuffer header, long size, SegmentSpec spec) {
        if (header.limit() < HEADER_SIZE) {
            throw new SegmentCorruptedException(spec.backing().name() + " is " + size + " bytes long, a channel has at "
                    + "least " + HEADER_SIZE + "; it is none: remove it, or choose another name");
        }
        String magic = magic(header);
        if (!magic.equals(ownMagic())) {
            throw incompatible(spec, "begins with \"" + SharedHeader.printable(magic) + "\"", "\"" + ownMagic() + "\"");
        }
        long mark = header.getLong(BYTE_ORDER);
        if (mark != SegmentLayout.BYTE_ORDER_MARK && mark == Long.reverseBytes(SegmentLayout.BYTE_ORDER_MARK)) {
            throw incompatible(spec, "was made with the other byte order", ByteOrder.nativeOrder().toString());
        }
        int version = header.getInt(LAYOUT_VERSION);
        if (version != SegmentLayout.VERSION) {
            throw incompatible(spec, "has layout version " + version, "version " + SegmentLayout.VERSION);
        }
        Geometry found = Geometry.of(header);
        Geometry wanted = spec.ring().geometry();
        if (found.kind() != wanted.kind()) {
            throw incompatible(spec, "is of kind " + found.kind() + " (" + Geometry.name(found.kind()) + ")",
                    "kind " + wanted.kind() + " (" + Geometry.name(wanted.kind()) + ")");
        }
        long headerBytes = header.getLong(HEADER_BYTES);
        long fileSize = header.getLong(FILE_SIZE);
        if (mark != SegmentLayout.BYTE_ORDER_MARK || header.getInt(STATE) != SegmentLayout.STATE_READY
                || !found.isSound() || headerBytes != found.headerBytes() || fileSize != found.fileSize()
                || size != fileSize) {
            throw new SegmentCorruptedException(spec.backing().name() + " is " + size + " bytes long and says "
                    + "byte order " + Long.toHexString(mark)
                    + ", state " + header.getInt(STATE) + ", header of " + headerBytes
                    + " bytes, capacity " + found.capacity() + ", " + found.producers() + " producers, "
                    + found.consumers() + " consumers, file of " + fileSize
                    + " bytes, which do not fit together; nobody can use it: remove it");
        }
        checkFixed(spec, "capacity", found.capacity(), wanted.capacity());
        for (Side side : Side.values()) {
            checkFixed(spec, wanted.option(side), found.places(side), wanted.places(side));
        }
        boolean fragments = header.getInt(SegmentLayout.FRAGMENTS) != 0;
        if (fragments != spec.ring().fragments()) {
            throw incompatible(spec, "has fragment=" + fragments, "fragment=" + spec.ring().fragments());
        }
        long type = header.getLong(TYPE_HASH);
        if (differ(type, spec.ring().typeHash())) {
            throw incompatible(spec, "carries messages of type " + type(type, header),
                    "type " + Long.toHexString(spec.ring().typeHash()));
        }
    }

    /** Both are known, and not the same. */
    private static boolean differ(long one, long other) {
        return one != 0 && other != 0 && one != other;
    }

    private static String type(long hash, ByteBuffer header) {
        String text = typeText(header);
        return Long.toHexString(hash) + (text.isEmpty() ? "" : " (" + text + ")");
    }

    /**
     * Checks whether a listener wants what one who connects wants.
     *
     * @param door the header of the listener's segment
     * @throws IncompatibleChannelException if it wants another type
     */
    static void checkListener(String address, ByteBuffer door, long wanted) {
        long type = door.getLong(TYPE_HASH);
        if (differ(type, wanted)) {
            throw new IncompatibleChannelException(address + ": the listener has connections of type "
                    + type(type, door) + ", wanted is type " + Long.toHexString(wanted));
        }
    }

    private static void checkFixed(SegmentSpec spec, String option, long found, long wanted) {
        if (found != wanted && spec.ring().fixed().contains(option)) {
            throw incompatible(spec, "has " + option + "=" + found, option + "=" + wanted);
        }
    }

    private static IncompatibleChannelException incompatible(SegmentSpec spec, String found, String wanted) {
        return new IncompatibleChannelException(
                spec.address() + ": " + spec.backing().name() + " " + found + ", wanted is " + wanted);
    }

    /** Writes the header of a new segment into zeros; "ready" comes last. */
    static void write(ByteBuffer memory, SegmentSpec spec) {
        memory.putLong(CREATOR_PID, ProcessIdentity.current().pid());
        memory.put(MAGIC, MAGIC_BYTES);
        memory.putInt(LAYOUT_VERSION, SegmentLayout.VERSION);
        Geometry geometry = spec.ring().geometry();
        memory.putInt(KIND, geometry.kind());
        memory.putLong(BYTE_ORDER, SegmentLayout.BYTE_ORDER_MARK);
        memory.putLong(HEADER_BYTES, geometry.headerBytes());
        memory.putLong(CAPACITY, geometry.capacity());
        memory.putInt(PRODUCERS, geometry.producers());
        memory.putInt(CONSUMERS, geometry.consumers());
        memory.putInt(SegmentLayout.FRAGMENTS, spec.ring().fragments() ? 1 : 0);
        memory.putLong(FILE_SIZE, geometry.fileSize());
        memory.putLong(GENERATION, new SecureRandom().nextLong());
        writeType(memory, spec.ring());
    }

    /** Says that it is ready: after its creator has taken a place, as one without anybody looks as if it was kept. */
    static void ready(ByteBuffer memory) {
        INT.setRelease(memory, STATE, SegmentLayout.STATE_READY);
    }

    /** The first one with a type settles that of a segment whose creator had none; under the lock of the file. */
    static void settleType(ByteBuffer memory, SegmentSpec.Ring ring) {
        if (ring.typeHash() != 0 && memory.getLong(TYPE_HASH) == 0) {
            writeType(memory, ring);
        }
    }

    /** Writes the type alone. */
    static void writeType(ByteBuffer memory, SegmentSpec.Ring ring) {
        byte[] text = Arrays.copyOf(ring.typeText().getBytes(StandardCharsets.UTF_8), TYPE_TEXT_MAX);
        memory.put(TYPE_TEXT, text);
        memory.putLong(TYPE_HASH, ring.typeHash());
    }

    /** What the creator says of the type; cut off, and without what cannot be printed. */
    private static String typeText(ByteBuffer header) {
        byte[] bytes = new byte[TYPE_TEXT_MAX];
        header.get(TYPE_TEXT, bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return end < 0 ? SharedHeader.printable(text) + "…" : SharedHeader.printable(text.substring(0, end));
    }

    private static String ownMagic() {
        return new String(MAGIC_BYTES, StandardCharsets.ISO_8859_1);
    }

    private static String magic(ByteBuffer header) {
        byte[] bytes = new byte[MAGIC_BYTES.length];
        header.get(MAGIC, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
