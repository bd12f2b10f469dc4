package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Ipc;
import org.jvmipc.PeerEvent;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.ChildJvmBuilder;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Rings between two processes, beyond what the contract asks of every channel. */
@IpcDir
class ShmTwoJvmTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @IpcDir
    private IpcScope scope;

    private String address(String name, String options) {
        return scope.address("shm", name) + "?" + options;
    }

    private Path file(String name) {
        return Path.of("/dev/shm/jvmipc-" + ProcessIdentity.effectiveUid() + "-" + scope.name(name));
    }

    private static ChildJvmBuilder peer(Object... args) {
        return ChildJvm.of(RingPeer.class).args(args);
    }

    @Test
    @Timeout(60)
    void shouldPassAMillionMessagesUnchangedAndInOrder() throws Exception {
        int count = 1_000_000;
        String address = address("million", "capacity=64k");
        try (Receiver receiver = Ipc.receiver(address);
                ChildJvm child = peer("send", address, count).jvmArgs("-XX:TieredStopAtLevel=4").start()) {
            int[] next = {0};
            while (next[0] < count) {
                int polled = receiver.poll(received ->
                        assertEquals(RingPeer.message(next[0]++), received, () -> "message " + (next[0] - 1)), 100);
                assertTrue(polled >= 0, "the sender ended after " + next[0]);
                if (polled == 0) {
                    Thread.onSpinWait();
                }
            }
            child.expect("sent");
            child.send("end");
            assertEquals(0, child.awaitExit());
            assertEquals(Received.END, receiver.receive(PATIENCE));
        }
    }

    @Test
    @Timeout(60)
    void shouldUseNoCpuWhileAReceiverIsBlocked() throws Exception {
        String address = address("idle", "wait=adaptive");
        try (Sender sender = Ipc.sender(address); ChildJvm child = peer("block", address).start()) {
            child.expect("blocking");
            Await.idle(child.pid(), Duration.ofSeconds(10), Duration.ofMillis(50), Duration.ofSeconds(45));
            sender.send(RingPeer.message(3));
            child.expect("got 15");
            assertEquals(0, child.awaitExit());
        }
    }

    /** The bounded sleep is made so long that a wake-up that got lost fails the test. */
    @ParameterizedTest
    @CsvSource({"block, block", "adaptive, adaptive", "spin, block", "block, spin", "yield, adaptive"})
    @Timeout(120)
    void shouldLoseNoWakeUp(String mine, String theirs) throws Exception {
        int count = 20_000;
        try (ChildJvm driver = ChildJvm.of(RingDriver.class).jvmArgs("-Dipc.waiter.sliceMillis=100000")
                .args(scope.address("shm", "there"), scope.address("shm", "back"), mine, theirs, count).start();
                ChildJvm echo = peer("echo", address("there", "capacity=4k&wait=" + theirs),
                        address("back", "capacity=4k&wait=" + theirs), count)
                        .jvmArgs("-Dipc.waiter.sliceMillis=100000").start()) {
            echo.expect("ready");
            driver.send("go");
            driver.expect("done", Duration.ofSeconds(60));
            echo.expect("echoed");
            echo.send("end");
            driver.send("end");
            assertEquals(0, driver.awaitExit());
            assertEquals(0, echo.awaitExit());
        }
    }

    @Test
    void shouldTouchNoNativeCodeWhenBothSidesSpin() throws Exception {
        String there = address("there", "wait=spin");
        String back = address("back", "wait=spin");
        try (ChildJvm child = peer("echo", there, back, 3).jvmArgs("-Xlog:class+load:stdout").start();
                Sender sender = Ipc.sender(there);
                Receiver receiver = Ipc.receiver(back)) {
            for (int i = 0; i < 3; i++) {
                sender.send(RingPeer.message(i));
                assertEquals(RingPeer.message(i), receiver.receive(PATIENCE).message().payload());
            }
            child.send("end");
            assertEquals(0, child.awaitExit());
            String loaded = child.output();
            assertTrue(loaded.contains("org.jvmipc.shm.SpscRing"), "classes are logged");
            assertFalse(loaded.contains(" jnr.") || loaded.contains("com.kenai"), () -> loaded.lines()
                    .filter(line -> line.contains("jnr") || line.contains("kenai")).limit(5).toList().toString());
        }
    }

    /** A program that sends, and then fails with an error that nobody catches. */
    static final class Failing {
        private Failing() {
        }

        public static void main(String[] args) throws Exception {
            Ipc.sender(args[0]).send(RingPeer.message(1));
            System.out.println("sent");
            System.in.read();
            throw new AssertionError("not caught");
        }
    }

    @ParameterizedTest
    @CsvSource({"exit, 7, LEFT", "error, 1, LEFT", "TERM, 143, LEFT", "KILL, 137, DIED"})
    void shouldTellWhoLeavesFromWhoDies(String how, int code, PeerEvent.Kind kind) throws Exception {
        String address = address("leaving", "wait=block");
        List<PeerEvent> events = new CopyOnWriteArrayList<>();
        ChildJvmBuilder peer = how.equals("error") ? ChildJvm.of(Failing.class).args(address) : peer("exit", address);
        try (Receiver receiver = Ipc.receiver(address); ChildJvm child = peer.start()) {
            receiver.onPeer(events::add);
            child.expect("sent");
            if (how.equals("exit") || how.equals("error")) {
                child.send(how);
            } else {
                child.signal(how);
            }
            assertEquals(code, child.awaitExit());
            long start = System.nanoTime();
            assertEquals(RingPeer.message(1), receiver.receive(PATIENCE).message().payload());
            assertEquals(Received.END, receiver.receive(PATIENCE));
            assertTrue(System.nanoTime() - start < SECOND.toNanos(), "the end is noticed within a second");
            Await.until(PATIENCE, () -> "two events, not " + events, () -> events.size() >= 2);
            assertEquals(List.of(PeerEvent.Kind.JOINED, kind), events.stream().map(PeerEvent::kind).toList());
            assertEquals(child.pid(), events.get(1).peer().pid());
            assertTrue(events.get(1).peer().name().contains("PeerMain"), events.get(1).peer().name());
        }
        assertFalse(Files.exists(file("leaving")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"spin", "adaptive"})
    void shouldSkipWhatAKilledProducerHadClaimed(String wait) throws Exception {
        String address = address("claim", "peerDeath=wait&wait=" + wait);
        try (Receiver receiver = Ipc.receiver(address); ChildJvm child = peer("hold", address).start()) {
            child.expect("claimed");
            child.kill();
            child.awaitDeath(PATIENCE);
            assertEquals(RingPeer.message(0), receiver.receive(PATIENCE).message().payload());
            try (Sender next = Ipc.sender(address)) {
                next.send(RingPeer.message(5));
                assertEquals(RingPeer.message(5), receiver.receive(PATIENCE).message().payload());
                assertEquals(Received.EMPTY, receiver.tryReceive());
            }
        }
    }

    @Test
    void shouldStartAgainAfterAllWereKilled() throws Exception {
        String address = address("crash", "capacity=64k");
        try (ChildJvm sender = peer("hold", address).start()) {
            sender.expect("claimed");
            sender.kill();
            sender.awaitDeath(PATIENCE);
        }
        assertTrue(Files.exists(file("crash")), "nobody was left to remove it");
        try (Receiver receiver = Ipc.receiver(address); Sender sender = Ipc.sender(address)) {
            assertEquals(Received.EMPTY, receiver.tryReceive(), "what it had sent went with it");
            sender.send(ByteBuffer.wrap(new byte[9]));
            assertEquals(9, receiver.receive(PATIENCE).message().length());
        }
        assertFalse(Files.exists(file("crash")));
    }
}
