package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jvmipc.PeerInfo;
import org.jvmipc.posix.SysvShmCalls;

/**
 * Memory that processes share, with a name and a life: made by one, found by others, gone with the last.
 *
 * <pre>{@code
 * try (SharedSegment segment = SharedSegment.posix("prices").type("prices/2").openOrCreate(1 << 20)) {
 *     SharedLong version = segment.longAt(0);
 *     ByteBuffer table = segment.buffer(64, 4096);
 *     table.putDouble(0, 3.14);
 *     version.addAndGet(1);
 * }
 * }</pre>
 *
 * <p><b>Backings.</b> {@link #posix} is a file in {@code /dev/shm}; {@link #file} one in any directory, which keeps
 * what is in it as that directory does; {@link #sysv(int)} is memory of System V, which {@code ipcs -m} shows;
 * {@link #memfd} has no name, is handed over by its descriptor, and cannot be truncated by anybody.
 *
 * <p><b>Life.</b> A segment is created zeroed, of fixed size, with every page backed, for processes of one user. The
 * last participant that closes it removes its name, unless it is to be kept ({@link SharedSegmentBuilder#keep}, {@link
 * SharedSegmentBuilder#keepIf}). What
 * was left by processes that all died is made anew by {@link SharedSegmentBuilder#openOrCreate}, under another
 * {@link #generation}. If somebody removes the name of a segment in use, its participants go on with it, and whoever
 * comes later makes another. At most 48 can have it open at a time.
 *
 * <p><b>Memory.</b> It is what the participants make of it: through {@linkplain #buffer() views}, which are as plain
 * memory is between threads, and through {@link SharedLong} and {@link SharedInt}, which order what is written around
 * them.
 *
 * <p><b>Closing.</b> After {@link #close} all methods that touch the memory, and those of its words, throw
 * {@link org.jvmipc.ChannelClosedException}, as do threads that wait. Views that were handed out stay valid: the memory
 * is unmapped when the garbage collector finds that nobody can reach one any more. (With more than 256 MiB waiting for
 * that, it is asked to look.) So no access after closing can crash. A segment that is not closed stays open as long as
 * the process lives; when that ends in an orderly way it closes it. What can crash any process is that somebody
 * truncates a file that is mapped: nobody does here, and a {@code memfd} forbids it.
 *
 * <p>All methods may be called from any thread. The layout is in {@code docs/formats/segment.md}.
 */
public final class SharedSegment implements AutoCloseable {
    private final SegmentRequest request;
    private final SegmentMemory memory;
    private final Waits waits;
    private final SharedHold hold;
    private final String type;
    private final long generation;
    private final Runnable closer = this::closeAtExit;
    private volatile BooleanSupplier inUseAtExit = () -> false;
    private boolean closed;

    SharedSegment(SegmentRequest request) {
        this.request = request;
        this.hold = hold(request);
        ByteBuffer[] windows = hold.windows();
        this.type = SharedHeader.type(windows[0]);
        this.generation = windows[0].getLong(SharedLayout.GENERATION);
        long size = SharedLayout.HEADER_SIZE + windows[0].getLong(SharedLayout.SIZE);
        this.memory = new SegmentMemory(request.backing().name(), new Windows(size, request.terms().stride()), windows);
        this.waits = new Waits(request.terms());
        OpenPorts.add(closer, request.terms().maySleep());
    }

    private static SharedHold hold(SegmentRequest request) {
        try {
            return SharedHold.open(request);
        } catch (RuntimeException | Error refused) {
            request.backing().release();
            throw refused;
        }
    }

    /**
     * A segment in {@code /dev/shm}, as {@code shm_open} makes them.
     *
     * @param name 1 to 100 of {@code A-Z a-z 0-9 . _ -}, no dot in front
     * @return what opens it
     * @throws IllegalArgumentException if that is no name
     * @throws UnsupportedOperationException if there is no {@code /dev/shm}, as on other systems than Linux
     */
    public static SharedSegmentBuilder posix(String name) {
        return new SharedSegmentBuilder(() -> new FileBacking(PosixNames.path(name)), PosixNames.check(name));
    }

    /**
     * A segment in a file.
     *
     * @param path the file, in a directory of any file system that can be mapped shared
     * @return what opens it
     */
    public static SharedSegmentBuilder file(Path path) {
        return new SharedSegmentBuilder(() -> new FileBacking(path.toAbsolutePath()), "");
    }

    /**
     * A segment of System V under a key that follows from a name. Where another name has the same key, the one who
     * comes second is refused, and chooses another.
     *
     * @param name as for {@link #posix}
     * @return what opens it
     * @throws IllegalArgumentException if that is no name
     */
    public static SharedSegmentBuilder sysv(String name) {
        return new SharedSegmentBuilder(() -> SysvBacking.ofKey(SysvBacking.key(name)), PosixNames.check(name));
    }

    /**
     * A segment of System V under a key.
     *
     * @param key any number but 0
     * @return what opens it
     * @throws IllegalArgumentException if it is 0, which the kernel takes for no key
     */
    public static SharedSegmentBuilder sysv(int key) {
        if (key == SysvShmCalls.IPC_PRIVATE) {
            throw new IllegalArgumentException(
                    "key 0 (IPC_PRIVATE) finds nothing; choose another, or use sysvPrivate() and sysvId(int)");
        }
        return new SharedSegmentBuilder(() -> SysvBacking.ofKey(key), "");
    }

    /**
     * A new segment of System V without a key, which others find by its {@link #sysvId()}.
     *
     * @return what creates it
     */
    public static SharedSegmentBuilder sysvPrivate() {
        return new SharedSegmentBuilder(SysvBacking::ofNew, "");
    }

    /**
     * A segment of System V by its number.
     *
     * @param id as {@code ipcs -m} shows it
     * @return what opens it
     */
    public static SharedSegmentBuilder sysvId(int id) {
        if (id < 0) {
            throw new IllegalArgumentException("System V memory " + id + " cannot be; numbers begin at 0");
        }
        return new SharedSegmentBuilder(() -> SysvBacking.ofId(id), "");
    }

    /**
     * A new segment without a name, in a {@code memfd}: sealed, so that nobody can truncate it. A peer gets it by its
     * {@link #descriptor()}, and it goes with the last who has it.
     *
     * @param name as for {@link #posix}; for people who look into {@code /proc}
     * @return what creates it
     * @throws IllegalArgumentException if that is no name
     */
    public static SharedSegmentBuilder memfd(String name) {
        return new SharedSegmentBuilder(() -> MemfdBacking.ofNew(PosixNames.check(name)), PosixNames.check(name));
    }

    /**
     * A segment in a {@code memfd} that a peer has handed over, as by
     * {@code UnixSockets.attachDescriptors} and {@code takeDescriptor}.
     *
     * @param number a descriptor, which remains the caller's: it may be closed once the segment is open
     * @return what opens it; it refuses one that is no memfd, or could be truncated, with
     *         {@link org.jvmipc.AccessRefusedException}
     */
    public static SharedSegmentBuilder descriptor(int number) {
        return new SharedSegmentBuilder(() -> MemfdBacking.ofDescriptor(number), "");
    }

    /**
     * Lists this user's segments in {@code /dev/shm} and those of System V, also those of channels.
     *
     * @return what there is, in no order
     */
    public static List<SegmentInfo> list() {
        return SegmentLister.all();
    }

    /**
     * What stands for the segment.
     *
     * @return a path, or a key or number of System V, or a descriptor, in words
     */
    public String name() {
        return memory.name();
    }

    /**
     * What it holds, as its creator called it.
     *
     * @return the text given to {@link SharedSegmentBuilder#type}, perhaps empty
     */
    public String type() {
        return type;
    }

    /**
     * The memory for the user.
     *
     * @return bytes
     */
    public long size() {
        return memory.size();
    }

    /**
     * Which of those that were made under this name it is.
     *
     * @return a random number, the same for all who use the same memory
     */
    public long generation() {
        return generation;
    }

    /**
     * Whether this object created the memory, and so has to fill it.
     *
     * @return false if it was there
     */
    public boolean isCreator() {
        return hold.isCreator();
    }

    /**
     * Who has it open.
     *
     * @return processes that live, this one among them, once for each object
     */
    public List<PeerInfo> participants() {
        ByteBuffer header = memory.header().live();
        return new Participants(header, request.terms().maySleep()).living();
    }

    /**
     * The number of this participant, to be written into the memory by those who note there to whom something belongs.
     * It is not given again before its place was taken 2<sup>26</sup> times, and says nothing in another
     * {@link #generation}.
     *
     * @return any number but 0
     */
    public int participant() {
        return Participants.number(hold.index(), hold.occupancy());
    }

    /**
     * The place of this participant among the 48, for those who keep something for each. It is another's once this one
     * has left or died.
     *
     * @return from 0 to 47
     */
    public int participantPlace() {
        return hold.index();
    }

    /**
     * Whether a participant has left or died, and so touches the memory no more. Takes some microseconds.
     *
     * @param participant as {@link #participant} returned it there; any other number is that of nobody
     * @return false as long as it lives, even if it is stopped
     */
    public boolean isGone(int participant) {
        ByteBuffer header = memory.header().live();
        return participant != participant()
                && new Participants(header, request.terms().maySleep()).isGone(participant);
    }

    /**
     * Whether a participant that {@linkplain #isGone is gone} has left, by closing its segment or by an orderly end of
     * its process, and did not die.
     *
     * @param participant as {@link #participant} returned it there
     * @return false also if that is not known any more, as others have died in its place since
     */
    public boolean hasLeft(int participant) {
        ByteBuffer header = memory.header().live();
        return new Participants(header, request.terms().maySleep()).hasLeft(participant);
    }

    /**
     * Which process a participant is, or was, as long as nobody has taken its place.
     *
     * @param participant as {@link #participant} returned it there
     * @return {@link PeerInfo#UNKNOWN} if that is not known any more
     */
    public PeerInfo peer(int participant) {
        ByteBuffer header = memory.header().live();
        return new Participants(header, request.terms().maySleep()).info(participant);
    }

    /**
     * When the process of a participant started, for people: to a second, as {@code ps} tells it.
     *
     * @param participant as {@link #participant} returned it there
     * @return empty if another has taken its place, or nobody
     */
    public Optional<Instant> started(int participant) {
        ByteBuffer header = memory.header().live();
        Participant who = new Participants(header, request.terms().maySleep()).occupant(participant);
        return who == null ? Optional.empty() : who.started();
    }

    /**
     * A look at it for tools, which goes on after this is closed.
     *
     * @return a view that takes no part
     */
    public SegmentView view() {
        return new SegmentView(name(), memory.header().live(), request.terms().maySleep());
    }

    /**
     * A view of all of it, in native byte order.
     *
     * @return a new view of the same memory
     * @throws IllegalArgumentException if it is too large for one buffer, at about 2 GiB; take parts then
     */
    public ByteBuffer buffer() {
        return memory.slice(0, memory.size());
    }

    /**
     * A view of a part, in native byte order. Up to 1 GiB less 4 KiB can begin anywhere.
     *
     * @param offset where it begins
     * @param length its bytes
     * @return a new view of the same memory
     * @throws IndexOutOfBoundsException if it does not lie within the segment
     * @throws IllegalArgumentException if it is too large for one buffer; the message says what is not
     */
    public ByteBuffer buffer(long offset, long length) {
        return memory.slice(offset, length);
    }

    /**
     * A 64-bit word.
     *
     * @param offset where it is, a multiple of 8
     * @return access to it
     * @throws IndexOutOfBoundsException if it does not lie within the segment
     * @throws IllegalArgumentException if it is not aligned
     */
    public SharedLong longAt(long offset) {
        return new SharedLong(memory, waits, offset);
    }

    /**
     * A 32-bit word.
     *
     * @param offset where it is, a multiple of 4
     * @return access to it
     * @throws IndexOutOfBoundsException if it does not lie within the segment
     * @throws IllegalArgumentException if it is not aligned
     */
    public SharedInt intAt(long offset) {
        return new SharedInt(memory, waits, offset);
    }

    /**
     * The descriptor of a {@code memfd} segment, to be handed over to a peer.
     *
     * @return its number, good until this is closed
     * @throws UnsupportedOperationException if this is of another kind
     */
    public int descriptor() {
        memory.header().live();
        return request.backing().descriptor();
    }

    /**
     * The number of a System V segment.
     *
     * @return as {@code ipcs -m} shows it
     * @throws UnsupportedOperationException if this is of another kind
     */
    public int sysvId() {
        return request.backing().systemVId();
    }

    /**
     * Leaves the segment, and removes its name if nobody else is there and it is not to be kept. Idempotent; waits for
     * others who are just opening or leaving it, up to about 0.2 s.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        memory.close();
        waits.close();
        hold.leave();
        request.backing().release();
        OpenPorts.remove(closer);
    }

    /**
     * Asks something when this process ends in an orderly way with the segment open: whether threads of this process
     * may go on writing into memory that others would use once they see that this participant has left. If so, they
     * will see it die when the process is gone, and not leave before.
     *
     * @param inUse must be quick; replaces the one before
     */
    public void atExit(BooleanSupplier inUse) {
        inUseAtExit = inUse;
    }

    private void closeAtExit() {
        if (inUseAtExit.getAsBoolean()) {
            hold.stay();
        }
        close();
    }

    SegmentMemory memory() {
        return memory;
    }

    Waits waits() {
        return waits;
    }

    SharedHold hold() {
        return hold;
    }

    SegmentRequest.Terms terms() {
        return request.terms();
    }

    @Override
    public String toString() {
        return memory.name() + ", " + memory.size() + " bytes, generation " + Long.toHexString(generation);
    }
}
