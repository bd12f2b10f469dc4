package org.jvmipc.shm.sync;

import org.jvmipc.PeerInfo;
import org.jvmipc.spi.Flight;

/** Who was last found dead as the holder of a lock, and what is said of that. */
final class LastDead {
    private final SyncMemory memory;

    LastDead(SyncMemory memory) {
        this.memory = memory;
    }

    /** Before the lock is taken from a dead holder. */
    void note(long owner) {
        memory.setOpaque(SyncLayout.LAST_DEAD_PID, memory.process(owner).pid());
        memory.setOpaque(SyncLayout.LAST_DEAD, owner);
    }

    /** After that. */
    void tell() {
        Flight.recovered(memory.name(), "was taken from " + who() + ", who had died holding it");
    }

    NotRecoverableException notRecoverable() {
        return new NotRecoverableException(memory.name() + " was given up after " + who()
                + " had died holding it; close it everywhere, destroy it, and begin anew");
    }

    OwnerDiedException ownerDied() {
        long pid = memory.getOpaque(SyncLayout.LAST_DEAD_PID);
        return new OwnerDiedException(who() + " died, or left, while it held " + memory.name()
                + "; call recover(), repair what it protects, and mark it consistent",
                pid == 0 ? PeerInfo.UNKNOWN : new PeerInfo(pid, "?"));
    }

    private String who() {
        long pid = memory.getOpaque(SyncLayout.LAST_DEAD_PID);
        return "pid " + pid + " thread #" + Owner.thread(memory.getOpaque(SyncLayout.LAST_DEAD));
    }
}
