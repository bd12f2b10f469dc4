package org.jvmipc.benchmarks.transports;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jvmipc.Endpoint;
import org.jvmipc.Ipc;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.MessageHandler;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;

/** Queues of the kernel through this project's channels, whose calls block. */
final class QueueTransport implements Transport {
    private static final Duration TIMEOUT = Duration.ofMillis(100);

    private final String scheme;

    QueueTransport(String scheme) {
        this.scheme = scheme;
    }

    private String address(Setup setup) {
        String name = setup.place().getFileName() + "-" + setup.channel();
        return scheme.equals("sysvmq") ? "sysvmq:" + Math.max(1, name.hashCode() & Integer.MAX_VALUE)
                : scheme + ":" + name;
    }

    /** A side that is stopped closes its ends, too, as queues are in no directory that could be deleted. */
    private static <T extends Endpoint> T closing(T endpoint) {
        Runtime.getRuntime().addShutdownHook(new Thread(endpoint::close));
        return endpoint;
    }

    @Override
    public Inlet inlet(Setup setup) {
        return new In(closing(Ipc.receiver(address(setup))));
    }

    @Override
    public Outlet outlet(Setup setup) {
        return new Out(closing(Ipc.sender(address(setup))));
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
        public int poll(Sink to, int limit) throws IOException {
            sink = to;
            int count = receiver.poll(handler, limit);
            if (count != 0) {
                return Math.max(0, count);
            }
            try {
                Received received = receiver.receive(TIMEOUT);
                if (!received.isMessage()) {
                    return 0;
                }
                handler.onMessage(received.message().payload());
                return 1;
            } catch (InterruptedException e) {
                throw new InterruptedIOException("interrupted");
            }
        }

        @Override
        public void await(Sink to) throws IOException {
            while (poll(to, 1) == 0) {
                // It wakes so that it can be interrupted.
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
        public boolean offer(long first) throws IOException {
            Payload.stamp(message, 0, first);
            try {
                sender.send(message.clear(), TIMEOUT);
                return true;
            } catch (IpcTimeoutException full) {
                return false;
            } catch (InterruptedException e) {
                throw new InterruptedIOException("interrupted");
            }
        }

        @Override
        public void close() {
            sender.close();
        }
    }
}
