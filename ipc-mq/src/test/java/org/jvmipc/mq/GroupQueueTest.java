package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.Ipc;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.Receiver;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;

/** Consumers of a group of a queue on disk. */
@IpcDir
@Timeout(60)
final class GroupQueueTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path directory;
    private String queue;

    @BeforeEach
    void setQueue() {
        queue = "queue:" + directory.resolve("q");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private void send(String address, String... texts) throws InterruptedException {
        try (Sender sender = Ipc.sender(address)) {
            for (String text : texts) {
                sender.send(bytes(text));
            }
        }
    }

    @Test
    void shouldShareMessagesAndGoOnAfterAll() throws Exception {
        send(queue, "a", "b", "c", "d");
        try (GroupConsumer one = GroupConsumer.open(queue + "?group=g");
                GroupConsumer two = GroupConsumer.open(queue + "?group=g");
                GroupConsumer other = GroupConsumer.open(queue + "?group=h")) {
            Delivery a = one.receive(LONG);
            Delivery b = two.receive(LONG);
            assertEquals("a", a.text());
            assertEquals("b", b.text());
            assertEquals(1, a.deliveries());
            assertTrue(a.ack());
            assertFalse(a.nack(), "all has been said");
            assertEquals("a", other.receive(LONG).text());
            assertEquals(3, one.depth());
            GroupStatus status = two.status();
            assertEquals(2, status.unread());
            assertEquals(1, status.inFlight());
            assertEquals(2, status.consumers());
            b.nack();
            assertEquals("b", one.receive(LONG).text());
        }
        try (GroupConsumer later = GroupConsumer.open(queue + "?group=g")) {
            for (String text : List.of("b", "c", "d")) {
                try (Delivery next = later.receive(LONG)) {
                    assertEquals(text, next.text());
                    assertTrue(next.ack());
                }
            }
            assertNull(later.tryReceive());
            assertEquals(0, later.depth());
            assertThrows(IpcTimeoutException.class, () -> later.receive(Duration.ofMillis(10)));
        }
    }

    @Test
    void shouldSleepUntilAMessageComesAndWakeWhenClosed() throws Exception {
        GroupConsumer consumer = GroupConsumer.open(queue + "?group=g&wait=block");
        StringBuffer got = new StringBuffer();
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    Delivery delivery = consumer.receive();
                    got.append(delivery.text());
                    delivery.ack();
                }
            } catch (InterruptedException | ChannelClosedException end) {
                got.append('.');
            }
        });
        thread.start();
        Await.blockedIn(thread, "GroupConsumer.receive", LONG);
        send(queue, "x", "y");
        Await.until(LONG, "both", () -> got.toString().equals("xy"));
        Await.blockedIn(thread, "GroupConsumer.receive", LONG);
        consumer.close();
        thread.join(LONG.toMillis());
        assertEquals("xy.", got.toString());
    }

    @Test
    void shouldMoveWhatFailsToTheDeadLetters() throws Exception {
        String dead = directory.resolve("dead").toString();
        send(queue, "bad", "good");
        try (GroupConsumer consumer = GroupConsumer.open(
                queue + "?group=g&redeliver=2&deadLetter=" + dead + "&redeliveryDelay=1ms")) {
            int failures = 0;
            for (int i = 0; i < 4; i++) {
                Delivery next = consumer.receive(LONG);
                if (next.text().equals("bad")) {
                    assertEquals(++failures, next.deliveries());
                    next.close();
                } else {
                    next.ack();
                }
            }
            assertEquals(3, failures);
            assertThrows(IpcTimeoutException.class, () -> consumer.receive(Duration.ofMillis(10)));
            assertEquals(1, consumer.status().deadLettered());
        }
        try (Receiver receiver = Ipc.receiver("queue:" + dead)) {
            assertEquals("bad", receiver.receive(LONG).text());
            assertFalse(receiver.tryReceive().isMessage());
        }
    }

    @Test
    void shouldMoveToTheDeadLettersWhateverTheQueueHolds() throws Exception {
        String dead = directory.resolve("dead").toString();
        byte[] longest = new byte[15 << 20];
        try (Sender sender = Ipc.sender(queue + "?maxMessage=15m")) {
            sender.send(ByteBuffer.wrap(longest));
            sender.send(bytes("next"));
        }
        try (GroupConsumer consumer = GroupConsumer.open(queue + "?group=g&redeliver=0&deadLetter=" + dead)) {
            consumer.receive(LONG).close();
            assertEquals("next", consumer.receive(LONG).text());
        }
        try (Receiver receiver = Ipc.receiver("queue:" + dead)) {
            assertEquals(longest.length, receiver.receive(LONG).message().length());
        }
    }

    @Test
    void shouldAcknowledgeAgainWhatCouldNotBeAcknowledged() throws Exception {
        // docs/formats/group.md has the offset, and how members are numbered.
        int lock = 128;
        long secondMember = 1 << 7 | 2;
        send(queue, "x");
        try (GroupConsumer consumer = GroupConsumer.open(queue + "?group=g");
                GroupConsumer second = GroupConsumer.open(queue + "?group=g");
                FileChannel file = FileChannel.open(directory.resolve("q/g.group"), StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            Delivery delivery = consumer.receive(LONG);
            MappedByteBuffer memory = file.map(FileChannel.MapMode.READ_WRITE, 0, file.size());
            memory.order(ByteOrder.nativeOrder());
            // As if the other one had been stopped with the lock.
            memory.putLong(lock, secondMember);
            assertThrows(IpcTimeoutException.class, delivery::ack);
            memory.putLong(lock, 0);
            assertTrue(delivery.ack());
            assertFalse(delivery.ack(), "that was said");
            assertEquals(0, second.depth());
        }
    }

    @Test
    void shouldDeliverLaterWhatWasSentWithADelay() throws Exception {
        long start = System.nanoTime();
        try (GroupConsumer consumer = GroupConsumer.open(queue + "?group=g");
                Sender delayed = Ipc.sender(queue + "?delay=1s");
                Sender sender = Ipc.sender(queue)) {
            delayed.send(bytes("later"));
            sender.send(bytes("now"));
            assertEquals("now", consumer.receive(LONG).text());
            assertEquals(1, consumer.status().waiting());
            assertEquals("later", consumer.receive(LONG).text());
            assertTrue(System.nanoTime() - start >= 1_000_000_000L);
        }
    }

    @Test
    void shouldAcknowledgeForAPlainReceiverWhenItComesBack() throws Exception {
        send(queue, "a", "b", "c", "d");
        String address = queue + "?group=g";
        try (GroupConsumer watcher = GroupConsumer.open(address)) {
            try (Receiver receiver = Ipc.receiver(address)) {
                assertEquals("a", receiver.receive(LONG).text());
                assertEquals(4, watcher.depth());
                assertEquals("b", receiver.receive(LONG).text());
                assertEquals(3, watcher.depth());
                assertEquals(1, receiver.poll(message -> assertEquals('c', message.get(message.position())), 1));
                assertEquals(1, watcher.depth());
                assertThrows(IllegalStateException.class, () -> receiver.poll(message -> {
                    throw new IllegalStateException();
                }, 1));
                assertEquals(1, watcher.depth());
                assertEquals("d", receiver.receive(LONG).text());
            }
            Delivery again = watcher.receive(LONG);
            assertEquals("d", again.text());
            assertEquals(3, again.deliveries());
        }
    }

    @Test
    void shouldTellSendersHowFarItIs() throws Exception {
        send(queue, "a", "b");
        try (Sender sender = Ipc.sender(queue)) {
            Thread.currentThread().interrupt();
            try (GroupConsumer consumer = GroupConsumer.open(queue + "?group=g")) {
                assertEquals(2, sender.status().depthMessages());
                assertTrue(consumer.tryReceive().ack());
                assertEquals(1, consumer.depth());
                assertEquals(1, sender.status().depthMessages());
                assertTrue(Thread.interrupted(), "that is left to others");
                CompletableFuture<Void> transfer = sender.transferAsync(bytes("c"));
                assertTrue(consumer.receive(LONG).ack());
                Delivery last = consumer.receive(LONG);
                assertFalse(transfer.isDone());
                last.ack();
                transfer.get(LONG.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void shouldBeDoneAtOnceIfAtMostOnce() throws Exception {
        send(queue, "a", "b");
        String address = queue + "?group=g&delivery=at-most-once";
        try (GroupConsumer consumer = GroupConsumer.open(address)) {
            Delivery first = consumer.receive(LONG);
            assertFalse(first.nack());
            assertEquals(1, consumer.depth());
        }
        try (Receiver receiver = Ipc.receiver(address)) {
            assertEquals("b", receiver.receive(LONG).text());
            assertFalse(receiver.tryReceive().isMessage());
        }
    }

    @Test
    void shouldKeepFilesThatAGroupNeeds() throws Exception {
        Path files = directory.resolve("q");
        int sent = 0;
        try (Sender sender = Ipc.sender(queue + "?rollCycle=TEST_SECONDLY")) {
            while (countFiles(files) < 2) {
                sender.send(bytes("" + sent++));
                LockSupport.parkNanos(10_000_000);
            }
        }
        try (GroupConsumer consumer = GroupConsumer.open(queue + "?group=g")) {
            assertEquals("0", consumer.receive(LONG).text());
        }
        assertEquals(0, PersistentQueues.retain(files, Duration.ofNanos(1), 1, true), "the group needs all");
        try (GroupConsumer consumer = GroupConsumer.open(queue + "?group=g")) {
            for (int i = 0; i < sent; i++) {
                Delivery next = consumer.receive(LONG);
                assertEquals("" + i, next.text());
                next.ack();
            }
            assertEquals(0, consumer.depth());
            assertEquals(sent, consumer.status().committed());
        }
        assertEquals(1, PersistentQueues.retain(files, Duration.ZERO, 0, true), "the group is done with it");
        assertEquals(1, countFiles(files));
        assertTrue(PersistentQueues.remove(files));
        assertFalse(Files.exists(files), "the group's file goes, too");
    }

    @Test
    void shouldLeaveOthersAloneWhoseGroupIsDamaged() throws Exception {
        Path files = directory.resolve("q");
        Path group = files.resolve("g.group");
        send(queue + "?rollCycle=TEST_SECONDLY", "0");
        GroupConsumer.open(queue + "?group=g").close();
        byte[] cut = Arrays.copyOf(Files.readAllBytes(group), 200);
        Files.write(group, cut);
        int sent = 1;
        try (Sender sender = Ipc.sender(queue + "?retain=unread"); Receiver reader = Ipc.receiver(queue + "?reader=r");
                GroupConsumer other = GroupConsumer.open(queue + "?group=h")) {
            for (; countFiles(files) < 2; sent++) {
                sender.send(bytes("" + sent));
                LockSupport.parkNanos(10_000_000);
            }
            for (int i = 0; i < sent; i++) {
                assertEquals("" + i, reader.receive(LONG).text());
                other.receive(LONG).ack();
            }
            SegmentCorruptedException refused = assertThrows(SegmentCorruptedException.class,
                    () -> GroupConsumer.open(queue + "?group=g"));
            assertTrue(refused.getMessage().contains(group.toString()), refused.getMessage());
            assertThrows(SegmentCorruptedException.class,
                    () -> PersistentQueues.retain(files, Duration.ofNanos(1), 1, true));
        }
        assertEquals(2, countFiles(files), "nobody knows what it needs");
        assertArrayEquals(cut, Files.readAllBytes(group));
        Files.delete(group);
        try (GroupConsumer again = GroupConsumer.open(queue + "?group=g")) {
            assertEquals("0", again.receive(LONG).text());
        }
    }

    private static long countFiles(Path files) throws IOException {
        try (Stream<Path> list = Files.list(files)) {
            return list.filter(file -> file.toString().endsWith(".cq4")).count();
        }
    }

    @Test
    void shouldRefuseWhatMakesNoSense() {
        for (String options : List.of("?redeliver=3", "?group=g&redeliver=3", "?group=g&deadLetter=/dead",
                "?group=g&deadLetter=" + directory.resolve("q") + "&redeliver=1", "?group=g&reader=r",
                "?group=g&lanes=2", "?group=.g", "?window=3")) {
            assertThrows(IllegalArgumentException.class, () -> Ipc.receiver(queue + options), options);
        }
        assertThrows(IllegalArgumentException.class, () -> GroupConsumer.open(queue));
        assertThrows(IllegalArgumentException.class, () -> GroupConsumer.open("mem:x"));
        assertFalse(Files.exists(directory.resolve("q")));
    }
}
