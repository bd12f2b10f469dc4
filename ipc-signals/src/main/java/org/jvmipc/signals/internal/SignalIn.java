package org.jvmipc.signals.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jvmipc.Message;
import org.jvmipc.MessageHandler;
import org.jvmipc.PeerInfo;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FdReadiness;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.PollCalls;
import org.jvmipc.posix.SignalCalls;
import org.jvmipc.signals.Signal;
import org.jvmipc.signals.SignalInfo;
import org.jvmipc.spi.MessageIn;
import org.jvmipc.spi.Readiness;

/**
 * Receives signals that all threads of this process block. One system call for each: what was taken from the kernel's
 * queue and not handed over would be lost when the receiver is closed.
 */
public final class SignalIn implements MessageIn {
    private final Fd fd;
    private final FdReadiness readable;
    private final ByteBuffer info = ByteBuffer.allocateDirect(SignalCalls.INFO_SIZE).order(ByteOrder.nativeOrder());
    private final ByteBuffer payload = ByteBuffer.allocate(SignalFormat.LONGEST);
    private final ByteBuffer view = payload.asReadOnlyBuffer();
    private final SenderNames names = new SenderNames();
    private volatile SignalInfo last;

    private SignalIn(Fd fd) {
        this.fd = fd;
        this.readable = new FdReadiness(fd, PollCalls.POLLIN);
    }

    static SignalIn open(String channel, List<Signal> signals) {
        List<Signal> missing = Blocking.notBlocked(signals);
        if (!missing.isEmpty()) {
            throw new IllegalStateException(channel + ": not all threads of this process block " + missing + ", so "
                    + "that the first one that came would end it; " + Blocking.advice(signals));
        }
        int result = SignalCalls.signalfd(Blocking.set(signals));
        return new SignalIn(Fd.own(NativeCallException.check(result, "signalfd", signals.toString()), channel));
    }

    /** See {@link org.jvmipc.signals.SignalChannels#last}. */
    public SignalInfo last() {
        return last;
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        int count = 0;
        while (count < limit) {
            int length = fd.read(info.clear());
            if (length == Fd.WOULD_BLOCK) {
                return count;
            }
            if (length == Fd.CLOSED) {
                return count > 0 ? count : END;
            }
            count++;
            long value = info.getLong(SignalCalls.INFO_VALUE);
            boolean queued = info.getInt(SignalCalls.INFO_CODE) == SignalCalls.SI_QUEUE;
            last = new SignalInfo(Signal.of(info.getInt(SignalCalls.INFO_SIGNAL)), queued ? (int) value : 0,
                    Integer.toUnsignedLong(info.getInt(SignalCalls.INFO_PID)), info.getInt(SignalCalls.INFO_UID),
                    queued);
            SignalFormat.decode(queued ? value : 0, payload);
            handler.onMessage(view.clear().limit(payload.limit()).order(ByteOrder.BIG_ENDIAN));
        }
        return count;
    }

    @Override
    public PeerInfo lastSender() {
        SignalInfo of = last;
        return of == null || of.pid() == 0 ? PeerInfo.UNKNOWN : names.of(of.pid());
    }

    @Override
    public Message message(ByteBuffer copy, long missed) {
        return new Message(copy, lastSender(), missed).withType(last.signal().number());
    }

    @Override
    public Readiness readiness() {
        return readable;
    }

    @Override
    public void close() {
        fd.close();
    }
}
