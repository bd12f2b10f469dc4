package org.jvmipc.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.concurrent.locks.ReentrantLock;
import org.jvmipc.Address;
import org.jvmipc.IpcException;
import org.jvmipc.spi.ByteIn;
import org.jvmipc.spi.ByteOut;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Patrol;
import org.jvmipc.spi.Port;
import org.jvmipc.spi.Waiter;

/**
 * A channel of bytes in the JDK's own terms: reads block until there is a byte or the end, writes until all is written.
 * An interrupt ends the call with an {@link InterruptedIOException}, keeps the interrupt status and leaves the channel
 * open.
 */
final class StreamChannel implements ByteChannel, Addressed, PortHolder {
    private final Address address;
    private final ByteOut out;
    private final ByteIn in;
    private final Waiter waiter;
    private final boolean waitsForPeers;
    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantLock reading = new ReentrantLock();
    /** Each under its lock. */
    private final Patrol writePatrol = new Patrol(0);
    private final Patrol readPatrol = new Patrol(0);
    private volatile boolean closed;

    StreamChannel(Address address, ByteOut out, ByteIn in, OptionValues values) {
        this.address = address;
        this.out = out;
        this.in = in;
        this.waiter = new Waiter(values.waitStrategy());
        this.waitsForPeers = values.waitsForPeers();
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
    public int write(ByteBuffer bytes) throws IOException {
        if (out == null) {
            throw new NonWritableChannelException();
        }
        int start = bytes.position();
        checkOpen();
        lock(writing);
        try {
            for (int attempt = 0; bytes.hasRemaining();) {
                checkOpen();
                int count = writeSome(bytes);
                if (count > 0) {
                    attempt = 0;
                } else if (count == 0) {
                    await(out, writePatrol);
                } else if (count == ByteOut.GONE && !waitsForPeers) {
                    checkStillOpen();
                    throw new IOException(address + ": broken pipe: the reader has gone");
                } else {
                    out.idle();
                    Waiter.pause(attempt++, Long.MAX_VALUE);
                }
            }
        } catch (InterruptedException interrupted) {
            throw interrupted(bytes.position() - start);
        } finally {
            writing.unlock();
        }
        return bytes.position() - start;
    }

    private int writeSome(ByteBuffer bytes) throws IOException {
        try {
            return out.write(bytes);
        } catch (IpcException broken) {
            checkStillOpen();
            throw new IOException(broken.getMessage(), broken);
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (in == null) {
            throw new NonReadableChannelException();
        }
        checkOpen();
        if (into.isReadOnly()) {
            throw new IllegalArgumentException("the buffer is read-only");
        }
        if (!into.hasRemaining()) {
            return 0;
        }
        lock(reading);
        try {
            while (true) {
                checkOpen();
                int count = readSome(into);
                if (count > 0) {
                    return count;
                }
                if (count == ByteIn.END && !waitsForPeers) {
                    checkStillOpen();
                    return -1;
                }
                await(in, readPatrol);
            }
        } catch (InterruptedException interrupted) {
            throw interrupted(0);
        } finally {
            reading.unlock();
        }
    }

    private int readSome(ByteBuffer into) throws IOException {
        try {
            return in.read(into);
        } catch (IpcException broken) {
            checkStillOpen();
            throw new IOException(broken.getMessage(), broken);
        }
    }

    /** Looks after the peers in between, also if signals cut each wait short. */
    private void await(Port port, Patrol patrol) throws InterruptedException {
        waiter.await(port.readiness(), Long.MAX_VALUE);
        if (patrol.pass()) {
            port.idle();
        }
    }

    private void lock(ReentrantLock lock) throws IOException {
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException interrupted) {
            throw interrupted(0);
        }
    }

    private InterruptedIOException interrupted(int transferred) {
        Thread.currentThread().interrupt();
        InterruptedIOException exception = new InterruptedIOException(
                address + ": interrupted after " + transferred + " bytes; the channel stays open");
        exception.bytesTransferred = transferred;
        return exception;
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw reading.isHeldByCurrentThread() || writing.isHeldByCurrentThread()
                    ? new AsynchronousCloseException() : new ClosedChannelException();
        }
    }

    private void checkStillOpen() throws IOException {
        if (closed) {
            throw new AsynchronousCloseException();
        }
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
            out.readiness().wakeUp();
            out.close();
        }
        if (in != null) {
            in.readiness().wakeUp();
            in.close();
        }
    }
}
