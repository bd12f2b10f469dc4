package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Ipc;
import org.jvmipc.MessageHandler;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/**
 * No message costs memory: one thread sends and receives for so long that it has looked whether its peer lives,
 * which it does from time to time, and has allocated not a single byte. Before that, it may until all is warm.
 */
@IpcDir
@Timeout(60)
class AllocationTest {
    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final Duration WARM = Duration.ofSeconds(20);
    private static final int BATCH = 8;

    @IpcDir
    private IpcScope scope;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final long me = Thread.currentThread().getId();
    private long sum;
    private final MessageHandler handler = message -> sum += message.getLong(message.position());

    /** What is done over and over. */
    private interface Step {
        void run();
    }

    private void expectNoAllocation(Step step) {
        List<Long> allocated = new ArrayList<>();
        long start = System.nanoTime();
        long bytes;
        do {
            long began = System.nanoTime();
            long before = threads.getThreadAllocatedBytes(me);
            while (System.nanoTime() - began < ROUND_NANOS) {
                for (int i = 0; i < 100; i++) {
                    step.run();
                }
            }
            bytes = threads.getThreadAllocatedBytes(me) - before;
            allocated.add(bytes);
        } while (bytes != 0 && System.nanoTime() - start < WARM.toNanos());
        assertEquals(0, bytes, () -> "bytes allocated in each round: " + allocated);
    }

    private static void check(boolean condition) {
        if (!condition) {
            throw new AssertionError("a message was not sent, or has not come");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait=spin", "wait=block", "ring=mpsc&wait=block", "ring=mpmc&wait=spin",
        "ring=broadcast&wait=spin", "ring=broadcast&overflow=dropOldest&wait=spin"})
    void shouldSendAndPollWithoutAllocating(String options) {
        String address = scope.address("shm", "ring") + "?capacity=64k&" + options;
        ByteBuffer message = ByteBuffer.allocateDirect(32);
        ByteBuffer[] batch = new ByteBuffer[BATCH];
        Arrays.setAll(batch, i -> ByteBuffer.allocate(32 + i));
        try (Receiver receiver = Ipc.receiver(address); Sender sender = Ipc.sender(address)) {
            expectNoAllocation(() -> {
                check(sender.trySend(message.clear().putLong(0, sum)) == SendResult.SENT);
                check(receiver.poll(handler, 1) == 1);
                check(receiver.poll(handler, BATCH) == 0);
                for (ByteBuffer each : batch) {
                    each.clear();
                }
                int sent = sender.trySend(batch, 0, BATCH);
                check(sent > 0);
                check(receiver.poll(handler, 2 * BATCH) == sent);
            });
        }
    }
}
