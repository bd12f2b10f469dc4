package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jvmipc.MalformedMessageException;

/** The primitive types: all in the slot. */
record FixedShape(String type, int slot, Put writer, Get reader) implements Shape {
    private static final Map<Class<?>, FixedShape> OF = Map.of(
            boolean.class, new FixedShape("boolean", 1,
                    (value, message, at) -> message.put(at, (byte) ((boolean) value ? 1 : 0)), FixedShape::flag),
            byte.class, new FixedShape("byte", 1,
                    (value, message, at) -> message.put(at, (byte) value), ByteBuffer::get),
            short.class, new FixedShape("short", 2,
                    (value, message, at) -> message.putShort(at, (short) value), ByteBuffer::getShort),
            char.class, new FixedShape("char", 2,
                    (value, message, at) -> message.putChar(at, (char) value), ByteBuffer::getChar),
            int.class, new FixedShape("int", 4,
                    (value, message, at) -> message.putInt(at, (int) value), ByteBuffer::getInt),
            long.class, new FixedShape("long", 8,
                    (value, message, at) -> message.putLong(at, (long) value), ByteBuffer::getLong),
            float.class, new FixedShape("float", 4,
                    (value, message, at) -> message.putFloat(at, (float) value), ByteBuffer::getFloat),
            double.class, new FixedShape("double", 8,
                    (value, message, at) -> message.putDouble(at, (double) value), ByteBuffer::getDouble));

    /** Writes a value into its slot. */
    interface Put {
        void put(Object value, ByteBuffer message, int at);
    }

    /** Reads a value from its slot. */
    interface Get {
        Object get(ByteBuffer message, int at);
    }

    /** The shape of a primitive type, null for others. */
    static FixedShape of(Class<?> primitive) {
        return OF.get(primitive);
    }

    private static Object flag(ByteBuffer message, int at) {
        return flag(message.get(at), "a boolean");
    }

    /** A byte that stands for yes or no. */
    static boolean flag(byte value, String what) {
        if (value != 0 && value != 1) {
            throw new MalformedMessageException(what + " is 0 or 1, not " + value);
        }
        return value == 1;
    }

    @Override
    public long tail(Object value) {
        return 0;
    }

    @Override
    public void put(Object value, ByteBuffer message, int at) {
        writer.put(value, message, at);
    }

    @Override
    public Object get(ByteBuffer message, int at) {
        return reader.get(message, at);
    }

    @Override
    public void texts(int at, List<Integer> texts, boolean[] unknown) {
    }
}
