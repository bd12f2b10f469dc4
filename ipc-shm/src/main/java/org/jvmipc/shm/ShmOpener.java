package org.jvmipc.shm;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jvmipc.Address;
import org.jvmipc.IpcException;
import org.jvmipc.spi.MessageIn;
import org.jvmipc.spi.MessageLink;
import org.jvmipc.spi.MessageOut;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Peers;

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
        Peers peers = new Peers();
        Backing backing = backing();
        MessageOut out = geometry().isForTwo()
                ? sender(backing, open(), PATIENCE_NANOS, new PeerTracker(peers))
                : port(spec(backing, open(), Side.PRODUCER, PATIENCE_NANOS),
                        segment -> new RingSender(segment, outRing(segment), peers, terms()));
        return new MessageLink(reachable(backing), chained(out, peers), null, peers);
    }

    /** Opens the receiving end of a channel. */
    MessageLink receiver() {
        Peers peers = new Peers();
        Backing backing = backing();
        if (geometry().isForTwo()) {
            MessageIn in = receiver(backing, open(), PATIENCE_NANOS, new PeerTracker(peers));
            return new MessageLink(reachable(backing), null, chained(in, () -> 0), peers);
        }
        RingReceiver in = port(spec(backing, open(), Side.CONSUMER, PATIENCE_NANOS),
                segment -> new RingReceiver(segment, inRing(segment), peers, terms()));
        return new MessageLink(reachable(backing), null, chained(in, in::lastSource), peers);
    }

    /** The address by which others in this process find the same memory. */
    private Address reachable(Backing backing) {
        return backing.hasName() ? address : address.with("fd", backing.descriptor());
    }

    private MessageOut chained(MessageOut out, Peers peers) {
        return terms().fragments() ? new ChainOut(out, peers, address.toString(), terms().maxChain()) : out;
    }

    private MessageIn chained(MessageIn in, IntSupplier source) {
        return terms().fragments() ? new ChainIn(in, source, terms().maxChain()) : in;
    }

    private static OutRing outRing(Segment segment) {
        return switch (segment.geometry().kind()) {
            case SegmentLayout.KIND_MPSC -> new LaneOut(segment);
            case SegmentLayout.KIND_MPMC -> new MpmcOut(segment);
            case SegmentLayout.KIND_BROADCAST -> new BroadcastOut(segment);
            case SegmentLayout.KIND_LOSSY -> new LossyOut(segment);
            default -> throw new IllegalStateException("kind " + segment.geometry().kind());
        };
    }

    private static InRing inRing(Segment segment) {
        return switch (segment.geometry().kind()) {
            case SegmentLayout.KIND_MPSC -> new LanesIn(segment);
            case SegmentLayout.KIND_MPMC -> new MpmcIn(segment);
            case SegmentLayout.KIND_BROADCAST -> new BroadcastIn(segment);
            case SegmentLayout.KIND_LOSSY -> new LossyIn(segment);
            default -> throw new IllegalStateException("kind " + segment.geometry().kind());
        };
    }

    /**
     * Opens both directions of a connection, each a ring of its own.
     *
     * @param from the ring to receive from, opened first
     * @param to the ring to send into
     * @param open as the option
     * @param patient whether to wait for others who are busy with the first file; with the second one it waits anyway,
     *     as the other side sees it leave if it has taken the first and then goes
     */
    MessageLink connection(Path from, Path to, String open, boolean patient) {
        PeerTracker tracker = new PeerTracker();
        long patience = patient ? PATIENCE_NANOS : 0;
        ShmReceiver in = receiver(new FileBacking(from), open, patience, tracker);
        try {
            MessageOut out = chained(sender(new FileBacking(to), open, PATIENCE_NANOS, tracker),
                    tracker.peers());
            return new MessageLink(address, out, chained(in, () -> 0), tracker.peers());
        } catch (RuntimeException | Error refused) {
            in.close();
            throw refused;
        }
    }

    /** Takes the listener's place at the door, and tells those who come what it wants. */
    Segment door(Path path) {
        Segment door = Segment.open(new SegmentSpec(path, address.toString(), open(),
                new SegmentSpec.Ring(
                        Geometry.ofTwo(SegmentLayout.KIND_DOOR, SegmentLayout.MIN_CAPACITY), Set.of(), 0),
                new SegmentSpec.Options(Side.CONSUMER, terms().maySleep(), false, PATIENCE_NANOS)));
        SegmentHeader.writeType(door.memory(), ring());
        return door;
    }

    /** Takes one side of a connection that is not as it has to be, and leaves it. */
    void leave(Path file, Side side) {
        // Of those that concern both sides, the only option that no message could tell from another value.
        for (boolean fragments : new boolean[] {terms().fragments(), !terms().fragments()}) {
            try {
                Segment.open(new SegmentSpec(file, address.toString(), "attach",
                        new SegmentSpec.Ring(geometry(), Set.of(), 0, fragments),
                        new SegmentSpec.Options(side, terms().maySleep(), false, 0))).leave();
                return;
            } catch (IpcException taken) {
                continue;
            }
        }
    }

    /** What a ring of this address holds. */
    SegmentSpec.Ring ring() {
        long type = values.type().isEmpty() ? 0 : Long.parseUnsignedLong(values.type(), 16);
        return new SegmentSpec.Ring(geometry(), fixed(), type, terms().fragments(), values.typeDescription());
    }

    private ShmSender sender(Backing backing, String open, long patience, PeerTracker tracker) {
        return port(spec(backing, open, Side.PRODUCER, patience),
                segment -> new ShmSender(segment, tracker, terms()));
    }

    private ShmReceiver receiver(Backing backing, String open, long patience, PeerTracker tracker) {
        return port(spec(backing, open, Side.CONSUMER, patience),
                segment -> new ShmReceiver(segment, tracker, terms()));
    }

    private SegmentSpec spec(Backing backing, String open, Side side, long patience) {
        return new SegmentSpec(backing, address.toString(), open, ring(),
                new SegmentSpec.Options(side, terms().maySleep(), values.flag("keep"), patience));
    }

    private Backing backing() {
        return new RingOptions(values).backing(file);
    }

    private Geometry geometry() {
        return new RingOptions(values).geometry();
    }

    private Set<String> fixed() {
        Set<String> fixed = new HashSet<>();
        for (String option : List.of("capacity", "producers", "consumers", "readers")) {
            if (values.isGiven(option)) {
                fixed.add(option);
            }
        }
        return fixed;
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
