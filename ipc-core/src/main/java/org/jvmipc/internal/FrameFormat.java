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

    /** First byte of a control frame: who I am. Then version, pid (8), type hash (8), name in UTF-8. */
    static final byte HELLO = 1;
    /** First byte of a control frame: nothing follows in this direction. Then 1 if I take nothing either, or 0; pid. */
    static final byte BYE = 2;
    static final byte VERSION = 1;
    private static final int HELLO_FIXED = 18;
    private static final int MAX_NAME = 200;

    /** What a HELLO says. */
    record Hello(int version, PeerInfo peer, long type) {
    }

    private FrameFormat() {
    }

    static int header(int kind, int length) {
        return kind << 30 | length;
    }

    static ByteBuffer hello(PeerInfo self, long type) {
        byte[] name = self.name().getBytes(StandardCharsets.UTF_8);
        int length = Math.min(name.length, MAX_NAME);
        ByteBuffer frame = ByteBuffer.allocate(HEADER + HELLO_FIXED + length);
        frame.putInt(header(CONTROL, HELLO_FIXED + length)).put(HELLO).put(VERSION).putLong(self.pid()).putLong(type);
        return frame.put(name, 0, length).flip();
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
        return new Hello(version, new PeerInfo(pid, StandardCharsets.UTF_8.decode(payload).toString()), type);
    }
}
