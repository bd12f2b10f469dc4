package org.jvmipc.shm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.ChannelFullException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.IpcException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.spi.Flight;

/**
 * One participant's hold on a {@link SharedSegment}, from attaching to leaving. The rules are those of {@link Segment},
 * for any number of participants: whoever creates, attaches to, leaves or destroys a segment has its lock; an
 * unfinished one that nobody has the lock of is that of a dead creator, and is made anew, as is one whose participants
 * are all dead, unless one of them wanted it kept, or what is in it is needed. The last one to leave removes it, unless
 * it wants it kept, or what is in it is needed.
 */
final class SharedHold {
    private static final long LEAVE_NANOS = 200_000_000;
    private static final long RETRY_NANOS = 1_000_000;

    private final SegmentRequest request;
    private final Object identity;
    private final ByteBuffer[] windows;
    private final Participants participants;
    private final boolean creator;
    private final int index;
    private final long presence;
    private volatile boolean stays;

    private SharedHold(SegmentRequest request, Object identity, ByteBuffer[] windows, boolean creator,
            Participant self) {
        this.request = request;
        this.identity = identity;
        this.windows = windows;
        this.creator = creator;
        boolean maySleep = request.terms().maySleep();
        this.participants = new Participants(windows[0], maySleep);
        this.index = participants.findFree();
        if (index < 0) {
            throw new ChannelFullException(name(request) + " has " + SharedLayout.SLOT_COUNT
                    + " participants, and takes no more; let one of them close it first");
        }
        this.presence = participants.slot(index).occupy(self, maySleep, request.terms().keeps());
        if (creator) {
            SharedHeader.ready(windows[0]);
        }
    }

    private static String name(SegmentRequest request) {
        return request.backing().name();
    }

    /**
     * Creates or attaches to a segment and takes a slot.
     *
     * @throws org.jvmipc.IpcException as {@link SharedSegmentBuilder} says
     */
    static SharedHold open(SegmentRequest request) {
        // Before the lock is taken: it may have to load native code.
        Participant self = Liveness.self(request.terms().maySleep());
        long deadline = System.nanoTime() + request.terms().patience().toNanos();
        return again(request.backing(), () -> tryOpen(request, self, deadline));
    }

    /** Does work until it has a result. */
    private static <T> T again(Backing backing, Uninterrupted.Work<T> work) {
        try {
            while (true) {
                T result = Uninterrupted.run(work);
                if (result != null) {
                    return result;
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(backing.name() + ": " + failed.getMessage(), failed);
        }
    }

    /** Null to try again. */
    private static SharedHold tryOpen(SegmentRequest request, Participant self, long deadline) throws IOException {
        Backing backing = request.backing();
        // Anew for each attempt: that there is another one shows that the others got on.
        long patience = System.nanoTime() + request.terms().patience().toNanos();
        Backing.Handle existing = backing.open(false, patience);
        if (existing == null && !request.creates()) {
            throw new ChannelNotFoundException(backing.name() + " does not exist; start the side that creates it "
                    + "first, or use openOrCreate");
        }
        try (Backing.Handle handle = existing != null ? existing : backing.open(true, patience)) {
            if (handle == null) {
                return null;
            }
            handle.lock(patience);
            return handle.isCurrent() ? openLocked(handle, request, self, deadline) : null;
        }
    }

    private static SharedHold openLocked(Backing.Handle handle, SegmentRequest request, Participant self, long deadline)
            throws IOException {
        long size = handle.size();
        ByteBuffer header = handle.read(SharedLayout.HEADER_SIZE);
        if (handle.isBlank() || SharedHeader.isUnfinished(header)) {
            return openUnfinished(handle, request, self, deadline);
        }
        if (!request.attaches()) {
            throw new ChannelExistsException(name(request) + " exists already"
                    + (SharedHeader.isOurs(header)
                            ? " (created by pid " + header.getLong(SharedLayout.CREATOR_PID) + ")" : "")
                    + "; open it, or choose another name");
        }
        SharedHeader.check(header, size, request);
        boolean allDead = request.backing().hasName()
                && new Participants(header, request.terms().maySleep()).areAllDead();
        ByteBuffer[] windows = handle.map(new Windows(size, request.terms().stride()));
        if (allDead && !isNeeded(windows, request)) {
            if (!request.creates()) {
                throw new ChannelNotFoundException(name(request)
                        + " was left behind by processes that died; use openOrCreate, or destroy it");
            }
            handle.unlink();
            Flight.recovered(name(request), "is made anew: all who used it have died");
            return null;
        }
        return new SharedHold(request, handle.identity(), windows, false, self);
    }

    private static boolean isNeeded(ByteBuffer[] windows, SegmentRequest request) {
        return request.content().needed().test(forUser(windows));
    }

    /** The first window without the header. */
    private static ByteBuffer forUser(ByteBuffer[] windows) {
        return windows[0].slice(SharedLayout.HEADER_SIZE, windows[0].capacity() - SharedLayout.HEADER_SIZE)
                .order(ByteOrder.nativeOrder());
    }

    /** Its creator has died, or has not taken the lock yet. */
    private static SharedHold openUnfinished(Backing.Handle handle, SegmentRequest request, Participant self,
            long deadline) throws IOException {
        if (!request.creates()) {
            if (deadline - System.nanoTime() <= 0) {
                throw new ChannelNotFoundException(name(request)
                        + ": its creator died before it was ready; use openOrCreate, or destroy it");
            }
            return null;
        }
        if (handle.size() > 0) {
            handle.unlink();
            Flight.recovered(name(request), "is made anew: its creator died before it was ready");
            return null;
        }
        long size = SharedLayout.HEADER_SIZE + request.size();
        handle.back(size, SharedHeader.beginning());
        try {
            ByteBuffer[] windows = handle.map(new Windows(size, request.terms().stride()));
            request.content().first().accept(forUser(windows));
            SharedHeader.complete(windows[0], request);
            return new SharedHold(request, handle.identity(), windows, true, self);
        } catch (ClosedChannelException interrupted) {
            // The lock has gone with the channel: the name may be another's by now.
            throw interrupted;
        } catch (IOException | RuntimeException | Error failed) {
            handle.unlink();
            throw failed;
        }
    }

    /**
     * Removes the name of a segment, whoever uses it.
     *
     * @return whether there was one
     */
    static boolean destroy(SegmentRequest request) {
        if (!request.backing().hasName()) {
            throw new UnsupportedOperationException(name(request)
                    + " has no name to remove; it goes with its last descriptor and mapping");
        }
        long deadline = System.nanoTime() + request.terms().patience().toNanos();
        return again(request.backing(), () -> {
            try (Backing.Handle handle = request.backing().open(false, deadline)) {
                if (handle == null) {
                    return false;
                }
                handle.lock(deadline);
                if (!handle.isCurrent()) {
                    return null;
                }
                ByteBuffer header = handle.read(SharedLayout.HEADER_SIZE);
                if (!SharedHeader.isOurs(header) && !handle.isBlank()) {
                    // It says what it is, and that it is not ours to remove.
                    SharedHeader.check(header, handle.size(), request);
                }
                handle.unlink();
                return true;
            }
        });
    }

    ByteBuffer[] windows() {
        return windows;
    }

    Participants participants() {
        return participants;
    }

    boolean isCreator() {
        return creator;
    }

    int index() {
        return index;
    }

    long occupancy() {
        return SegmentLayout.occupancy(presence);
    }

    /** This process ends, and may touch the memory until it is gone: then others see it die, not leave. */
    void stay() {
        stays = true;
    }

    /** Gives the slot back and removes the segment if nobody is left; once. The memory stays mapped. */
    void leave() {
        try {
            leave(System.nanoTime() + LEAVE_NANOS);
        } catch (IpcTimeoutException stopped) {
            giveBack();
            // Whoever had the lock while we left without it may have seen us still.
            try {
                leave(System.nanoTime());
            } catch (IpcException stillStopped) {
                // He, or whoever opens the name next, looks at what is there.
            }
        } catch (UncheckedIOException | IpcException unreachable) {
            giveBack();
        }
    }

    private void giveBack() {
        if (!stays) {
            participants.slot(index).leave(presence);
        }
    }

    private void leave(long deadline) {
        again(request.backing(), () -> {
            try (Backing.Handle handle = request.backing().open(false, deadline)) {
                if (handle == null || !handle.identity().equals(identity)) {
                    // The name stands for another segment, or for none.
                    giveBack();
                    return true;
                }
                handle.lock(deadline);
                if (!handle.isCurrent()) {
                    return null;
                }
                if (!request.terms().keeps() && participants.isAlone(index) && !isNeeded(windows, request)) {
                    // First, so that whoever dies here leaves a dead participant and not a segment that looks kept.
                    handle.unlink();
                }
                giveBack();
                return true;
            }
        });
    }
}
