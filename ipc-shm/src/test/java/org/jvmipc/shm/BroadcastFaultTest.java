package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Address;
import org.jvmipc.SendResult;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.spi.Peers;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/**
 * R01, R02, R04, R26: a participant of a broadcast dies before its N-th access to the ring, is stopped there while the
 * others go on, or its handler throws; N = 1, 2, 3 … until there is none any more.
 */
@IpcDir
class BroadcastFaultTest {
    private static final int CAPACITY = 4096;
    /** Several laps. */
    private static final int MANY = 70;
    private static final int FEW = 8;
    /** The same of large messages. */
    private static final int LEAST = 18;
    /** A lossy one, whose messages may take all of it. */
    private static final int LOSSY_LARGE = -SegmentLayout.KIND_LOSSY;
    private static final int[] LARGE = {40, CAPACITY - 16, 2000, 100, CAPACITY - 100, CAPACITY - 16, 3000, 16, 1500};

    @IpcDir
    private IpcScope scope;

    /** A channel with a reader that lives as long as it. */
    private final class World implements AutoCloseable {
        final boolean lossy;
        final boolean large;
        final int many;
        final Reader other;

        World(int kind) {
            lossy = kind != SegmentLayout.KIND_BROADCAST;
            large = kind == LOSSY_LARGE;
            many = large ? LEAST : MANY;
            other = new Reader(open(Side.CONSUMER), null);
        }

        Segment open(Side side) {
            int kind = lossy ? SegmentLayout.KIND_LOSSY : SegmentLayout.KIND_BROADCAST;
            return Segment.open(new SegmentSpec(file(), "shm:fault", "createOrAttach",
                    new SegmentSpec.Ring(new Geometry(kind, CAPACITY, 1, 3), Set.of(), 0),
                    new SegmentSpec.Options(side, false, false, 0)));
        }

        Sender sender(FaultyMemory faulty, Segment segment, int source) {
            RingMemory memory = faulty == null ? new MappedMemory(segment.ring(0)) : faulty;
            OutRing ring = lossy ? new LossyOut(segment, memory) : new BroadcastOut(segment, memory);
            return new Sender(new RingSender(segment, ring, new Peers(), terms()), source, large);
        }

        final class Reader {
            final RingReceiver port;
            /** Sources times 1000, and numbers. */
            final List<Integer> got = new ArrayList<>();
            /** The message that is refused, counted from 0. */
            private int refused = -1;
            private int handled;

            Reader(Segment segment, FaultyMemory faulty) {
                RingMemory memory = faulty == null ? new MappedMemory(segment.ring(0)) : faulty;
                port = new RingReceiver(segment,
                        lossy ? new LossyIn(segment, memory) : new BroadcastIn(segment, memory), new Peers(), terms());
            }

            void poll() {
                port.poll(message -> {
                    int source = message.getInt(message.position());
                    int number = 1000 * source + FanPeer.number(message, source);
                    if (handled++ == refused) {
                        throw new IllegalStateException(String.valueOf(number));
                    }
                    got.add(number);
                }, 1000);
            }
        }

        @Override
        public void close() {
            other.port.close();
        }
    }

    /** Sends messages of a source, numbered from 0. */
    private static final class Sender {
        final RingSender port;
        final int source;
        private final boolean large;
        int accepted;

        Sender(RingSender port, int source, boolean large) {
            this.port = port;
            this.source = source;
            this.large = large;
        }

        private ByteBuffer next() {
            return large ? FanPeer.messageOf(source, accepted, LARGE[accepted % LARGE.length])
                    : FanPeer.message(source, accepted);
        }

        boolean send() {
            boolean sent = port.offer(next()) == SendResult.SENT;
            accepted += sent ? 1 : 0;
            return sent;
        }
    }

    private Path file() {
        return Path.of("/dev/shm/jvmipc-" + ProcessIdentity.effectiveUid() + "-" + scope.name("fault"));
    }

    private static Terms terms() {
        return new Terms(RingOptions.declare().check(Address.parse("shm:fault?wait=spin&peerDeath=wait")));
    }

    private static List<Integer> numbers(int source, int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> 1000 * source + number).toList();
    }

    /** Makes the occupant of a slot a process that had the number of this one before. */
    private static void die(Segment segment, Side side) {
        int start = segment.geometry().slot(side, segment.place()) + SegmentLayout.START_TICKS;
        segment.memory().putLong(start, segment.memory().getLong(start) - 1);
    }

    /** Lets the memory go. */
    private static void bury(Segment segment, Runnable close) {
        if (close == null) {
            segment.leave();
        } else {
            close.run();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SegmentLayout.KIND_BROADCAST, SegmentLayout.KIND_LOSSY, LOSSY_LARGE})
    void shouldLoseNothingWhereverTheProducerDies(int kind) {
        boolean dead;
        int n = 0;
        do {
            dead = false;
            try (World world = new World(kind)) {
                Segment segment = world.open(Side.PRODUCER);
                FaultyMemory faulty = new FaultyMemory(new MappedMemory(segment.ring(0)));
                faulty.dieBefore(n);
                Sender victim = null;
                try {
                    victim = world.sender(faulty, segment, 1);
                    while (victim.accepted < world.many) {
                        assertTrue(victim.send());
                        world.other.poll();
                    }
                    victim.port.close();
                } catch (FaultyMemory.Death dies) {
                    dead = true;
                    die(segment, Side.PRODUCER);
                }
                if (n % 2 == 0 || world.large) {
                    world.other.poll();
                }
                Sender successor = world.sender(null, world.open(Side.PRODUCER), 2);
                for (int i = 0; i < world.many; i++) {
                    assertTrue(successor.send(), "after a death before access " + n);
                    world.other.poll();
                }
                successor.port.close();
                int accepted = victim == null ? 0 : victim.accepted;
                // The last one may have been published, although that was not said any more.
                boolean oneMore = world.other.got.contains(1000 + accepted);
                List<Integer> expected = new ArrayList<>(numbers(1, 0, oneMore ? accepted + 1 : accepted));
                expected.addAll(numbers(2, 0, world.many));
                assertEquals(expected, world.other.got, "after a death before access " + n);
                assertTrue(dead || !oneMore);
                bury(segment, victim == null ? null : victim.port::close);
            }
            assertFalse(Files.exists(file()));
            n++;
        } while (dead);
        assertTrue(n > 3 * LEAST, "only " + n + " accesses");
    }

    @ParameterizedTest
    @ValueSource(ints = {SegmentLayout.KIND_BROADCAST, SegmentLayout.KIND_LOSSY, LOSSY_LARGE})
    void shouldKeepFromTheOthersNothingWhereverAReaderDies(int kind) {
        boolean dead;
        int n = 0;
        do {
            dead = false;
            try (World world = new World(kind)) {
                Sender sender = world.sender(null, world.open(Side.PRODUCER), 1);
                Segment segment = world.open(Side.CONSUMER);
                FaultyMemory faulty = new FaultyMemory(new MappedMemory(segment.ring(0)));
                faulty.dieBefore(n);
                World.Reader victim = null;
                try {
                    victim = world.new Reader(segment, faulty);
                    while (sender.accepted < world.many) {
                        assertTrue(sender.send());
                        world.other.poll();
                        victim.poll();
                    }
                    victim.port.close();
                } catch (FaultyMemory.Death dies) {
                    dead = true;
                    die(segment, Side.CONSUMER);
                }
                List<Integer> before = victim == null ? List.of() : victim.got;
                assertEquals(numbers(1, 0, before.size()), before, "with a death before access " + n);
                int sent = sender.accepted;
                World.Reader successor = world.new Reader(world.open(Side.CONSUMER), null);
                for (int i = 0; i < FEW; i++) {
                    assertTrue(sender.send());
                    world.other.poll();
                    successor.poll();
                }
                assertEquals(numbers(1, 0, sent + FEW), world.other.got, "after a death before access " + n);
                assertEquals(numbers(1, sent, sent + FEW), successor.got, "after a death before access " + n);
                successor.port.close();
                sender.port.close();
                bury(segment, victim == null ? null : victim.port::close);
            }
            assertFalse(Files.exists(file()));
            n++;
        } while (dead);
        assertTrue(n > 2 * LEAST, "only " + n + " accesses");
    }

    /** The lossy ring goes on for laps meanwhile, and the reader is told how many messages it has missed. */
    @ParameterizedTest
    @ValueSource(ints = {SegmentLayout.KIND_BROADCAST, SegmentLayout.KIND_LOSSY, LOSSY_LARGE})
    void shouldShowNothingBrokenWhereverAReaderIsStoppedForAWhile(int kind) {
        boolean[] stopped = {true};
        int n = 0;
        for (; stopped[0]; n++) {
            stopped[0] = false;
            try (World world = new World(kind)) {
                Sender sender = world.sender(null, world.open(Side.PRODUCER), 1);
                Segment segment = world.open(Side.CONSUMER);
                FaultyMemory faulty = new FaultyMemory(new MappedMemory(segment.ring(0)));
                boolean[] open = {false};
                boolean[] late = {true};
                faulty.before(n, () -> {
                    stopped[0] = true;
                    late[0] = open[0];
                    for (int i = 0; i < world.many && sender.send(); i++) {
                        world.other.poll();
                    }
                });
                World.Reader victim = world.new Reader(segment, faulty);
                open[0] = true;
                for (int i = 0; i < world.many; i++) {
                    sender.send();
                    world.other.poll();
                    victim.poll();
                }
                victim.poll();
                assertEquals(numbers(1, 0, sender.accepted), world.other.got, "with a stop before access " + n);
                int missed = (int) victim.port.dropped();
                assertTrue(world.lossy || missed == 0);
                // One that was stopped while it joined may have begun behind what was sent meanwhile.
                int before = sender.accepted - victim.got.size() - missed;
                assertTrue(before == 0 || !late[0] && before == victim.got.get(0) - 1000,
                        "with a stop before access " + n + " it misses " + before + ", and says " + missed);
                for (int i = 1; i < victim.got.size(); i++) {
                    assertTrue(victim.got.get(i - 1) < victim.got.get(i), victim.got.toString());
                }
                assertEquals(1000 + sender.accepted - 1, victim.got.get(victim.got.size() - 1));
                victim.port.close();
                sender.port.close();
            }
        }
        assertTrue(n > 2 * LEAST, "only " + n + " accesses");
    }

    /** Stopped there; meanwhile the readers take all that they see, and more once it goes on. */
    @ParameterizedTest
    @ValueSource(ints = {SegmentLayout.KIND_BROADCAST, SegmentLayout.KIND_LOSSY, LOSSY_LARGE})
    void shouldShowNothingTwiceOrInPartWhereverTheProducerIsStoppedForAWhile(int kind) {
        boolean[] stopped = {true};
        int n = 0;
        for (; stopped[0]; n++) {
            stopped[0] = false;
            try (World world = new World(kind)) {
                Segment segment = world.open(Side.PRODUCER);
                FaultyMemory faulty = new FaultyMemory(new MappedMemory(segment.ring(0)));
                List<World.Reader> late = new ArrayList<>();
                int[] from = {-1};
                Sender[] victim = {null};
                faulty.before(n, () -> {
                    stopped[0] = true;
                    world.other.poll();
                    // One that comes meanwhile begins with this message, or with the next one.
                    from[0] = victim[0] == null ? 0 : victim[0].accepted;
                    late.add(world.new Reader(world.open(Side.CONSUMER), null));
                    late.get(0).poll();
                });
                victim[0] = world.sender(faulty, segment, 1);
                while (victim[0].accepted < world.many) {
                    assertTrue(victim[0].send());
                    world.other.poll();
                    late.forEach(World.Reader::poll);
                }
                String when = "with a stop before access " + n;
                assertEquals(numbers(1, 0, world.many), world.other.got, when);
                for (World.Reader reader : late) {
                    int first = reader.got.isEmpty() ? world.many : reader.got.get(0) - 1000;
                    assertTrue(first >= from[0] && first <= from[0] + 1, when + " it begins with " + first);
                    assertEquals(numbers(1, first, world.many), reader.got, when);
                    reader.port.close();
                }
                victim[0].port.close();
            }
            assertFalse(Files.exists(file()));
        }
        assertTrue(n > 3 * LEAST, "only " + n + " accesses");
    }

    /** What the handler throws takes this message from this reader, and no other from anybody. */
    @ParameterizedTest
    @ValueSource(ints = {SegmentLayout.KIND_BROADCAST, SegmentLayout.KIND_LOSSY})
    void shouldLoseOnlyTheMessageWhoseHandlerThrows(int kind) {
        for (int n = 0; n < FEW; n++) {
            try (World world = new World(kind)) {
                Sender sender = world.sender(null, world.open(Side.PRODUCER), 1);
                World.Reader reader = world.new Reader(world.open(Side.CONSUMER), null);
                reader.poll();
                reader.refused = n;
                while (sender.accepted < FEW) {
                    assertTrue(sender.send());
                }
                List<String> refused = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    try {
                        reader.poll();
                    } catch (IllegalStateException thrown) {
                        refused.add(thrown.getMessage());
                    }
                }
                world.other.poll();
                List<Integer> expected = new ArrayList<>(numbers(1, 0, FEW));
                assertEquals(expected, world.other.got);
                assertEquals(List.of(String.valueOf(expected.remove(n))), refused);
                assertEquals(expected, reader.got, "with message " + n + " refused");
                reader.port.close();
                sender.port.close();
            }
        }
    }
}
