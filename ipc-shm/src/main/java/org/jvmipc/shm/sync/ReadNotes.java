package org.jvmipc.shm.sync;

import java.util.ArrayList;
import java.util.List;

/**
 * Which threads read under a read-write lock and wait for something else meanwhile: 256 words, each an {@link Owner} or
 * 0. Only those need be known to find a deadlock, so a thread is noted when it has waited for a while, and reading
 * itself costs nothing more. If there is no room, a deadlock through the reader is not found.
 */
final class ReadNotes {
    static final int COUNT = 256;

    private final SyncMemory memory;

    ReadNotes(SyncMemory memory) {
        this.memory = memory;
    }

    static int offset(int index) {
        return SyncLayout.READ_NOTES + index * Long.BYTES;
    }

    /** Notes an owner; its number, from 1, or 0 if there is no room. */
    int add(long owner) {
        for (int i = 0; i < COUNT; i++) {
            long word = memory.get(offset(i));
            boolean free = word == 0 || !memory.isOwn(word) && memory.isGone(word);
            if (free && memory.compareAndSet(offset(i), word, owner)) {
                return i + 1;
            }
        }
        return 0;
    }

    /** The numbers of the noted threads of a participant, in the upper half of a word. */
    List<Long> threads(long participant) {
        List<Long> threads = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            long word = memory.get(offset(i));
            if (word != 0 && Owner.participant(word) == Owner.participant(participant)) {
                threads.add(Owner.thread(word));
            }
        }
        return threads;
    }

    void remove(int number) {
        memory.set(offset(number - 1), 0);
    }
}
