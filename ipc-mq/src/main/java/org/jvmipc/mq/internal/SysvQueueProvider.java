package org.jvmipc.mq.internal;

import org.jvmipc.Address;
import org.jvmipc.posix.NativeLibrary;
import org.jvmipc.spi.Acceptor;
import org.jvmipc.spi.ChannelProvider;
import org.jvmipc.spi.Link;
import org.jvmipc.spi.MessageLink;
import org.jvmipc.spi.OpenRequest;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Options;
import org.jvmipc.spi.Role;

/** The scheme {@code sysvmq:}, message queues of System V. */
public final class SysvQueueProvider implements ChannelProvider {
    private static final Options OPTIONS = QueueOptions.common()
            .size("id", 0, 1, 255)
            .size("capacity", 0, 1, Integer.MAX_VALUE)
            .size("type", 0, 1, Long.MAX_VALUE)
            .size("typeAtMost", 0, 1, Long.MAX_VALUE);

    /** Creates the provider. */
    public SysvQueueProvider() {
    }

    @Override
    public String scheme() {
        return "sysvmq";
    }

    @Override
    public Options options() {
        return OPTIONS;
    }

    @Override
    public void checkName(Address address, OptionValues values) {
        SysvKey.check(address, values);
        if (values.isGiven("type") && values.isGiven("typeAtMost")) {
            throw new IllegalArgumentException("type and typeAtMost do not go together in " + address
                    + "; take one of them");
        }
    }

    @Override
    public Link open(OpenRequest request) {
        Address address = request.address();
        OptionValues values = request.values();
        if (request.role() == Role.BOTH) {
            throw QueueOptions.noConnections(address);
        }
        if (request.role() == Role.SENDER && values.isGiven("typeAtMost")) {
            throw new IllegalArgumentException("typeAtMost is for receivers; the sender of " + address
                    + " takes type=, the type of its messages");
        }
        NativeLibrary.requireSupported();
        SysvQueue queue = SysvQueue.open(address.toString(), SysvKey.of(address, values), values);
        return request.role() == Role.SENDER
                ? new MessageLink(address, new SysvQueueOut(queue, values), null, null)
                : new MessageLink(address, null, new SysvQueueIn(queue, values), null);
    }

    @Override
    public Acceptor listen(OpenRequest request) {
        throw QueueOptions.noConnections(request.address());
    }
}
