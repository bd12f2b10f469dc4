package org.jvmipc.pipes.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jvmipc.BrokenFrameException;
import org.jvmipc.MessageTooLargeException;
import org.jvmipc.pipes.UnixCredentials;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FdReadiness;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.MemoryCalls;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.PollCalls;
import org.jvmipc.posix.SocketCalls;
import org.jvmipc.posix.SocketMessage;
import org.jvmipc.spi.ByteIn;
import org.jvmipc.spi.ByteOut;
import org.jvmipc.spi.Readiness;

/**
 * A connected stream or seqpacket socket as a native descriptor, which can tell who is at the other end and take
 * descriptors along.
 */
final class NativeWire implements Wire {
    private static final int STREAM_COPY = 64 << 10;
    /** Descriptors that came and nobody took; what comes beyond is closed, so that a peer cannot exhaust them. */
    private static final int MOST_KEPT = 64;

    private final Fd fd;
    private final SocketKind kind;
    private final UnixCredentials peer;
    private final FdReadiness readable;
    private final FdReadiness writable;
    private final SocketMessage received;
    private final SocketMessage sent;
    private final ConcurrentLinkedQueue<Integer> arrived = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Integer> outgoing = new ConcurrentLinkedQueue<>();
    private final PollNow poll;
    private ByteBuffer copyIn;
    private ByteBuffer copyOut;

    /**
     * Takes over a connected socket.
     *
     * @param fd the socket
     * @param kind what it is
     * @param peer who is at the other end
     */
    NativeWire(Fd fd, SocketKind kind, UnixCredentials peer) {
        this.fd = fd;
        this.kind = kind;
        this.peer = peer;
        this.readable = new FdReadiness(fd, PollCalls.POLLIN);
        this.writable = new FdReadiness(fd, PollCalls.POLLOUT);
        this.poll = kind.isPackets() ? new PollNow() : null;
        this.received = kind.passesDescriptors() ? new SocketMessage() : null;
        this.sent = kind.passesDescriptors() ? new SocketMessage() : null;
    }

    boolean passesDescriptors() {
        return kind.passesDescriptors();
    }

    UnixCredentials peer() {
        return peer;
    }

    @Override
    public int read(ByteBuffer into) {
        int number = fd.acquire();
        if (number == Fd.CLOSED) {
            return ByteIn.END;
        }
        try {
            if (into.isDirect()) {
                int count = receive(number, into, into.remaining());
                if (count > 0) {
                    into.position(into.position() + count);
                }
                return count;
            }
            if (copyIn == null) {
                copyIn = ByteBuffer.allocateDirect(kind.isPackets() ? kind.largestPacket() : STREAM_COPY);
            }
            int count = receive(number, copyIn.clear(), Math.min(into.remaining(), copyIn.capacity()));
            if (count > 0) {
                into.put(copyIn.limit(count));
            }
            return count;
        } finally {
            fd.release();
        }
    }

    private int receive(int number, ByteBuffer into, int room) {
        long address = MemoryCalls.address(into) + into.position();
        int flags = kind.isPackets() ? SocketCalls.MSG_TRUNC : 0;
        boolean reset = false;
        while (true) {
            long count;
            if (received == null) {
                count = SocketCalls.receive(number, address, room, flags);
            } else {
                count = received.receive(number, address, room, flags);
                keepDescriptors();
            }
            if (count > room) {
                throw new BrokenFrameException("a packet of " + count + " bytes came on " + fd.name()
                        + ", where at most " + room + " are allowed; set the same buffer on both sides");
            }
            if (count > 0) {
                return (int) count;
            }
            if (count == -Errno.EAGAIN) {
                return 0;
            }
            if (count == 0 && kind.isPackets() && !hasEnded(number)) {
                // An empty packet is no frame, and not the end.
                continue;
            }
            if (count == 0 || reset) {
                return ByteIn.END;
            }
            // A reset is told once, and before what had come until then.
            reset = count != -Errno.EINTR;
        }
    }

    /** Whether the peer sends no more and nothing is left of what it sent. */
    private boolean hasEnded(int number) {
        int hangUps = PollCalls.POLLRDHUP | PollCalls.POLLHUP;
        return (poll.events(number, fd.name(), PollCalls.POLLRDHUP) & hangUps) != 0
                && FileCalls.available(number) <= 0;
    }

    private void keepDescriptors() {
        for (int number : received.descriptors()) {
            if (arrived.size() < MOST_KEPT && fd.isOpen()) {
                arrived.add(number);
            } else {
                FileCalls.close(number);
            }
        }
    }

    /** The next descriptor that came, or -1; the caller owns it. */
    int takeDescriptor() {
        Integer first = arrived.poll();
        return first == null ? -1 : first;
    }

    /** Lets a copy of a descriptor go with the next bytes. */
    void attachDescriptor(int number) {
        int copy = NativeCallException.check(FileCalls.dup(number), "dup", Integer.toString(number));
        outgoing.add(copy);
        if (!fd.isOpen()) {
            closeDescriptors();
        }
    }

    @Override
    public int write(ByteBuffer bytes) {
        int number = fd.acquire();
        if (number == Fd.CLOSED) {
            return ByteOut.GONE;
        }
        try {
            ByteBuffer from = bytes;
            if (!bytes.isDirect()) {
                int most = kind.isPackets() ? kind.largestPacket() : STREAM_COPY;
                if (copyOut == null) {
                    copyOut = ByteBuffer.allocateDirect(most);
                }
                int part = Math.min(bytes.remaining(), most);
                checkPacket(part, bytes.remaining());
                from = copyOut.clear().put(bytes.slice(bytes.position(), part)).flip();
            }
            int count = send(number, from);
            if (count > 0) {
                bytes.position(bytes.position() + count);
            }
            return count;
        } finally {
            fd.release();
        }
    }

    private void checkPacket(int part, int whole) {
        if (kind.isPackets() && part < whole) {
            throw new MessageTooLargeException(fd.name(), whole, kind.largestPacket(), SocketKind.ADVICE);
        }
    }

    private int send(int number, ByteBuffer from) {
        long address = MemoryCalls.address(from) + from.position();
        while (true) {
            long count = outgoing.isEmpty()
                    ? SocketCalls.send(number, address, from.remaining(), 0) : sendDescriptors(number, address, from);
            if (count >= 0) {
                return (int) count;
            }
            if (count == -Errno.EAGAIN || count == -Errno.ENOBUFS) {
                return 0;
            }
            if (count == -Errno.EMSGSIZE) {
                throw new MessageTooLargeException(fd.name(), from.remaining(), kind.largestPacket(),
                        SocketKind.ADVICE);
            }
            if (count != -Errno.EINTR) {
                return ByteOut.GONE;
            }
        }
    }

    private long sendDescriptors(int number, long address, ByteBuffer from) {
        int[] numbers = outgoing.stream().limit(SocketMessage.MAX_DESCRIPTORS).mapToInt(Integer::intValue).toArray();
        long count = sent.send(number, address, from.remaining(), numbers);
        if (count > 0) {
            for (int passed : numbers) {
                outgoing.remove(passed);
                FileCalls.close(passed);
            }
        }
        return count;
    }

    @Override
    public Readiness readable() {
        return readable;
    }

    @Override
    public Readiness writable() {
        return writable;
    }

    @Override
    public void endInput() {
        shutdown(SocketCalls.SHUT_RD);
    }

    @Override
    public void endOutput() {
        shutdown(SocketCalls.SHUT_WR);
    }

    @Override
    public void makeRoom() {
        int number = fd.acquire();
        if (number != Fd.CLOSED) {
            try {
                // The kernel doubles the number itself.
                SocketCalls.setOption(number, SocketCalls.SO_SNDBUF,
                        SocketCalls.getOption(number, SocketCalls.SO_SNDBUF));
            } finally {
                fd.release();
            }
        }
    }

    private void shutdown(int how) {
        int number = fd.acquire();
        if (number != Fd.CLOSED) {
            try {
                SocketCalls.shutdown(number, how);
            } finally {
                fd.release();
            }
        }
    }

    @Override
    public void close() {
        fd.close();
        closeDescriptors();
    }

    private void closeDescriptors() {
        closeAll(arrived);
        closeAll(outgoing);
    }

    private static void closeAll(ConcurrentLinkedQueue<Integer> numbers) {
        for (Integer number = numbers.poll(); number != null; number = numbers.poll()) {
            FileCalls.close(number);
        }
    }

    @Override
    public long unread() {
        int number = fd.acquire();
        if (number == Fd.CLOSED) {
            return 0;
        }
        try {
            return FileCalls.available(number);
        } finally {
            fd.release();
        }
    }
}
