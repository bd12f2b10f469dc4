package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.Ipc;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.Message;
import org.jvmipc.PeerEvent;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.CpuTime;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** Processes that die, stop and lose sight of each other, by the numbers of {@code docs/faults.md}. */
@IpcDir
@Timeout(60)
class ShmScenarioTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SKIPPED = Duration.ofMillis(200);
    private static final long SELF = ProcessHandle.current().pid();
    private static final String[] UNSHARE = {"unshare", "--pid", "--fork", "--kill-child", "--mount-proc"};

    @IpcDir
    private IpcScope scope;

    /** Takes messages, and stays in the handler of one of them. */
    static final class Holder implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            int held = Integer.parseInt(context.arg(1));
            try (Receiver receiver = Ipc.receiver(context.arg(0))) {
                context.say("ready");
                while (receiver.isOpen()) {
                    receiver.poll(message -> {
                        if (FanPeer.number(message, 0) == held) {
                            context.say("in hand");
                            LockSupport.park();
                        }
                    }, 10);
                }
            }
        }
    }

    private String address(String options) {
        return scope.address("shm", "ring") + "?" + options;
    }

    private Path file() {
        return Path.of("/dev/shm/jvmipc-" + ProcessIdentity.effectiveUid() + "-" + scope.name("ring"));
    }

    private static ByteBuffer message(int number) {
        return FanPeer.message(0, number);
    }

    private static void expect(Receiver receiver, int from, int to) throws InterruptedException {
        for (int i = from; i < to; i++) {
            assertEquals(i, FanPeer.number(receiver.receive(PATIENCE).message().payload(), 0));
        }
    }

    /**
     * R01: what a producer had claimed when it was killed never was; what it had sent comes, and what comes after the
     * claim comes within 200 ms of the death. (On a busy machine it may take longer once.)
     */
    @ParameterizedTest
    @ValueSource(strings = {"ring=spsc", "ring=mpsc", "ring=mpmc", "ring=broadcast",
        "ring=broadcast&overflow=dropOldest"})
    void shouldSkipAtOnceWhatAKilledProducerHadClaimed(String ring) throws Exception {
        String address = address(ring + "&capacity=4k&peerDeath=wait");
        long best = Long.MAX_VALUE;
        for (int run = 0; run < 4 && best > SKIPPED.toNanos(); run++) {
            try (Receiver receiver = Ipc.receiver(address);
                    ChildJvm child = ChildJvm.of(FanPeer.class).args("claim", address).start()) {
                child.expect("claimed");
                long start = System.nanoTime();
                child.kill();
                child.awaitDeath(PATIENCE);
                try (Sender next = Ipc.sender(address)) {
                    next.send(message(5));
                    Message left = receiver.receive(PATIENCE).message();
                    assertEquals(0, FanPeer.number(left.payload(), 9));
                    expect(receiver, 5, 6);
                    best = Math.min(best, System.nanoTime() - start);
                    assertEquals(Received.EMPTY, receiver.tryReceive());
                    assertNotEquals(SELF, left.sender().pid(), "it is not the successor's");
                    next.send(message(6));
                    assertEquals(SELF, receiver.receive(PATIENCE).message().sender().pid());
                }
            }
        }
        assertTrue(best <= SKIPPED.toNanos(), "it took " + best + " ns");
        assertFalse(Files.exists(file()));
    }

    /**
     * R10, and instead of R03: a producer that is stopped within its claim is not robbed. Who cannot go on without it
     * is told its process; once it goes on, its message comes, whole. ({@code ring=mpmc}: {@link MpmcTwoJvmTest}.)
     */
    @ParameterizedTest
    @ValueSource(strings = {"ring=spsc", "ring=mpsc&producers=2", "ring=broadcast",
        "ring=broadcast&overflow=dropOldest"})
    void shouldGetTheMessageOfAProducerThatWasStoppedInItsClaim(String ring) throws Exception {
        String address = address(ring + "&capacity=4k");
        try (Receiver receiver = Ipc.receiver(address);
                ChildJvm child = ChildJvm.of(FanPeer.class).args("claim", address).start()) {
            child.expect("claimed");
            child.stop();
            assertEquals(0, FanPeer.number(receiver.receive(PATIENCE).message().payload(), 9));
            if (ring.contains("mpsc")) {
                try (Sender other = Ipc.sender(address)) {
                    for (int i = 0; i < 1000; i++) {
                        other.send(message(i), PATIENCE);
                        expect(receiver, i, i + 1);
                    }
                }
            } else {
                ChannelExistsException taken = assertThrows(ChannelExistsException.class, () -> Ipc.sender(address));
                assertTrue(taken.getMessage().contains(String.valueOf(child.pid())), taken.getMessage());
            }
            assertEquals(Received.TIMED_OUT, receiver.receive(Duration.ofMillis(400)));
            assertEquals(1, receiver.status().peersAlive());
            child.cont();
            child.send("commit");
            child.expect("committed");
            assertEquals(1, FanPeer.number(receiver.receive(PATIENCE).message().payload(), 9));
            child.send("end");
            assertEquals(Received.END, receiver.receive(PATIENCE));
            assertEquals(0, child.awaitExit());
        }
        assertFalse(Files.exists(file()));
    }

    /** R04: the message that a consumer had in hand when it was killed comes to its successor, and all after it. */
    @ParameterizedTest
    @ValueSource(strings = {"ring=spsc", "ring=mpsc", "ring=mpmc", "ring=broadcast",
        "ring=broadcast&overflow=dropOldest"})
    void shouldGiveTheSuccessorOfAKilledConsumerWhatItHadInHand(String ring) throws Exception {
        String address = address(ring + "&capacity=4k&peerDeath=wait");
        try (Sender sender = Ipc.sender(address);
                ChildJvm child = ChildJvm.of(Holder.class).args(address, 2).start()) {
            child.expect("ready");
            for (int i = 0; i < 5; i++) {
                sender.send(message(i));
            }
            child.expect("in hand");
            child.kill();
            child.awaitDeath(PATIENCE);
            try (Receiver successor = Ipc.receiver(address)) {
                List<Integer> got = new ArrayList<>();
                for (int i = 2; i < 5; i++) {
                    got.add(FanPeer.number(successor.receive(PATIENCE).message().payload(), 0));
                }
                if (ring.contains("mpmc")) {
                    // What was in hand may come after what was not.
                    Collections.sort(got);
                }
                assertEquals(List.of(2, 3, 4), got);
                assertEquals(Received.EMPTY, successor.tryReceive());
            }
        }
    }

    /** R05, R10: who is stopped is neither robbed nor replaced; the others wait at no cost, and are told who it is. */
    @ParameterizedTest
    @ValueSource(strings = {"ring=spsc", "ring=mpsc", "ring=mpmc&consumers=1", "ring=broadcast&readers=1"})
    void shouldWaitCheaplyForAStoppedConsumerAndLoseNothing(String ring) throws Exception {
        String address = address(ring + "&capacity=4k&wait=adaptive");
        int[] sent = {0};
        try (ChildJvm child = ChildJvm.of(FanPeer.class).args("read", address).start()) {
            try (Sender sender = Ipc.sender(address)) {
                child.expect("ready");
                child.stop();
                while (sender.trySend(message(sent[0])) == SendResult.SENT) {
                    sent[0]++;
                }
                Duration before = CpuTime.ofThisThread();
                IpcTimeoutException heldUp = assertThrows(IpcTimeoutException.class,
                        () -> sender.send(message(sent[0]), Duration.ofSeconds(1)));
                Duration used = CpuTime.ofThisThread().minus(before);
                assertTrue(used.toMillis() < 200, "waiting for 1 s cost " + used);
                assertTrue(heldUp.getMessage().contains(String.valueOf(child.pid())), heldUp.getMessage());
                ChannelExistsException taken =
                        assertThrows(ChannelExistsException.class, () -> Ipc.receiver(address));
                assertTrue(taken.getMessage().contains(String.valueOf(child.pid())), taken.getMessage());
                child.cont();
                for (int i = 0; i < 1000; i++) {
                    sender.send(message(sent[0]++), PATIENCE);
                }
            }
            child.expect("read 0 to " + sent[0]);
            assertEquals(0, child.awaitExit());
        }
        assertFalse(Files.exists(file()));
    }

    /**
     * R09: in another PID namespace processes know each other by their life signs; without sleeping there are none, and
     * nobody is taken for dead.
     */
    @ParameterizedTest
    @CsvSource({"ring=spsc, adaptive", "ring=spsc, spin", "ring=mpmc, adaptive", "ring=broadcast, spin"})
    void shouldWorkAcrossPidNamespaces(String ring, String wait) throws Exception {
        Process probe = new ProcessBuilder("unshare", "--pid", "--fork", "--mount-proc", "true").start();
        Assumptions.assumeTrue(probe.waitFor() == 0, "needs the right to unshare PID namespaces");
        String address = address(ring + "&wait=" + wait);
        try (Receiver receiver = Ipc.receiver(address);
                ChildJvm child = ChildJvm.of(RingPeer.class).args("send", address, 100).wrapper(UNSHARE).start()) {
            for (int i = 0; i < 100; i++) {
                assertEquals(RingPeer.message(i), receiver.receive(PATIENCE).message().payload());
            }
            child.expect("sent");
            assertEquals(Received.TIMED_OUT, receiver.receive(Duration.ofMillis(600)), "it is not taken for dead");
            if (wait.equals("spin")) {
                child.send("end");
            } else {
                child.kill();
            }
            assertEquals(Received.END, receiver.receive(PATIENCE));
        }
    }

    /** R15: closing while another thread is in the middle of sending or receiving. */
    @ParameterizedTest
    @ValueSource(strings = {"ring=spsc", "ring=mpsc", "ring=mpmc", "ring=broadcast",
        "ring=broadcast&overflow=dropOldest"})
    void shouldEndCallsOfOtherThreadsWhenClosed(String ring) throws Exception {
        String address = address(ring + "&capacity=4k&peerDeath=wait&wait=spin");
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int run = 0; run < 25; run++) {
                Sender sender = Ipc.sender(address);
                Receiver receiver = Ipc.receiver(address);
                List<Future<Void>> busy = List.of(threads.submit(untilClosed(
                        () -> sender.trySend(ByteBuffer.allocate(50)) != SendResult.CLOSED)),
                        threads.submit(untilClosed(() -> receiver.poll(message -> { }, 3) >= 0)));
                LockSupport.parkNanos(run * 50_000L);
                sender.close();
                receiver.close();
                long start = System.nanoTime();
                for (Future<Void> call : busy) {
                    call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                }
                assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(1), "closing takes effect at once");
                assertFalse(Files.exists(file()));
            }
        } finally {
            threads.shutdown();
        }
    }

    private static Callable<Void> untilClosed(Callable<Boolean> call) {
        return () -> {
            try {
                while (call.call()) {
                    Thread.onSpinWait();
                }
            } catch (ChannelClosedException closed) {
                // As it should be.
            }
            return null;
        };
    }

    /** R18: the death of each peer is told once. */
    @Test
    void shouldTellTheDeathOfEachProducerOnce() throws Exception {
        String address = address("ring=mpsc&capacity=4k&peerDeath=wait");
        List<PeerEvent> events = new CopyOnWriteArrayList<>();
        List<ChildJvm> children = new ArrayList<>();
        try (Receiver receiver = Ipc.receiver(address)) {
            receiver.onPeer(events::add);
            for (int i = 0; i < 3; i++) {
                children.add(scope.track(ChildJvm.of(FanPeer.class).args("claim", address).start()));
            }
            for (ChildJvm child : children) {
                child.expect("claimed");
            }
            children.get(0).kill();
            children.get(2).kill();
            Await.until(PATIENCE, () -> "five events, not " + events, () -> events.size() >= 5);
            assertEquals(Received.TIMED_OUT, drained(receiver, 3).receive(Duration.ofMillis(600)));
            Map<PeerEvent.Kind, List<Long>> told = events.stream().collect(Collectors.groupingBy(PeerEvent::kind,
                    Collectors.mapping(event -> event.peer().pid(), Collectors.toList())));
            assertEquals(3, told.get(PeerEvent.Kind.JOINED).size());
            assertEquals(List.of(children.get(0).pid(), children.get(2).pid()),
                    told.get(PeerEvent.Kind.DIED).stream().sorted().toList());
            assertEquals(2, told.size());
            assertEquals(1, receiver.status().peersAlive());
            children.get(1).send("end");
            assertEquals(0, children.get(1).awaitExit());
            Await.until(PATIENCE, "the last one to be seen leaving", () -> events.size() == 6);
            assertEquals(PeerEvent.Kind.LEFT, events.get(5).kind());
        }
    }

    /** R18: those who take the places of dead ones, in whatever order, are not taken for them. */
    @Test
    void shouldNotMixUpThoseWhoDieAtOnceWithTheirSuccessors() throws Exception {
        String address = address("ring=mpsc&producers=2&capacity=4k&peerDeath=wait");
        List<PeerEvent> events = new CopyOnWriteArrayList<>();
        List<ChildJvm> children = new ArrayList<>();
        try (Receiver receiver = Ipc.receiver(address)) {
            receiver.onPeer(events::add);
            for (int i = 0; i < 2; i++) {
                children.add(scope.track(ChildJvm.of(FanPeer.class).args("claim", address).start()));
            }
            children.forEach(child -> child.expect("claimed"));
            Await.until(PATIENCE, "both to be seen", () -> events.size() == 2);
            children.forEach(ChildJvm::kill);
            children.forEach(child -> child.awaitDeath(PATIENCE));
            try (Sender one = Ipc.sender(address); Sender two = Ipc.sender(address)) {
                one.send(FanPeer.message(1, 0));
                two.send(FanPeer.message(2, 0));
                for (int i = 0; i < 4; i++) {
                    Message message = receiver.receive(PATIENCE).message();
                    long pid = message.sender().pid();
                    boolean dead = message.payload().getInt(0) == 9;
                    assertTrue(pid < 0 || dead == (pid != SELF), "told as one of " + pid);
                }
                for (Sender sender : List.of(one, two)) {
                    sender.send(message(7));
                    assertEquals(SELF, receiver.receive(PATIENCE).message().sender().pid());
                }
                Await.until(PATIENCE, () -> "six events, not " + events, () -> events.size() == 6);
                List<Long> dead = children.stream().map(ChildJvm::pid).sorted().toList();
                assertEquals(dead, pids(events, PeerEvent.Kind.DIED));
                assertEquals(Stream.concat(dead.stream(), Stream.of(SELF, SELF)).sorted().toList(),
                        pids(events, PeerEvent.Kind.JOINED));
            }
        }
        assertFalse(Files.exists(file()));
    }

    private static List<Long> pids(List<PeerEvent> events, PeerEvent.Kind kind) {
        return events.stream().filter(event -> event.kind() == kind).map(event -> event.peer().pid()).sorted().toList();
    }

    private static Receiver drained(Receiver receiver, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            assertEquals(0, FanPeer.number(receiver.receive(PATIENCE).message().payload(), 9));
        }
        return receiver;
    }

    /** R22: who is attached goes on with a file that was removed; who comes later makes another, and sees nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"ring=spsc", "ring=mpsc", "ring=mpmc", "ring=broadcast"})
    void shouldGoOnWhenTheFileIsRemoved(String ring) throws Exception {
        String address = address(ring + "&capacity=4k");
        try (ChildJvm child = ChildJvm.of(FanPeer.class).args("read", address).start()) {
            try (Sender sender = Ipc.sender(address)) {
                child.expect("ready");
                sender.send(message(0));
                Files.delete(file());
                try (Receiver newcomer = Ipc.receiver(address)) {
                    for (int i = 1; i < 1000; i++) {
                        sender.send(message(i), PATIENCE);
                    }
                    assertEquals(Received.EMPTY, newcomer.tryReceive());
                    assertTrue(Files.exists(file()));
                }
            }
            child.expect("read 0 to 1000");
            assertEquals(0, child.awaitExit());
        }
        assertFalse(Files.exists(file()));
    }

    /** R33: positions may be anything; here they pass where numbers overflow. */
    @ParameterizedTest
    @ValueSource(longs = {(1L << 31) - 4096, (1L << 32) - 64, Long.MAX_VALUE - 4095, -64})
    void shouldBroadcastAtAnyPosition(long start) throws Exception {
        String address = address("ring=broadcast&capacity=4k&readers=2&keep=true");
        Ipc.sender(address).close();
        Geometry geometry = new Geometry(SegmentLayout.KIND_BROADCAST, 4096, 1, 2);
        write(geometry.ring(0) + SegmentLayout.TAIL, start);
        write(geometry.ring(0) + SegmentLayout.HEAD, start);
        write(geometry.readers(), start);
        write(geometry.readers() + SegmentLayout.LINE, start - 64);
        try (Sender sender = Ipc.sender(address); Receiver one = Ipc.receiver(address);
                Receiver two = Ipc.receiver(address)) {
            for (int i = 0; i < 1000; i++) {
                sender.send(message(i), PATIENCE);
                expect(one, i, i + 1);
                expect(two, i, i + 1);
            }
        } finally {
            Files.delete(file());
        }
    }

    private void write(long offset, long value) throws IOException {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(value).flip(), offset);
        }
    }
}
