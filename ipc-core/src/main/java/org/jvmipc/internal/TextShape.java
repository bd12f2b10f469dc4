package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.util.List;
import org.jvmipc.MalformedMessageException;

/** Text in UTF-8: its length in the slot, its bytes in the tail. */
final class TextShape implements Shape {
    @Override
    public String type() {
        return "string";
    }

    @Override
    public int slot() {
        return Integer.BYTES;
    }

    @Override
    public long tail(Object value) {
        return Utf8.length((String) value);
    }

    @Override
    public void put(Object value, ByteBuffer message, int at) {
        int start = message.position();
        Utf8.put((String) value, message);
        message.putInt(at, message.position() - start);
    }

    @Override
    public Object get(ByteBuffer message, int at) {
        int length = message.getInt(at);
        if (length < 0 || length > message.remaining()) {
            throw new MalformedMessageException("a text is said to take " + Integer.toUnsignedString(length)
                    + " bytes, only " + message.remaining() + " are left for it");
        }
        int start = message.position();
        message.position(start + length);
        return Utf8.get(message.slice(start, length));
    }

    @Override
    public void texts(int at, List<Integer> texts, boolean[] unknown) {
        texts.add(at);
    }
}
