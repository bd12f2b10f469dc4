package org.jvmipc.internal;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jvmipc.Codec;
import org.jvmipc.MalformedMessageException;

/**
 * Records by a fixed layout; {@code docs/formats/record.md} describes it.
 *
 * <p>The handles are put together once: one that reads all components and calls the canonical constructor, and for
 * each component one that calls its accessor and writes what it gives. Sending and receiving then neither reflect nor
 * box. Both work on a slice of the buffer, which is big-endian and starts at 0, whatever the buffer is like.
 */
public final class RecordCodec<R extends Record> implements Codec<R> {
    private final Class<R> record;
    private final String type;
    private final RecordFields fields;
    /** {@code (ByteBuffer) -> Object}. */
    private final MethodHandle reader;
    /** {@code (ByteBuffer, Object) -> void} for each component that is no text. */
    private final MethodHandle[] writers;
    /** {@code (Object) -> String} for each component that is text. */
    private final MethodHandle[] texts;

    private RecordCodec(Class<R> record, MethodHandles.Lookup lookup) throws ReflectiveOperationException {
        RecordComponent[] components = record.getRecordComponents();
        this.record = record;
        this.fields = new RecordFields(record, components);
        this.type = Arrays.stream(components)
                .map(component -> RecordFields.typeName(component.getType()) + " " + component.getName())
                .collect(Collectors.joining(",", "record " + record.getSimpleName() + "(", ")"));
        Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        MethodHandle constructor = lookup.findConstructor(record, methodType(void.class, types));
        MethodHandle[] readers = new MethodHandle[components.length];
        MethodHandle[] accessors = new MethodHandle[components.length];
        for (int i = 0; i < components.length; i++) {
            readers[i] = fields.reader(i);
            accessors[i] = lookup.findVirtual(record, components[i].getName(), methodType(types[i]))
                    .asType(methodType(types[i], Object.class));
        }
        this.reader = MethodHandles.permuteArguments(
                MethodHandles.filterArguments(constructor, 0, readers).asType(
                        methodType(Object.class, constant(ByteBuffer.class, types.length))),
                methodType(Object.class, ByteBuffer.class), new int[types.length]);
        this.writers = fields.writers(accessors);
        this.texts = fields.texts(accessors);
    }

    private static Class<?>[] constant(Class<?> type, int count) {
        Class<?>[] types = new Class<?>[count];
        Arrays.fill(types, type);
        return types;
    }

    public static <R extends Record> Codec<R> of(Class<R> record, MethodHandles.Lookup lookup) {
        if (!record.isRecord()) {
            throw new IllegalArgumentException(record.getName() + " is no record class");
        }
        if (!RecordFields.areFlat(record.getRecordComponents())) {
            return new ShapeCodec<>(record, new Shapes(lookup).of(record));
        }
        try {
            return new RecordCodec<>(record, reach(record, lookup));
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError("a record without its canonical constructor or an accessor", impossible);
        }
    }

    /** A lookup for the members of a record, from the one that was given, or null. */
    static MethodHandles.Lookup reach(Class<?> record, MethodHandles.Lookup lookup) {
        try {
            return MethodHandles.privateLookupIn(record, lookup == null ? MethodHandles.lookup() : lookup);
        } catch (IllegalAccessException inaccessible) {
            String whose = lookup == null
                    ? "org.jvmipc.core; give MethodHandles.lookup() as second argument, or open its package"
                    : lookup.lookupClass().getName() + ", whose lookup was given";
            throw new IllegalArgumentException(record.getName() + " is not accessible to " + whose + ": "
                    + inaccessible.getMessage(), inaccessible);
        }
    }

    @Override
    public int size(R value) {
        SimpleCodecs.refuseNull(value);
        long size = fields.head();
        for (int i = 0; i < texts.length; i++) {
            size += Utf8.length(text(value, i));
        }
        if (size > MAX_SIZE) {
            throw new IllegalArgumentException("the " + record.getSimpleName() + " takes " + size + " bytes, at most "
                    + MAX_SIZE + " can be sent");
        }
        return (int) size;
    }

    private String text(R value, int index) {
        try {
            String text = (String) texts[index].invokeExact((Object) value);
            if (text == null) {
                throw fields.nullComponent(fields.textName(index));
            }
            return text;
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    @Override
    public void encode(R value, ByteBuffer into) {
        SimpleCodecs.refuseNull(value);
        ByteBuffer slice = into.slice();
        try {
            for (MethodHandle writer : writers) {
                writer.invokeExact(slice, (Object) value);
            }
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
        slice.position(fields.head());
        for (int i = 0; i < texts.length; i++) {
            String text = text(value, i);
            slice.putInt(fields.textSlot(i), Utf8.length(text));
            Utf8.put(text, slice);
        }
        into.position(into.position() + slice.position());
    }

    @Override
    public R decode(ByteBuffer from) {
        ByteBuffer slice = from.slice();
        fields.check(slice);
        R value;
        try {
            value = record.cast((Object) reader.invokeExact(slice));
        } catch (MalformedMessageException malformed) {
            throw malformed;
        } catch (RuntimeException refused) {
            throw new MalformedMessageException("the constructor of " + record.getSimpleName()
                    + " refuses its components: " + refused, refused);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
        from.position(from.limit());
        return value;
    }

    static RuntimeException unchecked(Throwable thrown) {
        if (thrown instanceof RuntimeException exception) {
            return exception;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        throw new AssertionError("records declare no checked exceptions", thrown);
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public String toString() {
        return "codec of " + type;
    }
}
