package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jvmipc.MalformedMessageException;

/** Lists: how many in the slot; in the tail the slots of all elements side by side, then their tails. */
record ListShape(Shape element) implements Shape {
    @Override
    public String type() {
        return "list<" + element.type() + ">";
    }

    @Override
    public int slot() {
        return Integer.BYTES;
    }

    @Override
    public long tail(Object list) {
        long size = 0;
        int index = 0;
        for (Object value : (List<?>) list) {
            if (value == null) {
                throw new IllegalArgumentException("element " + index + " of the list is null, which cannot be sent");
            }
            size += element.slot() + element.tail(value);
            index++;
        }
        return size;
    }

    @Override
    public void put(Object list, ByteBuffer message, int at) {
        List<?> values = (List<?>) list;
        int size = values.size();
        message.putInt(at, size);
        int slot = message.position();
        message.position(slot + size * element.slot());
        for (Object value : values) {
            element.put(value, message, slot);
            slot += element.slot();
        }
    }

    @Override
    public Object get(ByteBuffer message, int at) {
        int size = message.getInt(at);
        if (size < 0 || (long) size * element.slot() > message.remaining()) {
            throw new MalformedMessageException("a list is said to have " + Integer.toUnsignedString(size)
                    + " elements, which take at least " + element.slot() + " bytes each, only " + message.remaining()
                    + " are left for them");
        }
        int slot = message.position();
        message.position(slot + size * element.slot());
        List<Object> values = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            values.add(element.get(message, slot + i * element.slot()));
        }
        return Collections.unmodifiableList(values);
    }

    @Override
    public void texts(int at, List<Integer> texts, boolean[] unknown) {
        unknown[0] = true;
    }
}
