package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.Ipc;
import org.jvmipc.MalformedMessageException;
import org.jvmipc.MessageTooLargeException;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.TransferResult;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Messages larger than their ring. */
@IpcDir
@Timeout(30)
class ChainTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @IpcDir
    private IpcScope scope;

    private final ExecutorService executor = Executors.newCachedThreadPool();

    @AfterEach
    void tidyUp() {
        executor.shutdownNow();
    }

    private String address(String options) {
        return scope.address("shm", "ring") + "?capacity=4k&fragment=true&" + options;
    }

    private static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] received(Receiver receiver) throws InterruptedException {
        return receiver.receive(PATIENCE).message().bytes();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ring=spsc", "ring=mpsc&wait=block", "ring=broadcast"})
    void shouldCarryMessagesOfAllSizes(String options) throws Exception {
        int[] sizes = {0, 1, 1018, 1019, 1020, 1021, 2037, 4079, 4080, 4081, 100_000, 3, 5_000_000, 0};
        try (Receiver receiver = Ipc.receiver(address(options)); Sender sender = Ipc.sender(address(options))) {
            assertEquals(16 << 20, sender.maxMessage());
            Future<?> sending = executor.submit(() -> {
                for (int size : sizes) {
                    sender.send(ByteBuffer.wrap(bytes(size, size)), PATIENCE);
                }
                return null;
            });
            for (int size : sizes) {
                assertArrayEquals(bytes(size, size), received(receiver));
            }
            sending.get();
            assertEquals(Received.EMPTY, receiver.tryReceive());
            assertEquals(sizes.length, sender.status().sent());
            assertEquals(sizes.length, receiver.status().received());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ring=spsc", "ring=mpsc&wait=block", "ring=broadcast"})
    void shouldShowAMessageThatIsLeftInTheRing(String options) throws Exception {
        int[] sizes = {0, 1018, 1020, 4081, 100_000, 3, 500_000};
        try (Receiver receiver = Ipc.receiver(address(options)); Sender sender = Ipc.sender(address(options))) {
            Future<?> sending = executor.submit(() -> {
                for (int size : sizes) {
                    assertEquals(TransferResult.TAKEN, sender.transfer(ByteBuffer.wrap(bytes(size, size)), PATIENCE));
                }
                return null;
            });
            for (int size : sizes) {
                for (int look = 0; look < 2; look++) {
                    Await.until(PATIENCE, "a message", () -> receiver.peek(message -> {
                        byte[] found = new byte[message.remaining()];
                        message.get(found);
                        assertArrayEquals(bytes(size, size), found);
                        assertTrue(message.isReadOnly());
                    }) == 1);
                }
                assertArrayEquals(bytes(size, size), received(receiver));
            }
            sending.get();
            assertEquals(0, receiver.peek(message -> { }));
            assertEquals(sizes.length, receiver.status().received());
        }
    }

    @Test
    void shouldNotMixTheChainsOfSeveralSenders() throws Exception {
        List<Sender> senders = new ArrayList<>();
        try (Receiver receiver = Ipc.receiver(address("ring=mpsc"))) {
            List<Future<?>> sending = new ArrayList<>();
            for (int who = 0; who < 3; who++) {
                Sender sender = scope.track(Ipc.sender(address("ring=mpsc")));
                senders.add(sender);
                int id = who;
                sending.add(executor.submit(() -> {
                    for (int number = 0; number < 100; number++) {
                        byte[] message = bytes(number, 20_000 + number);
                        message[0] = (byte) id;
                        sender.send(ByteBuffer.wrap(message), PATIENCE);
                    }
                    return null;
                }));
            }
            int[] next = new int[3];
            for (int i = 0; i < 300; i++) {
                byte[] message = received(receiver);
                int number = next[message[0]]++;
                byte[] wanted = bytes(number, 20_000 + number);
                wanted[0] = message[0];
                assertArrayEquals(wanted, message);
            }
            for (Future<?> each : sending) {
                each.get();
            }
        }
    }

    @Test
    void shouldDropAChainWhoseSenderDidNotFinishIt() throws Exception {
        String address = address("ring=mpsc&producers=1&peerDeath=wait");
        try (Receiver receiver = Ipc.receiver(address)) {
            try (Sender sender = Ipc.sender(address)) {
                sender.send(ByteBuffer.wrap(bytes(1, 10)));
                assertEquals(SendResult.SENT, sender.trySend(ByteBuffer.wrap(bytes(2, 50_000))));
                assertFalse(sender.close(Duration.ofMillis(50)), "nobody has made room for the rest");
            }
            // If the rest is just being tried in the background, it is that thread that leaves.
            Await.until(PATIENCE, "the sender to have left", () -> receiver.status().peersAlive() == 0);
            try (Sender next = Ipc.sender(address)) {
                assertArrayEquals(bytes(1, 10), received(receiver));
                assertEquals(Received.EMPTY, receiver.tryReceive());
                next.send(ByteBuffer.wrap(bytes(3, 2000)), PATIENCE);
                assertArrayEquals(bytes(3, 2000), received(receiver));
            }
        }
    }

    @Test
    void shouldTransferAndSendInTheBackground() throws Exception {
        try (Receiver receiver = Ipc.receiver(address("wait=block"));
                Sender sender = Ipc.sender(address("wait=block"))) {
            Future<TransferResult> transferring =
                    executor.submit(() -> sender.transfer(ByteBuffer.wrap(bytes(5, 30_000)), PATIENCE));
            assertArrayEquals(bytes(5, 30_000), received(receiver));
            assertEquals(TransferResult.TAKEN, transferring.get());
            Future<?> first = sender.sendAsync(ByteBuffer.wrap(bytes(6, 30_000)));
            Future<?> second = sender.sendAsync(ByteBuffer.wrap(bytes(7, 30_000)));
            assertArrayEquals(bytes(6, 30_000), received(receiver));
            assertArrayEquals(bytes(7, 30_000), received(receiver));
            first.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            second.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertTrue(sender.close(PATIENCE));
        }
    }

    @Test
    void shouldHeedTheLimitsOfBothSides() throws Exception {
        try (Sender sender = Ipc.sender(address("maxMessage=100k"));
                Receiver receiver = Ipc.receiver(address("maxMessage=50k"))) {
            assertThrows(MessageTooLargeException.class, () -> sender.trySend(ByteBuffer.allocate((100 << 10) + 1)));
            Future<?> sending = executor.submit(() -> {
                sender.send(ByteBuffer.allocate(100 << 10), PATIENCE);
                sender.send(ByteBuffer.wrap(bytes(1, 50 << 10)), PATIENCE);
                return null;
            });
            MalformedMessageException tooLong = assertThrows(MalformedMessageException.class,
                    () -> receiver.receive(PATIENCE));
            assertTrue(tooLong.getMessage().contains("maxMessage"), tooLong.getMessage());
            assertArrayEquals(bytes(1, 50 << 10), received(receiver));
            sending.get();
        }
    }

    @Test
    void shouldRefuseARingWhoseRecordsAreWholeMessages() {
        String plain = scope.address("shm", "ring") + "?capacity=4k";
        try (Receiver receiver = Ipc.receiver(plain)) {
            IncompatibleChannelException refused =
                    assertThrows(IncompatibleChannelException.class, () -> Ipc.sender(address("wait=spin")));
            assertTrue(refused.getMessage().contains("fragment=true")
                    && refused.getMessage().contains("fragment=false"), refused.getMessage());
            assertTrue(receiver.isOpen());
        }
        assertThrows(IllegalArgumentException.class,
                () -> Ipc.sender(address("ring=broadcast&overflow=dropOldest")));
    }
}
