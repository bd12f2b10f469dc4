package org.jvmipc.cli.demo;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.function.Consumer;
import org.jvmipc.Duplex;
import org.jvmipc.Endpoint;
import org.jvmipc.Ipc;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.Listener;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;

/** Both directions between producer and consumer, for round trips. Used by one thread. */
final class Exchange implements Closeable {
    private final RecordOut out;
    private final RecordIn in;
    /** Knows the address. */
    private final Channel incoming;
    private final Closeable channels;

    private Exchange(RecordOut out, RecordIn in, Channel incoming, Closeable channels) {
        this.out = out;
        this.in = in;
        this.incoming = incoming;
        this.channels = channels;
    }

    RecordOut out() {
        return out;
    }

    RecordIn in() {
        return in;
    }

    /** Opens the producer's side; tells the address or addresses that the consumer needs, then waits for it. */
    static Exchange offer(Assignment assignment, Consumer<String> tell) throws IOException, InterruptedException {
        List<String> addresses = assignment.roundTrip();
        if (assignment.way() == Way.OFFER) {
            Exchange exchange = connect(addresses.get(0), assignment.stream(), assignment.load().size());
            tell.accept(Ipc.addressOf(exchange.incoming).toString());
            return exchange;
        }
        if (assignment.way() == Way.PAIR) {
            String there = addresses.get(0);
            String back = addresses.get(1);
            Exchange exchange = assignment.stream() ? pair(there, back, assignment.load().size())
                    : pair(Ipc.sender(there), Ipc.receiver(back));
            tell.accept(String.join(" ", addresses));
            return exchange;
        }
        try (Listener listener = Ipc.listen(addresses.get(0))) {
            tell.accept(listener.address().toString());
            if (assignment.stream()) {
                return over(arrived(listener.acceptStream(RecordOut.PATIENCE)), assignment.load().size());
            }
            return over(arrived(listener.accept(RecordOut.PATIENCE)));
        }
    }

    private static <T> T arrived(T connection) {
        if (connection == null) {
            throw new IpcTimeoutException("the consumer did not connect for " + RecordOut.PATIENCE.toSeconds() + " s");
        }
        return connection;
    }

    /** Opens the consumer's side. */
    static Exchange join(List<String> addresses, boolean stream, int size) {
        if (addresses.size() == 2 && stream) {
            return pair(addresses.get(1), addresses.get(0), size);
        }
        if (addresses.size() == 2) {
            Receiver there = Ipc.receiver(addresses.get(0));
            Sender back = Ipc.sender(addresses.get(1));
            return pair(back, there);
        }
        return connect(addresses.get(0), stream, size);
    }

    private static Exchange connect(String address, boolean stream, int size) {
        return stream ? over(Ipc.stream(address), size) : over(Ipc.connect(address));
    }

    private static Exchange over(ByteChannel channel, int size) {
        return new Exchange(RecordOut.over(channel, size), RecordIn.over(channel, size), channel, channel);
    }

    private static Exchange over(Duplex duplex) {
        return new Exchange(RecordOut.over(duplex.sender()), RecordIn.over(duplex.receiver()), duplex,
                () -> flush(duplex));
    }

    /** Two channels of bytes. */
    private static Exchange pair(String to, String from, int size) {
        WritableByteChannel sink = Ipc.sink(to);
        ReadableByteChannel source = Ipc.source(from);
        return new Exchange(RecordOut.over(sink, size), RecordIn.over(source, size), source, () -> {
            sink.close();
            source.close();
        });
    }

    private static Exchange pair(Sender to, Receiver from) {
        return new Exchange(RecordOut.over(to), RecordIn.over(from), from, () -> {
            flush(to);
            from.close();
        });
    }

    /** Closes an endpoint when all that it has accepted is handed over. */
    static void flush(Endpoint endpoint) throws IOException {
        try {
            endpoint.close(RecordOut.PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while " + endpoint.address() + " was closed");
        }
    }

    @Override
    public void close() throws IOException {
        channels.close();
    }
}
