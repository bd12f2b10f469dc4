package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jvmipc.Codec;
import org.jvmipc.MalformedMessageException;

/** UTF-8 to the letter: nothing is replaced in either direction. */
final class Utf8 {
    private Utf8() {
    }

    /** How many bytes the text takes; the text is checked by it. */
    static int length(String text) {
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                length++;
            } else if (c < 0x800) {
                length += 2;
            } else if (!Character.isSurrogate(c)) {
                length += 3;
            } else if (Character.isHighSurrogate(c) && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                length += 4;
                i++;
            } else {
                throw new IllegalArgumentException("the text has half a surrogate pair at index " + i
                        + ", which UTF-8 cannot carry");
            }
        }
        if (length > Codec.MAX_SIZE) {
            throw new IllegalArgumentException("the text takes " + length + " bytes in UTF-8, at most " + Codec.MAX_SIZE
                    + " can be sent; send it in parts");
        }
        return (int) length;
    }

    /** Writes a text that {@link #length} has checked. */
    static void put(String text, ByteBuffer into) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                into.put((byte) c);
            } else if (c < 0x800) {
                into.put((byte) (0xc0 | c >> 6)).put((byte) (0x80 | c & 0x3f));
            } else if (!Character.isSurrogate(c)) {
                into.put((byte) (0xe0 | c >> 12)).put((byte) (0x80 | c >> 6 & 0x3f)).put((byte) (0x80 | c & 0x3f));
            } else {
                int point = text.codePointAt(i++);
                into.put((byte) (0xf0 | point >> 18)).put((byte) (0x80 | point >> 12 & 0x3f));
                into.put((byte) (0x80 | point >> 6 & 0x3f)).put((byte) (0x80 | point & 0x3f));
            }
        }
    }

    /** Reads a text: all bytes from position to limit. */
    static String get(ByteBuffer from) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(from).toString();
        } catch (CharacterCodingException notUtf8) {
            throw new MalformedMessageException("text that is not UTF-8: " + notUtf8.getMessage(), notUtf8);
        }
    }
}
