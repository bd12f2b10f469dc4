package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jvmipc.Codec;
import org.jvmipc.MalformedMessageException;
import org.jvmipc.observe.TraceContext;
import org.jvmipc.observe.Traced;

/** Messages with the header of {@code docs/formats/trace.md}. */
public final class TracedCodec<T> implements Codec<Traced<T>> {
    private static final short MAGIC = 0x5443;
    private static final byte LAYOUT = 1;
    private static final byte NO_CONTEXT = 0;
    private static final byte CONTEXT = 1;
    private static final int PREFIX = 4;
    private static final int IDS = 26;
    private static final int VERSION = 0;

    private final Codec<T> values;

    public TracedCodec(Codec<T> values) {
        this.values = values;
    }

    @Override
    public int size(Traced<T> traced) {
        SimpleCodecs.refuseNull(traced);
        int header = PREFIX + traced.context().map(context -> IDS + Short.BYTES + context.state().length()).orElse(0);
        return Math.addExact(header, values.size(traced.value()));
    }

    @Override
    public void encode(Traced<T> traced, ByteBuffer into) {
        into.putShort(MAGIC).put(LAYOUT).put(traced.context().isPresent() ? CONTEXT : NO_CONTEXT);
        traced.context().ifPresent(context -> into.put((byte) VERSION)
                .putLong(context.traceIdHigh()).putLong(context.traceIdLow()).putLong(context.parentId())
                .put((byte) context.flags())
                .putShort((short) context.state().length())
                .put(context.state().getBytes(StandardCharsets.US_ASCII)));
        values.encode(traced.value(), into);
    }

    @Override
    public Traced<T> decode(ByteBuffer from) {
        if (from.remaining() < PREFIX || from.getShort() != MAGIC || from.get() != LAYOUT) {
            throw new MalformedMessageException("the message does not begin with the header of a trace; its sender "
                    + "sends values that are not traced");
        }
        byte kind = from.get();
        if (kind != CONTEXT && kind != NO_CONTEXT) {
            throw new MalformedMessageException("the header of a trace is of kind " + kind + ", allowed is 0 or 1");
        }
        Optional<TraceContext> context = kind == CONTEXT ? Optional.of(context(from)) : Optional.empty();
        return new Traced<>(values.decode(from), context);
    }

    private static TraceContext context(ByteBuffer from) {
        if (from.remaining() < IDS + Short.BYTES) {
            throw new MalformedMessageException("the header of a trace is cut off");
        }
        int version = from.get();
        if (version != VERSION) {
            throw new MalformedMessageException(
                    "the header of a trace has version " + (version & 0xff) + ", known is " + VERSION);
        }
        long high = from.getLong();
        long low = from.getLong();
        long parent = from.getLong();
        int flags = from.get() & 0xff;
        int length = from.getShort() & 0xffff;
        if (length > from.remaining()) {
            throw new MalformedMessageException("a tracestate of " + length + " bytes does not fit into the "
                    + from.remaining() + " that are left of the message");
        }
        byte[] state = new byte[length];
        from.get(state);
        try {
            return new TraceContext(high, low, parent, flags, new String(state, StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException invalid) {
            throw new MalformedMessageException("the header of a trace: " + invalid.getMessage(), invalid);
        }
    }

    @Override
    public String type() {
        return values.type().isEmpty() ? "" : "traced(" + values.type() + ")";
    }

    @Override
    public String toString() {
        return "codec of traced values by " + values;
    }
}
