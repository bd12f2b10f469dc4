package org.jvmipc.shm;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jvmipc.Address;
import org.jvmipc.spi.MessageLink;
import org.jvmipc.spi.OptionValues;

/** Opens the ports of one address. */
final class ShmOpener {
    /** A connection is two rings: the listener receives from the first and sends into the second. */
    private static final String TO_LISTENER = ".a";
    private static final String FROM_LISTENER = ".b";
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Path file;
    private final Address address;
    private final OptionValues values;
    private final boolean once;
    private final Runnable whenClosed;
    private final long patience;

    ShmOpener(Path file, Address address, OptionValues values, boolean connects) {
        this(file, address, values, connects && !values.waitsForPeers(), PATIENCE_NANOS, () -> {
        });
    }

    private ShmOpener(Path file, Address address, OptionValues values, boolean once, long patience,
            Runnable whenClosed) {
        this.file = file;
        this.address = address;
        this.values = values;
        this.once = once;
        this.patience = patience;
        this.whenClosed = whenClosed;
    }

    /** The same with something to be run when a port has closed; if asked for, it does not wait for others. */
    ShmOpener with(boolean patient, Runnable then) {
        return new ShmOpener(file, address, values, once, patient ? PATIENCE_NANOS : 0, then);
    }

    ShmSender sender(String part, PeerTracker tracker) {
        Terms terms = new Terms(values, whenClosed);
        return port(part, SegmentLayout.PRODUCER_SLOT, segment -> new ShmSender(segment, tracker, terms));
    }

    ShmReceiver receiver(String part, PeerTracker tracker) {
        Terms terms = new Terms(values, whenClosed);
        return port(part, SegmentLayout.CONSUMER_SLOT, segment -> new ShmReceiver(segment, tracker, terms));
    }

    private <P> P port(String part, int slot, Function<Segment, P> constructor) {
        boolean maySleep = new Terms(values, whenClosed).maySleep();
        SegmentSpec.Options options =
                new SegmentSpec.Options(slot, maySleep, values.flag("keep"), once, patience);
        long type = values.type().isEmpty() ? 0 : Long.parseUnsignedLong(values.type(), 16);
        Segment segment = Segment.open(new SegmentSpec(file.resolveSibling(file.getFileName() + part),
                address.toString(), values.text("open"), values.size("capacity"), values.isGiven("capacity"), type,
                options));
        try {
            return constructor.apply(segment);
        } catch (RuntimeException | Error refused) {
            segment.leave();
            throw refused;
        }
    }

    /**
     * Opens both directions. Whoever connects takes his place in the second ring first, and a listener in the first
     * one: so there is one winner of several, and the last store of a connection is its sender in the first ring.
     */
    MessageLink connection(boolean listens) {
        PeerTracker tracker = new PeerTracker();
        ShmReceiver in = receiver(listens ? TO_LISTENER : FROM_LISTENER, tracker);
        try {
            ShmSender out = sender(listens ? FROM_LISTENER : TO_LISTENER, tracker);
            return new MessageLink(address, out, in, tracker.peers());
        } catch (RuntimeException | Error refused) {
            in.close();
            throw refused;
        }
    }
}
