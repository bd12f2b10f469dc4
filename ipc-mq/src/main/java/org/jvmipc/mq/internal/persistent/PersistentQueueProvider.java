package org.jvmipc.mq.internal.persistent;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jvmipc.Address;
import org.jvmipc.posix.NativeLibrary;
import org.jvmipc.spi.Acceptor;
import org.jvmipc.spi.ChannelProvider;
import org.jvmipc.spi.Link;
import org.jvmipc.spi.OpenRequest;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Options;
import org.jvmipc.spi.Role;

/** The transport {@code queue:}. */
public final class PersistentQueueProvider implements ChannelProvider {
    /** With what stands around it a message must lie within what Chronicle maps beyond a block, a quarter of 64 MiB. */
    static final long LARGEST = 15 << 20;
    private static final long USUAL = 8 << 20;
    private static final int MOST_LANES = 8;
    private static final String ROLL_CYCLE = "one of Chronicle's names: " + String.join(", ", RollCycleNames.ALL);
    private static final Options OPTIONS = GroupOptions.add(Options.common()
            .refuse("peerDeath", "a queue on disk outlives those who use it: senders need no receiver, and receivers"
                    + " wait for the next sender; shm:, unix: (stream or seqpacket), fifo: and pipe: know their peers")
            .refuse("typeHash", "a queue on disk has no place for the type of its messages; use shm:, or put"
                    + " TypedSender.over and TypedReceiver.over on ends without type, which then compare nothing")
            .refuse("keep", "a queue on disk always stays; PersistentQueues.remove removes it")
            .refuse("overflow", "a queue on disk is never full, unless the disk is: then sending throws"
                    + " NoSpaceException; retainAge, retainSize and retain=unread have old messages deleted")
            .size("maxMessage", USUAL, 1, LARGEST)
            .text("rollCycle", "", Pattern.compile(String.join("|", RollCycleNames.ALL)), ROLL_CYCLE)
            .choice("sync", "none", "none", "each", "interval")
            .duration("syncInterval", Duration.ofMillis(100))
            .text("start", "start", Start.PATTERN, Start.ALLOWED)
            .text("reader", "", CursorFile.NAME, "1 to 64 of A-Z a-z 0-9 . _ -, no dot in front")
            .choice("delivery", "at-least-once", "at-least-once", "at-most-once")
            .size("lanes", 1, 1, MOST_LANES)
            .size("priority", 0, 0, MOST_LANES - 1)
            .duration("delay", Duration.ZERO)
            .duration("retainAge", Duration.ZERO)
            .size("retainSize", 0, 0, Long.MAX_VALUE)
            .choice("retain", "all", "all", "unread"));

    /** Creates the provider. */
    public PersistentQueueProvider() {
    }

    @Override
    public String scheme() {
        return "queue";
    }

    @Override
    public Options options() {
        return OPTIONS;
    }

    @Override
    public List<String> jvmFlags() {
        return FlagsCheck.forChildren();
    }

    @Override
    public void checkName(Address address, OptionValues values) {
        directory(address.name());
        GroupOptions.check(address, values);
        if (values.size("priority") >= values.size("lanes")) {
            throw new IllegalArgumentException("option priority=" + values.size("priority") + " of queue: is not"
                    + " allowed with lanes=" + values.size("lanes") + "; allowed is 0 to "
                    + (values.size("lanes") - 1) + ", the highest being received first");
        }
        Start.parse(values.text("start"));
        if (values.size("lanes") > 1 && Start.parse(values.text("start")).isNumber()) {
            throw new IllegalArgumentException("option start=" + values.text("start") + " of queue: does not go with"
                    + " lanes, as each lane has numbers of its own; use start, end or a time");
        }
    }

    /**
     * The directory that a name stands for.
     *
     * @param name an absolute path
     * @return normalized
     * @throws IllegalArgumentException if it is not allowed
     */
    public static Path directory(String name) {
        try {
            Path path = Path.of(name);
            if (path.isAbsolute() && path.normalize().getNameCount() > 0) {
                return path.normalize();
            }
        } catch (InvalidPathException impossible) {
            throw refused(name);
        }
        throw refused(name);
    }

    private static IllegalArgumentException refused(String name) {
        return new IllegalArgumentException("\"" + name + "\" is no name for queue:, which takes the absolute path of a"
                + " directory of its own, such as queue:/var/lib/orders");
    }

    @Override
    public Link open(OpenRequest request) {
        Address address = request.address();
        if (request.role() == Role.BOTH) {
            throw noConnections(address);
        }
        NativeLibrary.requireSupported();
        FlagsCheck.require();
        ChronicleSettings.apply();
        return QueueOpener.open(request, directory(address.name()));
    }

    @Override
    public Acceptor listen(OpenRequest request) {
        throw noConnections(request.address());
    }

    private static UnsupportedOperationException noConnections(Address address) {
        return new UnsupportedOperationException(address + ": queues on disk have no connections; use two of them, one"
                + " for each direction, or unix: or shm:, which have");
    }
}
