package org.jvmipc.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousByteChannel;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadPendingException;
import java.nio.channels.WritePendingException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jvmipc.Address;
import org.jvmipc.Registration;
import org.jvmipc.spi.ByteIn;
import org.jvmipc.spi.ByteOut;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Port;

/**
 * A channel of bytes with asynchronous operations: at most one read and one write at a time, each completed by the
 * transport's shared thread. A write completes when at least one byte is written, as the interface says.
 */
final class AsyncStream implements AsynchronousByteChannel, Addressed, PortHolder {
    private static final long RETRY_MILLIS = 10;
    private static final long PEERS_MILLIS = 100;
    private static final Registration NOTHING = () -> {
    };

    private final Address address;
    private final ByteOut out;
    private final ByteIn in;
    private final boolean waitsForPeers;
    private final AtomicReference<Operation> reading = new AtomicReference<>();
    private final AtomicReference<Operation> writing = new AtomicReference<>();
    private volatile boolean closed;

    AsyncStream(Address address, ByteOut out, ByteIn in, OptionValues values) {
        this.address = address;
        this.out = out;
        this.in = in;
        this.waitsForPeers = values.waitsForPeers();
    }

    /** One read or write until it completes. */
    private final class Operation {
        final ByteBuffer buffer;
        final boolean reads;
        final CompletableFuture<Integer> future = new CompletableFuture<>();
        private volatile Registration armed = NOTHING;
        private Registration ticking = NOTHING;

        Operation(ByteBuffer buffer, boolean reads) {
            this.buffer = buffer;
            this.reads = reads;
        }

        synchronized void attempt() {
            armed.close();
            if (future.isDone()) {
                finish(null, null);
                return;
            }
            try {
                int count = closed ? 0 : !buffer.hasRemaining() ? 0 : reads ? in.read(buffer) : out.write(buffer);
                if (closed) {
                    finish(null, new AsynchronousCloseException());
                } else if (count > 0 || !buffer.hasRemaining()) {
                    finish(count, null);
                } else if (count == 0) {
                    Port port = reads ? in : out;
                    armed = port.readiness().arm(this::attempt);
                    watchPeers(port);
                } else if (count == -1 && !waitsForPeers) {
                    finish(-1, reads ? null : new IOException(address + ": broken pipe: the reader has gone"));
                } else {
                    armed = Background.after(RETRY_MILLIS, () -> {
                        (reads ? in : out).idle();
                        attempt();
                    });
                }
            } catch (RuntimeException broken) {
                finish(null, new IOException(broken.getMessage(), broken));
            }
        }

        /** The death of a process changes nothing that could wake anybody: somebody has to look. */
        private void watchPeers(Port port) {
            if (ticking == NOTHING) {
                ticking = Background.every(PEERS_MILLIS, () -> {
                    port.idle();
                    attempt();
                });
            }
        }

        private void finish(Integer count, Throwable failure) {
            ticking.close();
            (reads ? reading : writing).compareAndSet(this, null);
            if (failure == null) {
                future.complete(count);
            } else {
                future.completeExceptionally(failure);
            }
        }

        void abort() {
            armed.close();
            Background.events().execute(this::attempt);
        }
    }

    private CompletableFuture<Integer> start(ByteBuffer buffer, boolean reads) {
        if (reads && in == null) {
            throw new NonReadableChannelException();
        }
        if (!reads && out == null) {
            throw new NonWritableChannelException();
        }
        if (reads && buffer.isReadOnly()) {
            throw new IllegalArgumentException("the buffer is read-only");
        }
        if (closed) {
            return CompletableFuture.failedFuture(new ClosedChannelException());
        }
        Operation operation = new Operation(buffer, reads);
        Operation before = (reads ? reading : writing).compareAndExchange(null, operation);
        if (before != null) {
            if (!before.future.isCancelled()) {
                throw reads ? new ReadPendingException() : new WritePendingException();
            }
            (reads ? reading : writing).set(operation);
        }
        operation.attempt();
        return operation.future;
    }

    @Override
    public Port sending() {
        return out;
    }

    @Override
    public Port receiving() {
        return in;
    }

    @Override
    public <A> void read(ByteBuffer into, A attachment, CompletionHandler<Integer, ? super A> handler) {
        complete(start(into, true), attachment, handler);
    }

    @Override
    public Future<Integer> read(ByteBuffer into) {
        return start(into, true);
    }

    @Override
    public <A> void write(ByteBuffer bytes, A attachment, CompletionHandler<Integer, ? super A> handler) {
        complete(start(bytes, false), attachment, handler);
    }

    @Override
    public Future<Integer> write(ByteBuffer bytes) {
        return start(bytes, false);
    }

    private static <A> void complete(CompletableFuture<Integer> future, A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        future.whenCompleteAsync((count, failure) -> {
            if (failure == null) {
                handler.completed(count, attachment);
            } else {
                handler.failed(failure, attachment);
            }
        }, Background.events());
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        if (out != null) {
            out.close();
        }
        if (in != null) {
            in.close();
        }
        abort(reading.get());
        abort(writing.get());
    }

    private static void abort(Operation pending) {
        if (pending != null) {
            pending.abort();
        }
    }
}
