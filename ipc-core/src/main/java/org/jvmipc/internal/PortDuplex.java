package org.jvmipc.internal;

import java.time.Duration;
import org.jvmipc.Address;
import org.jvmipc.ChannelStatus;
import org.jvmipc.Duplex;
import org.jvmipc.PeerListener;
import org.jvmipc.Receiver;
import org.jvmipc.Registration;
import org.jvmipc.Sender;
import org.jvmipc.spi.Port;
import org.jvmipc.spi.Waiter;

/** Both ends of a connection. */
final class PortDuplex implements Duplex, PortHolder {
    private final PortSender sender;
    private final PortReceiver receiver;

    PortDuplex(PortSender sender, PortReceiver receiver) {
        this.sender = sender;
        this.receiver = receiver;
    }

    @Override
    public Port sending() {
        return sender.sending();
    }

    @Override
    public Port receiving() {
        return receiver.receiving();
    }

    @Override
    public Sender sender() {
        return sender;
    }

    @Override
    public Receiver receiver() {
        return receiver;
    }

    @Override
    public Address address() {
        return sender.address();
    }

    @Override
    public ChannelStatus status() {
        ChannelStatus out = sender.status();
        ChannelStatus in = receiver.status();
        return new ChannelStatus(out.address(), in.depthMessages(), in.depthBytes(), in.capacityBytes(), out.sent(),
                in.received(), out.dropped(), Math.max(out.peersAlive(), in.peersAlive()), !isOpen());
    }

    @Override
    public boolean awaitPeer(Duration timeout) throws InterruptedException {
        return (sender.isClosed() ? receiver : sender).awaitPeer(timeout);
    }

    @Override
    public Registration onPeer(PeerListener listener) {
        return receiver.isClosed() ? sender.onPeer(listener, receiver) : receiver.onPeer(listener, sender);
    }

    @Override
    public boolean isOpen() {
        return sender.isOpen() || receiver.isOpen();
    }

    @Override
    public void close() {
        // The receiver first: the sender's good-bye then says that nothing is taken any more, either.
        receiver.close();
        sender.close();
    }

    @Override
    public boolean close(Duration linger) throws InterruptedException {
        try {
            return sender.linger(Waiter.deadline(linger));
        } finally {
            close();
        }
    }
}
