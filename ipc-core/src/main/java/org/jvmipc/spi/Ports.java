package org.jvmipc.spi;

import java.nio.channels.Channel;
import org.jvmipc.internal.PortHolder;

/** Lets a transport that offers more than others find its own ports behind the endpoints that users hold. */
public final class Ports {
    private Ports() {
    }

    /**
     * The transport's port for what an endpoint sends.
     *
     * @param endpoint a sender, duplex or stream
     * @return the port, or null if it does not send
     */
    public static Port sending(Channel endpoint) {
        return endpoint instanceof PortHolder holder && holder.sending() != null ? holder.sending().beneath() : null;
    }

    /**
     * The transport's port for what an endpoint receives.
     *
     * @param endpoint a receiver, duplex or stream
     * @return the port, or null if it does not receive
     */
    public static Port receiving(Channel endpoint) {
        return endpoint instanceof PortHolder holder && holder.receiving() != null
                ? holder.receiving().beneath() : null;
    }
}
