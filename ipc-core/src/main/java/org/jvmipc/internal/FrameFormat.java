package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jvmipc.PeerInfo;

/**
 * The frames that carry messages over transports of bytes; {@code docs/formats/frame.md} describes them.
 *
 * <pre>
 *  31 30 29                                0
 * +-----+-----------------------------------+----------------
 * |kind |  length of what follows           |  payload …        big-endian
 * +-----+-----------------------------------+----------------
 * </pre>
 */
final class FrameFormat {
    static final int HEADER = 4;
    static final int LENGTH_MASK = 0x3fff_ffff;
    static final int DATA = 0;
    static final int DATA_FOR_RECEIPT = 1;
    static final int RECEIPT = 2;
    static final int CONTROL = 3;
    /** No control frame is longer; they are told apart from garbage by it. */
    static final int MAX_CONTROL = 1024;

    /**
     * First byte of a control frame: who I am. Then version, pid (8), type hash (8), name in UTF-8; then, if the type
     * is to be told, a NUL and its description in UTF-8, cut off where the frame is full.
     */
    static final byte HELLO = 1;
    /** First byte of a control frame: nothing follows in this direction. Then 1 if I take nothing either, or 0; pid. */
    static final byte BYE = 2;
    static final byte VERSION = 1;
    private static final int HELLO_FIXED = 18;
    private static final int MAX_NAME = 200;
    private static final int MAX_TYPE = 700;

    /** What a HELLO says; the description of the type may be empty. */
    record Hello(int version, PeerInfo peer, long type, String description) {
    }

    private FrameFormat() {
    }

    static int header(int kind, int length) {
        return kind << 30 | length;
    }

    static ByteBuffer hello(PeerInfo self, long type, String description) {
        byte[] name = self.name().getBytes(StandardCharsets.UTF_8);
        int length = Math.min(name.length, MAX_NAME);
        byte[] told = ("\0" + description).getBytes(StandardCharsets.UTF_8);
        int more = description.isEmpty() ? 0 : Math.min(told.length, MAX_TYPE);
        ByteBuffer frame = ByteBuffer.allocate(HEADER + HELLO_FIXED + length + more);
        frame.putInt(header(CONTROL, HELLO_FIXED + length + more));
        frame.put(HELLO).put(VERSION).putLong(self.pid()).putLong(type);
        return frame.put(name, 0, length).put(told, 0, more).flip();
    }

    static ByteBuffer bye(PeerInfo self, boolean all) {
        ByteBuffer frame = ByteBuffer.allocate(HEADER + 10);
        return frame.putInt(header(CONTROL, 10)).put(BYE).put((byte) (all ? 1 : 0)).putLong(self.pid()).flip();
    }

    static ByteBuffer receipt() {
        return ByteBuffer.allocate(HEADER).putInt(header(RECEIPT, 0)).flip();
    }

    /** Reads a HELLO after its first byte; null if it is none. */
    static Hello readHello(ByteBuffer payload) {
        if (payload.remaining() < HELLO_FIXED - 1) {
            return null;
        }
        int version = payload.get();
        long pid = payload.getLong();
        long type = payload.getLong();
        String text = StandardCharsets.UTF_8.decode(payload).toString();
        int end = text.indexOf('\0');
        return new Hello(version, new PeerInfo(pid, end < 0 ? text : text.substring(0, end)), type,
                end < 0 ? "" : text.substring(end + 1));
    }
}
