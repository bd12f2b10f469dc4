package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.posix.IpcHome;
import org.jvmipc.posix.SysvQueueCalls;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.CpuTime;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What only System V queues do. */
@ExtendWith(SharedThreads.class)
final class SysvQueueTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @IpcDir
    private IpcScope scope;

    private int key() {
        return scope.key("q");
    }

    private String address() {
        return "sysvmq:" + key();
    }

    /** What {@code /proc} has of the queue, or null if there is none. */
    private String row() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/sysvipc/msg"))) {
            return lines.skip(1).map(String::strip).filter(line -> line.startsWith(key() + " ")).findFirst()
                    .orElse(null);
        }
    }

    private boolean exists() throws IOException {
        return row() != null;
    }

    @Test
    void shouldReceiveByType() throws Exception {
        try (Sender one = Ipc.sender(address()); Sender nine = Ipc.sender(address() + "?type=9");
                Receiver all = Ipc.receiver(address()); Receiver five = Ipc.receiver(address() + "?type=5");
                Receiver upToFive = Ipc.receiver(address() + "?typeAtMost=5")) {
            nine.send(QueuePeer.bytes("nine"));
            SysvQueues.setType(one, 5);
            one.send(QueuePeer.bytes("five"));
            SysvQueues.setType(one, 3);
            one.send(QueuePeer.bytes("three"));
            SysvQueues.setType(one, Long.MAX_VALUE);
            one.send(QueuePeer.bytes("most"));
            assertEquals("five/5", take(five));
            assertSame(Received.EMPTY, five.tryReceive());
            assertEquals(3, five.status().depthMessages(), "all that are in the queue");
            assertEquals("three/3", take(upToFive));
            assertSame(Received.EMPTY, upToFive.tryReceive());
            assertEquals("nine/9", take(all));
            assertEquals(1, all.poll(message -> assertEquals(Long.MAX_VALUE, SysvQueues.type(all)), 10));
            nine.send(QueuePeer.bytes("nine"));
            SysvQueues.setType(one, 5);
            one.send(QueuePeer.bytes("five"));
            SysvQueues.setType(one, 2);
            one.send(QueuePeer.bytes("two"));
            assertEquals(List.of("two/2", "five/5"), List.of(take(upToFive), take(upToFive)), "the lowest first");
            assertEquals("nine/9", take(all));
            assertThrows(IllegalArgumentException.class, () -> SysvQueues.setType(one, 0));
            assertThrows(UnsupportedOperationException.class, () -> SysvQueues.setType(all, 1));
            assertThrows(IllegalArgumentException.class, () -> Ipc.sender(address() + "?typeAtMost=5"));
            assertThrows(IllegalArgumentException.class, () -> Ipc.receiver(address() + "?type=1&typeAtMost=5"));
        }
    }

    private static String take(Receiver receiver) throws InterruptedException {
        Received received = receiver.receive(LONG);
        return received.text() + "/" + received.message().type();
    }

    @Test
    void shouldTellItsAttributes() throws Exception {
        String address = address() + "?capacity=100";
        try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address)) {
            assertEquals(100, sender.maxMessage());
            sender.send(QueuePeer.bytes("x".repeat(60)));
            assertSame(SendResult.FULL, sender.trySend(QueuePeer.bytes("x".repeat(41))));
            sender.send(QueuePeer.bytes("x".repeat(40)));
            int self = (int) ProcessHandle.current().pid();
            SysvQueues.Attributes found = SysvQueues.attributes(receiver);
            assertEquals(new SysvQueues.Attributes(found.id(), 100, 100, 2, self, 0), found);
            assertEquals(100, sender.status().depthBytes());
            receiver.receive(LONG);
            assertEquals(self, SysvQueues.attributes(sender).lastReceiver());
            assertTrue(row().split("\\s+")[2].equals("600"), row());
        }
        IllegalArgumentException large = assertThrows(IllegalArgumentException.class, () -> {
            try (Sender sender = Ipc.sender(address() + "?capacity=2000000000")) {
                Assumptions.abort("this user may make " + SysvQueues.attributes(sender));
            }
        });
        assertTrue(large.getMessage().contains("kernel.msgmnb"), large.getMessage());
        assertFalse(exists());
    }

    @Test
    void shouldBeFoundByAnyFormOfItsKey() throws Exception {
        Path file = Files.createFile(scope.path("key"));
        int key = SysvQueues.ftok(file, 65);
        try (Sender sender = Ipc.sender("sysvmq:" + file + "?id=65");
                Receiver receiver = Ipc.receiver("sysvmq:0x" + Integer.toHexString(key))) {
            sender.send(QueuePeer.bytes("by file"));
            assertEquals("by file", receiver.receive(LONG).text());
            try (Receiver same = Ipc.receiver("sysvmq:" + Integer.toUnsignedLong(key))) {
                assertEquals(SysvQueues.attributes(sender).id(), SysvQueues.attributes(same).id());
            }
        }
        Files.delete(file);
        assertThrows(ChannelNotFoundException.class, () -> Ipc.sender("sysvmq:" + file + "?id=65"));
        assertThrows(IllegalArgumentException.class, () -> SysvQueues.ftok(file, 256));
    }

    @Test
    void shouldStayIfToldAndGoWithTheLastOneOtherwise() throws Exception {
        Path members = IpcHome.path().resolve("sysvmq-" + Integer.toHexString(key()));
        try (Sender sender = Ipc.sender(address() + "?keep=true")) {
            sender.send(QueuePeer.bytes("kept"));
            assertTrue(Files.exists(members));
        }
        assertTrue(exists());
        assertFalse(Files.exists(members));
        try (Receiver receiver = Ipc.receiver(address() + "?open=attach")) {
            assertEquals("kept", receiver.receive(LONG).text());
        }
        assertTrue(exists(), "who attaches leaves it to others");
        Sender first = Ipc.sender(address());
        Receiver last = Ipc.receiver(address());
        first.close();
        assertTrue(exists());
        last.close();
        assertFalse(exists());
        assertFalse(Files.exists(members));
        assertFalse(SysvQueues.remove(key()));
        Ipc.sender(address() + "?keep=true").close();
        assertTrue(SysvQueues.remove(key()));
    }

    @Test
    void shouldRefuseAQueueThatOthersMayWriteTo() {
        int id = SysvQueueCalls.get(key(), SysvQueueCalls.IPC_CREAT | SysvQueueCalls.IPC_EXCL | 0622);
        assertTrue(id >= 0);
        try {
            AccessRefusedException refusal = assertThrows(AccessRefusedException.class, () -> Ipc.sender(address()));
            assertTrue(refusal.getMessage().contains("0622"), refusal.getMessage());
        } finally {
            assertTrue(SysvQueues.remove(key()));
        }
    }

    @Test
    void shouldHandOnWhatAKilledProcessLeft() throws Exception {
        ChildJvm child = scope.track(ChildJvm.of(QueuePeer.class).jvmArgs("-Xmx32m").args("hold", address()).start());
        child.expect("holds");
        child.send("for whoever comes");
        child.expect("sent for whoever comes");
        child.kill();
        child.awaitDeath(LONG);
        assertTrue(exists(), "nobody was there to remove it");
        try (Receiver receiver = Ipc.receiver(address())) {
            assertEquals("for whoever comes", receiver.receive(LONG).text());
        }
        assertFalse(exists());
    }

    @Test
    void shouldBeShownByIpcsAndRemovedByIpcrm() throws Exception {
        Tools.require("ipcs");
        Tools.require("ipcrm");
        String small = address() + "?capacity=16";
        try (Sender sender = Ipc.sender(small); Receiver receiver = Ipc.receiver(small);
                Receiver async = Ipc.receiver(small + "&type=99")) {
            sender.send(QueuePeer.bytes("x".repeat(16)));
            String shown = Tools.output("ipcs", "-q");
            String line = shown.lines().filter(row -> row.startsWith(String.format("0x%08x", key()))).findFirst()
                    .orElseThrow(() -> new AssertionError(shown));
            assertTrue(line.matches("0x\\S+\\s+" + SysvQueues.attributes(sender).id()
                    + "\\s+\\S+\\s+600\\s+16\\s+1\\s*"), line);
            FutureTask<Void> sending = start(() -> {
                sender.send(QueuePeer.bytes("no room"));
                return null;
            });
            receiver.receive(LONG);
            sending.get(20, TimeUnit.SECONDS);
            receiver.receive(LONG);
            sender.send(QueuePeer.bytes("x".repeat(16)));
            FutureTask<Void> full = start(() -> {
                sender.send(QueuePeer.bytes("no room"));
                return null;
            });
            FutureTask<Received> waiting = start(() -> async.receive());
            Tools.output("ipcrm", "-Q", "0x" + Integer.toHexString(key()));
            assertRemoved(assertThrows(ExecutionException.class, () -> full.get(20, TimeUnit.SECONDS)).getCause());
            assertRemoved(assertThrows(ExecutionException.class, () -> waiting.get(20, TimeUnit.SECONDS)).getCause());
            assertRemoved(assertThrows(ExecutionException.class,
                    () -> async.receiveAsync().get(20, TimeUnit.SECONDS)).getCause());
            assertRemoved(assertThrows(ChannelClosedException.class, () -> sender.trySend(QueuePeer.bytes("x"))));
            assertRemoved(assertThrows(ChannelClosedException.class, receiver::tryReceive));
            assertRemoved(assertThrows(ChannelClosedException.class, () -> SysvQueues.attributes(sender)));
            assertTrue(sender.isOpen() && receiver.isOpen());
        }
        assertFalse(exists());
    }

    private static void assertRemoved(Throwable failure) {
        assertInstanceOf(ChannelClosedException.class, failure);
        assertTrue(failure.getMessage().contains("removed") && failure.getMessage().contains("ipcrm"),
                failure.getMessage());
    }

    private static <T> FutureTask<T> start(java.util.concurrent.Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = new Thread(task, "caller");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /** Many open and close at the same time: nobody ever gets a queue that goes away, and the last one removes it. */
    @Test
    void shouldBeMadeAndRemovedByManyAtTheSameTime() throws Exception {
        List<ChildJvm> children = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            children.add(scope.track(ChildJvm.of(QueuePeer.class).jvmArgs("-Xmx32m")
                    .args("churn", address(), 500).start()));
        }
        for (int i = 0; i < 300; i++) {
            try (Sender sender = Ipc.sender(address()); Receiver receiver = Ipc.receiver(address() + "?open=attach")) {
                assertTrue(sender.isOpen() && receiver.isOpen());
            }
        }
        children.forEach(child -> child.expect("done", LONG));
        children.forEach(child -> assertEquals(0, child.awaitExit(LONG), child::errors));
        assertFalse(exists());
    }

    /** The figure stands in {@code docs/guarantees.md}; the limit here is for busy machines. */
    @Test
    void shouldCostLittleWhileNothingComes() throws Exception {
        try (Receiver receiver = Ipc.receiver(address())) {
            Duration[] spent = new Duration[1];
            Thread waiting = new Thread(() -> {
                try {
                    receiver.receive(Duration.ofMillis(200));
                    Duration before = CpuTime.ofThisThread();
                    receiver.receive(Duration.ofMillis(2000));
                    spent[0] = CpuTime.ofThisThread().minus(before);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            waiting.start();
            Await.until(LONG, "the end of the wait", () -> !waiting.isAlive());
            System.out.printf("a blocked receiver of sysvmq: took %.2f %% of a processor%n",
                    spent[0].toNanos() / 2e9 * 100);
            assertTrue(spent[0].toMillis() < 200, () -> "in two seconds it took " + spent[0]);
        }
    }
}
