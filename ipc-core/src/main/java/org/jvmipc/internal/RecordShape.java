package org.jvmipc.internal;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jvmipc.MalformedMessageException;

/** Records: the slots of their components side by side, the tails one after the other. */
final class RecordShape implements Shape {
    private final Class<?> record;
    private final String[] names;
    private final Shape[] shapes;
    private final int[] offsets;
    private final int slot;
    private final String type;
    /** {@code (Object[]) -> Object}. */
    private final MethodHandle constructor;
    /** {@code (Object) -> Object} for each component. */
    private final MethodHandle[] accessors;

    /** With a lookup that reaches the record's members. */
    RecordShape(Class<?> record, Shape[] shapes, MethodHandles.Lookup lookup) throws ReflectiveOperationException {
        RecordComponent[] components = record.getRecordComponents();
        this.record = record;
        this.names = Arrays.stream(components).map(RecordComponent::getName).toArray(String[]::new);
        this.shapes = shapes;
        this.offsets = new int[shapes.length];
        int offset = 0;
        for (int i = 0; i < shapes.length; i++) {
            offsets[i] = offset;
            offset += shapes[i].slot();
        }
        this.slot = offset;
        this.type = IntStream.range(0, shapes.length).mapToObj(i -> shapes[i].type() + " " + names[i])
                .collect(Collectors.joining(",", "record " + record.getSimpleName() + "(", ")"));
        Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        this.constructor = lookup.findConstructor(record, methodType(void.class, types))
                .asSpreader(Object[].class, types.length).asType(methodType(Object.class, Object[].class));
        this.accessors = new MethodHandle[shapes.length];
        for (int i = 0; i < shapes.length; i++) {
            accessors[i] = lookup.findVirtual(record, names[i], methodType(types[i]))
                    .asType(methodType(Object.class, Object.class));
        }
    }

    /** What is at a path of components, {@code leg.price}; null if there is nothing. */
    Place place(String path) {
        return place(path, 0, new ArrayList<>(), new boolean[1]);
    }

    /** Collects where the lengths of the texts are whose bytes come before, and whether anything else does. */
    private Place place(String path, int start, List<Integer> texts, boolean[] unknown) {
        int dot = path.indexOf('.');
        String name = dot < 0 ? path : path.substring(0, dot);
        for (int i = 0; i < shapes.length; i++) {
            int at = start + offsets[i];
            if (names[i].equals(name) && dot < 0) {
                return new Place(shapes[i], at, unknown[0] ? null : texts.stream().mapToInt(text -> text).toArray());
            }
            if (names[i].equals(name)) {
                return shapes[i] instanceof RecordShape nested
                        ? nested.place(path.substring(dot + 1), at, texts, unknown) : null;
            }
            shapes[i].texts(at, texts, unknown);
        }
        return null;
    }

    @Override
    public void texts(int at, List<Integer> texts, boolean[] unknown) {
        for (int i = 0; i < shapes.length; i++) {
            shapes[i].texts(at + offsets[i], texts, unknown);
        }
    }

    /** Whether all values take as many bytes. */
    boolean isFixed() {
        List<Integer> texts = new ArrayList<>();
        boolean[] unknown = new boolean[1];
        texts(0, texts, unknown);
        return texts.isEmpty() && !unknown[0];
    }

    /**
     * A component: where its slot begins, and where the lengths of the texts are whose bytes come before its own; null
     * if that depends on more than texts.
     */
    record Place(Shape shape, int offset, int[] texts) {
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public int slot() {
        return slot;
    }

    private Object component(Object value, int index) {
        Object component;
        try {
            component = (Object) accessors[index].invokeExact(value);
        } catch (Throwable thrown) {
            throw RecordCodec.unchecked(thrown);
        }
        if (component == null) {
            throw new IllegalArgumentException("component " + names[index] + " of " + record.getSimpleName()
                    + " is null, which cannot be sent");
        }
        return component;
    }

    @Override
    public long tail(Object value) {
        long size = 0;
        for (int i = 0; i < shapes.length; i++) {
            size += shapes[i].tail(component(value, i));
        }
        return size;
    }

    @Override
    public void put(Object value, ByteBuffer message, int at) {
        for (int i = 0; i < shapes.length; i++) {
            shapes[i].put(component(value, i), message, at + offsets[i]);
        }
    }

    @Override
    public Object get(ByteBuffer message, int at) {
        Object[] components = new Object[shapes.length];
        for (int i = 0; i < shapes.length; i++) {
            try {
                components[i] = shapes[i].get(message, at + offsets[i]);
            } catch (MalformedMessageException malformed) {
                throw new MalformedMessageException("component " + names[i] + " of " + record.getSimpleName() + ": "
                        + malformed.getMessage(), malformed);
            }
        }
        try {
            return (Object) constructor.invokeExact(components);
        } catch (RuntimeException refused) {
            throw new MalformedMessageException("the constructor of " + record.getSimpleName()
                    + " refuses its components: " + refused, refused);
        } catch (Throwable thrown) {
            throw RecordCodec.unchecked(thrown);
        }
    }
}
