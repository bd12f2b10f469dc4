package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Optional values: whether there is one, then its slot, which is zeros if there is none. */
record OptionalShape(Shape value) implements Shape {
    @Override
    public String type() {
        return "optional<" + value.type() + ">";
    }

    @Override
    public int slot() {
        return 1 + value.slot();
    }

    @Override
    public long tail(Object optional) {
        Object held = ((Optional<?>) optional).orElse(null);
        return held == null ? 0 : value.tail(held);
    }

    @Override
    public void put(Object optional, ByteBuffer message, int at) {
        Object held = ((Optional<?>) optional).orElse(null);
        message.put(at, (byte) (held == null ? 0 : 1));
        if (held != null) {
            value.put(held, message, at + 1);
            return;
        }
        // The buffer may hold anything.
        for (int i = 1; i < slot(); i++) {
            message.put(at + i, (byte) 0);
        }
    }

    @Override
    public Object get(ByteBuffer message, int at) {
        boolean present = FixedShape.flag(message.get(at), "the mark of an optional value");
        return present ? Optional.of(value.get(message, at + 1)) : Optional.empty();
    }

    @Override
    public void texts(int at, List<Integer> texts, boolean[] unknown) {
        // Only if it is there.
        List<Integer> own = new ArrayList<>();
        value.texts(at + 1, own, unknown);
        unknown[0] |= !own.isEmpty();
    }
}
