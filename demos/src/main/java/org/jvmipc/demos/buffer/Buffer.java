package org.jvmipc.demos.buffer;

import java.nio.ByteBuffer;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.sync.SharedLock;
import org.jvmipc.shm.sync.SharedSemaphore;

/**
 * The buffer, as each of the processes sees it: a ring of places in a segment, and a note of how often each item was
 * taken. All of it is read and written under the lock.
 */
final class Buffer implements AutoCloseable {
    static final int PLACES = 8;

    private static final int PUT = 0;
    private static final int TAKEN = 4;
    private static final int FULLEST = 8;
    private static final int RING = 64;
    private static final int NOTES = RING + PLACES * Integer.BYTES;

    private final SharedSegment segment;
    private final ByteBuffer memory;
    private final SharedSemaphore free;
    private final SharedSemaphore filled;
    private final SharedLock lock;
    private int waits;

    Buffer(String name, int items) {
        segment = SharedSegment.posix(name).openOrCreate(NOTES + items);
        memory = segment.buffer();
        free = SharedSemaphore.named(name + "-free", PLACES);
        filled = SharedSemaphore.named(name + "-filled", 0);
        lock = SharedLock.named(name + "-lock");
    }

    void put(int item) throws InterruptedException {
        acquire(free);
        lock.lock();
        try {
            int put = memory.getInt(PUT);
            memory.putInt(place(put), item);
            memory.putInt(PUT, put + 1);
            memory.putInt(FULLEST, Math.max(memory.getInt(FULLEST), put + 1 - memory.getInt(TAKEN)));
        } finally {
            lock.unlock();
        }
        filled.release();
    }

    int take() throws InterruptedException {
        acquire(filled);
        int item;
        lock.lock();
        try {
            int taken = memory.getInt(TAKEN);
            item = memory.getInt(place(taken));
            memory.putInt(TAKEN, taken + 1);
            memory.put(NOTES + item, (byte) (memory.get(NOTES + item) + 1));
        } finally {
            lock.unlock();
        }
        free.release();
        return item;
    }

    private static int place(int number) {
        return RING + number % PLACES * Integer.BYTES;
    }

    private void acquire(SharedSemaphore semaphore) throws InterruptedException {
        if (!semaphore.tryAcquire()) {
            waits++;
            semaphore.acquire();
        }
    }

    /** How often this process had to wait for a semaphore. */
    int waits() {
        return waits;
    }

    int fullest() {
        return memory.getInt(FULLEST);
    }

    /** How many items were lost, or taken twice. */
    long notTakenOnce() {
        long wrong = 0;
        for (int at = NOTES; at < segment.size(); at++) {
            wrong += memory.get(at) == 1 ? 0 : 1;
        }
        return wrong;
    }

    @Override
    public void close() {
        lock.close();
        filled.close();
        free.close();
        segment.close();
    }
}
