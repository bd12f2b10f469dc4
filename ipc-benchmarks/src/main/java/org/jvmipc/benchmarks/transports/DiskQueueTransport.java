package org.jvmipc.benchmarks.transports;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jvmipc.Ipc;
import org.jvmipc.MessageHandler;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;

/** Queues on disk through this project's channels, here in memory. They keep everything, as Chronicle's. */
final class DiskQueueTransport implements Transport {
    private static final Duration TIMEOUT = Duration.ofMillis(100);

    private static String address(Setup setup) {
        return "queue:" + setup.file() + "?wait=" + (setup.waiting() == Setup.Waiting.BLOCK ? "block" : "spin");
    }

    @Override
    public Inlet inlet(Setup setup) throws IOException {
        In inlet = new In(Ipc.receiver(address(setup)));
        Appearance.announce(setup);
        return inlet;
    }

    @Override
    public Outlet outlet(Setup setup) {
        Appearance.awaitConsumers(setup);
        return new Out(Ipc.sender(address(setup)));
    }

    private static final class In implements Inlet {
        private final Receiver receiver;
        private Sink sink;
        private final MessageHandler handler = message ->
                Payload.read(message, message.position(), message.remaining(), sink);

        In(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public int poll(Sink to, int limit) {
            sink = to;
            return Math.max(0, receiver.poll(handler, limit));
        }

        @Override
        public void await(Sink to) throws IOException {
            sink = to;
            try {
                Received received = receiver.receive(TIMEOUT);
                while (!received.isMessage()) {
                    received = receiver.receive(TIMEOUT);
                }
                handler.onMessage(received.message().payload());
            } catch (InterruptedException e) {
                throw new InterruptedIOException("interrupted");
            }
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
        public boolean offer(long first) {
            Payload.stamp(message, 0, first);
            return sender.trySend(message.clear()) == SendResult.SENT;
        }

        @Override
        public void close() {
            sender.close();
        }
    }
}
