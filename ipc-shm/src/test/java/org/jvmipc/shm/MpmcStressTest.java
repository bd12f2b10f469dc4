package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that send and receive at the same time, stand still where it hurts, and die. */
class MpmcStressTest {
    private static final int PRODUCERS = 3;
    private static final int CONSUMERS = 3;
    private static final int SLOTS = PRODUCERS + CONSUMERS;
    private static final long RUN_NANOS = 1_500_000_000;
    private static final long STOP_NANOS_MAX = 200_000;

    private final MpmcHistory history = new MpmcHistory();
    private final AtomicIntegerArray dead = new AtomicIntegerArray(SLOTS);
    private ByteBuffer buffer;
    private MpmcLayout layout;

    private MpmcRing ring(RingMemory of) {
        return new MpmcRing(of, layout, this::isDead, this::isDead);
    }

    private boolean isDead(int slot) {
        return dead.get(slot) != 0;
    }

    private RingMemory mapped() {
        return new MappedMemory(buffer);
    }

    /** Sends until the time is over, and returns how often it has died. */
    private int send(int slot, long deadline, int life, boolean dies) {
        Random random = new Random(slot);
        int deaths = 0;
        while (deadline - System.nanoTime() > 0) {
            FaultyMemory faulty = new FaultyMemory(mapped());
            fault(faulty, random, life, dies);
            MpmcHistory.Sending sent = history.sending();
            dead.set(slot, 0);
            try {
                MpmcProducer producer = new MpmcProducer(ring(faulty), slot);
                while (deadline - System.nanoTime() > 0) {
                    ByteBuffer message = sent.next(random.nextInt(150));
                    boolean accepted = producer.offer(message);
                    sent.sent(accepted);
                    if (!accepted) {
                        Thread.yield();
                    }
                }
            } catch (FaultyMemory.Death death) {
                dead.set(slot, 1);
                deaths++;
            }
        }
        return deaths;
    }

    private int receive(int slot, Callable<Boolean> isOver, int life, boolean dies) throws Exception {
        Random random = new Random(slot);
        int deaths = 0;
        while (!isOver.call()) {
            FaultyMemory faulty = new FaultyMemory(mapped());
            fault(faulty, random, life, dies);
            MpmcHistory.Receiving seen = history.receiving();
            dead.set(slot, 0);
            try {
                MpmcConsumer consumer = new MpmcConsumer(ring(faulty), slot);
                while (!isOver.call()) {
                    if (consumer.poll(seen::whole, 1 + random.nextInt(8)) == 0) {
                        Thread.yield();
                    }
                }
            } catch (FaultyMemory.Death death) {
                seen.died();
                dead.set(slot, 1);
                deaths++;
            }
        }
        return deaths;
    }

    private static void fault(FaultyMemory faulty, Random random, int life, boolean dies) {
        long at = random.nextInt(life);
        if (dies && random.nextInt(3) != 0) {
            faulty.dieBefore(at);
        } else {
            faulty.before(at, () -> {
                LockSupport.parkNanos(random.nextInt((int) STOP_NANOS_MAX));
                fault(faulty, random, life, dies);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLoseNothingAndDoubleNothing(boolean dying) throws Exception {
        run(4096, dying);
    }

    /** So small that helpers, padding and late compare-and-sets meet all the time. */
    @Test
    void shouldLoseNothingInTheSmallestRing() throws Exception {
        run(256, true);
    }

    private void run(int capacity, boolean dying) throws Exception {
        layout = new MpmcLayout(SegmentLayout.HEADER_SIZE, SLOTS, SLOTS, capacity);
        buffer = ByteBuffer.allocateDirect(layout.end()).order(ByteOrder.nativeOrder());
        long deadline = System.nanoTime() + RUN_NANOS;
        ExecutorService threads = Executors.newFixedThreadPool(SLOTS);
        int deaths = 0;
        try {
            List<Future<Integer>> producers = new ArrayList<>();
            List<Future<Integer>> consumers = new ArrayList<>();
            boolean[] over = {false};
            for (int i = 0; i < PRODUCERS; i++) {
                int slot = i;
                producers.add(threads.submit(() -> send(slot, deadline, 3000, dying)));
            }
            for (int i = 0; i < CONSUMERS; i++) {
                int slot = PRODUCERS + i;
                consumers.add(threads.submit(() -> receive(slot, () -> {
                    synchronized (over) {
                        return over[0];
                    }
                }, 3000, dying)));
            }
            for (Future<Integer> producer : producers) {
                deaths += producer.get();
            }
            synchronized (over) {
                over[0] = true;
            }
            for (Future<Integer> consumer : consumers) {
                deaths += consumer.get();
            }
        } finally {
            threads.shutdownNow();
        }
        // Those who stopped at the end have left; one who comes finds all that is there.
        for (int slot = 0; slot < SLOTS; slot++) {
            dead.set(slot, 1);
        }
        MpmcRing ring = ring(mapped());
        dead.set(0, 0);
        MpmcConsumer last = new MpmcConsumer(ring, 0);
        MpmcHistory.Receiving seen = history.receiving();
        while (last.poll(seen::whole, 100) > 0) {
            continue;
        }
        assertEquals(0, ring.depthMessages());
        ring.check();
        int messages = history.check();
        assertTrue(messages > 1000, "only " + messages + " messages");
        assertEquals(dying, deaths > 0);
    }
}
