package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jvmipc.Codec;
import org.jvmipc.Letter;
import org.jvmipc.MalformedMessageException;
import org.jvmipc.Message;
import org.jvmipc.PeerInfo;

/** Letters as messages; {@code docs/formats/patterns.md} describes them. */
public final class Letters {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,59}");

    /** Letters as values, which do not tell the process that they came from. */
    public static final Codec<Letter> CODEC = new FunctionCodec<>("",
            letter -> write(letter.source(), letter.destination(), letter.payload()).array(),
            bytes -> read(new Message(ByteBuffer.wrap(bytes), PeerInfo.UNKNOWN)));

    private Letters() {
    }

    /** Checks the name of a mailbox. */
    public static String name(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("\"" + name + "\" is no name of a mailbox; it is 1 to 60 letters, "
                    + "digits and . _ -, the first one no dot");
        }
        return name;
    }

    public static ByteBuffer write(String source, String destination, ByteBuffer payload) {
        byte[] from = source.getBytes(StandardCharsets.US_ASCII);
        byte[] to = destination.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(2 + from.length + to.length + payload.remaining())
                .put((byte) from.length).put(from).put((byte) to.length).put(to).put(payload.duplicate()).flip();
    }

    public static Letter read(Message message) {
        ByteBuffer bytes = message.payload();
        String source = readName(bytes);
        String destination = readName(bytes);
        return new Letter(source, destination, bytes.slice(), message.sender());
    }

    private static String readName(ByteBuffer bytes) {
        int length = bytes.hasRemaining() ? bytes.get() : -1;
        if (length < 1 || length > bytes.remaining()) {
            throw new MalformedMessageException("a message that is no letter: a name is said to have " + length
                    + " bytes of " + bytes.remaining());
        }
        byte[] name = new byte[length];
        bytes.get(name);
        String text = new String(name, StandardCharsets.ISO_8859_1);
        if (!NAME.matcher(text).matches()) {
            throw new MalformedMessageException("a message that is no letter: a name has characters that none has");
        }
        return text;
    }

    public static <T> T value(Codec<T> codec, Letter letter) {
        try {
            return Envelope.value(codec, letter.payload().order(ByteOrder.BIG_ENDIAN));
        } catch (MalformedMessageException malformed) {
            throw new MalformedMessageException("the letter of " + letter + " is no " + codec.type() + ": "
                    + malformed.getMessage(), malformed);
        }
    }
}
