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
    /** Ways to send. */
    enum Way {
        /** One by one, from a buffer. */
        COPY,
        /** One by one, by filling in place. */
        CLAIM,
        /** Several from a buffer. */
        BATCH
    }

    private final Way way;

    ShmTransport(Way way) {
        this.way = way;
    }

    @Override
    public Inlet inlet(Setup setup) {
        return new In(Ipc.receiver(setup.filledAddress()));
    }

    @Override
    public Outlet outlet(Setup setup) {
        Sender sender = Ipc.sender(setup.filledAddress());
        return switch (way) {
            case COPY -> new Out(sender);
            case CLAIM -> new Claims(sender);
            case BATCH -> new Batches(sender);
        };
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

    private static final class Batches implements Outlet {
        private static final int MOST_BYTES = 16 << 10;
        private static final int MOST = Math.max(1, Math.min(64, MOST_BYTES / Payload.SIZE));

        private final Sender sender;
        private final ByteBuffer messages = ByteBuffer.allocateDirect(MOST * Payload.SIZE);
        private int end;

        Batches(Sender sender) {
            this.sender = sender;
            for (int i = 0; i < MOST; i++) {
                messages.put(Payload.template());
            }
            messages.clear();
        }

        @Override
        public boolean offer(long first) throws EOFException {
            if (end == messages.capacity() && !send()) {
                return false;
            }
            Payload.stamp(messages, end, first);
            end += Payload.SIZE;
            return true;
        }

        /** Sends what there is room for; true if that was all. */
        private boolean send() throws EOFException {
            messages.limit(end);
            if (sender.trySend(messages, Payload.SIZE) < 0) {
                throw new EOFException("the consumer has gone");
            }
            if (messages.hasRemaining()) {
                return false;
            }
            messages.clear();
            end = 0;
            return true;
        }

        @Override
        public void flush() throws EOFException {
            while (end > 0 && !send()) {
                Thread.onSpinWait();
            }
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
