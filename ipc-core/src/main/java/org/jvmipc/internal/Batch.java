package org.jvmipc.internal;

import java.nio.ByteBuffer;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.spi.MessageOut;

/** Several messages at once, where the transport takes them one by one. */
final class Batch {
    private Batch() {
    }

    /** Sends as many as there is room for; as {@link Sender#trySend(ByteBuffer[], int, int)}. */
    static int sendEach(Sender sender, ByteBuffer[] messages, int offset, int length) {
        for (int count = 0; count < length; count++) {
            SendResult result = sender.trySend(messages[offset + count]);
            if (result != SendResult.SENT) {
                return count == 0 && result == SendResult.CLOSED ? MessageOut.GONE : count;
            }
        }
        return length;
    }
}
