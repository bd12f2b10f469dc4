package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.testkit.history.Delivery;
import org.jvmipc.testkit.history.History;
import org.jvmipc.testkit.history.HistoryLog;
import org.jvmipc.testkit.history.Stamp;

/**
 * R01, R02, R04, R26: a side of the ring, which is also a lane of {@code ring=mpsc}, dies before its N-th access to the
 * memory, or is stopped there while the other side goes on; N = 1, 2, 3 … until there is none any more.
 */
class SpscFaultTest {
    private static final int CAPACITY = 4096;
    private static final int MESSAGES = 24;

    @TempDir
    private Path directory;
    private int logs;

    /** The ring, and what both sides did to it; a new log for each life. */
    private final class Run {
        private final RingMemory memory = new MappedMemory(ByteBuffer
                .allocateDirect(SegmentLayout.HEADER_SIZE + CAPACITY).order(ByteOrder.nativeOrder()));
        private final History history = new History(Delivery.TO_THE_ONE, Duration.ofMinutes(1));
        private final Random random = new Random(1);

        Run() {
            // Some 30 % are more than what is left before the end of the ring, so that there is padding.
            memory.setRelease(SegmentLayout.TAIL, CAPACITY - 1000);
            memory.setRelease(SegmentLayout.HEAD, CAPACITY - 1000);
        }

        Path log() {
            return directory.resolve("log" + ++logs);
        }

        /** Sends what there is room for, by copy or by claim. */
        void send(SpscRing.Producer producer, HistoryLog log, int source, int from, int to) {
            for (int number = from; number < to; number++) {
                Stamp stamp = new Stamp(source, number);
                log.invoked(stamp);
                ByteBuffer message = stamp.message(Stamp.SMALLEST + random.nextInt(300));
                boolean sent;
                if (number % 3 == 0) {
                    ByteBuffer room = producer.tryClaim(message.remaining());
                    sent = room != null;
                    if (sent) {
                        room.put(message);
                        producer.commitClaim();
                    }
                } else {
                    sent = producer.offer(message);
                }
                if (!sent) {
                    log.refused(stamp);
                    return;
                }
                log.accepted(stamp);
            }
        }

        void receive(RingMemory through) {
            Path file = log();
            try (HistoryLog log = HistoryLog.create(file)) {
                log.opened();
                new SpscRing.Consumer(through, CAPACITY).poll(log::received, Integer.MAX_VALUE);
                log.ended();
            } finally {
                history.add(file);
            }
        }

        void produce(RingMemory through, int source, int from) {
            Path file = log();
            try (HistoryLog log = HistoryLog.create(file)) {
                log.opened();
                send(new SpscRing.Producer(through, CAPACITY), log, source, from, MESSAGES);
                log.ended();
            } finally {
                history.add(file);
            }
        }

        void check(int n) throws Exception {
            try {
                history.assertSound();
            } catch (AssertionError failed) {
                throw new AssertionError("with a fault before access " + n + ": " + failed.getMessage(), failed);
            }
            assertTrue(history.received() > 0);
            for (; logs > 0; logs--) {
                Files.deleteIfExists(directory.resolve("log" + logs));
            }
        }
    }

    @Test
    void shouldLoseNothingWhereverAProducerDies() throws Exception {
        int n = 0;
        FaultyMemory faulty;
        do {
            Run run = new Run();
            faulty = new FaultyMemory(run.memory);
            faulty.dieBefore(n);
            try {
                run.produce(faulty, 1, 0);
            } catch (FaultyMemory.Death dies) {
                assertTrue(faulty.hasFired());
            }
            // The successor may come before anything was taken, or after.
            if (n % 2 == 0) {
                run.receive(run.memory);
            }
            run.produce(run.memory, 2, 0);
            run.receive(run.memory);
            run.check(n++);
        } while (faulty.hasFired());
        assertTrue(n > 4 * MESSAGES / 2, "only " + n + " accesses");
    }

    @Test
    void shouldLoseNothingWhereverAConsumerDies() throws Exception {
        int n = 0;
        FaultyMemory faulty;
        do {
            Run run = new Run();
            run.produce(run.memory, 1, 0);
            faulty = new FaultyMemory(run.memory);
            faulty.dieBefore(n);
            try {
                run.receive(faulty);
            } catch (FaultyMemory.Death dies) {
                assertTrue(faulty.hasFired());
            }
            run.produce(run.memory, 2, 0);
            run.receive(run.memory);
            run.check(n++);
        } while (faulty.hasFired());
        assertTrue(n > 2 * 10, "only " + n + " accesses");
    }

    /** Stopped there; meanwhile the consumer takes all that it sees, and more once it goes on. */
    @Test
    void shouldLoseNothingWhereverAProducerIsStoppedForAWhile() throws Exception {
        int n = 0;
        FaultyMemory faulty;
        do {
            Run run = new Run();
            faulty = new FaultyMemory(run.memory);
            faulty.before(n, () -> run.receive(run.memory));
            run.produce(faulty, 1, 0);
            run.receive(run.memory);
            run.check(n++);
        } while (faulty.hasFired());
        assertTrue(n > 4 * MESSAGES / 2, "only " + n + " accesses");
    }

    /** Stopped there; meanwhile the producer sends what there is room for. */
    @Test
    void shouldLoseNothingWhereverAConsumerIsStoppedForAWhile() throws Exception {
        int n = 0;
        FaultyMemory faulty;
        do {
            Run run = new Run();
            run.produce(run.memory, 1, 0);
            faulty = new FaultyMemory(run.memory);
            faulty.before(n, () -> run.produce(run.memory, 2, 0));
            run.receive(faulty);
            run.receive(run.memory);
            run.check(n++);
        } while (faulty.hasFired());
        assertTrue(n > 2 * 10, "only " + n + " accesses");
    }

    /** What the handler throws takes this message and no other. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    void shouldLoseOnlyTheMessageWhoseHandlerThrows(int batch) throws Exception {
        for (int n = 0; n < 10; n++) {
            Run run = new Run();
            run.produce(run.memory, 1, 0);
            int failing = n;
            SpscRing.Consumer consumer = new SpscRing.Consumer(run.memory, CAPACITY);
            int[] next = {0};
            AtomicBoolean thrown = new AtomicBoolean();
            while (consumer.hasRecord()) {
                try {
                    consumer.poll(message -> {
                        assertEquals(new Stamp(1, next[0]), Stamp.of(message).orElseThrow());
                        if (next[0]++ == failing) {
                            throw new IllegalStateException("refused");
                        }
                    }, batch);
                } catch (IllegalStateException refused) {
                    assertTrue(thrown.compareAndSet(false, true));
                }
            }
            assertTrue(thrown.get());
            assertTrue(next[0] > 10, "only " + next[0]);
            for (; logs > 0; logs--) {
                Files.deleteIfExists(directory.resolve("log" + logs));
            }
        }
    }
}
