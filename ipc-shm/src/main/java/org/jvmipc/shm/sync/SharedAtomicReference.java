package org.jvmipc.shm.sync;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jvmipc.Codec;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.PeerInfo;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.SharedSegmentBuilder;

/**
 * A value that threads of any number of processes read and change atomically, under a name: mostly a record, by {@link
 * Codec#ofRecord}. With the methods of {@link java.util.concurrent.atomic.AtomicReference}, but values are compared by
 * {@link Object#equals}, as each process has objects of its own. It is null at first.
 *
 * <pre>{@code
 * record Position(long time, double x, double y) { }
 *
 * try (var position = SharedAtomicReference.named("position", Codec.ofRecord(Position.class))) {
 *     position.updateAndGet(p -> new Position(now(), p.x() + 1, p.y()));
 * }
 * }</pre>
 *
 * <p><b>Death.</b> A value is written beside the one before, and then made valid by one atomic step. Readers see whole
 * values always. A writer that dies in the middle has changed nothing, and others go on writing within about 0.2 s.
 *
 * <p><b>Waiting.</b> Readers hold no lock; they read again what has changed meanwhile. Writers wait for each other, and
 * for one that is stopped in the middle until it goes on. Functions are called outside of the lock.
 *
 * <p><b>Memory.</b> What a thread does before it sets a value happens before what another does that has read it, in
 * whatever process, for memory that both have mapped.
 *
 * <p>The layout is in {@code docs/formats/primitives.md}.
 *
 * @param <T> what it holds
 */
public final class SharedAtomicReference<T> implements AutoCloseable {
    private final SyncMemory memory;
    private final Waiters waiters;
    private final Mutex mutex;
    private final Codec<T> codec;

    /** A value, and when it was read. */
    private static final class Version<T> {
        private final long number;
        private final T value;

        Version(long number, T value) {
            this.number = number;
            this.value = value;
        }
    }

    private SharedAtomicReference(SyncMemory memory, Codec<T> codec) {
        if (memory.parameter() != codec.typeHash()) {
            throw new IncompatibleChannelException(memory.name() + " holds values whose type has the hash "
                    + Long.toHexString(memory.parameter()) + ", wanted is \"" + codec.type() + "\" with "
                    + Long.toHexString(codec.typeHash()) + "; use the same codec everywhere");
        }
        this.memory = memory;
        this.waiters = new Waiters(memory);
        this.mutex = new Mutex(memory, waiters, null);
        this.codec = codec;
        memory.atExit(mutex::isOwn);
    }

    /**
     * A value in a segment. Whoever opens it must want the same {@linkplain Codec#type type} as its creator.
     *
     * @param <T> what it holds
     * @param segment where; its type becomes that of a reference
     * @param codec what its values are
     * @return what opens it
     */
    public static <T> SyncBuilder<SharedAtomicReference<T>> in(SharedSegmentBuilder segment, Codec<T> codec) {
        Objects.requireNonNull(codec, "codec");
        return new SyncBuilder<>(segment, SyncKind.ATOMIC_REFERENCE, codec.typeHash(), false,
                memory -> new SharedAtomicReference<>(memory, codec));
    }

    /**
     * Opens the value of a name, or creates one that is null.
     *
     * @param <T> what it holds
     * @param name as for {@link SharedSegment#posix}
     * @param codec what its values are
     * @return the open reference
     * @throws IncompatibleChannelException if there is one of another type
     */
    public static <T> SharedAtomicReference<T> named(String name, Codec<T> codec) {
        return in(SharedSegment.posix(name), codec).openOrCreate();
    }

    /**
     * Reads it.
     *
     * @return the value, null if there is none
     * @throws org.jvmipc.MalformedMessageException if what is there is no such value
     * @throws SegmentCorruptedException if what is there is nonsense
     * @throws org.jvmipc.ChannelClosedException if this object is closed
     */
    public T get() {
        return read().value;
    }

    private Version<T> read() {
        memory.checkOpen();
        while (true) {
            long number = memory.get(ReferenceLayout.VERSION);
            if (number == 0) {
                return new Version<>(0, null);
            }
            int slot = ReferenceLayout.slot(number);
            int length = memory.buffer().getInt(slot + ReferenceLayout.LENGTH);
            boolean possible = length >= ReferenceLayout.NULL && length <= ReferenceLayout.DATA_MAX;
            byte[] bytes = new byte[possible ? Math.max(0, length) : 0];
            memory.buffer().get(slot + ReferenceLayout.DATA, bytes);
            // What was read is whole if nobody has begun to write the slot since, which takes another version first.
            VarHandle.acquireFence();
            if (memory.get(ReferenceLayout.VERSION) == number) {
                if (!possible) {
                    throw new SegmentCorruptedException(memory.name() + " holds a value of " + length
                            + " bytes, allowed are up to " + ReferenceLayout.DATA_MAX + "; remove it");
                }
                return new Version<>(number,
                        length == ReferenceLayout.NULL ? null : codec.decode(ByteBuffer.wrap(bytes)));
            }
            Thread.onSpinWait();
        }
    }

    /** The bytes of a value; null of null. */
    private byte[] encoded(T value) {
        if (value == null) {
            return null;
        }
        ByteBuffer message = codec.message(value, ByteBuffer.allocate(0));
        if (message.remaining() > ReferenceLayout.DATA_MAX) {
            throw new IllegalArgumentException("the value takes " + message.remaining() + " bytes, " + memory.name()
                    + " holds up to " + ReferenceLayout.DATA_MAX + "; keep it in a segment or a pool of its own");
        }
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        return bytes;
    }

    /** Writes it if nobody has since a version, or in any case if that is -1. */
    private boolean replace(long number, T value) {
        byte[] bytes = encoded(value);
        Thread self = Thread.currentThread();
        enter(self);
        try {
            long now = memory.get(ReferenceLayout.VERSION);
            if (number >= 0 && now != number) {
                return false;
            }
            int slot = ReferenceLayout.slot(now + 1);
            // Not before the version that has this slot is over.
            VarHandle.fullFence();
            memory.buffer().putInt(slot + ReferenceLayout.LENGTH, bytes == null ? ReferenceLayout.NULL : bytes.length);
            if (bytes != null) {
                memory.buffer().put(slot + ReferenceLayout.DATA, bytes);
            }
            memory.set(ReferenceLayout.VERSION, now + 1);
            return true;
        } finally {
            mutex.release(self);
        }
    }

    private void enter(Thread self) {
        memory.checkOpen();
        if (mutex.tryFast(self)) {
            return;
        }
        try {
            mutex.acquire(true, Long.MAX_VALUE, false);
        } catch (InterruptedException never) {
            throw new IllegalStateException(never);
        }
        if (mutex.isInconsistent()) {
            // Whoever died has left half a value where no version is.
            mutex.markConsistent();
        }
    }

    /**
     * Sets it.
     *
     * @param value the new one, or null
     * @throws IllegalArgumentException if it takes more than 3064 bytes, or cannot be encoded
     * @throws org.jvmipc.ChannelClosedException if this object is closed
     */
    public void set(T value) {
        replace(-1, value);
    }

    /**
     * Sets it.
     *
     * @param value the new one, or null
     * @return the one before
     * @throws IllegalArgumentException if it takes more than 3064 bytes, or cannot be encoded
     */
    public T getAndSet(T value) {
        return getAndUpdate(before -> value);
    }

    /**
     * Sets it if it equals what is expected.
     *
     * @param expected what it must be, or null
     * @param value the new one, or null
     * @return whether it was
     * @throws IllegalArgumentException if it takes more than 3064 bytes, or cannot be encoded
     */
    public boolean compareAndSet(T expected, T value) {
        Version<T> before = read();
        while (Objects.equals(before.value, expected)) {
            if (replace(before.number, value)) {
                return true;
            }
            before = read();
        }
        return false;
    }

    /**
     * Changes it.
     *
     * @param function makes the new value of the old; without side effects, as it is called again if others interfere
     * @return the value before
     * @throws IllegalArgumentException if the new one takes more than 3064 bytes, or cannot be encoded
     */
    public T getAndUpdate(UnaryOperator<T> function) {
        while (true) {
            Version<T> before = read();
            if (replace(before.number, function.apply(before.value))) {
                return before.value;
            }
        }
    }

    /**
     * Changes it.
     *
     * @param function makes the new value of the old; without side effects, as it is called again if others interfere
     * @return the value after
     * @throws IllegalArgumentException if that takes more than 3064 bytes, or cannot be encoded
     */
    public T updateAndGet(UnaryOperator<T> function) {
        while (true) {
            Version<T> before = read();
            T after = function.apply(before.value);
            if (replace(before.number, after)) {
                return after;
            }
        }
    }

    /**
     * Changes it.
     *
     * @param other the function's second argument
     * @param function makes the new value of the old; without side effects, as it is called again if others interfere
     * @return the value before
     * @throws IllegalArgumentException if the new one takes more than 3064 bytes, or cannot be encoded
     */
    public T getAndAccumulate(T other, BinaryOperator<T> function) {
        return getAndUpdate(before -> function.apply(before, other));
    }

    /**
     * Changes it.
     *
     * @param other the function's second argument
     * @param function makes the new value of the old; without side effects, as it is called again if others interfere
     * @return the value after
     * @throws IllegalArgumentException if that takes more than 3064 bytes, or cannot be encoded
     */
    public T accumulateAndGet(T other, BinaryOperator<T> function) {
        return updateAndGet(before -> function.apply(before, other));
    }

    /**
     * What stands in the memory, for people and tools.
     *
     * @return who writes, who waits to write, and how often it was written
     */
    public SyncStatus status() {
        memory.checkOpen();
        return new SyncStatus(memory.name(), memory.kind(), memory.isFair(), SyncState.CONSISTENT,
                memory.get(ReferenceLayout.VERSION), mutex.holders(), waiters.list());
    }

    /**
     * What stands for its memory.
     *
     * @return a path, or a key or number of System V, or a descriptor, in words
     */
    public String name() {
        return memory.name();
    }

    /**
     * Who has it open.
     *
     * @return processes that live, this one among them, once for each object
     */
    public List<PeerInfo> participants() {
        return memory.segment().participants();
    }

    /**
     * Leaves it; the last one who does removes it. Other methods then throw {@link org.jvmipc.ChannelClosedException}.
     * Idempotent.
     */
    @Override
    public void close() {
        memory.close(() -> false, "writes", this::awaitWriter);
    }

    /** Waits for those of this object who write; new ones do not while this is closing. */
    private void awaitWriter() {
        while (mutex.isOwn()) {
            Thread.yield();
        }
    }

    @Override
    public String toString() {
        return memory + ", written " + memory.get(ReferenceLayout.VERSION) + " times";
    }
}
