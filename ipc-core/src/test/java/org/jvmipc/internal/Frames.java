package org.jvmipc.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.Address;
import org.jvmipc.PeerInfo;
import org.jvmipc.spi.ByteLink;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Options;
import org.jvmipc.spi.Role;

/** Frames as bytes, and links over scripted ports. */
final class Frames {
    static final PeerInfo PEER = new PeerInfo(4711, "a.Peer");
    static final PeerInfo OTHER = new PeerInfo(4712, "an.Other");

    private Frames() {
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] frame(int kind, byte[] payload) {
        return bytes(ByteBuffer.allocate(4 + payload.length)
                .putInt(FrameFormat.header(kind, payload.length)).put(payload).flip());
    }

    static byte[] data(String text) {
        return frame(FrameFormat.DATA, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] dataForReceipt(String text) {
        return frame(FrameFormat.DATA_FOR_RECEIPT, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] receipt() {
        return bytes(FrameFormat.receipt());
    }

    static byte[] hello(PeerInfo peer) {
        return bytes(FrameFormat.hello(peer, 0, ""));
    }

    static byte[] bye(PeerInfo peer, boolean all) {
        return bytes(FrameFormat.bye(peer, all));
    }

    static ByteBuffer text(String text) {
        return StandardCharsets.UTF_8.encode(text);
    }

    static String text(ByteBuffer message) {
        return StandardCharsets.UTF_8.decode(message).toString();
    }

    static OptionValues values(String options) {
        return Options.common().check(Address.parse("test:x" + (options.isEmpty() ? "" : "?" + options)));
    }

    static FrameLink link(ScriptedOut out, ScriptedIn in, Role role, String options) {
        return new FrameLink(new ByteLink(Address.of("test", "x"), out, in, null), values(options), role);
    }

    /** What frames the bytes are: {@code HELLO}, {@code BYE}, {@code BYE all}, {@code receipt}, or the text of data. */
    static List<String> describe(byte[] bytes) {
        List<String> frames = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.remaining() >= 4) {
            int header = buffer.getInt();
            int length = header & FrameFormat.LENGTH_MASK;
            if (buffer.remaining() < length) {
                frames.add("torn");
                return frames;
            }
            ByteBuffer payload = buffer.slice(buffer.position(), length);
            buffer.position(buffer.position() + length);
            frames.add(switch (header >>> 30) {
                case FrameFormat.RECEIPT -> "receipt";
                case FrameFormat.CONTROL -> payload.get(0) == FrameFormat.HELLO ? "HELLO"
                        : payload.get(1) == 1 ? "BYE all" : "BYE";
                case FrameFormat.DATA_FOR_RECEIPT -> text(payload) + "?";
                default -> text(payload);
            });
        }
        if (buffer.hasRemaining()) {
            frames.add("torn");
        }
        return frames;
    }
}
