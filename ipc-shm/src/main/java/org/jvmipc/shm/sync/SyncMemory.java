package org.jvmipc.shm.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.PeerInfo;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.shm.SegmentView;
import org.jvmipc.shm.SharedSegment;

/**
 * The memory of one thing that processes synchronize by, and this object's part in it: words, who it is itself, who
 * has died.
 *
 * <p><b>A new primitive</b> is added so:
 * <ol>
 * <li>a constant in {@link SyncKind}, and its words in {@link SyncLayout}, between {@link SyncLayout#OWN} and {@link
 *     SyncLayout#OWN_END} (or in {@link SyncLayout#WORD}); all begin as 0, a number that the creator chooses stands in
 *     {@link #parameter()},
 * <li>a final class with {@code static SyncBuilder<X> in(SharedSegmentBuilder, …)} that makes a {@link SyncBuilder},
 *     and a constructor that takes this object and makes a {@link Waiters} of it,
 * <li>a fast path: one compare-and-set of a word ({@link #compareAndSet}) while nobody waits,
 * <li>a slow path: an {@link Attempt} given to {@link Waiters#acquire}, which queues, sleeps, wakes up to look, heeds
 *     timeouts, interrupts and closing, and works for virtual threads. An attempt that fails must leave a mark in the
 *     word by which whoever changes it knows that somebody waits; {@link LockState#CONTENDED} is the one of locks,
 * <li>whoever makes the change does it by an atomic update of that word and, if the mark was there, calls {@link
 *     Waiters#signalFirst} or {@link Waiters#signalAll} <i>after</i> it,
 * <li>what a thread holds is noted under {@link #owner}, so that {@link Attempt#look}, called about every 80 ms while
 *     waiting, can ask {@link #isGone} and take away what the dead had; the dead in the queue are removed by {@link
 *     Waiters} itself, and what had been signalled to them goes to the next,
 * <li>if only the first in the queue may succeed ({@link Waiters#isFirst}), {@link Attempt#look} also tells when
 *     another one was first for some looks and did not take what was free ({@link Place#sawTooOften}, {@link
 *     Waiters#pass}).
 * </ol>
 *
 * <p>All methods may be called from any thread.
 */
final class SyncMemory implements SyncWords {
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LIFE;

    static {
        try {
            LIFE = MethodHandles.lookup().findVarHandle(SyncMemory.class, "life", Life.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private static final long TRUST_NANOS = TimeUnit.MILLISECONDS.toNanos(30);
    /** How long a thread that meets a close waits to know whether that is refused, which takes some microseconds. */
    private static final long DECISION_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** How long closing waits for those whom it has woken. */
    private static final long LEAVE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PAUSE_NANOS = 50_000;

    /** Whether it is open. While it is closing it may still turn out to be in use, and so stay open. */
    private enum Life { OPEN, CLOSING, CLOSED }

    private final SharedSegment segment;
    private final ByteBuffer memory;
    private final SyncKind kind;
    private final boolean fair;
    private final long parameter;
    private final long participantBits;
    /** When participants were last found alive. */
    private final Map<Integer, Long> aliveAt = new ConcurrentHashMap<>();
    private final Set<Place> waiting = ConcurrentHashMap.newKeySet();
    /** Threads that may have claimed a record and are not yet among those who wait. */
    private final AtomicInteger claiming = new AtomicInteger();
    private volatile Runnable noteHolds = () -> { };
    private SegmentView view;
    private volatile Life life = Life.OPEN;
    /** When somebody who waits last looked after the others. */
    private volatile long lookedAt = System.nanoTime();

    SyncMemory(SharedSegment segment, SyncKind kind) {
        this.segment = segment;
        this.kind = kind;
        if (segment.size() != SyncLayout.SIZE) {
            throw new SegmentCorruptedException(segment.name() + " has " + segment.size() + " bytes, a " + kind
                    + " has " + SyncLayout.SIZE + "; remove it");
        }
        this.memory = segment.buffer();
        byte[] magic = new byte[SyncLayout.MAGIC_BYTES.length];
        memory.get(SyncLayout.MAGIC, magic);
        int version = memory.getInt(SyncLayout.LAYOUT_VERSION);
        int code = memory.getInt(SyncLayout.KIND);
        int records = memory.getInt(SyncLayout.RECORD_TOTAL);
        if (!Arrays.equals(magic, SyncLayout.MAGIC_BYTES) || records != SyncLayout.RECORD_COUNT) {
            throw new SegmentCorruptedException(segment.name() + " does not begin as a " + kind + " does; remove it");
        }
        if (version != SyncLayout.VERSION || code != kind.code()) {
            throw new IncompatibleChannelException(segment.name() + " is of kind " + code + " and layout version "
                    + version + ", wanted are " + kind.code() + " and " + SyncLayout.VERSION);
        }
        this.fair = memory.getInt(SyncLayout.FAIR) != 0;
        this.parameter = memory.getLong(SyncLayout.PARAMETER);
        this.participantBits = (long) segment.participant() << Owner.PARTICIPANT_SHIFT;
    }

    /** Writes the constant part of a new one. */
    static void write(ByteBuffer memory, SyncKind kind, boolean fair, long parameter) {
        memory.put(SyncLayout.MAGIC, SyncLayout.MAGIC_BYTES);
        memory.putInt(SyncLayout.LAYOUT_VERSION, SyncLayout.VERSION);
        memory.putInt(SyncLayout.KIND, kind.code());
        memory.putInt(SyncLayout.FAIR, fair ? 1 : 0);
        memory.putInt(SyncLayout.RECORD_TOTAL, SyncLayout.RECORD_COUNT);
        memory.putLong(SyncLayout.PARAMETER, parameter);
    }

    SharedSegment segment() {
        return segment;
    }

    /** A look at it as others see it, always the same object. */
    synchronized SegmentView view() {
        if (view == null) {
            view = segment.view();
        }
        return view;
    }

    String name() {
        return segment.name();
    }

    SyncKind kind() {
        return kind;
    }

    boolean isFair() {
        return fair;
    }

    /** What the creator chose. */
    long parameter() {
        return parameter;
    }

    /** The memory itself, which stays mapped as long as this object can be reached. */
    ByteBuffer buffer() {
        return memory;
    }

    /** This participant's number, in the upper half. */
    long participantBits() {
        return participantBits;
    }

    /** Which of 48 places is this participant's, as long as it is there. */
    int place() {
        return segment.participantPlace();
    }

    /** A thread of this process as it is noted in the memory. */
    long owner(Thread thread) {
        return Owner.of(participantBits, thread);
    }

    /** Says what notes, while a thread waits for anything, what it holds here and is not in the memory otherwise. */
    void onWait(Runnable notes) {
        noteHolds = notes;
    }

    void noteHolds() {
        if (!isShut()) {
            noteHolds.run();
        }
    }

    /** Whether an owner is a certain thread, by this object. */
    boolean isOwn(Thread thread, long owner) {
        return (owner & ~Owner.FLAGS) == owner(thread);
    }

    /** Whether an owner is a thread of this process, by this object. */
    boolean isOwn(long owner) {
        return (owner & -1L << Owner.PARTICIPANT_SHIFT) == participantBits;
    }

    /** Whether the process of an owner has left or died; true within 30 ms of what can be found out. */
    boolean isGone(long owner) {
        int participant = Owner.participant(owner);
        Long alive = aliveAt.get(participant);
        if (isClosed() || alive != null && System.nanoTime() - alive < TRUST_NANOS) {
            return false;
        }
        if (segment.isGone(participant)) {
            aliveAt.remove(participant);
            return true;
        }
        aliveAt.put(participant, System.nanoTime());
        return false;
    }

    /** Whether one that has gone has closed it, and held nothing then; false if it died, or that is not known. */
    boolean hasLeft(long owner) {
        return segment.hasLeft(Owner.participant(owner));
    }

    PeerInfo process(long owner) {
        return segment.peer(Owner.participant(owner));
    }

    /** When the process of an owner started; null if that is not known. */
    Instant started(long owner) {
        return segment.started(Owner.participant(owner)).orElse(null);
    }

    /** For messages: who it is. */
    String describe(long owner) {
        return process(owner) + " thread " + Owner.thread(owner);
    }

    @Override
    public long get(int offset) {
        return (long) LONG.getVolatile(memory, offset);
    }

    long getOpaque(int offset) {
        return (long) LONG.getOpaque(memory, offset);
    }

    @Override
    public void set(int offset, long value) {
        LONG.setVolatile(memory, offset, value);
    }

    void setOpaque(int offset, long value) {
        LONG.setOpaque(memory, offset, value);
    }

    @Override
    public boolean compareAndSet(int offset, long expected, long value) {
        return LONG.compareAndSet(memory, offset, expected, value);
    }

    long getAndAdd(int offset, long delta) {
        return (long) LONG.getAndAdd(memory, offset, delta);
    }

    long getAndOr(int offset, long bits) {
        return (long) LONG.getAndBitwiseOr(memory, offset, bits);
    }

    long getAndAnd(int offset, long bits) {
        return (long) LONG.getAndBitwiseAnd(memory, offset, bits);
    }

    int getInt(int offset) {
        return (int) INT.getVolatile(memory, offset);
    }

    void setInt(int offset, int value) {
        INT.setVolatile(memory, offset, value);
    }

    /** When a thread of this process that waited last looked, in terms of {@link System#nanoTime}. */
    long lookedAt() {
        return lookedAt;
    }

    void looked(long now) {
        lookedAt = now;
    }

    /** Whether it is closed for good; does not wait. */
    boolean isShut() {
        return life == Life.CLOSED;
    }

    /** Waits for the end of a close that has just begun. */
    boolean isClosed() {
        return life != Life.OPEN && isClosedInTheEnd();
    }

    private boolean isClosedInTheEnd() {
        long start = System.nanoTime();
        Life now = life;
        while (now == Life.CLOSING && System.nanoTime() - start < DECISION_NANOS) {
            Thread.yield();
            now = life;
        }
        return now != Life.OPEN;
    }

    ChannelClosedException closed() {
        return new ChannelClosedException(name() + " was closed");
    }

    void checkOpen() {
        if (isClosed()) {
            throw closed();
        }
    }

    /** A thread of this process is about to claim a record; to be followed by {@link #endsClaiming}. */
    void beginsClaiming() {
        claiming.incrementAndGet();
    }

    void endsClaiming() {
        claiming.decrementAndGet();
    }

    /** A thread of this process waits, and is to be woken when this is closed. */
    void add(Place place) {
        waiting.add(place);
        if (isShut()) {
            place.wakeUp();
        }
    }

    void remove(Place place) {
        waiting.remove(place);
    }

    /**
     * Asked when this process ends in an orderly way: whether one of its threads holds what others would take over. If
     * so they see this process die when it is gone.
     */
    void atExit(BooleanSupplier holds) {
        segment.atExit(() -> {
            life = Life.CLOSED;
            VarHandle.fullFence();
            return holds.getAsBoolean();
        });
    }

    /**
     * Closes it: no thread gets anything any more, and those that wait go on with an exception. Idempotent.
     *
     * @param holds whether a thread of this process holds what others would take over; must be quick
     * @param what says what is held, for the exception
     * @throws IllegalStateException if so; then it stays open, and no other thread has noticed
     */
    void close(BooleanSupplier holds, String what) {
        close(holds, what, () -> { });
    }

    /**
     * As {@link #close(BooleanSupplier, String)}.
     *
     * @param lastly what is to be done when no thread waits here any more, and before this participant leaves: what is
     *        noted under its number then is nobody's
     */
    synchronized void close(BooleanSupplier holds, String what, Runnable lastly) {
        if (life == Life.CLOSED) {
            return;
        }
        life = Life.CLOSING;
        // A thread that takes it now either is seen below, or sees this, and waits to know what came of it.
        VarHandle.fullFence();
        boolean held = true;
        try {
            held = holds.getAsBoolean();
        } finally {
            // Unless the process has begun to end meanwhile.
            LIFE.compareAndSet(this, Life.CLOSING, held ? Life.OPEN : Life.CLOSED);
        }
        if (held) {
            throw new IllegalStateException(name() + " cannot be closed: a thread of this process " + what);
        }
        OpenSync.remove(this);
        awaitThoseWhoWait();
        lastly.run();
        segment.close();
    }

    /** They give their records back themselves; if one takes too long, others do. */
    private void awaitThoseWhoWait() {
        waiting.forEach(Place::wakeUp);
        long start = System.nanoTime();
        while (!(claiming.get() == 0 && waiting.isEmpty()) && System.nanoTime() - start < LEAVE_NANOS) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Override
    public String toString() {
        return kind + " " + name();
    }
}
