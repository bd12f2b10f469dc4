package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jvmipc.WaitStrategy;

/**
 * Opens a {@link SharedSegment}; made by one of its static methods. Not thread-safe. May be used several times.
 *
 * <p>The methods that open or destroy throw
 * <ul>
 * <li>{@link org.jvmipc.AccessRefusedException} if what stands there belongs to somebody else, is open to others, or is
 *     of another sort, such as a symbolic link; it is left alone,
 * <li>{@link org.jvmipc.IncompatibleChannelException} if it is something else than a segment of this toolkit, or of
 *     another version, size, type or name; the message has both values, and it is left alone,
 * <li>{@link org.jvmipc.SegmentCorruptedException} if it says that it is one and contradicts itself, as after somebody
 *     has truncated it; it is left alone,
 * <li>{@link org.jvmipc.NoSpaceException} if there is not enough memory for it; nothing is left,
 * <li>{@link org.jvmipc.IpcTimeoutException} if another process that is creating, opening or leaving it does not finish
 *     within the {@link #patience},
 * <li>{@link org.jvmipc.ChannelFullException} if 48 have it open.
 * </ul>
 */
public final class SharedSegmentBuilder {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration MOST_PATIENCE = Duration.ofHours(1);

    private final Supplier<Backing> backing;
    private final String name;
    private String type = "";
    private boolean keeps;
    private WaitStrategy wait = WaitStrategy.ADAPTIVE;
    private Duration patience = PATIENCE;
    private int stride = Windows.STRIDE;
    private SegmentRequest.Content content = SegmentRequest.Content.NONE;

    SharedSegmentBuilder(Supplier<Backing> backing, String name) {
        this.backing = backing;
        this.name = name;
    }

    /**
     * Says what the segment holds. Who opens it under another type is refused; one side that says none is not.
     *
     * @param text any text of 1 to 96 bytes in UTF-8, such as {@code prices/2}
     * @return this
     * @throws IllegalArgumentException if it is empty or longer
     */
    public SharedSegmentBuilder type(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > SharedLayout.TYPE_MAX) {
            throw new IllegalArgumentException("the type \"" + text + "\" has " + bytes + " bytes, allowed are 1 to "
                    + SharedLayout.TYPE_MAX);
        }
        this.type = text;
        return this;
    }

    /**
     * Leaves the segment's name, and what is in it, when the last participant goes, if that is this one; and also if
     * this one dies. It is then for {@link #destroy} to remove it.
     *
     * @return this
     */
    public SharedSegmentBuilder keep() {
        this.keeps = true;
        return this;
    }

    /**
     * Chooses how {@link SharedLong#await} waits; {@link WaitStrategy#ADAPTIVE} by default. With
     * {@link WaitStrategy#SPIN} and {@link WaitStrategy#YIELD}, and a {@link SharedSegment#posix} or
     * {@link SharedSegment#file} segment, no native code is used, and participants in other PID namespaces are taken
     * for alive.
     *
     * @param strategy how to wait
     * @return this
     */
    public SharedSegmentBuilder waitStrategy(WaitStrategy strategy) {
        this.wait = Objects.requireNonNull(strategy, "strategy");
        return this;
    }

    /**
     * Says how long to wait for others who are just creating, opening or leaving the segment; 2 s by default.
     *
     * @param atMost how long, up to an hour
     * @return this
     * @throws IllegalArgumentException if it is negative or longer
     */
    public SharedSegmentBuilder patience(Duration atMost) {
        if (atMost.isNegative() || atMost.compareTo(MOST_PATIENCE) > 0) {
            throw new IllegalArgumentException("a patience of " + atMost + " is not allowed; allowed are PT0S to "
                    + MOST_PATIENCE);
        }
        this.patience = atMost;
        return this;
    }

    /** For tests of what only very large segments have otherwise. */
    SharedSegmentBuilder stride(int bytes) {
        this.stride = bytes;
        return this;
    }

    /**
     * Has something written into a new segment before anybody else sees it; if its creator dies meanwhile, it is made
     * anew.
     *
     * @param writes gets the memory, or the first 1 GiB of it, all zeros, in native byte order
     * @return this
     */
    public SharedSegmentBuilder first(Consumer<ByteBuffer> writes) {
        this.content = new SegmentRequest.Content(Objects.requireNonNull(writes, "writes"), content.needed());
        return this;
    }

    /**
     * Leaves the segment if what is in it is needed, as {@link #keep} does: when the last participant goes, if that is
     * this one, it stays; and whoever opens one that only processes that died have used gets that, and no new one. So
     * those who come later can be told what was left unfinished. All who open it should ask the same.
     *
     * @param needed asked while others can neither open nor leave it; gets the memory, or the first 1 GiB of it, in
     *        native byte order
     * @return this
     */
    public SharedSegmentBuilder keepIf(Predicate<ByteBuffer> needed) {
        this.content = new SegmentRequest.Content(content.first(), Objects.requireNonNull(needed, "needed"));
        return this;
    }

    /**
     * Creates it.
     *
     * @param size bytes for the user, from 1 to 2<sup>40</sup>; 16 KiB more are taken
     * @return the open segment, all zeros
     * @throws org.jvmipc.ChannelExistsException if something is there
     * @throws IllegalArgumentException if the size is out of range
     */
    public SharedSegment create(long size) {
        return new SharedSegment(request(true, false, checked(size)));
    }

    /**
     * Opens it, whatever its size.
     *
     * @return the open segment
     * @throws org.jvmipc.ChannelNotFoundException if it does not exist, or only processes that died have used it
     */
    public SharedSegment open() {
        return new SharedSegment(request(false, true, SegmentRequest.ANY_SIZE));
    }

    /**
     * Opens it if it has a certain size.
     *
     * @param size bytes for the user
     * @return the open segment
     * @throws org.jvmipc.ChannelNotFoundException if it does not exist, or only processes that died have used it
     * @throws org.jvmipc.IncompatibleChannelException if it has another size
     */
    public SharedSegment open(long size) {
        return new SharedSegment(request(false, true, checked(size)));
    }

    /**
     * Opens it, or creates it if it does not exist. However many do this at the same time, one creates it
     * ({@link SharedSegment#isCreator}), and all get the same.
     *
     * @param size bytes for the user
     * @return the open segment
     * @throws org.jvmipc.IncompatibleChannelException if it exists with another size
     */
    public SharedSegment openOrCreate(long size) {
        return new SharedSegment(request(true, true, checked(size)));
    }

    /**
     * Removes it, whoever uses it: those go on with the memory they have, and whoever comes later makes another. A
     * broken one is removed, too; what is no segment of this kind is not.
     *
     * @return whether there was one
     */
    public boolean destroy() {
        return SharedHold.destroy(request(false, true, SegmentRequest.ANY_SIZE));
    }

    /**
     * Looks at it without opening it. Nothing is changed, and a process that holds its lock does not matter.
     *
     * @return what there is, or empty if there is no segment of this toolkit
     * @throws org.jvmipc.AccessRefusedException as above
     */
    public Optional<SegmentInfo> info() {
        Backing where = backing.get();
        try {
            return SegmentLister.look(where);
        } finally {
            where.release();
        }
    }

    private SegmentRequest request(boolean creates, boolean attaches, long size) {
        return new SegmentRequest(backing.get(), new SegmentRequest.Identity(name, type), creates, attaches, size,
                new SegmentRequest.Terms(keeps, wait, patience, stride), content);
    }

    private static long checked(long size) {
        if (size < 1 || size > SharedLayout.MAX_SIZE) {
            throw new IllegalArgumentException(
                    "a segment of " + size + " bytes cannot be; allowed are 1 to " + SharedLayout.MAX_SIZE);
        }
        return size;
    }
}
