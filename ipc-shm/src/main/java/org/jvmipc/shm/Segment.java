package org.jvmipc.shm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.IpcException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.posix.FutexReadiness;
import org.jvmipc.spi.Flight;

/**
 * One participant's hold on a segment, from attaching to leaving. The life of a segment:
 *
 * <p>Whoever creates, attaches to or leaves it has the lock of its file, and looks after taking it whether the name
 * still stands for that file; so there is one generation under a name at any time. A file that its creator has not
 * finished although nobody has the lock is that of a dead one, and is made anew. The same goes for a segment whose
 * participants are all dead, as its messages would be gone had they left; unless one of them wanted it kept. The last
 * one to leave removes it, unless it wants it kept. One without a name is neither made anew nor removed: who has its
 * descriptor may use it, and it goes with the last descriptor and mapping.
 */
final class Segment {
    private static final long LEAVE_NANOS = 200_000_000;
    private static final long RETRY_NANOS = 1_000_000;
    /** Much longer than a store takes to leave a processor. */
    private static final long STORES_SEEN_NANOS = 1_000_000;

    private final SegmentSpec spec;
    private final Object identity;
    private final ByteBuffer memory;
    private final Geometry geometry;
    private final int place;
    private final long presence;

    private Segment(SegmentSpec spec, Object identity, ByteBuffer memory, Geometry geometry, int place,
            long presence) {
        this.spec = spec;
        this.identity = identity;
        this.memory = memory;
        this.geometry = geometry;
        this.place = place;
        this.presence = presence;
    }

    /**
     * Creates or attaches to a segment and takes a slot.
     *
     * @throws org.jvmipc.IpcException as the options say
     */
    static Segment open(SegmentSpec spec) {
        // Before the lock is taken: it may have to load native code.
        Participant self = Liveness.self(spec.options().maySleep());
        long deadline = System.nanoTime() + spec.options().patienceNanos();
        Segment segment = null;
        try {
            while (true) {
                segment = Uninterrupted.run(() -> tryOpen(spec, self, deadline));
                if (segment != null) {
                    segment.arrive();
                    return segment;
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(spec.address() + ": " + failed.getMessage(), failed);
        } finally {
            if (segment == null) {
                spec.backing().release();
            }
        }
    }

    /** Null to try again. */
    private static Segment tryOpen(SegmentSpec spec, Participant self, long deadline) throws IOException {
        Backing backing = spec.backing();
        // Anew for each attempt: that there is another one shows that the others got on.
        long patience = System.nanoTime() + spec.options().patienceNanos();
        Backing.Handle existing = backing.open(false, patience);
        if (existing == null && !spec.creates()) {
            throw new ChannelNotFoundException(
                    spec.address() + " does not exist; start the side that creates it first, or open it with "
                            + "open=createOrAttach");
        }
        try (Backing.Handle file = existing != null ? existing : backing.open(true, patience)) {
            if (file == null) {
                return null;
            }
            file.lock(patience);
            return file.isCurrent() ? openLocked(file, spec, self, deadline) : null;
        }
    }

    private static Segment openLocked(Backing.Handle file, SegmentSpec spec, Participant self, long deadline)
            throws IOException {
        long size = file.size();
        ByteBuffer header = file.read(SegmentLayout.HEADER_SIZE);
        if (isUnfinished(file, header)) {
            if (!spec.creates()) {
                return retry(deadline, new ChannelNotFoundException(spec.address()
                        + ": its creator died before it was ready; open it with open=createOrAttach"));
            }
            if (size > 0) {
                file.unlink();
                Flight.recovered(spec.address(), "is made anew: its creator died before it was ready");
                return null;
            }
            return initialise(file, spec, self);
        }
        SegmentHeader.check(header, size, spec);
        Geometry geometry = Geometry.of(header);
        ByteBuffer slots = geometry.isForTwo() ? header : map(file, size);
        if (spec.backing().hasName() && Places.areAbandoned(slots, geometry, spec.options().maySleep())) {
            if (!spec.creates()) {
                throw new ChannelNotFoundException(spec.address()
                        + " was left behind by processes that died; open it with open=createOrAttach");
            }
            file.unlink();
            Flight.recovered(spec.address(), "is made anew: all who used it have died");
            return null;
        }
        if (!spec.attaches()) {
            throw new ChannelExistsException(spec.address() + " exists already (" + spec.backing().name()
                    + ", created by pid " + header.getLong(SegmentLayout.CREATOR_PID) + "); attach to it with "
                    + "open=attach, or choose another name");
        }
        int free = Places.free(slots, geometry, spec);
        ByteBuffer memory = slots == header ? map(file, size) : slots;
        SegmentHeader.settleType(memory, spec.ring());
        return occupy(file, spec, self, memory, geometry, free);
    }

    /** What is empty was just made, or its creator died then. */
    private static boolean isUnfinished(Backing.Handle file, ByteBuffer header) throws IOException {
        return file.isBlank() || SegmentHeader.isUnfinished(header);
    }

    private static ByteBuffer map(Backing.Handle file, long size) throws IOException {
        return file.map(new Windows(size, Windows.STRIDE))[0];
    }

    private static Segment retry(long deadline, RuntimeException otherwise) {
        if (deadline - System.nanoTime() <= 0) {
            throw otherwise;
        }
        return null;
    }

    private static Segment initialise(Backing.Handle file, SegmentSpec spec, Participant self) throws IOException {
        long size = spec.ring().geometry().fileSize();
        OnDisk.tell(spec.backing());
        file.back(size, SegmentHeader.beginning());
        try {
            ByteBuffer memory = map(file, size);
            SegmentHeader.write(memory, spec);
            return occupy(file, spec, self, memory, spec.ring().geometry(), 0);
        } catch (ClosedChannelException interrupted) {
            // The lock has gone with the channel: the name may be another's by now.
            throw interrupted;
        } catch (IOException | RuntimeException | Error failed) {
            file.unlink();
            throw failed;
        }
    }

    private static Segment occupy(Backing.Handle file, SegmentSpec spec, Participant self, ByteBuffer memory,
            Geometry geometry, int place) throws IOException {
        Side side = spec.options().side();
        boolean maySleep = spec.options().maySleep();
        Slot slot = new Slot(memory, geometry.slot(side, place));
        if (geometry.isBroadcast() && side == Side.CONSUMER) {
            new Readers(memory, geometry).prepare(place, SegmentLayout.occupancy(slot.presence()) + 1);
        }
        long presence = slot.occupy(self, maySleep, spec.options().keeps());
        SegmentHeader.ready(memory);
        Segment segment = new Segment(spec, file.identity(), memory, geometry, place, presence);
        segment.tellChange();
        return segment;
    }

    /** After taking a place, and without the lock, for which others may wait. */
    private void arrive() {
        Side side = spec.options().side();
        if (spec.options().maySleep() && Places.isAnyAttached(memory, geometry, side.other())) {
            // The other side does not look whether we sleep before it has seen us: let its last store from before that
            // arrive, so that we find what it has stored, or it has found us.
            LockSupport.parkNanos(STORES_SEEN_NANOS);
        }
        signalOthers();
    }

    /** Removes a segment for two that only dead processes have used, if it is one. */
    static void removeIfAbandoned(Path path, boolean natively) {
        try {
            Uninterrupted.run(() -> {
                try (SegmentFile file = SegmentFile.open(path, false, System.nanoTime() + LEAVE_NANOS)) {
                    if (file != null) {
                        file.lock(System.nanoTime());
                        ByteBuffer header = file.readHeader();
                        boolean abandoned = isUnfinished(file, header) || SegmentHeader.hasMagic(header)
                                && Places.areAbandoned(header, Geometry.ofTwo(SegmentLayout.KIND_SPSC, 0), natively);
                        if (abandoned && file.isCurrent()) {
                            file.unlink();
                        }
                    }
                    return null;
                }
            });
        } catch (IOException | IpcException leftAlone) {
            // Somebody is busy with it, or it is not ours: it is not abandoned.
        }
    }

    ByteBuffer memory() {
        return memory;
    }

    Geometry geometry() {
        return geometry;
    }

    /** The size of a ring. */
    int capacity() {
        return (int) geometry.capacity();
    }

    /** Which of the places of its side this participant has. */
    int place() {
        return place;
    }

    /** A ring with what belongs to it alone. */
    ByteBuffer ring(int number) {
        return memory.slice((int) geometry.ring(number), (int) geometry.ringBytes()).order(ByteOrder.nativeOrder());
    }

    String address() {
        return spec.address();
    }

    long generation() {
        return memory.getLong(SegmentLayout.GENERATION);
    }

    /** Whether the occupant of the other slot must be taken for alive. */
    boolean isAlive(Participant who) {
        return Liveness.isAlive(who, spec.options().maySleep());
    }

    /** The same for one who is not watched. */
    boolean isAliveNow(Participant who) {
        return Liveness.isAliveNow(who, spec.options().maySleep());
    }

    /** He is not watched any more. */
    void forget(Participant who) {
        Liveness.forget(who, spec.options().maySleep());
    }

    /** The slot of the other side, where it has one. */
    Slot otherSlot() {
        return otherSlot(0);
    }

    Slot otherSlot(int number) {
        return slot(otherSide(), number);
    }

    Slot slot(Side side, int number) {
        return new Slot(memory, geometry.slot(side, number));
    }

    /** What stands in this participant's slot. */
    long presence() {
        return presence;
    }

    /** Whether somebody lives at any place of a side for whom a condition holds. */
    boolean isAnyAlive(Side side, Places.Condition condition) {
        return Places.isAnyAlive(memory, geometry, side, condition, spec.options().maySleep());
    }

    /** Does something while nobody can attach; does not if somebody else is busy with that for long. */
    void whileNobodyAttaches(Runnable work) {
        try {
            Uninterrupted.run(() -> {
                long deadline = System.nanoTime() + LEAVE_NANOS;
                try (Backing.Handle file = spec.backing().open(false, deadline)) {
                    // Under another name, or none, nobody can find this segment.
                    if (file != null && file.identity().equals(identity)) {
                        file.lock(deadline);
                    }
                    work.run();
                }
                return null;
            });
        } catch (IOException | IpcException busy) {
            // To be tried again.
        }
    }

    Side otherSide() {
        return spec.options().side().other();
    }

    /** After a change of the presence: to be seen by those who look at one word for a whole side. */
    private void tellChange() {
        if (!geometry.isForTwo()) {
            Places.countChange(memory, geometry.changes(spec.options().side()));
        }
    }

    /** After a change of the presence: the other side may sleep. */
    private void signalOthers() {
        VarHandle.fullFence();
        for (int i = 0; i < geometry.places(otherSide()); i++) {
            if (SegmentLayout.maySleep(otherSlot(i).presence())) {
                int bell = geometry.bell(otherSide(), i);
                FutexReadiness.signal(memory, bell, bell + Integer.BYTES);
            }
        }
    }

    /** Wakes the consumer if it sleeps; after a full fence. */
    static void signalConsumer(ByteBuffer memory) {
        FutexReadiness.signal(memory, SegmentLayout.CONSUMER_SEQUENCE, SegmentLayout.CONSUMER_ANNOUNCEMENT);
    }

    /** Wakes the producer if it sleeps; after a full fence. */
    static void signalProducer(ByteBuffer memory) {
        FutexReadiness.signal(memory, SegmentLayout.PRODUCER_SEQUENCE, SegmentLayout.PRODUCER_ANNOUNCEMENT);
    }

    /** Gives the slot back and removes the file if nobody is left; once. The memory stays mapped. */
    void leave() {
        Slot slot = new Slot(memory, geometry.slot(spec.options().side(), place));
        // The name first, so that whoever dies here leaves a dead participant and not a segment that looks kept.
        boolean inTime = remove(slot, LEAVE_NANOS);
        slot.leave(presence);
        tellChange();
        signalOthers();
        try {
            // Somebody who had the lock while we left may have seen us still, and left as well.
            remove(null, inTime ? LEAVE_NANOS : 0);
        } finally {
            spec.backing().release();
            ClosedMappings.add(memory);
        }
    }

    /**
     * Removes the file if nobody uses it.
     *
     * @param own whose place does not count, or null
     * @return false if somebody had the lock for too long, who looks again after it
     */
    private boolean remove(Slot own, long patience) {
        try {
            while (spec.backing().hasName() && isUnused(own)
                    && Uninterrupted.run(() -> removeIfUnused(own, patience))) {
                continue;
            }
        } catch (IpcTimeoutException stopped) {
            return false;
        } catch (IOException | RuntimeException kept) {
            // Not to be removed by us any more; whoever opens the name next looks at what is there.
            return true;
        }
        return true;
    }

    private boolean isUnused(Slot own) {
        return !spec.options().keeps() && !Places.isAnyInUse(memory, geometry, own, spec.options().maySleep());
    }

    /** True if it has to be looked at again. */
    private boolean removeIfUnused(Slot own, long patience) throws IOException {
        long deadline = System.nanoTime() + patience;
        Backing.Handle file = spec.backing().open(false, deadline);
        if (file == null) {
            return false;
        }
        try (file) {
            if (!file.identity().equals(identity)) {
                return false;
            }
            file.lock(deadline);
            // If it is not, the next look finds another one, or none.
            if (file.isCurrent() && isUnused(own)) {
                file.unlink();
                return false;
            }
        }
        return true;
    }
}
