package org.jvmipc.pipes.internal;

import java.nio.ByteBuffer;
import java.util.Set;
import org.jvmipc.BrokenFrameException;
import org.jvmipc.MessageHandler;
import org.jvmipc.PeerInfo;
import org.jvmipc.pipes.UnixCredentials;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FdReadiness;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.MemoryCalls;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.PeerCredentials;
import org.jvmipc.posix.PollCalls;
import org.jvmipc.posix.SocketCalls;
import org.jvmipc.posix.SocketMessage;
import org.jvmipc.spi.MessageIn;
import org.jvmipc.spi.Readiness;

/** Receives datagrams at a name; knows who sent each, and drops those of users that are not let in. */
final class DatagramIn implements MessageIn {
    private final String channel;
    private final Fd fd;
    private final SocketFile file;
    private final UidFilter filter;
    private final FdReadiness readiness;
    private final SocketMessage message = new SocketMessage();
    private final ByteBuffer room;
    private PeerInfo lastSender = PeerInfo.UNKNOWN;

    /**
     * Binds the name.
     *
     * @param channel the address, for messages
     * @param name where
     * @param kind the kernel's limits
     * @param allowed who may send
     * @param keep whether the file stays when this is closed
     */
    DatagramIn(String channel, SocketName name, SocketKind kind, Set<Integer> allowed, boolean keep) {
        SocketFile.Bound<Fd> bound =
                NativeListener.bindSocket(channel, name, SocketCalls.SOCK_DGRAM, allowed, keep);
        this.channel = channel;
        this.fd = bound.socket();
        this.file = bound.file();
        this.filter = new UidFilter(channel, allowed);
        this.readiness = new FdReadiness(fd, PollCalls.POLLIN);
        this.room = ByteBuffer.allocateDirect(kind.largestPacket());
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        int count = 0;
        while (count < limit) {
            int length = receive(0);
            if (length == Fd.WOULD_BLOCK) {
                return count;
            }
            if (length == Fd.CLOSED) {
                return count > 0 ? count : END;
            }
            if (admits()) {
                count++;
                handler.onMessage(room.duplicate().limit(length).asReadOnlyBuffer());
            }
        }
        return count;
    }

    @Override
    public boolean peeks() {
        return true;
    }

    @Override
    public int peek(MessageHandler handler) {
        while (true) {
            int length = receive(SocketCalls.MSG_PEEK);
            if (length == Fd.WOULD_BLOCK) {
                return 0;
            }
            if (length == Fd.CLOSED) {
                return END;
            }
            if (length <= room.capacity() && admits()) {
                handler.onMessage(room.duplicate().limit(length).asReadOnlyBuffer());
                return 1;
            }
            // Takes what no poll would hand over; throws if it is too long.
            receive(0);
        }
    }

    /** Receives or looks at a datagram; tells its length, which exceeds the room only if it was looked at. */
    private int receive(int flags) {
        int number = fd.acquire();
        if (number == Fd.CLOSED) {
            return Fd.CLOSED;
        }
        try {
            long length;
            do {
                length = message.receive(
                        number, MemoryCalls.address(room), room.capacity(), SocketCalls.MSG_TRUNC | flags);
            } while (length == -Errno.EINTR);
            message.closeDescriptors();
            if (length == -Errno.EAGAIN) {
                return Fd.WOULD_BLOCK;
            }
            if (length > room.capacity() && flags == 0) {
                throw new BrokenFrameException(channel + ": a datagram of " + length + " bytes came, where at most "
                        + room.capacity() + " are allowed; it was dropped");
            }
            return NativeCallException.check((int) length, "recvmsg", channel);
        } finally {
            fd.release();
        }
    }

    private boolean admits() {
        if (!message.hasCredentials()) {
            lastSender = PeerInfo.UNKNOWN;
            return true;
        }
        PeerCredentials sender = message.credentials();
        if (lastSender.pid() != sender.pid()) {
            lastSender = new PeerInfo(sender.pid(), command(sender.pid()));
        }
        return filter.admits(new UnixCredentials(sender.pid(), sender.uid(), sender.gid()));
    }

    private static String command(int pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().command()).orElse("?");
    }

    @Override
    public PeerInfo lastSender() {
        return lastSender;
    }

    @Override
    public Readiness readiness() {
        return readiness;
    }

    @Override
    public synchronized void close() {
        if (fd.isOpen()) {
            if (file != null) {
                file.remove();
            }
            fd.close();
        }
    }

    @Override
    public long depthBytes() {
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
