package org.jvmipc.internal;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jvmipc.MalformedMessageException;

/**
 * Where a record's components stand in a message: a head of fixed size with a slot for each, then the texts in the
 * order of their slots, which hold their lengths.
 */
final class RecordFields {
    private final Class<?> record;
    private final String[] names;
    private final Class<?>[] types;
    private final int[] offsets;
    private final int[] textSlots;
    private final String[] textNames;
    private final int head;

    RecordFields(Class<?> record, RecordComponent[] components) {
        this.record = record;
        this.names = Arrays.stream(components).map(RecordComponent::getName).toArray(String[]::new);
        this.types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        this.offsets = new int[types.length];
        List<Integer> texts = new ArrayList<>();
        int offset = 0;
        for (int i = 0; i < types.length; i++) {
            offsets[i] = offset;
            offset += slotSize(i);
            if (types[i] == String.class) {
                texts.add(i);
            }
        }
        this.head = offset;
        this.textSlots = texts.stream().mapToInt(i -> offsets[i]).toArray();
        this.textNames = texts.stream().map(i -> names[i]).toArray(String[]::new);
    }

    /** How a component's type is called in the description of the record's type. */
    static String typeName(Class<?> type) {
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants()).map(constant -> ((Enum<?>) constant).name())
                    .collect(Collectors.joining(",", "enum{", "}"));
        }
        return type == String.class ? "string" : type.getName();
    }

    private int slotSize(int index) {
        Class<?> type = types[index];
        if (type == boolean.class || type == byte.class) {
            return 1;
        }
        if (type == short.class || type == char.class || type.isEnum()) {
            return 2;
        }
        if (type == int.class || type == float.class || type == String.class) {
            return 4;
        }
        if (type == long.class || type == double.class) {
            return 8;
        }
        throw new AssertionError(type);
    }

    /** Whether all components are of types that stand in a slot, or in a slot and a text. */
    static boolean areFlat(RecordComponent[] components) {
        return Arrays.stream(components).map(RecordComponent::getType)
                .allMatch(type -> type.isPrimitive() || type.isEnum() || type == String.class);
    }

    int head() {
        return head;
    }

    int textSlot(int index) {
        return textSlots[index];
    }

    String textName(int index) {
        return textNames[index];
    }

    IllegalArgumentException nullComponent(String name) {
        return new IllegalArgumentException("component " + name + " of " + record.getSimpleName()
                + " is null, which cannot be sent");
    }

    /** Sees to it that all slots and texts lie within the message and fill it. */
    void check(ByteBuffer message) {
        int have = message.remaining();
        if (have < head) {
            throw new MalformedMessageException(record.getSimpleName() + " takes at least " + head
                    + " bytes, here are " + have);
        }
        long want = head;
        for (int i = 0; i < textSlots.length; i++) {
            int length = message.getInt(textSlots[i]);
            if (length < 0 || length > have - want) {
                throw new MalformedMessageException("component " + textNames[i] + " of " + record.getSimpleName()
                        + " is said to take " + Integer.toUnsignedString(length) + " bytes, of the message's " + have
                        + " only " + (have - want) + " are left for it");
            }
            want += length;
        }
        if (want != have) {
            throw new MalformedMessageException(record.getSimpleName() + " takes " + want + " bytes, here are " + have);
        }
    }

    /** A handle {@code (ByteBuffer) -> type} for a message that was {@link #check}ed. */
    MethodHandle reader(int index) throws ReflectiveOperationException {
        Class<?> type = types[index];
        if (type == String.class) {
            int text = Arrays.binarySearch(textSlots, offsets[index]);
            return own("text", methodType(String.class, RecordFields.class, int.class, ByteBuffer.class), this, text);
        }
        if (type == boolean.class) {
            return own("flag", methodType(boolean.class, RecordFields.class, int.class, ByteBuffer.class), this, index);
        }
        if (type.isEnum()) {
            return own("constant", methodType(Object.class, RecordFields.class, int.class, Object[].class,
                    ByteBuffer.class), this, index, type.getEnumConstants())
                    .asType(methodType(type, ByteBuffer.class));
        }
        MethodHandle get = MethodHandles.publicLookup().findVirtual(
                ByteBuffer.class, "get" + suffix(type), methodType(type, int.class));
        return MethodHandles.insertArguments(get, 1, offsets[index]);
    }

    /** Handles {@code (ByteBuffer, Object) -> void} for all components but texts. */
    MethodHandle[] writers(MethodHandle[] accessors) throws ReflectiveOperationException {
        List<MethodHandle> writers = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            if (types[i] != String.class) {
                writers.add(MethodHandles.filterArguments(writer(i), 1, accessors[i]));
            }
        }
        return writers.toArray(MethodHandle[]::new);
    }

    private MethodHandle writer(int index) throws ReflectiveOperationException {
        Class<?> type = types[index];
        if (type == boolean.class) {
            return own("putFlag", methodType(void.class, int.class, ByteBuffer.class, boolean.class), offsets[index]);
        }
        if (type.isEnum()) {
            return own("putConstant", methodType(void.class, RecordFields.class, int.class, ByteBuffer.class,
                    Enum.class), this, index).asType(methodType(void.class, ByteBuffer.class, type));
        }
        MethodHandle put = MethodHandles.publicLookup().findVirtual(
                ByteBuffer.class, "put" + suffix(type), methodType(ByteBuffer.class, int.class, type));
        return MethodHandles.insertArguments(MethodHandles.dropReturn(put), 1, offsets[index]);
    }

    /** Handles {@code (Object) -> String} for the texts. */
    MethodHandle[] texts(MethodHandle[] accessors) {
        return Arrays.stream(accessors).filter(accessor -> accessor.type().returnType() == String.class)
                .toArray(MethodHandle[]::new);
    }

    private static MethodHandle own(String name, MethodType type, Object... bound)
            throws ReflectiveOperationException {
        return MethodHandles.insertArguments(
                MethodHandles.lookup().findStatic(RecordFields.class, name, type), 0, bound);
    }

    private static String suffix(Class<?> type) {
        String name = type.getName();
        return type == byte.class ? "" : Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    private static String text(RecordFields fields, int index, ByteBuffer message) {
        int start = fields.head;
        for (int i = 0; i < index; i++) {
            start += message.getInt(fields.textSlots[i]);
        }
        return Utf8.get(message.slice(start, message.getInt(fields.textSlots[index])));
    }

    private static boolean flag(RecordFields fields, int index, ByteBuffer message) {
        byte value = message.get(fields.offsets[index]);
        if (value != 0 && value != 1) {
            throw new MalformedMessageException("component " + fields.names[index] + " of "
                    + fields.record.getSimpleName() + " is a boolean, 0 or 1, not " + value);
        }
        return value == 1;
    }

    private static Object constant(RecordFields fields, int index, Object[] constants, ByteBuffer message) {
        int ordinal = Short.toUnsignedInt(message.getShort(fields.offsets[index]));
        if (ordinal >= constants.length) {
            throw new MalformedMessageException("component " + fields.names[index] + " of "
                    + fields.record.getSimpleName() + " is constant number " + ordinal + " of an enum with "
                    + constants.length);
        }
        return constants[ordinal];
    }

    private static void putFlag(int offset, ByteBuffer message, boolean value) {
        message.put(offset, (byte) (value ? 1 : 0));
    }

    private static void putConstant(RecordFields fields, int index, ByteBuffer message, Enum<?> value) {
        if (value == null) {
            throw fields.nullComponent(fields.names[index]);
        }
        message.putShort(fields.offsets[index], (short) value.ordinal());
    }
}
