package org.jvmipc.spi;

import java.nio.channels.Channel;
import java.util.function.UnaryOperator;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.Receiver;
import org.jvmipc.TypedReceiver;
import org.jvmipc.internal.Opener;
import org.jvmipc.internal.PortHolder;
import org.jvmipc.internal.TypedAddress;

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

    /**
     * Opens the receiving end of a channel over a port that the caller puts on that of the transport, as one that knows
     * more about the end of the channel.
     *
     * @param address as of {@link org.jvmipc.Ipc#receiver(Address)}, with the same exceptions
     * @param change gets the transport's port; what it returns is closed with the receiver, and has to close that port
     * @return the receiver
     * @throws UnsupportedOperationException if the transport does not keep the boundaries of messages by itself
     */
    public static Receiver receiver(Address address, UnaryOperator<MessageIn> change) {
        return Opener.of(address).receiver(change);
    }

    /**
     * The same for values, whose type is compared as by {@link org.jvmipc.Ipc#receiver(Address, Codec)}.
     *
     * @param <T> what is received
     * @param address as of {@link org.jvmipc.Ipc#receiver(Address, Codec)}, with the same exceptions
     * @param codec how messages become values
     * @param change as of {@link #receiver(Address, UnaryOperator)}
     * @return the receiver
     */
    public static <T> TypedReceiver<T> receiver(Address address, Codec<T> codec, UnaryOperator<MessageIn> change) {
        return TypedReceiver.over(TypedAddress.open(address, codec, typed -> receiver(typed, change)), codec);
    }
}
