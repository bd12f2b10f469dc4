package org.jvmipc.cli.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Select;
import org.jvmipc.SelectCase;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.DebrisKind;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** One process selects, another one sends. */
@Timeout(60)
@ExtendWith(SharedThreads.class)
class SelectTwoJvmTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int EVENTS = 100_000;
    /** Channels that are looked at from time to time are slow; of their events there are few. */
    private static final int RARELY = 200;
    private static final String BELLS = "whoever has rung a doorbell keeps it mapped";

    @IpcDir
    private IpcScope scope;

    /** The other process, and this one's ends of its channels. */
    private final class Selecting implements AutoCloseable {
        final List<Kind> kinds;
        final Receiver back;
        final ChildJvm child;
        final List<Sender> senders = new ArrayList<>();
        /** Each opening of one makes another, so that this side opens it first. */
        final Map<Integer, Sender> pipes = new HashMap<>();
        final int[] sent;

        Selecting(String mode, List<Kind> kinds, String... jvmArgs) {
            this.kinds = kinds;
            this.sent = new int[kinds.size()];
            String backAddress = scope.address("shm", "back");
            List<String> args = new ArrayList<>(List.of(mode, backAddress));
            for (int i = 0; i < kinds.size(); i++) {
                String address = kinds.get(i).address(scope, "c" + i);
                if (kinds.get(i) == Kind.PIPE) {
                    Sender pipe = Ipc.sender(address);
                    pipes.put(i, pipe);
                    address = pipe.address().toString();
                }
                args.add(address);
            }
            back = Ipc.receiver(backAddress);
            child = ChildJvm.of(SelectPeer.class).blockSignals("RTMIN+3").jvmArgs("-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1", "-Xshare:auto").jvmArgs(jvmArgs).args(args.toArray()).start();
            child.expect(mode.equals("count") ? "ready" : "waiting");
            for (int i = 0; i < kinds.size(); i++) {
                String address = args.get(i + 2);
                senders.add(switch (kinds.get(i)) {
                    case PIPE -> pipes.get(i);
                    case SIGNAL -> Ipc.sender(address.replace("self", "" + child.pid()));
                    default -> Ipc.sender(address);
                });
            }
        }

        void send(int channel, int flags) throws InterruptedException {
            senders.get(channel).send(ByteBuffer.allocate(4).putInt(0, sent[channel]++ | flags), LONG);
        }

        void sendAndAwaitEcho(int channel, int flags) throws InterruptedException {
            send(channel, SelectPeer.ECHO | flags);
            Received answer = back.receive(LONG);
            assertTrue(answer.isMessage(), () -> "event " + Arrays.toString(sent) + " on " + kinds.get(channel)
                    + " was not noticed");
            assertEquals(channel, answer.message().payload().getInt(0));
        }

        void end(int total) throws InterruptedException {
            for (int i = 0; i < senders.size(); i++) {
                sendAndAwaitEcho(i, SelectPeer.LAST);
            }
            child.expect("counted " + (total + senders.size()) + " ticked true", LONG);
            child.send("end");
            assertEquals(0, child.awaitExit());
        }

        @Override
        public void close() {
            senders.forEach(Sender::close);
            child.close();
            back.close();
        }
    }

    private static List<Kind> shared() {
        return Arrays.stream(Kind.values()).filter(Kind::isShared).toList();
    }

    /** Bursts, single events to a process that sleeps, and all in between, at random over all kinds. */
    @Test
    void shouldMissNoneOfManyRandomEvents() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (Selecting other = new Selecting("count", shared())) {
            int left = EVENTS;
            while (left > 0) {
                int burst = Math.min(left, 1 + random.nextInt(random.nextBoolean() ? 4 : 200));
                for (int i = 1; i < burst; i++) {
                    other.send(channel(other, random), 0);
                }
                other.sendAndAwaitEcho(channel(other, random), 0);
                left -= burst;
                if (random.nextInt(4) == 0) {
                    LockSupport.parkNanos(random.nextInt(300_000));
                }
            }
            other.end(EVENTS);
        } catch (AssertionError | RuntimeException failed) {
            throw new AssertionError("with seed " + seed, failed);
        }
    }

    private static int channel(Selecting other, Random random) {
        int channel = random.nextInt(other.kinds.size());
        return other.kinds.get(channel).wakes() || random.nextInt(RARELY) == 0 ? channel
                : channel(other, random);
    }

    /** The looks that would find what nobody was woken for are made so rare that a lost wake-up fails the test. */
    @ParameterizedTest
    @CsvSource({"SHM, UNIX", "SHM_MPMC, UNIX_NATIVE", "POSIX_QUEUE, FIFO", "UNIX, UNIX_SEQPACKET", "SIGNAL, SHM_MPSC",
        "QUEUE, PIPE"})
    void shouldLoseNoWakeUp(Kind one, Kind two) throws Exception {
        int events = 3_000;
        Random random = new Random(events);
        try (Selecting other = new Selecting("count", List.of(one, two), "-Dipc.waiter.sliceMillis=100000")) {
            for (int i = 0; i < events; i++) {
                other.sendAndAwaitEcho(random.nextInt(2), 0);
                if (i % 100 == 0) {
                    LockSupport.parkNanos(random.nextInt(2_000_000));
                }
            }
            other.end(events);
        }
    }

    @Test
    void shouldCostNextToNothingWhile64ChannelsAreIdle() throws Exception {
        List<Kind> kinds = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            kinds.addAll(List.of(Kind.SHM, Kind.UNIX_NATIVE, Kind.FIFO, Kind.UNIX_DATAGRAM));
        }
        // Threads that end would take what they have used along.
        try (Selecting other = new Selecting("idle", kinds, "-XX:-UseDynamicNumberOfCompilerThreads")) {
            long pid = other.child.pid();
            Await.idle(pid, Duration.ofSeconds(10), Duration.ofMillis(50), Duration.ofSeconds(45));
            wake(other, 63, "[ipc-futex, ipc-poll]");
        }
    }

    /** The thread for sockets of the JDK starts first, and gives them to that for all descriptors. */
    @Test
    void shouldHaveTwoThreadsAsleepForAllKinds() throws Exception {
        List<Kind> kinds = new ArrayList<>(shared());
        kinds.remove(Kind.UNIX);
        kinds.add(0, Kind.UNIX);
        try (Selecting other = new Selecting("idle", kinds)) {
            wake(other, 0, "[ipc-futex, ipc-poll]");
        }
    }

    @Test
    void shouldHaveTwoThreadsAsleepForSharedMemoryAndSocketsOfTheJdk() throws Exception {
        try (Selecting other = new Selecting("idle", List.of(Kind.UNIX, Kind.SHM))) {
            wake(other, 0, "[ipc-futex, ipc-select]");
        }
    }

    /** What the kernel does not wait for is looked at so rarely here that it has to be rung for. */
    @Test
    void shouldBeRungForWhenThereAreHundreds() throws Exception {
        scope.relax(DebrisKind.MAPPING, BELLS);
        int channels = 300;
        Random random = new Random(channels);
        List<Kind> kinds = Collections.nCopies(channels, Kind.SHM);
        try (Selecting other = new Selecting("count", kinds, "-Dipc.waiter.sliceMillis=100000")) {
            long[] took = new long[1_000];
            for (int i = 0; i < took.length; i++) {
                long start = System.nanoTime();
                other.sendAndAwaitEcho(i % 4 == 0 ? random.nextInt(channels) : 200 + random.nextInt(100), 0);
                took[i] = System.nanoTime() - start;
                if (i % 100 == 0) {
                    LockSupport.parkNanos(random.nextInt(2_000_000));
                }
            }
            Arrays.sort(took);
            assertTrue(took[took.length / 2] < 2_000_000, () -> "half of the answers came after "
                    + took[took.length / 2] + " ns");
            other.end(took.length);
        }
    }

    @Test
    void shouldCostNextToNothingWhile300ChannelsAreIdle() throws Exception {
        scope.relax(DebrisKind.MAPPING, BELLS);
        try (Selecting other = new Selecting("idle", Collections.nCopies(300, Kind.SHM),
                "-XX:-UseDynamicNumberOfCompilerThreads")) {
            Await.idle(other.child.pid(), Duration.ofSeconds(4), Duration.ofMillis(20), Duration.ofSeconds(40));
            wake(other, 250, "[ipc-futex]");
        }
    }

    @Test
    void shouldTellThatSendersDiedAndTheirProcessToo() throws Exception {
        List<Kind> kinds = List.of(Kind.SHM, Kind.SHM_MPSC, Kind.UNIX, Kind.UNIX_SEQPACKET, Kind.FIFO,
                Kind.PIPE);
        try (Select<Object> select = Select.fair()) {
            List<SelectCase<Received>> cases = new ArrayList<>();
            List<String> addresses = new ArrayList<>();
            for (Kind kind : kinds) {
                Receiver receiver = scope.track(Ipc.receiver(kind.address(scope, "dying")));
                addresses.add(receiver.address().toString());
                cases.add(select.receive(kind, receiver));
            }
            try (ChildJvm child = ChildJvm.of(DyingPeer.class).args(addresses.toArray()).start()) {
                child.expect("sent");
                assertEquals(kinds.size(), select.awaitAll(LONG).size(), "each has its message");
                SelectCase<ProcessHandle> exit = select.onExit("exit", ProcessHandle.of(child.pid()).orElseThrow());
                child.kill();
                assertEquals(kinds.size() + 1, select.awaitAll(LONG).size(), "each tells the end, and the process");
                assertEquals(child.pid(), exit.value().pid());
            }
            for (SelectCase<Received> each : cases) {
                assertEquals(Received.END, each.value());
            }
            assertTrue(select.isEmpty());
        }
    }

    private static void wake(Selecting other, int channel, String threads) throws InterruptedException {
        other.send(channel, 0);
        assertEquals("woke " + channel + " " + threads, other.child.expect("woke"));
        other.child.send("end");
        assertEquals(0, other.child.awaitExit());
    }
}
