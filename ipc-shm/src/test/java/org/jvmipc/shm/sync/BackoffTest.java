package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 300;

    @Test
    void shouldDoubleItsBoundUpToTheMost() {
        Backoff most = Backoff.between(Duration.ofNanos(10), Duration.ofNanos(65), bound -> bound - 1);
        assertArrayEquals(new long[] {10, 20, 40, 65, 65, 65},
                LongStream.generate(most::nextNanos).limit(6).toArray());
        most.reset();
        assertEquals(10, most.nextNanos());
    }

    @Test
    void shouldSpreadOverTheWholeOfIt() {
        Random random = new Random(7);
        Backoff backoff = Backoff.between(Duration.ofNanos(1_000), Duration.ofNanos(1_000), random::nextLong);
        long[] pauses = LongStream.generate(backoff::nextNanos).limit(10_000).toArray();
        assertTrue(LongStream.of(pauses).allMatch(nanos -> nanos >= 1 && nanos <= 1_000));
        for (int tenth = 0; tenth < 10; tenth++) {
            int low = tenth * 100;
            long count = LongStream.of(pauses).filter(nanos -> nanos > low && nanos <= low + 100).count();
            assertTrue(count > 850 && count < 1_150, count + " of 10000 from " + low + " ns on");
        }
    }

    @Test
    void shouldRefuseTimesThatCannotBe() {
        Duration one = Duration.ofNanos(1);
        assertThrows(IllegalArgumentException.class, () -> Backoff.between(Duration.ZERO, one));
        assertThrows(IllegalArgumentException.class, () -> Backoff.between(Duration.ofNanos(2), one));
        assertThrows(IllegalArgumentException.class, () -> Backoff.between(one, Duration.ofDays(1).plusNanos(1)));
        Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
        assertThrows(IllegalArgumentException.class, () -> Backoff.between(one, endless));
        assertThrows(IllegalArgumentException.class, () -> Backoff.between(endless, endless));
    }

    @Test
    void shouldTakeAllOrNone() throws Exception {
        ReentrantLock one = new ReentrantLock();
        ReentrantLock held = new ReentrantLock();
        Thread holder = new Thread(held::lock);
        holder.start();
        holder.join();
        assertFalse(Backoff.lockAll(Duration.ofMillis(5), one, held));
        assertFalse(one.isLocked());
        Lock broken = new ReentrantLock() {
            private static final long serialVersionUID = 1L;

            @Override
            public boolean tryLock() {
                throw new ArithmeticException();
            }
        };
        assertThrows(ArithmeticException.class, () -> Backoff.lockAll(Duration.ofSeconds(1), one, broken));
        assertFalse(one.isLocked());
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> Backoff.lockAll(Duration.ofSeconds(1), one));
        assertTrue(Backoff.lockAll(Duration.ZERO, one));
        assertTrue(one.isHeldByCurrentThread());
        one.unlock();
    }

    /** In a ring, each in the order that would be a deadlock. */
    @Test
    void shouldComeToAnEndInAnyOrder() {
        Lock[] locks = new Lock[THREADS];
        int[] done = new int[THREADS];
        for (int i = 0; i < THREADS; i++) {
            locks[i] = new ReentrantLock();
        }
        try (Threads threads = new Threads()) {
            for (int i = 0; i < THREADS; i++) {
                int left = i;
                int right = (i + 1) % THREADS;
                threads.start(() -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        assertTrue(Backoff.lockAll(Threads.LONG, locks[left], locks[right]));
                        done[left]++;
                        done[right]++;
                        locks[left].unlock();
                        locks[right].unlock();
                    }
                    return null;
                });
            }
        }
        for (int count : done) {
            assertEquals(2 * ROUNDS, count);
        }
    }
}
