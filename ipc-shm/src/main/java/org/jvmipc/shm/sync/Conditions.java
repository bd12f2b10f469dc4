package org.jvmipc.shm.sync;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import org.jvmipc.ChannelFullException;

/**
 * The conditions of a lock: 128 by their number, and 64 by their name. A name is entered by one compare-and-set of the
 * first 64 bits of its SHA-256, so there is nothing that a death could leave half done; the text is for people.
 */
final class Conditions {
    private static final int NUMBERED = 128;

    private final SyncMemory memory;
    private final Waiters waiters;
    private final Mutex mutex;
    private final AtomicInteger given = new AtomicInteger();

    Conditions(SyncMemory memory, Waiters waiters, Mutex mutex) {
        this.memory = memory;
        this.waiters = waiters;
        this.mutex = mutex;
    }

    Condition next() {
        int index = given.getAndUpdate(n -> Math.min(n + 1, NUMBERED));
        if (index == NUMBERED) {
            throw new IllegalStateException(memory.name() + " has " + NUMBERED
                    + " conditions without a name already, and no more; keep the objects, or open another lock");
        }
        return new SharedCondition(memory, waiters, mutex, index);
    }

    Condition named(String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        if (text.length == 0 || text.length > SyncLayout.NAME_MAX) {
            throw new IllegalArgumentException("the condition's name \"" + name + "\" has " + text.length
                    + " bytes, allowed are 1 to " + SyncLayout.NAME_MAX);
        }
        memory.checkOpen();
        return new SharedCondition(memory, waiters, mutex, NUMBERED + index(name, text));
    }

    /** The place of a name, where it is entered if need be. */
    private int index(String name, byte[] text) {
        long digest = digest(text);
        for (int i = 0; i < SyncLayout.NAME_COUNT; i++) {
            int base = SyncLayout.NAMES + i * SyncLayout.NAME_SIZE;
            if (memory.compareAndSet(base + SyncLayout.NAME_DIGEST, 0, digest)) {
                memory.buffer().put(base + SyncLayout.NAME_TEXT, text);
                memory.setInt(base + SyncLayout.NAME_LENGTH, text.length);
            }
            if (memory.get(base + SyncLayout.NAME_DIGEST) == digest) {
                return i;
            }
        }
        throw new ChannelFullException(memory.name() + " has " + SyncLayout.NAME_COUNT
                + " conditions with names already, \"" + name + "\" is one more; use fewer");
    }

    /** Never 0. */
    private static long digest(byte[] text) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(text);
            return ByteBuffer.wrap(sum).getLong() | 1;
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    /** How many wait at one. */
    int count(Condition condition) {
        Objects.requireNonNull(condition, "condition");
        if (!(condition instanceof SharedCondition)) {
            throw new IllegalArgumentException("a condition of another lock: " + condition);
        }
        SharedCondition own = (SharedCondition) condition;
        if (!own.isOf(mutex)) {
            throw new IllegalArgumentException("a condition of another lock: " + condition);
        }
        mutex.checkHeld(Thread.currentThread());
        return waiters.count(WaitState.CONDITIONS, own.index());
    }
}
