package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.jvmipc.Address;
import org.jvmipc.SendResult;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.spi.Peers;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/**
 * R01, R02, R04, R26: a participant of {@code ring=mpsc} dies before its N-th access to the lanes, is stopped there
 * while the others go on, or its handler throws; N = 1, 2, 3 … until there is none any more. What happens within one
 * lane is the matter of {@link SpscFaultTest}; here are two, and whoever comes next.
 */
@IpcDir
class MpscFaultTest {
    private static final int CAPACITY = 4096;
    /** Several laps of a lane. */
    private static final int MANY = 40;
    private static final int FEW = 8;

    @IpcDir
    private IpcScope scope;

    private Path file() {
        return Path.of("/dev/shm/jvmipc-" + ProcessIdentity.effectiveUid() + "-" + scope.name("fault"));
    }

    private Segment open(Side side) {
        return Segment.open(new SegmentSpec(file(), "shm:fault", "createOrAttach",
                new SegmentSpec.Ring(new Geometry(SegmentLayout.KIND_MPSC, CAPACITY, 3, 1), Set.of(), 0),
                new SegmentSpec.Options(side, false, false, 0)));
    }

    private static Terms terms() {
        return new Terms(RingOptions.declare().check(Address.parse("shm:fault?wait=spin&peerDeath=wait")));
    }

    /** Makes the occupant of a slot a process that had the number of this one before. */
    private static void die(Segment segment, Side side) {
        int start = segment.geometry().slot(side, segment.place()) + SegmentLayout.START_TICKS;
        segment.memory().putLong(start, segment.memory().getLong(start) - 1);
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    /** Sends messages of a source, numbered from 0. */
    private static final class Sender {
        final Segment segment;
        final RingSender port;
        final int source;
        int accepted;

        Sender(Segment segment, RingMemory memory, int source) {
            this.segment = segment;
            this.port = new RingSender(segment, new LaneOut(segment, memory), new Peers(), terms());
            this.source = source;
        }

        boolean send() {
            boolean sent = port.offer(FanPeer.message(source, accepted)) == SendResult.SENT;
            accepted += sent ? 1 : 0;
            return sent;
        }
    }

    private Sender sender(int source) {
        Segment segment = open(Side.PRODUCER);
        return new Sender(segment, new MappedMemory(segment.ring(segment.place())), source);
    }

    /** Notes what comes, by its source. */
    private static final class Receiver {
        final RingReceiver port;
        final TreeMap<Integer, List<Integer>> got = new TreeMap<>();
        /** The message that is refused, counted from 0. */
        private int refused = -1;
        private int handled;

        Receiver(Segment segment, FaultyMemory faulty) {
            this.port = new RingReceiver(segment, faulty == null ? new LanesIn(segment)
                    : new LanesIn(segment, place -> faulty.and(new MappedMemory(segment.ring(place)))),
                    new Peers(), terms());
        }

        void poll() {
            port.poll(message -> {
                int source = message.getInt(message.position());
                int number = FanPeer.number(message, source);
                if (handled++ == refused) {
                    throw new IllegalStateException(source + " " + number);
                }
                got.computeIfAbsent(source, any -> new ArrayList<>()).add(number);
            }, 1000);
        }

        List<Integer> of(int source) {
            return got.getOrDefault(source, List.of());
        }
    }

    private static FaultyMemory faulty(Segment segment, int place) {
        return new FaultyMemory(new MappedMemory(segment.ring(place)));
    }

    @Test
    void shouldLoseNothingWhereverAProducerDies() {
        boolean dead;
        int n = 0;
        do {
            dead = false;
            Receiver receiver = new Receiver(open(Side.CONSUMER), null);
            Sender other = sender(2);
            Segment segment = open(Side.PRODUCER);
            FaultyMemory faulty = faulty(segment, segment.place());
            faulty.dieBefore(n);
            Sender victim = null;
            try {
                victim = new Sender(segment, faulty, 1);
                while (victim.accepted < MANY) {
                    assertTrue(victim.send() && other.send());
                    receiver.poll();
                }
                victim.port.close();
            } catch (FaultyMemory.Death dies) {
                dead = true;
                die(segment, Side.PRODUCER);
            }
            if (n % 2 == 0) {
                receiver.poll();
            }
            Sender successor = sender(3);
            for (int i = 0; i < FEW; i++) {
                assertTrue(other.send() && successor.send(), "after a death before access " + n);
                receiver.poll();
            }
            assertEquals(numbers(0, other.accepted), receiver.of(2), "after a death before access " + n);
            assertEquals(numbers(0, FEW), receiver.of(3), "after a death before access " + n);
            int accepted = victim == null ? 0 : victim.accepted;
            // The last one may have been published, although that was not said any more.
            int oneMore = receiver.of(1).contains(accepted) ? 1 : 0;
            assertEquals(numbers(0, accepted + oneMore), receiver.of(1), "with a death before access " + n);
            assertTrue(dead || oneMore == 0);
            other.port.close();
            successor.port.close();
            receiver.port.close();
            if (victim == null) {
                segment.leave();
            } else {
                victim.port.close();
            }
            assertFalse(Files.exists(file()));
            n++;
        } while (dead);
        assertTrue(n > 3 * MANY, "only " + n + " accesses");
    }

    /** What it had in hand comes again, one message at most. */
    @Test
    void shouldLoseNothingWhereverTheConsumerDies() {
        boolean dead;
        int n = 0;
        do {
            dead = false;
            Sender one = sender(1);
            Sender two = sender(2);
            Segment segment = open(Side.CONSUMER);
            FaultyMemory faulty = faulty(segment, 0);
            faulty.dieBefore(n);
            Receiver victim = null;
            try {
                victim = new Receiver(segment, faulty);
                for (int i = 0; i < MANY; i++) {
                    assertTrue(one.send() && two.send());
                    victim.poll();
                }
                victim.port.close();
            } catch (FaultyMemory.Death dies) {
                dead = true;
                die(segment, Side.CONSUMER);
            }
            Receiver successor = new Receiver(open(Side.CONSUMER), null);
            for (int i = 0; i < FEW; i++) {
                assertTrue(one.send() && two.send(), "after a death before access " + n);
                successor.poll();
            }
            int twice = 0;
            for (Sender each : List.of(one, two)) {
                List<Integer> before = victim == null ? List.of() : victim.of(each.source);
                List<Integer> after = successor.of(each.source);
                assertEquals(numbers(0, before.size()), before, "with a death before access " + n);
                assertEquals(numbers(after.get(0), each.accepted), after, "after a death before access " + n);
                assertTrue(after.get(0) <= before.size(), "lost by a death before access " + n);
                twice += before.size() - after.get(0);
            }
            assertTrue(twice <= (dead ? 1 : 0), twice + " messages came twice by a death before access " + n);
            one.port.close();
            two.port.close();
            successor.port.close();
            if (victim == null) {
                segment.leave();
            } else {
                victim.port.close();
            }
            assertFalse(Files.exists(file()));
            n++;
        } while (dead);
        assertTrue(n > 3 * MANY, "only " + n + " accesses");
    }

    /** A producer that stands still holds nobody up; the consumer gets what it has sent when it goes on. */
    @Test
    void shouldHoldNobodyUpWhereverAProducerIsStopped() {
        boolean[] stopped = {true};
        int n = 0;
        for (; stopped[0]; n++) {
            stopped[0] = false;
            int access = n;
            Receiver receiver = new Receiver(open(Side.CONSUMER), null);
            Sender other = sender(2);
            Segment segment = open(Side.PRODUCER);
            FaultyMemory faulty = faulty(segment, segment.place());
            faulty.before(n, () -> {
                stopped[0] = true;
                for (int i = 0; i < FEW; i++) {
                    assertTrue(other.send(), "with a stop before access " + access);
                    receiver.poll();
                }
                assertEquals(numbers(0, other.accepted), receiver.of(2), "with a stop before access " + access);
            });
            Sender victim = new Sender(segment, faulty, 1);
            for (int i = 0; i < MANY; i++) {
                assertTrue(victim.send());
                receiver.poll();
            }
            assertEquals(numbers(0, MANY), receiver.of(1), "with a stop before access " + n);
            victim.port.close();
            other.port.close();
            receiver.port.close();
            assertFalse(Files.exists(file()));
        }
        assertTrue(n > 3 * MANY, "only " + n + " accesses");
    }

    /** The producers fill their lanes meanwhile; all comes when the consumer goes on, what was refused does not. */
    @Test
    void shouldLoseNothingWhereverTheConsumerIsStopped() {
        boolean[] stopped = {true};
        int n = 0;
        for (; stopped[0]; n++) {
            stopped[0] = false;
            Sender one = sender(1);
            Sender two = sender(2);
            Segment segment = open(Side.CONSUMER);
            FaultyMemory faulty = faulty(segment, 0);
            faulty.before(n, () -> {
                stopped[0] = true;
                while (one.send() || two.send()) {
                    continue;
                }
            });
            Receiver victim = new Receiver(segment, faulty);
            for (int i = 0; i < MANY; i++) {
                one.send();
                two.send();
                victim.poll();
            }
            // A lane and a batch at a time.
            for (int i = 0; i < 4; i++) {
                victim.poll();
            }
            assertEquals(numbers(0, one.accepted), victim.of(1), "with a stop before access " + n);
            assertEquals(numbers(0, two.accepted), victim.of(2), "with a stop before access " + n);
            victim.port.close();
            one.port.close();
            two.port.close();
            assertFalse(Files.exists(file()));
        }
        assertTrue(n > 3 * MANY, "only " + n + " accesses");
    }

    private static List<String> expected() {
        return IntStream.range(0, 2 * FEW).mapToObj(i -> 1 + i / FEW + " " + i % FEW).sorted().toList();
    }

    /** What the handler throws takes this message and no other. */
    @Test
    void shouldLoseOnlyTheMessageWhoseHandlerThrows() {
        int messages = 2 * FEW;
        for (int n = 0; n < messages; n++) {
            Sender one = sender(1);
            Sender two = sender(2);
            Receiver receiver = new Receiver(open(Side.CONSUMER), null);
            receiver.refused = n;
            for (int i = 0; i < FEW; i++) {
                assertTrue(one.send() && two.send());
            }
            List<String> all = new ArrayList<>();
            for (int i = 0; i < messages; i++) {
                try {
                    receiver.poll();
                } catch (IllegalStateException refused) {
                    all.add(refused.getMessage());
                }
            }
            assertEquals(1, all.size(), "refusals");
            receiver.got.forEach((source, got) -> got.forEach(number -> all.add(source + " " + number)));
            Collections.sort(all);
            assertEquals(expected(), all, "with message " + n + " refused");
            one.port.close();
            two.port.close();
            receiver.port.close();
        }
    }
}
