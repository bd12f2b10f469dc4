package org.jvmipc.benchmarks.transports;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** JeroMQ over the loopback interface, which is also what its {@code ipc:} stands for; it blocks. */
final class JeromqTransport implements Transport {
    private static final int QUEUE_BYTES = 16 << 20;
    private static final int LONGEST_QUEUE = 100_000;
    private static final int TIMEOUT_MILLIS = 100;

    @Override
    public Inlet inlet(Setup setup) throws IOException {
        ZContext context = new ZContext();
        ZMQ.Socket socket = configured(context.createSocket(SocketType.PULL));
        socket.bind("tcp://127.0.0.1:*");
        Path begun = Path.of(setup.file() + ".new");
        Files.writeString(begun, socket.getLastEndpoint());
        Files.move(begun, setup.file());
        return new In(context, socket);
    }

    @Override
    public Outlet outlet(Setup setup) throws IOException {
        File file = setup.file().toFile();
        Appearance.await("the address in " + file, file::exists);
        ZContext context = new ZContext();
        ZMQ.Socket socket = configured(context.createSocket(SocketType.PUSH));
        socket.connect(Files.readString(file.toPath()));
        return new Out(context, socket);
    }

    private static ZMQ.Socket configured(ZMQ.Socket socket) {
        socket.setHWM(Math.min(LONGEST_QUEUE, Math.max(16, QUEUE_BYTES / Payload.SIZE)));
        socket.setSendTimeOut(TIMEOUT_MILLIS);
        socket.setReceiveTimeOut(TIMEOUT_MILLIS);
        socket.setLinger(0);
        return socket;
    }

    private static final class In implements Inlet {
        private final ZContext context;
        private final ZMQ.Socket socket;

        In(ZContext context, ZMQ.Socket socket) {
            this.context = context;
            this.socket = socket;
        }

        @Override
        public int poll(Sink sink, int limit) {
            byte[] message = socket.recv();
            if (message == null) {
                return 0;
            }
            Payload.read(ByteBuffer.wrap(message), 0, message.length, sink);
            return 1;
        }

        @Override
        public void await(Sink sink) {
            while (poll(sink, 1) == 0) {
                // It wakes so that it can be interrupted.
            }
        }

        @Override
        public void close() {
            context.close();
        }
    }

    private static final class Out implements Outlet {
        private final ZContext context;
        private final ZMQ.Socket socket;
        private final byte[] template = new byte[Payload.SIZE];

        Out(ZContext context, ZMQ.Socket socket) {
            this.context = context;
            this.socket = socket;
            Payload.template().get(template);
        }

        @Override
        public boolean offer(long first) {
            // The library keeps what it is given.
            byte[] message = template.clone();
            Payload.stamp(ByteBuffer.wrap(message), 0, first);
            return socket.send(message);
        }

        @Override
        public void close() {
            context.close();
        }
    }
}
