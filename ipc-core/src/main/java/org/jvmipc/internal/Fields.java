package org.jvmipc.internal;

import java.lang.invoke.MethodHandles;

/** Where the components of a record are, for those who read them in place. */
public final class Fields {
    private final String record;
    private final RecordShape shape;

    private Fields(String record, RecordShape shape) {
        this.record = record;
        this.shape = shape;
    }

    public static Fields of(Class<? extends Record> record, MethodHandles.Lookup lookup) {
        return new Fields(record.getSimpleName(), new Shapes(lookup).of(record));
    }

    public int size() {
        return shape.slot();
    }

    public boolean isFixed() {
        return shape.isFixed();
    }

    private RecordShape.Place place(String path) {
        RecordShape.Place place = shape.place(path);
        if (place == null) {
            throw new IllegalArgumentException(record + " has no component " + path + "; it is " + shape.type());
        }
        return place;
    }

    /** Where a component's slot begins; its type must be the one given. */
    public int offset(String path, String type) {
        RecordShape.Place place = place(path);
        String found = place.shape() instanceof EnumShape ? "enum" : place.shape().type();
        if (!found.equals(type)) {
            throw new IllegalArgumentException("component " + path + " of " + record + " is of type "
                    + place.shape().type() + ", not " + type);
        }
        return place.offset();
    }

    /** Where the lengths of the texts are that stand before a text. */
    public int[] textsBefore(String path) {
        int[] texts = place(path).texts();
        if (texts == null) {
            throw new IllegalArgumentException("the text " + path + " of " + record + " follows a list or an optional "
                    + "value, so that its place depends on the message; decode the record");
        }
        return texts;
    }

    /** The constants of an enum, checked. */
    public Object[] constants(String path, Class<?> type) {
        Object[] constants = place(path).shape() instanceof EnumShape shape ? shape.constants() : null;
        if (constants == null || constants.length > 0 && !type.isInstance(constants[0])) {
            throw new IllegalArgumentException("component " + path + " of " + record + " is no " + type.getName());
        }
        return constants;
    }
}
