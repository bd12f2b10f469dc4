package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.Ipc;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.ChildJvmBuilder;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Rings of several producers, in several processes that die and stop. */
@IpcDir
@Timeout(60)
class MpscTwoJvmTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @IpcDir
    private IpcScope scope;
    private ByteBuffer held;

    private String address(String options) {
        return scope.address("shm", "ring") + "?ring=mpsc&" + options;
    }

    private Path file() {
        return Path.of("/dev/shm/jvmipc-" + ProcessIdentity.effectiveUid() + "-" + scope.name("ring"));
    }

    private static ChildJvmBuilder peer(Object... args) {
        return ChildJvm.of(FanPeer.class).args(args);
    }

    @Test
    void shouldLoseNothingCommittedWhenOneOfThreeProducersIsKilled() throws Exception {
        int count = 30_000;
        String address = address("capacity=16k&producers=4");
        int killedAt = 500 + new Random().nextInt(5000);
        List<ChildJvm> children = new ArrayList<>();
        try (Receiver receiver = Ipc.receiver(address)) {
            for (int who = 0; who < 3; who++) {
                children.add(scope.track(peer("send", address, who, who == 0 ? Integer.MAX_VALUE : count,
                        scope.path("progress" + who)).start()));
            }
            for (ChildJvm child : children) {
                child.expect("ready");
            }
            children.forEach(child -> child.send("go"));
            int[] next = new int[3];
            int polled;
            do {
                polled = receiver.poll(message -> {
                    int who = message.getInt(message.position());
                    assertEquals(next[who]++, FanPeer.number(message, who));
                    if (who == 0 && next[0] == killedAt) {
                        children.get(0).kill();
                    }
                }, 100);
            } while (polled >= 0);
            assertEquals(count, next[1]);
            assertEquals(count, next[2]);
            for (ChildJvm child : children.subList(1, 3)) {
                assertEquals(0, child.awaitExit());
            }
            long committed = FanPeer.progress(scope.path("progress0")).getLong(0);
            assertTrue(next[0] >= committed, next[0] + " came of " + committed);
        }
        for (int who = 0; who < 3; who++) {
            Files.delete(scope.path("progress" + who));
        }
        assertFalse(Files.exists(file()));
    }

    @Test
    void shouldNotBeHeldUpByAProducerThatStopsOrDiesInAClaim() throws Exception {
        String address = address("capacity=4k&producers=2");
        try (Receiver receiver = Ipc.receiver(address); Sender other = Ipc.sender(address);
                ChildJvm child = peer("claim", address).start()) {
            child.expect("claimed");
            assertEquals(0, FanPeer.number(receiver.receive(PATIENCE).message().payload(), 9));
            child.stop();
            for (int i = 0; i < 1000; i++) {
                other.send(FanPeer.message(1, i));
                Received received = receiver.receive(PATIENCE);
                assertEquals(i, FanPeer.number(received.message().payload(), 1));
                assertEquals(ProcessHandle.current().pid(), received.message().sender().pid());
            }
            assertEquals(2, receiver.status().peersAlive());
            child.kill();
            child.awaitDeath(PATIENCE);
            Await.until(PATIENCE, "one peer to be left", () -> receiver.status().peersAlive() == 1);
            other.send(FanPeer.message(1, 5));
            assertEquals(5, FanPeer.number(receiver.receive(PATIENCE).message().payload(), 1));
        }
    }

    @Test
    void shouldRefuseOneProducerTooManyAndTakeTheNextWhenOneHasDied() throws Exception {
        String address = address("capacity=4k&producers=2");
        try (Receiver receiver = Ipc.receiver(address); ChildJvm child = peer("claim", address).start();
                Sender mine = Ipc.sender(address)) {
            child.expect("claimed");
            ChannelExistsException refused = assertThrows(ChannelExistsException.class, () -> Ipc.sender(address));
            assertTrue(refused.getMessage().contains("producers=2"), refused.getMessage());
            child.kill();
            child.awaitDeath(PATIENCE);
            long start = System.nanoTime();
            try (Sender next = Ipc.sender(address)) {
                assertTrue(System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(200),
                        "a dead one's place is free");
                next.send(FanPeer.message(7, 1));
                mine.send(FanPeer.message(8, 2));
                assertEquals(0, FanPeer.number(take(receiver, 9), 9), "what the dead one had sent");
                assertEquals(1, FanPeer.number(take(receiver, 7), 7));
                assertEquals(2, FanPeer.number(take(receiver, 8), 8));
                assertEquals(Received.EMPTY, receiver.tryReceive());
            }
        }
    }

    /** Two lanes are taken from in turn, so what is wanted may come second. */
    private ByteBuffer take(Receiver receiver, int who) throws InterruptedException {
        ByteBuffer kept = held;
        held = null;
        while (kept == null || kept.getInt(0) != who) {
            ByteBuffer message = receiver.receive(PATIENCE).message().payload();
            if (message.getInt(0) == who) {
                held = kept;
                return message;
            }
            assertEquals(null, kept, "more than one message came too early");
            kept = message;
        }
        return kept;
    }

    @Test
    void shouldServeAnIdleProducerWhileAnotherKeepsItsLaneFull() throws Exception {
        String address = address("capacity=4k&producers=2");
        try (Receiver receiver = Ipc.receiver(address); Sender busy = Ipc.sender(address);
                Sender idle = Ipc.sender(address)) {
            int sent = 0;
            ByteBuffer small = ByteBuffer.allocate(8);
            while (busy.trySend(small.clear()) == SendResult.SENT) {
                sent++;
            }
            idle.send(FanPeer.message(1, 1));
            int[] seen = {0, -1};
            receiver.poll(message -> {
                if (message.remaining() > 8) {
                    seen[1] = seen[0];
                }
                seen[0]++;
            }, Integer.MAX_VALUE);
            assertEquals(sent + 1, seen[0]);
            assertTrue(seen[1] >= 0 && seen[1] <= 16, "it came after " + seen[1] + " of the other");
        }
    }

    @Test
    void shouldNameAStoppedConsumerAndUseNoCpuWhileBlocked() throws Exception {
        String address = address("capacity=4k&wait=adaptive");
        try (Sender sender = Ipc.sender(address);
                ChildJvm child = ChildJvm.of(RingPeer.class).args("block", address).start()) {
            child.expect("blocking");
            Await.idle(child.pid(), Duration.ofSeconds(2), Duration.ofMillis(20), PATIENCE);
            child.stop();
            IpcTimeoutException heldUp = assertThrows(IpcTimeoutException.class, () -> {
                while (true) {
                    sender.send(ByteBuffer.allocate(1000), Duration.ofMillis(100));
                }
            });
            assertTrue(heldUp.getMessage().contains(String.valueOf(child.pid())), heldUp.getMessage());
            child.cont();
            child.expect("got 1000");
            assertEquals(0, child.awaitExit());
        }
    }
}
