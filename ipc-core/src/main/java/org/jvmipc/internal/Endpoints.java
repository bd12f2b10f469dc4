package org.jvmipc.internal;

import java.nio.channels.AsynchronousByteChannel;
import java.nio.channels.ByteChannel;
import org.jvmipc.Address;
import org.jvmipc.Duplex;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.spi.ByteIn;
import org.jvmipc.spi.ByteLink;
import org.jvmipc.spi.ByteOut;
import org.jvmipc.spi.Link;
import org.jvmipc.spi.MessageIn;
import org.jvmipc.spi.MessageLink;
import org.jvmipc.spi.MessageOut;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Peers;
import org.jvmipc.spi.Role;

/** Makes endpoints out of links: frames bytes into messages, or cuts messages into bytes, where the two differ. */
final class Endpoints {
    private Endpoints() {
    }

    /** A link as ports of messages. */
    private record Messages(MessageOut out, MessageIn in, Peers peers) {
        static Messages of(Link link, OptionValues values, Role role) {
            if (link instanceof MessageLink messages) {
                return new Messages(messages.out(), messages.in(), messages.peers());
            }
            FrameLink frames = new FrameLink((ByteLink) link, values, role);
            return new Messages(frames.out, frames.in, frames.peers());
        }
    }

    /** The address for peers, who are not to create what this end has created. */
    private static Address reachable(Link link) {
        return link.address().without("open");
    }

    static Sender sender(Link link, OptionValues values) {
        Messages messages = Messages.of(link, values, Role.SENDER);
        PortSender sender = new PortSender(reachable(link), messages.out, messages.peers, values);
        messages.out.idle();
        return sender;
    }

    static Receiver receiver(Link link, OptionValues values) {
        Messages messages = Messages.of(link, values, Role.RECEIVER);
        PortReceiver receiver = new PortReceiver(reachable(link), messages.in, messages.peers, values);
        messages.in.idle();
        return receiver;
    }

    static Duplex duplex(Link link, OptionValues values) {
        Messages messages = Messages.of(link, values, Role.BOTH);
        PortDuplex duplex = new PortDuplex(
                new PortSender(reachable(link), messages.out, messages.peers, values),
                new PortReceiver(reachable(link), messages.in, messages.peers, values));
        messages.out.idle();
        return duplex;
    }

    static ByteChannel stream(Link link, OptionValues values) {
        return new StreamChannel(link.address(), out(link), in(link), values);
    }

    static AsynchronousByteChannel asynchronousStream(Link link, OptionValues values) {
        return new AsyncStream(link.address(), out(link), in(link), values);
    }

    private static ByteOut out(Link link) {
        if (link instanceof ByteLink bytes) {
            return bytes.out();
        }
        MessageOut out = ((MessageLink) link).out();
        return out == null ? null : new SegmentOut(out);
    }

    private static ByteIn in(Link link) {
        if (link instanceof ByteLink bytes) {
            return bytes.in();
        }
        MessageIn in = ((MessageLink) link).in();
        return in == null ? null : new SegmentIn(in);
    }
}
