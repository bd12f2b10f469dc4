package org.jvmipc.mq.internal;

import java.nio.charset.StandardCharsets;
import org.jvmipc.Address;
import org.jvmipc.posix.NativeLibrary;
import org.jvmipc.posix.PosixQueueCalls;
import org.jvmipc.spi.Acceptor;
import org.jvmipc.spi.ChannelProvider;
import org.jvmipc.spi.Link;
import org.jvmipc.spi.MessageLink;
import org.jvmipc.spi.OpenRequest;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Options;
import org.jvmipc.spi.Role;

/** The scheme {@code posixmq:}, message queues of POSIX. */
public final class PosixQueueProvider implements ChannelProvider {
    /** The kernel's own limits, also for the privileged. */
    private static final long MOST_MESSAGES = 65_536;
    private static final long LARGEST = 16 << 20;
    private static final int LONGEST_NAME = 255;
    private static final Options OPTIONS = QueueOptions.common()
            .size("maxMessages", 0, 1, MOST_MESSAGES)
            .size("messageSize", 0, 1, LARGEST)
            .size("priority", 0, 0, PosixQueueCalls.PRIORITY_MAX);

    /** Creates the provider. */
    public PosixQueueProvider() {
    }

    @Override
    public String scheme() {
        return "posixmq";
    }

    @Override
    public Options options() {
        return OPTIONS;
    }

    @Override
    public void checkName(Address address, OptionValues values) {
        kernelName(address.name());
    }

    /**
     * The name as the kernel has it.
     *
     * @param name with or without a slash in front
     * @return with a slash in front
     * @throws IllegalArgumentException if it is not allowed
     */
    public static String kernelName(String name) {
        String bare = name.startsWith("/") ? name.substring(1) : name;
        int length = bare.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > LONGEST_NAME || bare.indexOf('/') >= 0 || bare.equals(".") || bare.equals("..")) {
            throw new IllegalArgumentException("\"" + name + "\" is no name for posixmq:, which takes 1 to "
                    + LONGEST_NAME + " bytes without a slash (but for one in front that may be left out), and neither"
                    + " . nor ..");
        }
        return "/" + bare;
    }

    @Override
    public Link open(OpenRequest request) {
        Address address = request.address();
        if (request.role() == Role.BOTH) {
            throw QueueOptions.noConnections(address);
        }
        NativeLibrary.requireSupported();
        OptionValues values = request.values();
        PosixQueue queue = PosixQueue.open(address.toString(), kernelName(address.name()), values);
        return request.role() == Role.SENDER
                ? new MessageLink(address, new PosixQueueOut(queue, values), null, null)
                : new MessageLink(address, null, new PosixQueueIn(queue), null);
    }

    @Override
    public Acceptor listen(OpenRequest request) {
        throw QueueOptions.noConnections(request.address());
    }
}
