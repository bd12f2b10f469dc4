package org.jvmipc.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jvmipc.PeerInfo;
import org.jvmipc.posix.KernelLocks;
import org.jvmipc.posix.Life;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.spi.InspectedPeer;

/**
 * A look at a segment without taking part in it: no place is taken, and it keeps nobody from removing the segment. For
 * tools, which find it by a {@link SegmentFinder} or {@link SharedSegment#view}.
 *
 * <p>The memory stays mapped as long as this, or its {@link #memory}, can be reached. All methods may be called from
 * any thread.
 */
public final class SegmentView {
    /** What {@link #read} reads at most. */
    private static final long READ_BYTES = 1 << 20;

    private final String name;
    private final ByteBuffer window;
    private final boolean natively;
    /** Tells who lives, of a private copy; null of mapped memory. */
    private final PeerLives lives;

    /**
     * Looks at mapped memory.
     *
     * @param name what stands for it
     * @param window its first window, with a header that is ready
     * @param natively whether native code may be used to find out who lives
     */
    SegmentView(String name, ByteBuffer window, boolean natively) {
        this.name = name;
        this.window = window;
        this.natively = natively;
        this.lives = null;
    }

    /**
     * Looks at a private copy, without native code.
     *
     * @param name what stands for it
     * @param copy its first bytes, with a header that is ready
     * @param lives tells who lives
     */
    SegmentView(String name, ByteBuffer copy, PeerLives lives) {
        this.name = name;
        this.window = copy;
        this.natively = false;
        this.lives = lives;
    }

    /**
     * Reads a segment in a file, or as much of it as a tool may need: nothing is mapped, no native code is loaded, and
     * what is read does not change any more.
     *
     * @param file the file
     * @return empty if there is none that is ready and whole, or it may not be read
     */
    public static Optional<SegmentView> read(Path file) {
        try (SegmentCopy copy = new SegmentCopy(file)) {
            ByteBuffer bytes = copy.read(0, (int) Math.min(copy.size(), READ_BYTES));
            boolean whole = SegmentCheck.isToolkits(bytes) && !SegmentCheck.isUnfinished(bytes)
                    && SegmentCheck.isMemory(bytes) && SegmentCheck.problem(bytes, copy.size()).isEmpty();
            return whole ? Optional.of(new SegmentView(file.toString(), bytes, new PeerLives(KernelLocks.read())))
                    : Optional.empty();
        } catch (IOException refused) {
            return Optional.empty();
        }
    }

    /**
     * Who has it open, or had when it died; of one that was {@linkplain #read read}.
     *
     * @param role what they are to be called
     * @return participants
     */
    public List<InspectedPeer> inspected(String role) {
        List<InspectedPeer> peers = new ArrayList<>();
        for (int i = 0; lives != null && i < SharedLayout.SLOT_COUNT; i++) {
            Slot slot = new Slot(window, SharedLayout.slot(i));
            if (SegmentLayout.isAttached(slot.presence())) {
                peers.add(lives.peer(role, slot.occupant(), -1, ""));
            }
        }
        return peers;
    }

    /**
     * What stands for the segment.
     *
     * @return as {@link SharedSegment#name}
     */
    public String name() {
        return name;
    }

    /**
     * What it holds, as its creator called it.
     *
     * @return perhaps empty
     */
    public String type() {
        return SharedHeader.type(window);
    }

    /**
     * Which of those that were made under this name it is.
     *
     * @return as {@link SharedSegment#generation}
     */
    public long generation() {
        return window.getLong(SharedLayout.GENERATION);
    }

    /**
     * The memory for the user, or the first 1 GiB of it. Who writes into it must know what all do there.
     *
     * @return a new view of it, in native byte order
     */
    public ByteBuffer memory() {
        return window.slice(SharedLayout.HEADER_SIZE, window.capacity() - SharedLayout.HEADER_SIZE)
                .order(ByteOrder.nativeOrder());
    }

    /**
     * Whether a participant has left or died. Takes some microseconds.
     *
     * @param participant as {@link SharedSegment#participant} returned it there
     * @return false as long as it lives, even if it is stopped
     */
    public boolean isGone(int participant) {
        Participants participants = new Participants(window, natively);
        if (lives == null) {
            return participants.isGone(participant);
        }
        Participant who = participants.occupant(participant);
        return who == null || lives.life(who) == Life.DEAD;
    }

    /**
     * Which process a participant is, for people.
     *
     * @param participant as {@link SharedSegment#participant} returned it there
     * @return {@link PeerInfo#UNKNOWN} if another has taken its place, or nobody
     */
    public PeerInfo peer(int participant) {
        return new Participants(window, natively).info(participant);
    }

    /**
     * Which process a participant is, to be compared: the same text for all participants of a process, in whatever
     * segment, and another one for any other process.
     *
     * @param participant as {@link SharedSegment#participant} returned it there
     * @return empty if another has taken its place, or nobody
     */
    public String process(int participant) {
        Participant who = new Participants(window, natively).occupant(participant);
        return who == null ? "" : text(who.pid(), who.pidNamespace(), who.startTicks());
    }

    /**
     * A participant, as tools show it.
     *
     * @param participant as {@link SharedSegment#participant} returned it there
     * @param role what it does here
     * @param thread the number of the Java thread that does, -1 for the process
     * @param millis for how long, -1 if unknown
     * @param note what else is to be said
     * @return the description, of an unknown process if another has taken its place
     */
    public InspectedPeer inspected(int participant, String role, long thread, long millis, String note) {
        Participant who = new Participants(window, natively).occupant(participant);
        if (who == null || lives == null) {
            return new InspectedPeer(role, -1, "", "", InspectedPeer.Presence.DEAD, thread, -1, millis, note);
        }
        InspectedPeer peer = lives.peer(role, who, -1, note);
        return new InspectedPeer(role, peer.pid(), peer.name(), peer.process(), peer.presence(), thread, -1, millis,
                note);
    }

    /**
     * This process.
     *
     * @return as {@link #process}
     */
    public static String ownProcess() {
        ProcessIdentity self = ProcessIdentity.current();
        return text(self.pid(), self.pidNamespace(), self.startTime());
    }

    static String text(long pid, long namespace, long start) {
        return pid + "@" + namespace + "+" + start;
    }

    @Override
    public String toString() {
        return name + ", looked at";
    }
}
