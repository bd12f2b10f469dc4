package org.jvmipc.pipes.internal;

import java.nio.ByteBuffer;
import java.util.Set;
import org.jvmipc.MessageTooLargeException;
import org.jvmipc.SendResult;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FdReadiness;
import org.jvmipc.posix.MemoryCalls;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.PollCalls;
import org.jvmipc.posix.SocketCalls;
import org.jvmipc.spi.MessageOut;
import org.jvmipc.spi.PauseReadiness;
import org.jvmipc.spi.Readiness;

/** Sends datagrams to whoever has bound the name at the moment. */
final class DatagramOut implements MessageOut {
    private final String channel;
    private final SocketName name;
    private final Set<Integer> allowed;
    private final int maxMessage;
    private final Fd fd;
    private final SwitchReadiness readiness;
    private final PauseReadiness pending = new PauseReadiness();
    private final FdReadiness writable;
    private ByteBuffer copy = ByteBuffer.allocateDirect(0);
    private boolean connected;

    /**
     * Makes a socket; nobody needs to be there.
     *
     * @param channel the address, for messages
     * @param name where to send
     * @param kind the kernel's limits
     * @param allowed whose socket it may be, besides this user's
     * @param maxMessage the largest message wanted
     */
    DatagramOut(String channel, SocketName name, SocketKind kind, Set<Integer> allowed, int maxMessage) {
        this.channel = channel;
        this.name = name;
        this.allowed = allowed;
        this.maxMessage = Math.min(maxMessage, kind.largestPacket());
        this.fd = SocketKind.open(SocketCalls.SOCK_DGRAM, channel);
        this.writable = new FdReadiness(fd, PollCalls.POLLOUT);
        this.readiness = new SwitchReadiness(pending);
        boolean tried = false;
        try {
            connect();
            tried = true;
        } finally {
            if (!tried) {
                fd.close();
            }
        }
    }

    @Override
    public SendResult offer(ByteBuffer message) {
        int number = fd.acquire();
        if (number == Fd.CLOSED) {
            return SendResult.CLOSED;
        }
        try {
            if (!connect()) {
                return SendResult.NO_RECEIVER;
            }
            int length = message.remaining();
            ByteBuffer from = message.isDirect() ? message : copied(message);
            long address = length == 0 ? 0 : MemoryCalls.address(from) + from.position();
            long count;
            do {
                count = SocketCalls.send(number, address, length, 0);
            } while (count == -Errno.EINTR);
            return result(message, (int) count);
        } finally {
            fd.release();
        }
    }

    private SendResult result(ByteBuffer message, int count) {
        if (count >= 0) {
            message.position(message.limit());
            return SendResult.SENT;
        }
        switch (-count) {
            case Errno.EAGAIN, Errno.ENOBUFS:
                return SendResult.FULL;
            case Errno.ECONNREFUSED, Errno.ENOTCONN, Errno.ECONNRESET, Errno.EPIPE:
                connected = false;
                readiness.switchTo(pending);
                return SendResult.NO_RECEIVER;
            case Errno.EMSGSIZE:
                throw new MessageTooLargeException(channel, message.remaining(), maxMessage, limitAdvice());
            default:
                throw new NativeCallException("send", channel, count);
        }
    }

    private ByteBuffer copied(ByteBuffer message) {
        if (copy.capacity() < message.remaining()) {
            copy = ByteBuffer.allocateDirect(Math.max(message.remaining(), 8 << 10));
        }
        return copy.clear().put(message.duplicate()).flip();
    }

    private boolean connect() {
        if (!connected && NativeConnector.checkOwner(channel, name, allowed)
                && NativeConnector.connect(fd, channel, name)) {
            connected = true;
            pending.reset();
            readiness.switchTo(writable);
        }
        return connected;
    }

    @Override
    public int maxMessage() {
        return maxMessage;
    }

    @Override
    public String limitAdvice() {
        return SocketKind.ADVICE;
    }

    @Override
    public Readiness readiness() {
        return readiness;
    }

    @Override
    public void close() {
        fd.close();
        readiness.wakeUp();
    }
}
