package org.jvmipc.benchmarks.transports;

import java.io.EOFException;
import java.nio.ByteBuffer;
import org.jvmipc.Claim;
import org.jvmipc.Ipc;
import org.jvmipc.Message;
import org.jvmipc.MessageHandler;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;

/** The channels of this project, through their public API. */
final class ShmTransport implements Transport {
    private final boolean claims;

    /** Sends by filling in place, or from a buffer. */
    ShmTransport(boolean claims) {
        this.claims = claims;
    }

    @Override
    public Inlet inlet(Setup setup) {
        return new In(Ipc.receiver(setup.filledAddress()));
    }

    @Override
    public Outlet outlet(Setup setup) {
        Sender sender = Ipc.sender(setup.filledAddress());
        return claims ? new Claims(sender) : new Out(sender);
    }

    private static final class In implements Inlet, MessageHandler {
        private final Receiver receiver;
        private Sink sink;

        In(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public int poll(Sink to, int limit) throws EOFException {
            sink = to;
            int count = receiver.poll(this, limit);
            if (count < 0) {
                throw new EOFException("the producer has gone");
            }
            return count;
        }

        @Override
        public void onMessage(ByteBuffer message) {
            Payload.read(message, message.position(), message.remaining(), sink);
        }

        @Override
        public void await(Sink to) throws InterruptedException {
            Received received = receiver.receive();
            Message message = received.message();
            ByteBuffer content = message.payload();
            Payload.read(content, content.position(), content.remaining(), to);
        }

        @Override
        public void close() {
            receiver.close();
        }
    }

    private static final class Out implements Outlet {
        private final Sender sender;
        private final ByteBuffer message = Payload.template();

        Out(Sender sender) {
            this.sender = sender;
        }

        @Override
        public boolean offer(long first) throws EOFException {
            message.clear();
            Payload.stamp(message, 0, first);
            SendResult result = sender.trySend(message);
            if (result == SendResult.SENT) {
                return true;
            }
            if (result == SendResult.CLOSED) {
                throw new EOFException("the consumer has gone");
            }
            return false;
        }

        @Override
        public void close() {
            sender.close();
        }
    }

    private static final class Claims implements Outlet {
        private final Sender sender;
        private final ByteBuffer message = Payload.template();

        Claims(Sender sender) {
            this.sender = sender;
        }

        @Override
        public boolean offer(long first) {
            try (Claim claim = sender.tryClaim(Payload.SIZE)) {
                if (claim == null) {
                    return false;
                }
                ByteBuffer room = claim.buffer();
                if (Payload.SIZE > 32) {
                    room.put(0, message, 0, Payload.SIZE);
                }
                Payload.stamp(room, 0, first);
                claim.commit();
                return true;
            }
        }

        @Override
        public void close() {
            sender.close();
        }
    }
}
