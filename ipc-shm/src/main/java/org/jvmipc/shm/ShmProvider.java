package org.jvmipc.shm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jvmipc.Address;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.spi.Acceptor;
import org.jvmipc.spi.ChannelProvider;
import org.jvmipc.spi.Link;
import org.jvmipc.spi.OpenRequest;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Options;

/** {@code shm:name}, channels in shared memory: a ring of one producer and one consumer. */
public final class ShmProvider implements ChannelProvider {
    private static final Path DIRECTORY = Path.of("/dev/shm");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");
    private static final long DEFAULT_CAPACITY = 1 << 20;
    private static final Options OPTIONS = Options.common()
            .choice("ring", "spsc", "spsc")
            .choice("backing", "posix", "posix")
            .size("capacity", DEFAULT_CAPACITY, SegmentLayout.MIN_CAPACITY, SegmentLayout.MAX_CAPACITY)
            .size("maxMessage", DEFAULT_CAPACITY - SegmentLayout.LARGEST_OVERHEAD, 1,
                    SegmentLayout.MAX_CAPACITY - SegmentLayout.LARGEST_OVERHEAD);

    /** For {@link java.util.ServiceLoader}. */
    public ShmProvider() {
    }

    @Override
    public String scheme() {
        return "shm";
    }

    @Override
    public Options options() {
        return OPTIONS;
    }

    @Override
    public void checkName(Address address, OptionValues values) {
        if (!NAME.matcher(address.name()).matches()) {
            throw new IllegalArgumentException("\"" + address.name() + "\" is no name for shm:, which takes 1 to 100 "
                    + "of A-Z a-z 0-9 . _ - and no dot in front");
        }
        long capacity = values.size("capacity");
        if (!SegmentLayout.isCapacity(capacity)) {
            throw new IllegalArgumentException("capacity=" + capacity + " of " + address
                    + " is not allowed; allowed is a power of two from 4k to 1g, such as "
                    + Long.highestOneBit(capacity));
        }
        long most = capacity - SegmentLayout.LARGEST_OVERHEAD;
        if (values.isGiven("capacity") && values.isGiven("maxMessage") && values.maxMessage() > most) {
            throw new IllegalArgumentException("maxMessage=" + values.maxMessage() + " of " + address + " is larger "
                    + "than the " + most + " that capacity=" + capacity + " takes; raise the capacity");
        }
    }

    @Override
    public Link open(OpenRequest request) {
        ShmOpener opener = opener(request);
        return switch (request.role()) {
            case SENDER -> opener.sender();
            case RECEIVER -> opener.receiver();
            case BOTH -> Door.connect(opener);
        };
    }

    @Override
    public Acceptor listen(OpenRequest request) {
        return new ShmAcceptor(opener(request));
    }

    private static ShmOpener opener(OpenRequest request) {
        if (!Files.isDirectory(DIRECTORY)) {
            throw new UnsupportedOperationException(request.address() + " needs a tmpfs at " + DIRECTORY
                    + ", which Linux has; here use mem: within a process, or unix: between processes");
        }
        Path file = DIRECTORY.resolve("jvmipc-" + ProcessIdentity.effectiveUid() + "-" + request.address().name());
        return new ShmOpener(file, request.address(), request.values());
    }
}
