package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.Ipc;
import org.jvmipc.IpcException;
import org.jvmipc.MessageTooLargeException;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.FileStatus;
import org.jvmipc.posix.PosixQueueCalls;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.CpuTime;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What only POSIX queues do. */
@ExtendWith(SharedThreads.class)
final class PosixQueueTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int MANY = 100;

    @IpcDir
    private IpcScope scope;

    /** An address whose queue must be gone when the test ends. */
    private String address() {
        return Subjects.POSIX_NAMES.apply(scope, "q").toString();
    }

    private String name() {
        return scope.name("q");
    }

    @Test
    void shouldDeliverTheHighestPriorityFirstAndTellIt() throws Exception {
        String address = address();
        try (Receiver receiver = Ipc.receiver(address); Sender low = Ipc.sender(address + "?priority=1");
                Sender high = Ipc.sender(address + "?priority=32767"); Sender changing = Ipc.sender(address)) {
            low.send(QueuePeer.bytes("low 1"));
            high.send(QueuePeer.bytes("high 1"));
            changing.send(QueuePeer.bytes("none"));
            PosixQueues.setPriority(changing, 9);
            changing.send(QueuePeer.bytes("nine"));
            low.send(QueuePeer.bytes("low 2"));
            high.send(QueuePeer.bytes("high 2"));
            assertEquals(List.of("high 1/32767", "high 2/32767"), List.of(take(receiver), take(receiver)));
            List<String> inPlace = new ArrayList<>();
            assertEquals(4, receiver.poll(message -> inPlace.add(PosixQueues.priority(receiver) + "/"
                    + message.remaining()), 10));
            assertEquals(List.of("9/4", "1/5", "1/5", "0/4"), inPlace);
            assertThrows(IllegalArgumentException.class, () -> PosixQueues.setPriority(low, 32_768));
            assertThrows(IllegalArgumentException.class, () -> PosixQueues.setPriority(low, -1));
            assertThrows(UnsupportedOperationException.class, () -> PosixQueues.setPriority(receiver, 1));
        }
    }

    private static String take(Receiver receiver) throws InterruptedException {
        Received received = receiver.receive(LONG);
        return received.text() + "/" + received.message().priority();
    }

    @Test
    void shouldTellItsAttributesAndDepth() throws Exception {
        String address = address() + "?maxMessages=3&messageSize=100";
        Receiver receiver = scope.track(Ipc.receiver(address));
        try (Sender sender = Ipc.sender(address)) {
            assertEquals(100, sender.maxMessage());
            sender.send(QueuePeer.bytes("one"));
            sender.send(QueuePeer.bytes("two"));
            assertEquals(new PosixQueues.Attributes(3, 100, 2), PosixQueues.attributes(receiver));
            assertEquals(2, receiver.status().depthMessages());
            assertEquals(300, sender.status().capacityBytes());
            sender.send(QueuePeer.bytes("three"));
            assertSame(SendResult.FULL, sender.trySend(QueuePeer.bytes("four")));
            MessageTooLargeException large = assertThrows(MessageTooLargeException.class,
                    () -> sender.send(QueuePeer.bytes("x".repeat(101))));
            assertTrue(large.getMessage().contains("messageSize"), large.getMessage());
            receiver.close();
            assertThrows(ChannelClosedException.class, () -> PosixQueues.attributes(receiver));
        }
    }

    @Test
    void shouldNameTheLimitOfTheKernelAndHowToRaiseIt() {
        for (String[] option : new String[][] {{"maxMessages=65536", "msg_max"}, {"messageSize=16m", "msgsize_max"}}) {
            String address = address() + "?" + option[0];
            RuntimeException refusal = null;
            try (Sender sender = Ipc.sender(address)) {
                Assumptions.abort("this user may make " + PosixQueues.attributes(sender));
            } catch (IllegalArgumentException | IpcException expected) {
                refusal = expected;
            }
            assertTrue(refusal.getMessage().contains("limit") && (refusal instanceof IpcException
                    || refusal.getMessage().contains("sysctl -w fs.mqueue." + option[1])), refusal.getMessage());
            assertFalse(Subjects.exists(name()));
        }
    }

    @Test
    void shouldSayWhatToDoWhenThisUserHasTooMuchInQueues() {
        List<Sender> open = new ArrayList<>();
        try {
            RuntimeException full = null;
            for (int i = 0; i < MANY && full == null; i++) {
                try {
                    open.add(Ipc.sender(Subjects.POSIX_NAMES.apply(scope, "q" + i)));
                } catch (IpcException e) {
                    full = e;
                }
            }
            Assumptions.assumeTrue(full != null, MANY + " queues are no problem for this user (ulimit -q)");
            assertTrue(full.getMessage().contains("ulimit -q") && full.getMessage().contains("Docker"),
                    full.getMessage());
            assertFalse(Subjects.exists(scope.name("q" + open.size())));
        } finally {
            open.forEach(Sender::close);
        }
    }

    @Test
    void shouldBeForItsUserOnly() {
        String address = address();
        try (Receiver receiver = Ipc.receiver(address)) {
            int queue = PosixQueueCalls.open("/" + name(), FileCalls.O_RDONLY);
            try {
                FileStatus status = new FileStatus();
                assertEquals(0, FileCalls.stat(queue, status));
                assertEquals(0600, status.permissions());
                assertEquals(0, FileCalls.fchmod(queue, 0620));
                AccessRefusedException refusal =
                        assertThrows(AccessRefusedException.class, () -> Ipc.sender(address));
                assertTrue(refusal.getMessage().contains("0620"), refusal.getMessage());
                assertEquals(0, FileCalls.fchmod(queue, 0600));
                Ipc.sender(address).close();
                assertTrue(receiver.isOpen());
            } finally {
                FileCalls.close(queue);
            }
        }
    }

    @Test
    void shouldStayIfToldAndGoWithTheLastOneOtherwise() throws Exception {
        String address = address();
        try (Sender sender = Ipc.sender(address + "?keep=true")) {
            sender.send(QueuePeer.bytes("kept"));
        }
        assertTrue(Subjects.exists(name()));
        try (Receiver receiver = Ipc.receiver(address + "?open=attach")) {
            assertEquals("kept", receiver.receive(LONG).text());
        }
        assertTrue(Subjects.exists(name()), "who attaches leaves it to others");
        Sender first = Ipc.sender(address);
        Receiver last = Ipc.receiver(address);
        first.close();
        assertTrue(Subjects.exists(name()));
        last.close();
        assertFalse(Subjects.exists(name()));
        assertFalse(PosixQueues.remove(name()));
        Ipc.sender(address + "?keep=true").close();
        assertTrue(PosixQueues.remove("/" + name()));
        assertThrows(IllegalArgumentException.class, () -> PosixQueues.remove("a/b"));
    }

    @Test
    void shouldHandOnWhatAKilledProcessLeft() throws Exception {
        String address = address();
        ChildJvm child = scope.track(ChildJvm.of(QueuePeer.class).jvmArgs("-Xmx32m").args("hold", address).start());
        child.expect("holds");
        child.send("for whoever comes");
        child.expect("sent for whoever comes");
        child.kill();
        child.awaitDeath(LONG);
        assertTrue(Subjects.exists(name()), "nobody was there to remove it");
        try (Receiver receiver = Ipc.receiver(address)) {
            assertEquals("for whoever comes", receiver.receive(LONG).text());
        }
        assertFalse(Subjects.exists(name()));
    }

    @Test
    void shouldGoOnWithAQueueThatSomebodyRemoved() throws Exception {
        String address = address();
        Sender sender = scope.track(Ipc.sender(address));
        Receiver receiver = scope.track(Ipc.receiver(address));
        assertTrue(PosixQueues.remove(name()));
        sender.send(QueuePeer.bytes("still here"));
        assertEquals("still here", receiver.receive(LONG).text());
        try (Sender other = Ipc.sender(address)) {
            other.send(QueuePeer.bytes("elsewhere"));
            assertSame(Received.EMPTY, receiver.tryReceive());
            sender.close();
            receiver.close();
            assertTrue(Subjects.exists(name()), "who left the old one removed the new one");
        }
    }

    /** Many open and close at the same time: nobody ever gets a queue that goes away, and the last one removes it. */
    @Test
    void shouldBeMadeAndRemovedByManyAtTheSameTime() throws Exception {
        String address = address();
        List<ChildJvm> children = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            children.add(scope.track(ChildJvm.of(QueuePeer.class).jvmArgs("-Xmx32m")
                    .args("churn", address, 500).start()));
        }
        for (int i = 0; i < 300; i++) {
            try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address + "?open=attach")) {
                assertTrue(sender.isOpen() && receiver.isOpen());
            }
        }
        children.forEach(child -> child.expect("done", LONG));
        children.forEach(child -> assertEquals(0, child.awaitExit(LONG), child::errors));
        assertFalse(Subjects.exists(name()));
    }

    @Test
    void shouldSleepInTheKernelWhileNothingComes() throws Exception {
        try (Receiver receiver = Ipc.receiver(address())) {
            Duration[] spent = new Duration[1];
            Thread waiting = new Thread(() -> {
                try {
                    receiver.receive(Duration.ofMillis(50));
                    Duration before = CpuTime.ofThisThread();
                    receiver.receive(Duration.ofMillis(1000));
                    spent[0] = CpuTime.ofThisThread().minus(before);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            waiting.start();
            Await.until(LONG, "the end of the wait", () -> !waiting.isAlive());
            assertTrue(spent[0].toMillis() < 50, () -> "asleep for a second, it took " + spent[0]);
        }
    }
}
