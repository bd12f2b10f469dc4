package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.MessageTooLargeException;
import org.jvmipc.PeerInfo;
import org.jvmipc.spi.Flight;
import org.jvmipc.spi.Waiter;

/**
 * Blocks of shared memory that have one owner at a time: large payloads move between processes by ownership, not by
 * copy. The sender loans a block, fills it in place, hands it over and sends its handle, a {@code long}, through any
 * channel; the receiver takes it with the handle, reads it in place, and releases it.
 *
 * <pre>{@code
 * try (SharedPool pool = SharedPool.in(SharedSegment.posix("frames")).blocks(1 << 20, 16).openOrCreate();
 *         TypedSender<Long> out = Ipc.sender("shm:frames-ready", Codec.longs())) {
 *     PoolBlock block = pool.loan(Duration.ofSeconds(1));
 *     int length = fill(block.buffer());
 *     out.transfer(block.handOver(length));
 * }
 * }</pre>
 * <pre>{@code
 * try (SharedPool pool = SharedPool.in(SharedSegment.posix("frames")).blocks(1 << 20, 16).openOrCreate();
 *         TypedReceiver<Long> in = Ipc.receiver("shm:frames-ready", Codec.longs())) {
 *     try (PoolBlock block = pool.take(in.receive())) {
 *         use(block.buffer());
 *     }
 * }
 * }</pre>
 *
 * <p><b>Sizes.</b> There are blocks of fixed sizes. A loan gets one of the smallest size that fits, or of a larger one
 * if those are all taken.
 *
 * <p><b>Death.</b> Blocks that a process owned when it died, or when it {@linkplain #close closed} the pool, are free
 * again as soon as somebody looks: who finds no free block does, up to five times a second, and {@link #reclaim} does.
 * Nothing is taken from a process that is stopped ({@code SIGSTOP}): it may be in the middle of writing.
 *
 * <p><b>In flight.</b> A block that was handed over belongs to whoever comes with the handle, even if its sender has
 * died since: the handle may lie in a channel that keeps it. So nothing in the pool decides that it was lost; the
 * program does, by {@link #reclaimInFlight}. A handle that comes too late is refused with {@link
 * StaleHandleException}, as is one that was used before, is of another pool or was made up; it never leads to a block
 * that has become somebody else's. (But for luck: a number of 36 bits tells the times apart that a block was used.) If
 * a handle cannot be sent, take it back with {@link #take}.
 *
 * <p><b>Cost.</b> A loan is a compare-and-set and two atomic bit operations, whatever the size; no call but those that
 * wait makes a system call, unless somebody waits for a block, or no block is free and owners have to be looked at. A
 * loan and a take allocate a {@link PoolBlock}, and {@link PoolBlock#buffer} a view; nothing else does.
 *
 * <p><b>Closing.</b> {@link #close} gives back all blocks that this participant owns; it is for the caller to see to it
 * that no thread still writes into one. After it all methods throw {@link ChannelClosedException}. A pool that is not
 * closed stays open as long as the process lives; blocks in use when that ends in an orderly way are given back when it
 * has ended. The rules for names, and for when the memory goes, are those of {@link SharedSegment}; each object is one
 * of 48 participants.
 *
 * <p>All methods may be called from any thread. The layout, the algorithm and where it comes from are in {@code
 * docs/formats/pool.md}.
 */
public final class SharedPool implements AutoCloseable {
    private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final SharedSegment segment;
    private final PoolGeometry geometry;
    private final PoolWords words;
    private final BlockTable table;
    private final Gate gate = new Gate();
    private final AtomicLong nextSweep = new AtomicLong(System.nanoTime());
    private final Map<Integer, Sighting> sightings = new HashMap<>();

    /**
     * When a block was first seen in flight.
     *
     * @param word as it was
     * @param nanos of this process's clock
     */
    private record Sighting(long word, long nanos) {
    }

    SharedPool(SharedSegment segment, PoolGeometry wanted) {
        this.segment = segment;
        try {
            SegmentMemory memory = segment.memory();
            this.geometry = PoolGeometry.read(segment.buffer(0, Math.min(segment.size(), PoolLayout.CONTROL)),
                    segment.size(), segment.name());
            if (wanted != null && !wanted.hasSizesOf(geometry)) {
                throw new IncompatibleChannelException(segment.name() + " has " + geometry + ", wanted are " + wanted);
            }
            this.words = new MappedWords(memory.header()::live, SharedLayout.HEADER_SIZE);
            this.table = new BlockTable(words, geometry, segment.hold().index(), segment.hold().occupancy(),
                    segment.generation(), this::wake);
            segment.atExit(this::isInUse);
        } catch (RuntimeException | Error refused) {
            segment.close();
            throw refused;
        }
    }

    /**
     * A pool in a segment.
     *
     * @param segment where, and how to wait; its type becomes that of a pool
     * @return what opens it
     */
    public static SharedPoolBuilder in(SharedSegmentBuilder segment) {
        return new SharedPoolBuilder(Objects.requireNonNull(segment, "segment"));
    }

    /**
     * Loans a block of at least a size, without waiting.
     *
     * @param bytes how many are needed, 0 or more; this becomes the block's {@linkplain PoolBlock#length length}
     * @return a block with any content, or null if none was found free
     * @throws MessageTooLargeException if no block is that large
     * @throws IllegalArgumentException if it is negative
     */
    public PoolBlock tryLoan(int bytes) {
        int fitting = fitting(bytes);
        long handle = loan(fitting);
        if (handle == 0 && sweepIfDue()) {
            handle = loan(fitting);
        }
        return handle == 0 ? null : new PoolBlock(this, handle, bytes);
    }

    /**
     * Loans one of the largest blocks, without waiting.
     *
     * @return a block with any content, or null if none was found free
     */
    public PoolBlock tryLoan() {
        return tryLoan(geometry.largest().bytes());
    }

    /**
     * Loans a block of at least a size; waits for one, as the segment's wait strategy says. Who waits longest need not
     * be the first to get one.
     *
     * @param bytes how many are needed, 0 or more; this becomes the block's {@linkplain PoolBlock#length length}
     * @param timeout how long to wait at most; zero or less tries once
     * @return a block with any content
     * @throws IpcTimeoutException if none became free in time; the message names those who have them
     * @throws MessageTooLargeException if no block is that large
     * @throws IllegalArgumentException if it is negative
     * @throws InterruptedException if the thread is interrupted while it waits
     * @throws ChannelClosedException if the pool is closed, before or meanwhile
     */
    public PoolBlock loan(int bytes, Duration timeout) throws InterruptedException {
        long deadline = Waiter.deadline(timeout);
        while (true) {
            ByteBuffer header = segment.memory().header().live();
            long seen = words.get(PoolLayout.RELEASES);
            PoolBlock block = tryLoan(bytes);
            if (block != null) {
                return block;
            }
            long now = System.nanoTime();
            if (deadline != Long.MAX_VALUE && deadline - now <= 0) {
                throw exhausted(bytes, timeout);
            }
            // Nobody wakes us for what the dead leave, so look from time to time.
            long until = deadline == Long.MAX_VALUE || deadline - now > SWEEP_NANOS ? now + SWEEP_NANOS : deadline;
            segment.waits().await(header, waitLine(), () -> gate.isClosed() || words.get(PoolLayout.RELEASES) != seen,
                    until);
        }
    }

    /**
     * Loans one of the largest blocks; waits for one.
     *
     * @param timeout how long to wait at most; zero or less tries once
     * @return a block with any content
     * @throws IpcTimeoutException if none became free in time; the message names those who have them
     * @throws InterruptedException if the thread is interrupted while it waits
     * @throws ChannelClosedException if the pool is closed, before or meanwhile
     */
    public PoolBlock loan(Duration timeout) throws InterruptedException {
        return loan(geometry.largest().bytes(), timeout);
    }

    /**
     * Takes a block that was handed over. What its sender wrote into it can be seen.
     *
     * @param handle as {@link PoolBlock#handOver()} returned it, to any participant
     * @return the block, which is this participant's now
     * @throws StaleHandleException if it was taken or reclaimed already, or this is no handle of this pool
     * @throws org.jvmipc.SegmentCorruptedException if its length is nonsense; it was released
     */
    public PoolBlock take(long handle) {
        enter();
        try {
            String objection = table.take(handle);
            if (objection != null) {
                throw new StaleHandleException(handle, "handle " + Long.toHexString(handle) + " " + objection + "; "
                        + name() + " has " + geometry);
            }
            try {
                return new PoolBlock(this, handle, table.length(handle));
            } catch (RuntimeException | Error broken) {
                table.release(handle);
                throw broken;
            }
        } finally {
            gate.exit();
        }
    }

    /**
     * Frees the blocks of participants that have closed the pool or died. It is done by itself when blocks run out;
     * call it at times when there is nothing else to do, if that is too late.
     *
     * @return how many blocks were freed
     */
    public int reclaim() {
        enter();
        try {
            int freed = table.reclaim(owners());
            if (freed > 0) {
                Flight.recovered(name(), "has " + freed + " blocks back from participants that have gone");
            }
            return freed;
        } finally {
            gate.exit();
        }
    }

    /**
     * Frees blocks in flight that will not be taken any more, in the caller's opinion: those of senders that have
     * closed the pool or died, and those that this participant handed over itself, if this object has found them in
     * flight each time since a call at least so long ago. Call it at intervals, with a lease longer than a message ever
     * waits for its receiver. A receiver that comes later all the same gets a {@link StaleHandleException}.
     *
     * @param lease how long; zero or less frees all of them at once
     * @return how many blocks were freed
     */
    public int reclaimInFlight(Duration lease) {
        enter();
        try {
            return reclaimInFlight(lease, System.nanoTime());
        } finally {
            gate.exit();
        }
    }

    private synchronized int reclaimInFlight(Duration lease, long now) {
        PoolOwners owners = owners();
        Map<Integer, Sighting> before = Map.copyOf(sightings);
        sightings.clear();
        return table.reclaimInFlight((index, word) -> {
            Sighting first = before.get(index);
            if (first == null || first.word() != word) {
                first = new Sighting(word, now);
            }
            sightings.put(index, first);
            return lease.compareTo(Duration.ofNanos(now - first.nanos())) <= 0
                    && (table.isSelf(word) || owners.isGone(BlockState.slot(word), BlockState.occupancy(word)));
        });
    }

    /**
     * Counts who has which blocks.
     *
     * @return a snapshot
     */
    public PoolStatus status() {
        enter();
        try {
            return PoolInspector.inspect(table, geometry, owners());
        } finally {
            gate.exit();
        }
    }

    /**
     * Who has the pool open.
     *
     * @return processes that live, this one among them, once for each object
     */
    public List<PeerInfo> participants() {
        return segment.participants();
    }

    /**
     * What stands for its segment.
     *
     * @return a path, or a key or number of System V, or a descriptor, in words
     */
    public String name() {
        return segment.name();
    }

    /**
     * The descriptor of a pool in a {@code memfd}, to be handed over to a peer.
     *
     * @return its number, good until this is closed
     * @throws UnsupportedOperationException if it is in another kind of segment
     */
    public int descriptor() {
        return segment.descriptor();
    }

    /**
     * Whether it was not closed.
     *
     * @return false after {@link #close}
     */
    public boolean isOpen() {
        return !gate.isClosed();
    }

    /**
     * Gives back all blocks that this participant owns, and leaves. Blocks in flight stay so. Wakes threads that wait.
     * Idempotent.
     */
    @Override
    public void close() {
        synchronized (gate) {
            if (gate.isClosed()) {
                return;
            }
            gate.close();
        }
        try {
            table.releaseAll();
        } finally {
            segment.close();
        }
    }

    /** The process ends: whether its threads may still be writing into blocks. From now on it gets no more. */
    private boolean isInUse() {
        gate.close();
        return table.ownsAny();
    }

    private void enter() {
        if (!gate.enter()) {
            throw segment.memory().closed();
        }
    }

    private int fitting(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a block of " + bytes + " bytes cannot be");
        }
        int number = geometry.fitting(bytes);
        if (number == geometry.classCount()) {
            throw new MessageTooLargeException(name(), bytes, geometry.largest().bytes(),
                    "create the pool with larger blocks, or use several");
        }
        return number;
    }

    private long loan(int fitting) {
        enter();
        try {
            long handle = 0;
            for (int number = fitting; handle == 0 && number < geometry.classCount(); number++) {
                handle = table.loan(number);
            }
            return handle;
        } finally {
            gate.exit();
        }
    }

    private boolean sweepIfDue() {
        long due = nextSweep.get();
        long now = System.nanoTime();
        if (now - due < 0 || !nextSweep.compareAndSet(due, now + SWEEP_NANOS)) {
            return false;
        }
        reclaim();
        return true;
    }

    private IpcTimeoutException exhausted(int bytes, Duration timeout) {
        PoolStatus status = status();
        String holders = status.holders().stream().map(Object::toString).collect(Collectors.joining("; "));
        return new IpcTimeoutException("no block of " + bytes + " bytes became free in " + name() + " within " + timeout
                + ": it has " + status.classes() + ", " + (holders.isEmpty() ? "held by nobody" : "held by " + holders)
                + "; release them sooner, reclaimInFlight what is lost, or create the pool with more");
    }

    private PoolOwners owners() {
        return new PoolOwners(segment.hold(), segment.terms().maySleep());
    }

    private static int waitLine() {
        return SharedLayout.waitLine(PoolLayout.RELEASES);
    }

    private void wake() {
        Waits.wake(segment.memory().header().live(), waitLine());
    }

    ByteBuffer view(long handle) {
        int index = BlockState.index(handle);
        return segment.buffer(geometry.data(index), geometry.classOf(index).bytes());
    }

    int capacity(long handle) {
        return geometry.classOf(BlockState.index(handle)).bytes();
    }

    long handOver(long handle, int bytes) {
        enter();
        try {
            long given = table.handOver(handle, bytes);
            if (given == 0) {
                throw robbed(handle);
            }
            return given;
        } finally {
            gate.exit();
        }
    }

    void release(long handle) {
        enter();
        try {
            if (!table.release(handle)) {
                throw robbed(handle);
            }
        } finally {
            gate.exit();
        }
    }

    void releaseIfOpen(long handle) {
        if (gate.enter()) {
            try {
                table.release(handle);
            } finally {
                gate.exit();
            }
        }
    }

    /** Nobody but a program that does not keep to the rules does this. */
    private IllegalStateException robbed(long handle) {
        return new IllegalStateException("block " + BlockState.index(handle) + " of " + name()
                + " is not this process's any more; look for the program that writes into the segment");
    }

    @Override
    public String toString() {
        return name() + ", " + geometry;
    }
}
