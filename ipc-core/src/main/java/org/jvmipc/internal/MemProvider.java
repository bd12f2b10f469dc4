package org.jvmipc.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jvmipc.Address;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.spi.Acceptor;
import org.jvmipc.spi.ChannelProvider;
import org.jvmipc.spi.Link;
import org.jvmipc.spi.MessageLink;
import org.jvmipc.spi.OpenRequest;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Options;
import org.jvmipc.spi.Role;

/**
 * {@code mem:name}, channels between the threads of one JVM: the reference for all others. A channel exists from its
 * first opening until its last endpoint is closed (with {@code keep=true}: until the JVM ends).
 */
public final class MemProvider implements ChannelProvider {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");
    private static final Options OPTIONS = Options.common()
            .choice("mode", "bounded", "bounded", "unbounded", "rendezvous")
            .size("capacity", 1024, 1, 1 << 24)
            .choice("overflow", "block", "block", "fail", "dropNewest", "dropOldest");

    private final Map<String, MemChannel> channels = new HashMap<>();
    private final Map<String, MemAcceptor> acceptors = new HashMap<>();

    /** For {@link java.util.ServiceLoader}. */
    public MemProvider() {
    }

    @Override
    public String scheme() {
        return "mem";
    }

    @Override
    public Options options() {
        return OPTIONS;
    }

    @Override
    public void checkName(Address address, OptionValues values) {
        if (!NAME.matcher(address.name()).matches()) {
            throw new IllegalArgumentException("\"" + address.name() + "\" is no name for mem:, which takes 1 to 100 "
                    + "of A-Z a-z 0-9 . _ - and no dot in front");
        }
        if (values.isGiven("capacity") && !"bounded".equals(values.text("mode"))) {
            throw new IllegalArgumentException("capacity goes with mode=bounded only, not with mode="
                    + values.text("mode") + " in " + address);
        }
    }

    @Override
    public Link open(OpenRequest request) {
        if (request.role() == Role.BOTH) {
            return connect(request);
        }
        synchronized (channels) {
            String name = request.address().name();
            MemChannel channel = channels.get(name);
            String open = request.values().text("open");
            if (channel != null && "create".equals(open)) {
                throw new ChannelExistsException(request.address() + " exists already; attach with open=attach");
            }
            if (channel == null) {
                if ("attach".equals(open)) {
                    throw new ChannelNotFoundException(request.address() + " does not exist; create it first");
                }
                channel = new MemChannel(request.values(), this::forget);
                channels.put(name, channel);
            } else {
                check(channel, request);
            }
            return request.role() == Role.SENDER
                    ? new MessageLink(request.address(), channel.out(request.values()), null, channel.lastPeers())
                    : new MessageLink(request.address(), null, channel.in(request.values()), channel.lastPeers());
        }
    }

    private static void check(MemChannel channel, OpenRequest request) {
        OptionValues values = request.values();
        boolean capacityDiffers = values.isGiven("capacity") && values.size("capacity") != channel.capacity();
        if (capacityDiffers || values.isGiven("mode") && !values.text("mode").equals(channel.mode())) {
            throw new IncompatibleChannelException(request.address() + " wants mode=" + values.text("mode")
                    + " with capacity=" + values.size("capacity") + ", the channel has mode=" + channel.mode()
                    + " with capacity=" + channel.capacity());
        }
        if (channel.type().isEmpty()) {
            channel.type(values.type());
        } else if (!values.type().isEmpty() && !values.type().equals(channel.type())) {
            throw new IncompatibleChannelException(request.address() + " wants messages of type " + values.type()
                    + ", the channel carries type " + channel.type());
        }
    }

    private void forget(MemChannel channel) {
        synchronized (channels) {
            if (channel.isUnused()) {
                channels.values().remove(channel);
            }
        }
    }

    private Link connect(OpenRequest request) {
        String name = request.address().name();
        MemChannel there = new MemChannel(request.values(), channel -> forgetAbandoned(name));
        MemChannel back = new MemChannel(request.values(), channel -> forgetAbandoned(name));
        MessageLink theirs = link(request, back, there);
        MessageLink ours = link(request, there, back);
        synchronized (acceptors) {
            acceptors.computeIfAbsent(name, unused -> new MemAcceptor(request.address()))
                    .offer(theirs, request.values().type(), there, back);
        }
        return ours;
    }

    /** An end of a connection was closed; perhaps nobody had accepted it. */
    private void forgetAbandoned(String name) {
        synchronized (acceptors) {
            MemAcceptor acceptor = acceptors.get(name);
            if (acceptor != null && !acceptor.dropAbandoned()) {
                acceptors.remove(name);
            }
        }
    }

    private static MessageLink link(OpenRequest request, MemChannel to, MemChannel from) {
        MemOut out = to.out(request.values());
        // Peers of the one direction are those of the other: each end's two ports open and close together or not.
        return new MessageLink(request.address(), out, from.in(request.values()), to.lastPeers());
    }

    @Override
    public Acceptor listen(OpenRequest request) {
        String name = request.address().name();
        synchronized (acceptors) {
            MemAcceptor acceptor = acceptors.computeIfAbsent(name, unused -> new MemAcceptor(request.address()));
            if (!acceptor.listen(request.values().type(), () -> remove(name))) {
                throw new ChannelExistsException("somebody listens on " + request.address() + " already");
            }
            return acceptor;
        }
    }

    private void remove(String name) {
        synchronized (acceptors) {
            acceptors.remove(name);
        }
    }
}
