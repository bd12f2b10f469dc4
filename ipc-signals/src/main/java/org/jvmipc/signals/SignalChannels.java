package org.jvmipc.signals;

import java.nio.channels.Channel;
import org.jvmipc.signals.internal.SignalIn;
import org.jvmipc.signals.internal.SignalOut;
import org.jvmipc.spi.Port;
import org.jvmipc.spi.Ports;

/**
 * What {@code signal:} channels can beyond others. Endpoints are those that {@link org.jvmipc.Ipc} opens for a {@code
 * signal:} address. All methods may be called by any thread.
 */
public final class SignalChannels {
    private SignalChannels() {
    }

    /**
     * What came with the signal that a handler has in place, or that was received last.
     *
     * @param receiver the receiver; while several threads receive from it, ask within the handler of {@code poll}
     * @return signal, payload and sender; null before the first one
     * @throws UnsupportedOperationException if it is no receiving end of a {@code signal:} channel
     */
    public static SignalInfo last(Channel receiver) {
        return port(Ports.receiving(receiver), SignalIn.class, "receiving end of a signal:").last();
    }

    /**
     * Chooses the signal for what is sent from now on.
     *
     * @param sender the sender
     * @param signal a real-time signal
     * @throws IllegalArgumentException if it is a standard signal, which the kernel would not queue
     * @throws UnsupportedOperationException if it is no sending end of a {@code signal:} channel
     */
    public static void setSignal(Channel sender, Signal signal) {
        port(Ports.sending(sender), SignalOut.class, "sending end of a signal:").setSignal(signal);
    }

    private static <T extends Port> T port(Port port, Class<T> kind, String what) {
        if (!kind.isInstance(port)) {
            throw new UnsupportedOperationException("this is no " + what + " channel; open one by Ipc");
        }
        return kind.cast(port);
    }
}
