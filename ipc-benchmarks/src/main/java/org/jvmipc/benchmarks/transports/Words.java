package org.jvmipc.benchmarks.transports;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** {@link Payload} in the buffers of Agrona and Aeron. */
final class Words {
    private Words() {
    }

    static void stamp(MutableDirectBuffer message, int at, long first) {
        message.putLong(at, first);
        message.putLong(at + Payload.SECOND, Payload.second(first));
        message.putLong(at + Payload.THIRD, Payload.third(first));
        message.putLong(at + Payload.LAST, Payload.last(first));
    }

    /** Fills claimed room with a message. */
    static void fill(MutableDirectBuffer room, int at, DirectBuffer message, long first) {
        if (Payload.SIZE > 32) {
            room.putBytes(at, message, 0, Payload.SIZE);
        }
        stamp(room, at, first);
    }

    static void read(DirectBuffer message, int at, int length, Sink sink) {
        if (length == Payload.SIZE) {
            sink.accept(length, message.getLong(at), message.getLong(at + Payload.SECOND),
                    message.getLong(at + Payload.THIRD), message.getLong(at + Payload.LAST));
        } else {
            sink.accept(length, 0, 0, 0, 0);
        }
    }
}
