package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Claim;
import org.jvmipc.Ipc;
import org.jvmipc.MessageTooLargeException;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** A message may take all of a ring. */
@IpcDir
@Timeout(60)
class RingLimitsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int CAPACITY = 4096;
    private static final int LARGEST = CAPACITY - 16;

    @IpcDir
    private IpcScope scope;

    private String address(String ring) {
        return scope.address("shm", "ring") + "?capacity=4k&" + ring;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ring=spsc", "ring=mpsc", "ring=mpmc", "ring=broadcast",
        "ring=broadcast&overflow=dropOldest"})
    void shouldTakeMessagesOfUpToTheCapacityLessSixteenBytes(String ring) throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        Semaphore taken = new Semaphore(1);
        int count = 2 * CAPACITY / 8;
        try (Sender sender = Ipc.sender(address(ring)); Receiver receiver = Ipc.receiver(address(ring))) {
            assertEquals(LARGEST, sender.maxMessage());
            MessageTooLargeException tooLarge = assertThrows(MessageTooLargeException.class,
                    () -> sender.trySend(FanPeer.messageOf(0, 0, LARGEST + 1)));
            assertTrue(tooLarge.getMessage().contains(String.valueOf(LARGEST)), tooLarge.getMessage());
            Future<?> sending = threads.submit(() -> {
                for (int i = 0; i < count; i++) {
                    taken.acquire();
                    send(sender, i, length(i));
                }
                return null;
            });
            for (int i = 0; i < count; i++) {
                ByteBuffer message = receiver.receive(PATIENCE).message().payload();
                assertEquals(length(i), message.remaining());
                assertEquals(i, FanPeer.number(message, 0));
                taken.release();
            }
            sending.get();
            assertEquals(0, receiver.status().dropped());
        } finally {
            threads.shutdownNow();
        }
    }

    /** From wherever the last one has ended. */
    private static int length(int number) {
        return number % 2 == 0 ? LARGEST : 16 + number * 8 % (LARGEST - 16);
    }

    private static void send(Sender sender, int number, int length) throws InterruptedException {
        if (number % 4 > 0) {
            sender.send(FanPeer.messageOf(0, number, length));
            return;
        }
        Claim claim = sender.tryClaim(length);
        while (claim == null) {
            // The reader has to pass the padding first.
            Thread.yield();
            claim = sender.tryClaim(length);
        }
        claim.buffer().put(FanPeer.messageOf(0, number, length));
        claim.commit();
    }

    /** Who comes too late is told so, and sees what is there; as fast as the two go, no half message is shown. */
    @Test
    void shouldShowWholeMessagesToReadersOfALossyRingThatHoldsOne() throws Exception {
        String address = address("ring=broadcast&overflow=dropOldest");
        int count = 20_000;
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address)) {
            for (int i = 0; i < 10; i++) {
                sender.send(FanPeer.messageOf(0, i, LARGEST));
            }
            Received first = receiver.receive(PATIENCE);
            assertEquals(9, FanPeer.number(first.message().payload(), 0), "the last one is there");
            assertEquals(9, first.message().missed());
            Future<?> sending = threads.submit(() -> {
                for (int i = 10; i < count; i++) {
                    sender.send(FanPeer.messageOf(0, i, i % 3 == 0 ? 200 : LARGEST - i % 1000));
                }
                return null;
            });
            int next = 10;
            while (next < count) {
                Received received = receiver.receive(PATIENCE);
                int number = FanPeer.number(received.message().payload(), 0);
                assertEquals(number - next, received.message().missed());
                next = number + 1;
            }
            sending.get();
            assertEquals(Received.EMPTY, receiver.tryReceive());
            assertEquals(count, receiver.status().received() + receiver.status().dropped());
        } finally {
            threads.shutdown();
        }
    }

    /** R33: positions may be anything; here they pass where numbers overflow, and readers are lapped there. */
    @ParameterizedTest
    @ValueSource(longs = {0, (1L << 31) - 4096, (1L << 32) - 64, Long.MAX_VALUE - 4095, -64, Long.MIN_VALUE})
    void shouldOverwriteAtAnyPosition(long start) {
        RingMemory memory = new MappedMemory(
                ByteBuffer.allocateDirect(SegmentLayout.HEADER_SIZE + CAPACITY).order(ByteOrder.nativeOrder()));
        memory.setRelease(SegmentLayout.TAIL, start);
        memory.setRelease(SegmentLayout.HEAD, start);
        for (int i = 0; i < BroadcastLayout.MARK_COUNT; i++) {
            memory.setRelease(BroadcastLayout.MARKS + i * BroadcastLayout.MARK_SIZE, start);
        }
        LossyOut producer = new LossyOut(memory, CAPACITY, new Readers(ByteBuffer.allocateDirect(128), 0, 1));
        LossyCursor reader = new LossyCursor(memory, CAPACITY);
        assertTrue(reader.begin(start, start));
        int received = 0;
        for (int i = 0; i < 5000; i++) {
            assertTrue(producer.offer(FanPeer.message(0, i)));
            int length = LossyCursor.AGAIN;
            // Sometimes it waits until it is lapped.
            while (i % 500 > 100 && length != LossyCursor.NOTHING) {
                length = reader.copyNext();
                if (length > 0) {
                    assertEquals(received + reader.dropped(), FanPeer.number(reader.copied(length), 0));
                    received++;
                }
            }
        }
        assertEquals(5000, received + reader.dropped());
        assertTrue(reader.dropped() > 500, "only " + reader.dropped() + " dropped");
    }
}
