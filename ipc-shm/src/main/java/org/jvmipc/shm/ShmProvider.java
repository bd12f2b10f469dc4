package org.jvmipc.shm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jvmipc.Address;
import org.jvmipc.spi.Acceptor;
import org.jvmipc.spi.ChannelProvider;
import org.jvmipc.spi.Framing;
import org.jvmipc.spi.Link;
import org.jvmipc.spi.OpenRequest;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Options;
import org.jvmipc.spi.Role;

/**
 * {@code shm:name}, channels in shared memory: a ring of one producer and one consumer ({@code ring=spsc}), of several
 * producers and one consumer ({@code mpsc}), of several producers and consumers, each message to one of them
 * ({@code mpmc}), or of one producer whose messages all readers see ({@code broadcast}).
 */
public final class ShmProvider implements ChannelProvider {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");
    private static final Options OPTIONS = RingOptions.declare();

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
        new RingOptions(values).check(address);
    }

    @Override
    public Link open(OpenRequest request) {
        if (request.role() == Role.BOTH) {
            checkConnection(request);
        } else if (request.framing() == Framing.STREAM) {
            checkPair(request);
        }
        ShmOpener opener = opener(request);
        return switch (request.role()) {
            case SENDER -> opener.sender();
            case RECEIVER -> opener.receiver();
            case BOTH -> Door.connect(opener);
        };
    }

    @Override
    public Acceptor listen(OpenRequest request) {
        checkConnection(request);
        return new ShmAcceptor(opener(request));
    }

    /** Connections and streams of bytes are between two. */
    private static void checkPair(OpenRequest request) {
        String ring = request.values().text("ring");
        if (!"spsc".equals(ring)) {
            throw new UnsupportedOperationException(request.address()
                    + ": connections and streams of bytes are between two, which ring=" + ring
                    + " is not; leave out ring=" + ring + ", or use unix: or mem:");
        }
    }

    /** Who connects and who listens find each other by files beside that of the channel. */
    private static void checkConnection(OpenRequest request) {
        checkPair(request);
        String backing = request.values().text("backing");
        if (!"posix".equals(backing) && !"file".equals(backing)) {
            throw new UnsupportedOperationException(request.address() + ": who connects and who listens find each "
                    + "other by files, and backing=" + backing + " has none; leave it out for files in /dev/shm, use "
                    + "backing=file, or use unix: or mem:");
        }
    }

    private static ShmOpener opener(OpenRequest request) {
        if (!Files.isDirectory(PosixNames.DIRECTORY)) {
            throw new UnsupportedOperationException(request.address() + " needs a tmpfs at " + PosixNames.DIRECTORY
                    + ", which Linux has; here use mem: within a process, or unix: between processes");
        }
        Path directory = new RingOptions(request.values()).directory();
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("dir=" + directory + " of " + request.address()
                    + " is no directory; make it first, best with mode 0700, or name another one");
        }
        return new ShmOpener(directory.resolve(PosixNames.prefix() + request.address().name()),
                request.address(), request.values());
    }
}
