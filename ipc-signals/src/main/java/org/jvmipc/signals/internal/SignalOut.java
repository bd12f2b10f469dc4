package org.jvmipc.signals.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerInfo;
import org.jvmipc.SendResult;
import org.jvmipc.posix.Errno;
import org.jvmipc.signals.Signal;
import org.jvmipc.spi.MessageOut;
import org.jvmipc.spi.PauseReadiness;
import org.jvmipc.spi.Readiness;

/** Sends real-time signals to one process. */
public final class SignalOut implements MessageOut {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final String channel;
    private final Target target;
    private final int maxMessage;
    /** Nothing tells when the kernel has room again. */
    private final PauseReadiness pause = new PauseReadiness(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
    private volatile Signal signal;
    private volatile boolean gone;

    /** Takes over the target. */
    SignalOut(String channel, Target target, Signal signal, int maxMessage) {
        this.channel = channel;
        this.target = target;
        this.maxMessage = maxMessage;
        boolean good = false;
        try {
            setSignal(signal);
            good = true;
        } finally {
            if (!good) {
                target.close();
            }
        }
    }

    /** See {@link org.jvmipc.signals.SignalChannels#setSignal}. */
    public void setSignal(Signal next) {
        if (!next.isRealTime()) {
            throw new IllegalArgumentException(next + " would be lost while another one is pending, so that " + channel
                    + " does not send it; take RTMIN+1 to RTMIN+30, or Signals.kill");
        }
        signal = next;
    }

    @Override
    public SendResult offer(ByteBuffer message) {
        // The kernel takes signals for a process that has ended until its parent has taken notice.
        if (gone || target.hasEnded()) {
            gone = true;
            return SendResult.CLOSED;
        }
        int result = target.queue(signal, SignalFormat.encode(message));
        switch (result) {
            case 0:
                pause.reset();
                message.position(message.limit());
                return SendResult.SENT;
            case -Errno.EAGAIN:
                return SendResult.FULL;
            case Target.CLOSED:
                return SendResult.CLOSED;
            case -Errno.ESRCH:
                gone = true;
                return SendResult.CLOSED;
            default:
                Sending.check(result, "pidfd_send_signal", target.pid(), signal);
                throw new AssertionError(result);
        }
    }

    @Override
    public RuntimeException ended(String address) {
        if (!gone || target.isClosed()) {
            return MessageOut.super.ended(address);
        }
        return new PeerGoneException(address + ": process " + target.pid() + " has ended; what it had not received is "
                + "lost. Open a sender to the process that replaces it", new PeerInfo(target.pid(), "?"));
    }

    @Override
    public int maxMessage() {
        return maxMessage;
    }

    @Override
    public String limitAdvice() {
        return "a signal has room for " + SignalFormat.LONGEST + " bytes; send a number of what lies in shm:, or use "
                + "another scheme";
    }

    @Override
    public String transferAdvice() {
        return "tells no sender that a signal was taken, so it cannot transfer; mem:, shm:, and connections of unix: "
                + "(stream or seqpacket) can";
    }

    @Override
    public Readiness readiness() {
        return pause;
    }

    @Override
    public void close() {
        target.close();
        pause.wakeUp();
    }
}
