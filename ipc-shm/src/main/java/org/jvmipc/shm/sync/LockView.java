package org.jvmipc.shm.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jvmipc.PeerInfo;
import org.jvmipc.posix.FutexReadiness;
import org.jvmipc.shm.SegmentView;

/** A lock as one sees it who takes no part: who waits and who holds, and how to tell a thread to give way. */
final class LockView {
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final Set<String> TYPES = Set.of(SyncKind.LOCK.type(), SyncKind.REENTRANT_LOCK.type(),
            SyncKind.READ_WRITE_LOCK.type(), SyncKind.MONITOR.type());

    private final SegmentView segment;
    private final ByteBuffer memory;
    private final long generation;
    private final boolean hasReaders;

    LockView(SegmentView segment) {
        this.segment = segment;
        this.memory = segment.memory();
        this.generation = segment.generation();
        this.hasReaders = segment.type().equals(SyncKind.READ_WRITE_LOCK.type());
    }

    /** Whether a segment of some type is a lock. */
    static boolean isLock(String type) {
        return TYPES.contains(type);
    }

    /** Whether there is room for all that is read. */
    boolean isWhole() {
        return memory.capacity() == SyncLayout.SIZE;
    }

    String name() {
        return segment.name();
    }

    long generation() {
        return generation;
    }

    private long get(int offset) {
        return (long) LONG.getVolatile(memory, offset);
    }

    boolean isGone(long owner) {
        return segment.isGone(Owner.participant(owner));
    }

    PeerInfo peer(long owner) {
        return segment.peer(Owner.participant(owner));
    }

    /** Null if it is not there any more. */
    private Actor actor(long owner) {
        String process = segment.process(Owner.participant(owner));
        return process.isEmpty() ? null : new Actor(process, Owner.thread(owner));
    }

    /** Who waits for the lock, or to read. */
    List<WaitEdge.Wait> waits() {
        List<WaitEdge.Wait> waits = new ArrayList<>();
        int used = (int) Math.max(0, Math.min(get(SyncLayout.RECORDS_USED), SyncLayout.RECORD_COUNT));
        for (int i = 0; i < used; i++) {
            WaitEdge.Wait wait = wait(SyncLayout.record(i));
            if (wait != null) {
                waits.add(wait);
            }
        }
        return waits;
    }

    private WaitEdge.Wait wait(int base) {
        long state = get(base + SyncLayout.STATE);
        if (!WaitState.isOf(state, WaitState.ACQUIRERS) || WaitState.isVictim(state)
                || !WaitState.isWithout(state)) {
            return null;
        }
        long owner = get(base + SyncLayout.OWNER);
        long since = get(base + SyncLayout.SINCE);
        String name = threadName(base);
        Actor actor = actor(owner);
        return actor == null || WaitState.epoch(get(base + SyncLayout.STATE)) != WaitState.epoch(state) ? null
                : new WaitEdge.Wait(this, base, actor, owner, WaitState.epoch(state), since, name);
    }

    private String threadName(int base) {
        int length = Math.max(0, Math.min(memory.getInt(base + SyncLayout.THREAD_NAME_LENGTH),
                SyncLayout.THREAD_NAME_MAX));
        byte[] name = new byte[length];
        memory.get(base + SyncLayout.THREAD_NAME, name);
        return new String(name, StandardCharsets.UTF_8);
    }

    /** Whom one who waits for it waits for: nobody, if it is free, or all who are known to hold it up. */
    List<WaitEdge> edges(WaitEdge.Wait wait) {
        long holder = LockState.owner(get(SyncLayout.WORD));
        List<WaitEdge> edges = new ArrayList<>();
        if (holder != wait.owner()) {
            addEdge(wait, holder, edges);
        } else if (hasReaders) {
            // It is the next to write, and waits for those who read.
            for (int i = 0; i < ReadNotes.COUNT; i++) {
                addEdge(wait, get(ReadNotes.offset(i)), edges);
            }
        }
        // Else it has got the lock, and has not left the queue yet.
        return edges;
    }

    private void addEdge(WaitEdge.Wait wait, long owner, List<WaitEdge> edges) {
        Actor holder = owner == 0 ? null : actor(owner);
        if (holder != null) {
            edges.add(new WaitEdge(wait, holder, owner));
        }
    }

    /**
     * Tells a thread to give way, if it still waits and nobody has told it.
     *
     * @return whether it was told by this call
     */
    boolean chooseVictim(WaitEdge.Wait wait) {
        int base = wait.record();
        long state = get(base + SyncLayout.STATE);
        while (!WaitState.isVictim(state) && !WaitState.isReturning(state) && WaitState.isWithout(state)
                && WaitState.epoch(state) == wait.epoch()) {
            if (LONG.compareAndSet(memory, base + SyncLayout.STATE, state, state | WaitState.VICTIM)) {
                INT.setVolatile(memory, base + SyncLayout.SIGNAL, 1);
                VarHandle.fullFence();
                FutexReadiness.signal(memory, base + SyncLayout.SEQUENCE, base + SyncLayout.ANNOUNCEMENT);
                return true;
            }
            state = get(base + SyncLayout.STATE);
        }
        return false;
    }

    /** The same lock, in whatever way it is seen. */
    @Override
    public boolean equals(Object other) {
        return other instanceof LockView && ((LockView) other).generation == generation;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(generation);
    }
}
