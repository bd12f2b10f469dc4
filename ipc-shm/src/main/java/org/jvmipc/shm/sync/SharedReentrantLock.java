package org.jvmipc.shm.sync;

import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.SharedSegmentBuilder;

/**
 * {@link java.util.concurrent.locks.ReentrantLock} between processes: as {@link SharedLock}, and a thread that holds it
 * may take it again, and gives it back as often.
 *
 * <p>All that is said of {@link SharedLock} holds for it. Whether an owner has died is told to who takes it the first
 * time.
 */
public final class SharedReentrantLock extends AbstractSharedLock {

    private SharedReentrantLock(SyncMemory memory) {
        super(memory, true);
    }

    /**
     * A lock in a segment.
     *
     * @param segment where; its type becomes that of a reentrant lock
     * @return what opens it
     */
    public static SyncBuilder<SharedReentrantLock> in(SharedSegmentBuilder segment) {
        return new SyncBuilder<>(segment, SyncKind.REENTRANT_LOCK, SharedReentrantLock::new);
    }

    /**
     * Opens the lock of a name, or creates one that is not fair.
     *
     * @param name as for {@link SharedSegment#posix}
     * @return the open lock
     */
    public static SharedReentrantLock named(String name) {
        return in(SharedSegment.posix(name)).openOrCreate();
    }
}
