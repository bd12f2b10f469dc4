package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.HandlerRegistration;
import org.jvmipc.Ipc;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.WaitStrategy;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Each way to wait, on both ends of each ring; the contract runs with some of them only. */
@IpcDir
@Timeout(60)
class RingWaitTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final int COUNT = 3000;
    private static final String LOSSY = "overflow=dropOldest";

    @IpcDir
    private IpcScope scope;

    static Stream<Arguments> ringsAndStrategies() {
        List<String> rings = List.of("ring=spsc", "ring=mpsc&producers=2", "ring=mpmc&producers=2&consumers=2",
                "ring=broadcast&readers=2", "ring=broadcast&readers=2&" + LOSSY);
        return rings.stream().flatMap(ring -> Arrays.stream(WaitStrategy.values())
                .map(strategy -> Arguments.of(ring, strategy.name().toLowerCase(Locale.ROOT))));
    }

    /** A sender that overwrites never waits for room. */
    static Stream<Arguments> blockingRingsAndStrategies() {
        return ringsAndStrategies().filter(arguments -> !((String) arguments.get()[0]).contains(LOSSY));
    }

    private static ByteBuffer message(int number) {
        return ByteBuffer.allocate(64).putInt(0, number);
    }

    private String address(String ring, String strategy) {
        return scope.address("shm", "ring") + "?" + ring + "&capacity=4k&wait=" + strategy;
    }

    @ParameterizedTest
    @MethodSource("blockingRingsAndStrategies")
    void shouldWaitForMessagesAndForRoom(String ring, String strategy) throws Exception {
        String address = address(ring, strategy);
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (Receiver receiver = Ipc.receiver(address); Sender sender = Ipc.sender(address)) {
            Future<Integer> sending = executor.submit(() -> {
                for (int i = 0; i < COUNT; i++) {
                    sender.send(message(i), PATIENCE);
                }
                return COUNT;
            });
            for (int i = 0; i < COUNT; i++) {
                assertEquals(i, receiver.receive(PATIENCE).message().payload().getInt());
            }
            assertEquals(COUNT, sending.get(20, TimeUnit.SECONDS));
        } finally {
            executor.shutdownNow();
            assertTrue(executor.awaitTermination(20, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @MethodSource("ringsAndStrategies")
    void shouldAnswerWhoeverWaits(String ring, String strategy) throws Exception {
        String there = address(ring, strategy);
        String back = there.replace("ring?", "back?");
        ExecutorService executor = Executors.newSingleThreadExecutor();
        CountDownLatch open = new CountDownLatch(1);
        try (Receiver receiver = Ipc.receiver(back); Receiver other = Ipc.receiver(there);
                Sender sender = Ipc.sender(there)) {
            Future<?> answering = executor.submit(() -> {
                try (Sender answers = Ipc.sender(back)) {
                    open.countDown();
                    for (int i = 0; i < 50; i++) {
                        answers.send(ByteBuffer.wrap(other.receive(PATIENCE).message().bytes()), PATIENCE);
                    }
                }
                return null;
            });
            assertTrue(open.await(20, TimeUnit.SECONDS));
            for (int i = 0; i < 50; i++) {
                sender.send(message(i), PATIENCE);
                assertEquals(i, receiver.receive(PATIENCE).message().payload().getInt());
            }
            answering.get(20, TimeUnit.SECONDS);
        } finally {
            executor.shutdownNow();
            assertTrue(executor.awaitTermination(20, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @MethodSource("ringsAndStrategies")
    void shouldTimeOutNotBeforeItsTime(String ring, String strategy) throws Exception {
        String address = address(ring, strategy);
        try (Receiver receiver = Ipc.receiver(address); Sender sender = Ipc.sender(address)) {
            long start = System.nanoTime();
            assertEquals(Received.Kind.TIMED_OUT, receiver.receive(SHORT).kind());
            assertTrue(System.nanoTime() - start >= SHORT.toNanos());
            if (ring.contains(LOSSY)) {
                return;
            }
            int sent = 0;
            while (sender.trySend(message(sent)) == SendResult.SENT) {
                sent++;
            }
            assertTrue(sent > 0);
            start = System.nanoTime();
            assertThrows(IpcTimeoutException.class, () -> sender.send(message(-1), SHORT));
            assertTrue(System.nanoTime() - start >= SHORT.toNanos());
            for (int i = 0; i < sent; i++) {
                assertEquals(i, receiver.receive(PATIENCE).message().payload().getInt());
            }
        }
    }

    /** Each wake-up counts in a futex word, and goes to the kernel: while both sides are awake there are none. */
    @ParameterizedTest
    @ValueSource(strings = {"ring=spsc", "ring=mpsc&producers=2", "ring=mpmc&producers=2&consumers=2",
        "ring=broadcast&readers=2", "ring=broadcast&readers=2&" + LOSSY})
    void shouldWakeNobodyWhoIsAwake(String ring) throws Exception {
        String address = address(ring, "block");
        Path file = Path.of("/dev/shm/jvmipc-" + ProcessIdentity.effectiveUid() + "-" + scope.name("ring"));
        try (Receiver receiver = Ipc.receiver(address); Sender sender = Ipc.sender(address)) {
            List<Integer> before = wakeUps(file);
            for (int i = 0; i < COUNT; i++) {
                while (sender.trySend(message(i)) != SendResult.SENT) {
                    receiver.poll(message -> { }, 5);
                }
                if (i % 3 == 0) {
                    receiver.tryReceive();
                }
            }
            assertEquals(before, wakeUps(file));
            // So that it is known to be the right word: this one sleeps.
            while (receiver.poll(message -> { }, 100) > 0) {
                continue;
            }
            try (HandlerRegistration sleeping = receiver.onMessage(message -> { }, Runnable::run)) {
                Await.until(PATIENCE, "a sleeper to be woken", () -> {
                    sender.trySend(message(7));
                    return wakeUps(file).get(0) > before.get(0);
                });
                assertFalse(sleeping.ended().toCompletableFuture().isDone());
            }
        }
    }

    private static List<Integer> wakeUps(Path file) {
        try {
            ByteBuffer memory = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
            Geometry geometry = Geometry.of(memory);
            return List.of(memory.getInt(geometry.bell(Side.CONSUMER, 0)),
                    memory.getInt(geometry.bell(Side.PRODUCER, 0)));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
