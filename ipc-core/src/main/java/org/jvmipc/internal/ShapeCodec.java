package org.jvmipc.internal;

import java.nio.ByteBuffer;
import org.jvmipc.Codec;
import org.jvmipc.MalformedMessageException;

/** Records that hold records, lists or optional values; {@link RecordCodec} is faster for those that do not. */
final class ShapeCodec<R extends Record> implements Codec<R> {
    private final Class<R> record;
    private final RecordShape shape;

    ShapeCodec(Class<R> record, RecordShape shape) {
        this.record = record;
        this.shape = shape;
    }

    @Override
    public int size(R value) {
        SimpleCodecs.refuseNull(value);
        long size = shape.slot() + shape.tail(value);
        if (size > MAX_SIZE) {
            throw new IllegalArgumentException("the " + record.getSimpleName() + " takes " + size + " bytes, at most "
                    + MAX_SIZE + " can be sent");
        }
        return (int) size;
    }

    @Override
    public void encode(R value, ByteBuffer into) {
        SimpleCodecs.refuseNull(value);
        ByteBuffer slice = into.slice().position(shape.slot());
        shape.put(value, slice, 0);
        into.position(into.position() + slice.position());
    }

    @Override
    public R decode(ByteBuffer from) {
        int have = from.remaining();
        if (have < shape.slot()) {
            throw new MalformedMessageException(record.getSimpleName() + " takes at least " + shape.slot()
                    + " bytes, here are " + have);
        }
        ByteBuffer slice = from.slice().position(shape.slot());
        R value = record.cast(shape.get(slice, 0));
        if (slice.hasRemaining()) {
            throw new MalformedMessageException(record.getSimpleName() + " takes " + slice.position()
                    + " bytes, here are " + have);
        }
        from.position(from.limit());
        return value;
    }

    @Override
    public String type() {
        return shape.type();
    }

    @Override
    public String toString() {
        return "codec of " + type();
    }
}
