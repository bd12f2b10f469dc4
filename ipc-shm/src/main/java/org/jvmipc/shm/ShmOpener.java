package org.jvmipc.shm;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jvmipc.Address;
import org.jvmipc.spi.MessageLink;
import org.jvmipc.spi.OptionValues;

/** Opens the ports of one address. */
final class ShmOpener {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Path file;
    private final Address address;
    private final OptionValues values;

    ShmOpener(Path file, Address address, OptionValues values) {
        this.file = file;
        this.address = address;
        this.values = values;
    }

    Path file() {
        return file;
    }

    Address address() {
        return address;
    }

    Terms terms() {
        return new Terms(values);
    }

    String open() {
        return values.text("open");
    }

    /** Opens the sending end of a channel. */
    MessageLink sender() {
        PeerTracker tracker = new PeerTracker();
        return new MessageLink(address, sender(file, open(), PATIENCE_NANOS, tracker), null, tracker.peers());
    }

    /** Opens the receiving end of a channel. */
    MessageLink receiver() {
        PeerTracker tracker = new PeerTracker();
        return new MessageLink(address, null, receiver(file, open(), PATIENCE_NANOS, tracker), tracker.peers());
    }

    /**
     * Opens both directions of a connection, each a ring of its own.
     *
     * @param from the ring to receive from, opened first
     * @param to the ring to send into
     * @param open as the option
     * @param patient whether to wait for others who are busy with the files
     */
    MessageLink connection(Path from, Path to, String open, boolean patient) {
        PeerTracker tracker = new PeerTracker();
        long patience = patient ? PATIENCE_NANOS : 0;
        ShmReceiver in = receiver(from, open, patience, tracker);
        try {
            return new MessageLink(address, sender(to, open, patience, tracker), in, tracker.peers());
        } catch (RuntimeException | Error refused) {
            in.close();
            throw refused;
        }
    }

    /** Takes the listener's place at the door. */
    Segment door(Path path) {
        return Segment.open(new SegmentSpec(path, address.toString(), open(),
                new SegmentSpec.Ring(SegmentLayout.KIND_DOOR, SegmentLayout.MIN_CAPACITY, false, 0),
                new SegmentSpec.Options(SegmentLayout.CONSUMER_SLOT, terms().maySleep(), false, PATIENCE_NANOS)));
    }

    private ShmSender sender(Path path, String open, long patience, PeerTracker tracker) {
        return port(spec(path, open, SegmentLayout.PRODUCER_SLOT, patience),
                segment -> new ShmSender(segment, tracker, terms()));
    }

    private ShmReceiver receiver(Path path, String open, long patience, PeerTracker tracker) {
        return port(spec(path, open, SegmentLayout.CONSUMER_SLOT, patience),
                segment -> new ShmReceiver(segment, tracker, terms()));
    }

    private SegmentSpec spec(Path path, String open, int slot, long patience) {
        long type = values.type().isEmpty() ? 0 : Long.parseUnsignedLong(values.type(), 16);
        return new SegmentSpec(path, address.toString(), open,
                new SegmentSpec.Ring(
                        SegmentLayout.KIND_SPSC, values.size("capacity"), values.isGiven("capacity"), type),
                new SegmentSpec.Options(slot, terms().maySleep(), values.flag("keep"), patience));
    }

    private static <P> P port(SegmentSpec spec, Function<Segment, P> constructor) {
        Segment segment = Segment.open(spec);
        try {
            return constructor.apply(segment);
        } catch (RuntimeException | Error refused) {
            segment.leave();
            throw refused;
        }
    }
}
