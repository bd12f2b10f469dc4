package org.jvmipc.shm.sync;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this process has open to synchronize by, as its threads hold one thing and wait for another. What is never
 * closed stays open as long as the process lives, as its segment does.
 */
final class OpenSync {
    private static final Set<SyncMemory> OPEN = ConcurrentHashMap.newKeySet();

    private OpenSync() {
    }

    static void add(SyncMemory memory) {
        OPEN.add(memory);
    }

    static void remove(SyncMemory memory) {
        OPEN.remove(memory);
    }

    static List<SyncMemory> all() {
        return List.copyOf(OPEN);
    }

    /** The calling thread waits: what it holds, and does not stand in the memory, is noted there. */
    static void noteHolds() {
        OPEN.forEach(SyncMemory::noteHolds);
    }
}
