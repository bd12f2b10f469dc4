package org.jvmipc.observe;

import java.util.Objects;
import java.util.Optional;
import org.jvmipc.Codec;
import org.jvmipc.internal.TracedCodec;

/**
 * A value and the place in a distributed trace at which it was sent, for channels that carry both:
 *
 * <pre>{@code
 * Codec<Traced<Order>> codec = Traced.codec(Codec.ofRecord(Order.class));
 * try (TypedSender<Traced<Order>> sender = Ipc.sender("shm:orders", codec)) {
 *     sender.send(Traced.of(order, TraceContext.parse(traceparent, tracestate)));
 * }
 * }</pre>
 *
 * @param <T> the value's type
 * @param value the value
 * @param context where it was sent; empty if it is part of no trace
 */
public record Traced<T>(T value, Optional<TraceContext> context) {
    /**
     * A value that is part of a trace.
     *
     * @param <T> its type
     * @param value the value
     * @param context where it is sent
     * @return both
     */
    public static <T> Traced<T> of(T value, TraceContext context) {
        return new Traced<>(value, Optional.of(context));
    }

    /**
     * A value that is part of no trace.
     *
     * @param <T> its type
     * @param value the value
     * @return the value alone
     */
    public static <T> Traced<T> of(T value) {
        return new Traced<>(value, Optional.empty());
    }

    /**
     * Puts a header in front of each message, 32 bytes and the {@code tracestate}, or 4 without a context;
     * {@code docs/formats/trace.md} has the bytes. Its type is that of the values in {@code traced(…)}: an end that
     * wants them without a header is told when it is opened, as with any other type. Where types are not checked,
     * because the values' codec has none, a receiver of traced values refuses messages without header as malformed.
     *
     * @param <T> the value's type
     * @param values how values become messages
     * @return the codec
     */
    public static <T> Codec<Traced<T>> codec(Codec<T> values) {
        return new TracedCodec<>(Objects.requireNonNull(values, "values"));
    }
}
