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

    /** Before the lock is given up by one who lives, and who found it consistent. */
    void forget() {
        memory.setOpaque(SyncLayout.LAST_DEAD, 0);
        memory.setOpaque(SyncLayout.LAST_DEAD_PID, 0);
    }

    NotRecoverableException notRecoverable() {
        String why = memory.getOpaque(SyncLayout.LAST_DEAD) == 0 ? " was given up by one who held it"
                : " was given up after " + who() + " had died holding it";
        return new NotRecoverableException(memory.name() + why
                + "; close it everywhere, destroy it, and begin anew");
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
