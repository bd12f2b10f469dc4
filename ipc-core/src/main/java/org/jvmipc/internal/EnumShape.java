package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.util.List;
import org.jvmipc.MalformedMessageException;

/** Enums by the number of their constant. */
record EnumShape(String type, Object[] constants) implements Shape {
    static EnumShape of(Class<?> type) {
        return new EnumShape(RecordFields.typeName(type), type.getEnumConstants());
    }

    @Override
    public int slot() {
        return Short.BYTES;
    }

    @Override
    public long tail(Object value) {
        return 0;
    }

    @Override
    public void put(Object value, ByteBuffer message, int at) {
        message.putShort(at, (short) ((Enum<?>) value).ordinal());
    }

    @Override
    public Object get(ByteBuffer message, int at) {
        int number = Short.toUnsignedInt(message.getShort(at));
        if (number >= constants.length) {
            throw new MalformedMessageException("constant number " + number + " of an enum with " + constants.length);
        }
        return constants[number];
    }

    @Override
    public void texts(int at, List<Integer> texts, boolean[] unknown) {
    }
}
