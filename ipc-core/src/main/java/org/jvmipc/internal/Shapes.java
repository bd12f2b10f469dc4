package org.jvmipc.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Makes the shapes of records out of what their classes declare. */
final class Shapes {
    private final MethodHandles.Lookup lookup;
    /** The records that are being looked at, one within the other. */
    private final Deque<Class<?>> within = new ArrayDeque<>();

    /** With the lookup that was given, or null. */
    Shapes(MethodHandles.Lookup lookup) {
        this.lookup = lookup;
    }

    RecordShape of(Class<?> record) {
        if (within.contains(record)) {
            throw new IllegalArgumentException(record.getName() + " contains itself, so that its layout has no end; "
                    + "send what it refers to by number");
        }
        within.push(record);
        RecordComponent[] components = record.getRecordComponents();
        Shape[] shapes = new Shape[components.length];
        for (int i = 0; i < components.length; i++) {
            shapes[i] = component(record, components[i]);
        }
        within.pop();
        try {
            return new RecordShape(record, shapes, RecordCodec.reach(record, lookup));
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError("a record without its canonical constructor or an accessor", impossible);
        }
    }

    private Shape component(Class<?> record, RecordComponent component) {
        Shape primitive = FixedShape.of(component.getType());
        Shape shape = primitive != null ? primitive : reference(component.getGenericType());
        if (shape == null) {
            throw new IllegalArgumentException("component " + component.getName() + " of " + record.getName()
                    + " is of " + component.getGenericType().getTypeName() + "; components may be of the primitive "
                    + "types, enums, String, other records, and List and Optional of these; others go by Codec.of");
        }
        return shape;
    }

    /** The shape of what is no primitive type, or of one that is wrapped in a list or an optional; null if none. */
    private Shape reference(Type type) {
        if (type instanceof Class<?> simple) {
            if (simple == String.class) {
                return new TextShape();
            }
            if (simple.isEnum()) {
                return EnumShape.of(simple);
            }
            return simple.isRecord() ? of(simple) : null;
        }
        if (!(type instanceof ParameterizedType generic)) {
            return null;
        }
        if (generic.getRawType() != List.class && generic.getRawType() != Optional.class) {
            return null;
        }
        Type argument = generic.getActualTypeArguments()[0];
        Shape element = argument instanceof Class<?> boxed && MethodType.methodType(boxed).hasWrappers()
                ? FixedShape.of(MethodType.methodType(boxed).unwrap().returnType()) : reference(argument);
        if (element == null || generic.getRawType() == Optional.class) {
            return element == null ? null : new OptionalShape(element);
        }
        if (element.slot() == 0) {
            throw new IllegalArgumentException(argument.getTypeName() + " has no components, so that a list of it "
                    + "would take no bytes; send how many there are");
        }
        return new ListShape(element);
    }
}
