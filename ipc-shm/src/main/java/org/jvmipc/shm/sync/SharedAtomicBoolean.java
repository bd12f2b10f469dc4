package org.jvmipc.shm.sync;

import java.util.List;
import org.jvmipc.PeerInfo;
import org.jvmipc.shm.SharedLong;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.SharedSegmentBuilder;

/**
 * A flag that threads of any number of processes change atomically, under a name, with the methods of {@link
 * java.util.concurrent.atomic.AtomicBoolean} and what these do. To wait for one use a {@link SharedEvent}.
 *
 * <p>No method waits. A process that dies in the middle has changed the flag, or not.
 *
 * <p>The layout is in {@code docs/formats/primitives.md}.
 */
public final class SharedAtomicBoolean implements AutoCloseable {
    private final SyncMemory memory;
    private final SharedLong value;

    private SharedAtomicBoolean(SyncMemory memory) {
        this.memory = memory;
        this.value = memory.segment().longAt(SyncLayout.PARAMETER);
    }

    /**
     * A flag in a segment.
     *
     * @param segment where; its type becomes that of a flag
     * @param initial what it is at first, if this creates it
     * @return what opens it
     */
    public static SyncBuilder<SharedAtomicBoolean> in(SharedSegmentBuilder segment, boolean initial) {
        return new SyncBuilder<>(segment, SyncKind.ATOMIC_BOOLEAN, number(initial), false, SharedAtomicBoolean::new);
    }

    /**
     * Opens the flag of a name, or creates one that is false.
     *
     * @param name as for {@link SharedSegment#posix}
     * @return the open flag
     */
    public static SharedAtomicBoolean named(String name) {
        return in(SharedSegment.posix(name), false).openOrCreate();
    }

    private static long number(boolean flag) {
        return flag ? 1 : 0;
    }

    /**
     * Reads it.
     *
     * @return the flag
     */
    public boolean get() {
        return value.get() != 0;
    }

    /**
     * Sets it.
     *
     * @param flag the new one
     */
    public void set(boolean flag) {
        value.set(number(flag));
    }

    /**
     * Sets it, so that whoever reads it sees what this thread did before; others may see it a little later.
     *
     * @param flag the new one
     */
    public void lazySet(boolean flag) {
        value.setRelease(number(flag));
    }

    /**
     * Sets it.
     *
     * @param flag the new one
     * @return the one before
     */
    public boolean getAndSet(boolean flag) {
        return value.getAndSet(number(flag)) != 0;
    }

    /**
     * Sets it if it is as expected.
     *
     * @param expected what it must be
     * @param flag the new one
     * @return whether it was
     */
    public boolean compareAndSet(boolean expected, boolean flag) {
        return value.compareAndSet(number(expected), number(flag));
    }

    /**
     * What stands in the memory, for people and tools.
     *
     * @return as its count 1 for true, 0 for false
     */
    public SyncStatus status() {
        return new SyncStatus(memory.name(), memory.kind(), false, SyncState.CONSISTENT, number(get()), List.of(),
                List.of());
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
        memory.close(() -> false, "");
    }

    @Override
    public String toString() {
        return Boolean.toString(get());
    }
}
