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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.HandlerRegistration;
import org.jvmipc.Ipc;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.Message;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Rings of many producers and many consumers in several processes, some of which die or stand still. */
@IpcDir
class MpmcTwoJvmTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    @IpcDir
    private IpcScope scope;

    private String address(String options) {
        return scope.address("shm", "many") + "?ring=mpmc&" + options;
    }

    private static ChildJvm peer(Object... args) {
        return ChildJvm.of(MpmcPeer.class).args(args).start();
    }

    private static int number(Message message) {
        return message.payload().getInt(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"spin", "block"})
    void shouldSkipTheClaimOfAKilledProducerInFrontOfTheMessageOfAnother(String wait) throws Exception {
        String address = address("wait=" + wait);
        try (Receiver receiver = Ipc.receiver(address); Sender sender = Ipc.sender(address);
                ChildJvm child = peer("claim", address)) {
            child.expect("claimed");
            sender.send(MpmcPeer.message(1, 5));
            assertEquals(Received.TIMED_OUT, receiver.receive(SHORT), "the claim in front is that of a live one");
            child.kill();
            child.awaitDeath(PATIENCE);
            long start = System.nanoTime();
            assertEquals(5, number(receiver.receive(PATIENCE).message()));
            long took = System.nanoTime() - start;
            assertTrue(took < Duration.ofSeconds(1).toNanos(), "it took " + took + " ns");
        }
        assertNothingLeft();
    }

    @Test
    void shouldWaitForAStoppedProducerAndNameIt() throws Exception {
        String address = address("wait=block&capacity=4k");
        try (Receiver receiver = Ipc.receiver(address); Sender sender = Ipc.sender(address);
                ChildJvm child = peer("claim", address)) {
            child.expect("claimed");
            child.stop();
            int sent = 0;
            while (sender.trySend(MpmcPeer.message(1, sent)) == SendResult.SENT) {
                sent++;
            }
            assertTrue(sent > 10);
            ByteBuffer next = MpmcPeer.message(1, sent);
            IpcTimeoutException late = assertThrows(IpcTimeoutException.class, () -> sender.send(next, SHORT));
            assertTrue(late.getMessage().contains(String.valueOf(child.pid())), late.getMessage());
            assertEquals(Received.TIMED_OUT, receiver.receive(SHORT));
            child.cont();
            child.send("commit");
            child.expect("committed");
            ByteBuffer first = receiver.receive(PATIENCE).message().payload();
            assertEquals(7, first.getInt(0));
            for (int i = 0; i < sent; i++) {
                assertEquals(MpmcPeer.message(1, i), receiver.receive(PATIENCE).message().payload());
            }
            child.send("end");
            assertEquals(0, child.awaitExit());
        }
        assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"spin", "block"})
    void shouldGiveTheMessageOfAKilledConsumerToAnother(String wait) throws Exception {
        String address = address("wait=" + wait);
        try (Sender sender = Ipc.sender(address); ChildJvm child = peer("take", address)) {
            child.expect("ready");
            sender.send(MpmcPeer.message(1, 0));
            child.expect("taken 0");
            try (Receiver receiver = Ipc.receiver(address)) {
                sender.send(MpmcPeer.message(1, 1));
                assertEquals(1, number(receiver.receive(PATIENCE).message()));
                assertEquals(Received.TIMED_OUT, receiver.receive(SHORT));
                child.kill();
                child.awaitDeath(PATIENCE);
                long start = System.nanoTime();
                assertEquals(0, number(receiver.receive(PATIENCE).message()));
                long took = System.nanoTime() - start;
                assertTrue(took < Duration.ofSeconds(1).toNanos(), "it took " + took + " ns");
            }
        }
        assertNothingLeft();
    }

    @Test
    void shouldRefuseWhatDoesNotGoTogether() {
        for (String options : List.of("fragment=true", "consumers=64", "producers=65", "readers=2",
                "overflow=dropOldest")) {
            assertThrows(IllegalArgumentException.class, () -> Ipc.sender(address(options)), options);
        }
        assertThrows(IllegalArgumentException.class,
                () -> Ipc.sender(scope.address("shm", "many") + "?ring=mpsc&consumers=2"));
    }

    @Test
    void shouldTakeAsManyAsItWasMadeFor() throws Exception {
        String address = address("producers=2&consumers=1");
        try (Sender one = Ipc.sender(address); Sender other = Ipc.sender(address);
                Receiver receiver = Ipc.receiver(address)) {
            assertThrows(ChannelExistsException.class, () -> Ipc.sender(address));
            assertThrows(ChannelExistsException.class, () -> Ipc.receiver(address));
            one.send(MpmcPeer.message(1, 1));
            other.send(MpmcPeer.message(2, 2));
            assertEquals(1, number(receiver.receive(PATIENCE).message()));
            assertEquals(2, number(receiver.receive(PATIENCE).message()));
        }
        assertNothingLeft();
    }

    /** A consumer that has a handler sleeps until it is told of something, and nobody tells of this. */
    @Test
    void shouldGiveTheMessageOfAKilledConsumerToAHandler() throws Exception {
        String address = address("wait=block");
        BlockingQueue<Integer> handled = new LinkedBlockingQueue<>();
        try (Sender sender = Ipc.sender(address); ChildJvm child = peer("take", address)) {
            child.expect("ready");
            sender.send(MpmcPeer.message(1, 0));
            child.expect("taken 0");
            try (Receiver receiver = Ipc.receiver(address);
                    HandlerRegistration handler = receiver.onMessage(
                            message -> handled.add(message.getInt(message.position() + 4)), Runnable::run)) {
                sender.send(MpmcPeer.message(1, 1));
                assertEquals(1, handled.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
                child.kill();
                child.awaitDeath(PATIENCE);
                assertEquals(0, handled.poll(2, TimeUnit.SECONDS), "the message is in the hands of a dead one");
                Await.until(PATIENCE, "it to be taken", () -> receiver.status().depthMessages() == 0);
                assertFalse(handler.ended().toCompletableFuture().isDone());
            }
        }
        assertNothingLeft();
    }

    /** Senders that wait for room do not need a receiver to find out that it is a dead one who has it. */
    @Test
    void shouldTakeTheRoomThatAKilledSenderHadClaimed() throws Exception {
        String address = address("wait=block&capacity=4k");
        try (Receiver idle = Ipc.receiver(address); Sender sender = Ipc.sender(address);
                ChildJvm claimer = peer("claim", address)) {
            claimer.expect("claimed");
            int sent = 0;
            while (sender.trySend(MpmcPeer.message(1, 0)) == SendResult.SENT) {
                sent++;
            }
            try (ChildJvm waiting = peer("flood", address, 2)) {
                waiting.expect("floods");
                assertEquals(SendResult.FULL, sender.trySend(MpmcPeer.message(1, 0)));
                claimer.kill();
                claimer.awaitDeath(PATIENCE);
                waiting.expect("sent 0", Duration.ofSeconds(2));
                for (int i = 0; i < sent; i++) {
                    assertEquals(MpmcPeer.message(1, 0), idle.receive(PATIENCE).message().payload());
                }
                assertEquals(MpmcPeer.message(2, 0), idle.receive(PATIENCE).message().payload());
            }
        }
        assertNothingLeft();
    }

    /**
     * Each message that a sender was told of as accepted arrives once, whenever senders are killed. Room is made all
     * the time, also while they start: the first one fills the ring before the second one has sent anything.
     */
    @Test
    void shouldLoseAndDoubleNothingWhenSendersAreKilled() throws Exception {
        String address = address("wait=adaptive&capacity=4k&peerDeath=wait");
        Random random = new Random(11);
        Map<Integer, List<Integer>> got = new HashMap<>();
        try (Receiver receiver = Ipc.receiver(address)) {
            for (int key = 0; key < 8; key += 2) {
                try (ChildJvm one = peer("flood", address, key); ChildJvm other = peer("flood", address, key + 1)) {
                    Await.until(PATIENCE, "both to send", () -> {
                        drain(receiver, got);
                        return lastSent(one) >= 0 && lastSent(other) >= 0;
                    });
                    long until = System.nanoTime() + random.nextInt(50_000_000);
                    while (System.nanoTime() < until) {
                        drain(receiver, got);
                    }
                    one.kill();
                    other.kill();
                    one.awaitDeath(PATIENCE);
                    other.awaitDeath(PATIENCE);
                    int sentByOne = lastSent(one);
                    int sentByOther = lastSent(other);
                    int first = key;
                    Await.until(PATIENCE, "all to arrive", () -> {
                        drain(receiver, got);
                        return got.getOrDefault(first, List.of()).size() > sentByOne
                                && got.getOrDefault(first + 1, List.of()).size() > sentByOther;
                    });
                }
            }
            assertEquals(Received.EMPTY, receiver.tryReceive());
        }
        got.forEach((key, numbers) -> {
            for (int i = 0; i < numbers.size(); i++) {
                assertEquals(i, numbers.get(i), "sender " + key);
            }
        });
        assertEquals(8, got.size());
        assertNothingLeft();
    }

    private static void drain(Receiver receiver, Map<Integer, List<Integer>> got) {
        receiver.poll(message -> {
            int at = message.position();
            got.computeIfAbsent(message.getInt(at), key -> new ArrayList<>()).add(message.getInt(at + 4));
        }, 100);
    }

    private static int lastSent(ChildJvm child) {
        return child.output().lines().filter(line -> line.startsWith("sent ") && line.length() > 5)
                .map(line -> Integer.parseInt(line.substring(5))).max(Integer::compare).orElse(-1);
    }

    private void assertNothingLeft() throws Exception {
        try (var files = Files.list(Path.of("/dev/shm"))) {
            String prefix = "jvmipc-" + ProcessIdentity.effectiveUid() + "-" + scope.name("many");
            assertFalse(files.map(file -> file.getFileName().toString()).collect(Collectors.toList()).contains(prefix));
        }
    }
}
