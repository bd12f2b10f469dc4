package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jvmipc.PeerInfo;
import org.jvmipc.posix.ProcessIdentity;

/**
 * A look at a segment without taking part in it: no place is taken, and it keeps nobody from removing the segment. For
 * tools, which find it by a {@link SegmentFinder} or {@link SharedSegment#view}.
 *
 * <p>The memory stays mapped as long as this, or its {@link #memory}, can be reached. All methods may be called from
 * any thread.
 */
public final class SegmentView {
    private final String name;
    private final ByteBuffer window;
    private final boolean natively;

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
        return new Participants(window, natively).isGone(participant);
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
     * This process.
     *
     * @return as {@link #process}
     */
    public static String ownProcess() {
        ProcessIdentity self = ProcessIdentity.current();
        return text(self.pid(), self.pidNamespace(), self.startTime());
    }

    private static String text(long pid, long namespace, long start) {
        return pid + "@" + namespace + "+" + start;
    }

    @Override
    public String toString() {
        return name + ", looked at";
    }
}
