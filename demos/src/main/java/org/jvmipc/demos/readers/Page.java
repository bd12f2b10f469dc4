package org.jvmipc.demos.readers;

import java.nio.LongBuffer;
import java.time.Duration;
import org.jvmipc.shm.SharedLong;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.sync.SharedReadWriteLock;

/** The page, as each of the processes sees it, and some counters beside it. All words of a page are to be the same. */
final class Page implements AutoCloseable {
    static final int WORDS = 512;

    private static final int LINE = 128;
    private static final int TEXT = 8 * LINE;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SharedSegment segment;
    private final SharedReadWriteLock lock;
    private final LongBuffer text;
    private final SharedLong readersNow;
    private final SharedLong readersMost;
    private final SharedLong torn;
    private final SharedLong readersReady;
    private final SharedLong writersDone;

    /** Opens it; null stands for the lock if there shall be none. */
    Page(String name, boolean locked) {
        segment = SharedSegment.posix(name).openOrCreate(TEXT + WORDS * Long.BYTES);
        lock = locked ? SharedReadWriteLock.named(name + "-lock") : null;
        text = segment.buffer(TEXT, WORDS * Long.BYTES).asLongBuffer();
        readersNow = segment.longAt(0);
        readersMost = segment.longAt(LINE);
        torn = segment.longAt(2 * LINE);
        readersReady = segment.longAt(3 * LINE);
        writersDone = segment.longAt(4 * LINE);
    }

    /** Makes all words one more. */
    void change() {
        if (lock != null) {
            lock.writeLock().lock();
        }
        try {
            long next = text.get(0) + 1;
            for (int i = 0; i < WORDS; i++) {
                text.put(i, next);
            }
        } finally {
            if (lock != null) {
                lock.writeLock().unlock();
            }
        }
    }

    /** Reads all words; whether they were the same. */
    boolean isWhole() {
        if (lock != null) {
            lock.readLock().lock();
        }
        try {
            long now = readersNow.addAndGet(1);
            for (long most = readersMost.get(); now > most; most = readersMost.get()) {
                readersMost.compareAndSet(most, now);
            }
            boolean same = true;
            long first = text.get(0);
            for (int i = 1; i < WORDS; i++) {
                same &= text.get(i) == first;
            }
            readersNow.addAndGet(-1);
            return same;
        } finally {
            if (lock != null) {
                lock.readLock().unlock();
            }
        }
    }

    /** A reader begins. */
    void readerIsReady() {
        readersReady.addAndGet(1);
        readersReady.signal();
    }

    void awaitReaders(int count) throws InterruptedException {
        readersReady.await(ready -> ready >= count, PATIENCE);
    }

    void writerIsDone() {
        writersDone.addAndGet(1);
    }

    boolean areWritersDone(int count) {
        return writersDone.get() >= count;
    }

    void addTorn(int count) {
        torn.addAndGet(count);
    }

    long torn() {
        return torn.get();
    }

    long version() {
        return text.get(0);
    }

    long mostReaders() {
        return readersMost.get();
    }

    @Override
    public void close() {
        if (lock != null) {
            lock.close();
        }
        segment.close();
    }
}
