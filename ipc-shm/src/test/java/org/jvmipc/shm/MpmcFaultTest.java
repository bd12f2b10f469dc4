package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A participant dies, or stops and goes on later, before each of its accesses in turn, or its handler throws. What the
 * others do meanwhile happens inside of that access, so that all is the same in each run.
 */
class MpmcFaultTest {
    private static final int CAPACITY = 1024;
    private static final int SLOTS = 6;
    private static final MpmcLayout LAYOUT = new MpmcLayout(SegmentLayout.HEADER_SIZE, SLOTS, SLOTS, CAPACITY);
    private static final int[] LENGTHS = {8, 200, 64, 65, 500, 9, 330, 128, 700, 8};
    private static final int VICTIM = 0;
    private static final int HELPERS = 3;
    private static final int ACCESSES_MAX = 5000;

    /** A ring with participants in it. */
    private static final class World {
        private final RingMemory memory = new MappedMemory(
                ByteBuffer.allocateDirect(LAYOUT.end()).order(ByteOrder.nativeOrder()));
        private final BitSet dead = new BitSet();
        private final MpmcHistory history = new MpmcHistory();
        private final MpmcRing ring = ring(memory);
        private final Sender sender = new Sender(ring, 1);
        private final Receiver[] receivers = {new Receiver(ring, 2), new Receiver(ring, HELPERS)};

        MpmcRing ring(RingMemory of) {
            return new MpmcRing(of, LAYOUT, dead::get, dead::get);
        }

        /** Others send and receive several laps, or as much as the one who stands still lets them. */
        void othersGoOn() {
            for (int i = 0; i < 60; i++) {
                if (!sender.send(LENGTHS[i % LENGTHS.length])) {
                    receivers[i % 2].receive(1 + i % 3);
                }
            }
            receivers[0].receive(100);
        }

        /** Either all others can go on, or the ring tells who holds them up. */
        void checkWhoHoldsUp(int stopped) {
            boolean held = false;
            for (int i = 0; i < 40 && !held; i++) {
                held = !sender.send(100) && receivers[i % 2].receive(100) == 0 && !sender.send(100);
            }
            if (held) {
                long word = ring.holdsUpProducers();
                assertTrue(word != 0);
                assertEquals(stopped, LAYOUT.slot(word));
            }
        }

        /** All that was committed arrives, and the ring works. */
        void checkEnd() {
            othersGoOn();
            receivers[0].look();
            receivers[1].look();
            while (receivers[0].receive(100) + receivers[1].receive(100) > 0) {
                continue;
            }
            assertFalse(receivers[0].consumer.hasRecord());
            assertEquals(0, ring.depthMessages());
            ring.check();
            history.check();
            int before = receivers[0].seen.count();
            for (int i = 0; i < 3 * LAYOUT.cells(); i++) {
                assertTrue(sender.send(64), "the ring is blocked");
                assertEquals(1, receivers[0].receive(1));
            }
            assertEquals(before + 3 * LAYOUT.cells(), receivers[0].seen.count());
            history.check();
        }

        final class Sender {
            private final MpmcProducer producer;
            private final MpmcHistory.Sending sent = history.sending();

            Sender(MpmcRing ring, int slot) {
                producer = new MpmcProducer(ring, slot);
            }

            boolean send(int length) {
                boolean accepted = producer.offer(sent.next(length));
                sent.sent(accepted);
                return accepted;
            }
        }

        final class Receiver {
            private final MpmcConsumer consumer;
            private final MpmcHistory.Receiving seen = history.receiving();

            Receiver(MpmcRing ring, int slot) {
                consumer = new MpmcConsumer(ring, slot);
            }

            int receive(int limit) {
                return consumer.poll(seen::whole, limit);
            }

            void look() {
                consumer.lookBack();
            }
        }
    }

    /** What a victim does; the memory is its own view of that of the world. */
    private interface Script {
        void run(World world, FaultyMemory memory);
    }

    private static void sends(World world, FaultyMemory memory) {
        World.Sender victim = world.new Sender(world.ring(memory), VICTIM);
        for (int length : LENGTHS) {
            for (int tries = 0; !victim.send(length) && tries < 3; tries++) {
                world.receivers[tries % 2].receive(2);
            }
        }
    }

    /** Comes after one who died when nobody had seen its claim, and so has to help first. */
    private static void sendsAfterADeadOne(World world, FaultyMemory memory) {
        for (int length : new int[] {8, 300}) {
            world.dead.clear(5);
            new MpmcProducer(world.ring, 5).tryClaim(length);
            world.dead.set(5);
            World.Sender victim = world.new Sender(world.ring(memory), VICTIM);
            victim.send(100);
            world.receivers[0].receive(1);
            victim.send(100);
        }
    }

    private static void receives(World world, FaultyMemory memory) {
        World.Receiver victim = world.new Receiver(world.ring(memory), VICTIM);
        try {
            for (int i = 0; i < LENGTHS.length; i++) {
                while (world.sender.send(LENGTHS[i])) {
                    continue;
                }
                victim.receive(1 + i % 3);
                victim.consumer.hasRecord();
                world.receivers[0].receive(1);
            }
        } catch (FaultyMemory.Death death) {
            victim.seen.died();
            throw death;
        }
    }

    /** Takes what a dead consumer had in hand. */
    private static void receivesAfterADeadOne(World world, FaultyMemory memory) {
        World.Receiver victim = world.new Receiver(world.ring(memory), VICTIM);
        try {
            for (int i = 0; i < 3; i++) {
                world.sender.send(LENGTHS[i]);
                world.sender.send(LENGTHS[i + 1]);
                dieWithAMessageInHand(world, 4 + i % 2);
                victim.look();
                victim.receive(1 + i);
                world.receivers[0].receive(1);
            }
        } catch (FaultyMemory.Death death) {
            victim.seen.died();
            throw death;
        }
    }

    private static void dieWithAMessageInHand(World world, int slot) {
        world.dead.clear(slot);
        FaultyMemory memory = new FaultyMemory(world.memory);
        MpmcConsumer dying = new MpmcConsumer(world.ring(memory), slot);
        assertThrows(FaultyMemory.Death.class, () -> dying.poll(message -> memory.die(), 1));
        world.history.receiving().died();
        world.dead.set(slot);
    }

    /** Comes into a slot whose last occupant died with a claim that nobody, or somebody, has seen. */
    private static void takesOverAClaim(World world, FaultyMemory memory) {
        for (int length : new int[] {8, 300}) {
            new MpmcProducer(world.ring, VICTIM).tryClaim(length);
            if (length == 300) {
                world.sender.send(1);
            }
            World.Sender victim = world.new Sender(world.ring(memory), VICTIM);
            victim.send(100);
            world.receivers[0].receive(2);
        }
    }

    /** Comes into a slot whose last occupant died with a message in hand. */
    private static void takesOverAMessage(World world, FaultyMemory memory) {
        for (int i = 0; i < 2; i++) {
            world.sender.send(100);
            world.sender.send(8);
            world.receivers[0].receive(i);
            dieWithAMessageInHand(world, VICTIM);
            world.dead.clear(VICTIM);
            receive(world, memory, 3 * i);
            world.receivers[0].look();
            world.receivers[0].receive(3);
        }
    }

    private static void receive(World world, FaultyMemory memory, int limit) {
        World.Receiver victim = world.new Receiver(world.ring(memory), VICTIM);
        try {
            victim.receive(limit);
        } catch (FaultyMemory.Death death) {
            victim.seen.died();
            throw death;
        }
    }

    private static boolean dies(World world, Script script, int at) {
        FaultyMemory memory = new FaultyMemory(world.memory);
        memory.dieBefore(at);
        try {
            script.run(world, memory);
            return false;
        } catch (FaultyMemory.Death expected) {
            world.dead.set(VICTIM);
            return true;
        }
    }

    static Stream<Script> scripts() {
        return Stream.of(MpmcFaultTest::sends, MpmcFaultTest::sendsAfterADeadOne, MpmcFaultTest::receives,
                MpmcFaultTest::receivesAfterADeadOne, MpmcFaultTest::takesOverAClaim, MpmcFaultTest::takesOverAMessage);
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void shouldLoseNothingWhereverOneDies(Script script) {
        for (int at = 0; true; at++) {
            assertTrue(at < ACCESSES_MAX);
            World world = new World();
            boolean died = dies(world, script, at);
            world.checkEnd();
            if (!died) {
                assertTrue(at > 20, "died at " + at + " places only");
                return;
            }
        }
    }

    /** The second one dies while it takes over from the first one. */
    @ParameterizedTest
    @MethodSource("scripts")
    void shouldLoseNothingWhereverTwoDieInOneSlot(Script script) {
        Random random = new Random(7);
        for (int run = 0; run < 1500; run++) {
            World world = new World();
            for (int death = 0; death < 3; death++) {
                world.dead.clear(VICTIM);
                dies(world, script, random.nextInt(120));
            }
            world.checkEnd();
        }
    }

    /** What a handler throws takes this message and no other, also if others take what is before and behind it. */
    @Test
    void shouldLoseOnlyTheMessageWhoseHandlerThrows() {
        int count = LENGTHS.length;
        for (int n = 0; n < count; n++) {
            World world = new World();
            World.Receiver victim = world.new Receiver(world.ring, VICTIM);
            int refused = n;
            int[] handled = {0};
            int thrown = 0;
            for (int i = 0; i < count; i++) {
                assertTrue(world.sender.send(8));
                assertTrue(world.sender.send(8));
                assertEquals(1, world.receivers[i % 2].receive(1));
                try {
                    assertEquals(1, victim.consumer.poll(message -> {
                        victim.seen.whole(message);
                        if (handled[0]++ == refused) {
                            throw new IllegalStateException("refused");
                        }
                    }, 1));
                } catch (IllegalStateException told) {
                    thrown++;
                }
            }
            assertEquals(1, thrown);
            assertEquals(2 * count, world.history.check(), "with message " + n + " refused");
            world.checkEnd();
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void shouldBreakNothingWhereverOneStandsStillForLapsAndGoesOn(Script script) {
        boolean[] stopped = {true};
        int at = 0;
        for (; stopped[0]; at++) {
            assertTrue(at < ACCESSES_MAX);
            stopped[0] = false;
            World world = new World();
            FaultyMemory memory = new FaultyMemory(world.memory);
            memory.before(at, () -> {
                stopped[0] = true;
                world.othersGoOn();
                world.checkWhoHoldsUp(VICTIM);
            });
            script.run(world, memory);
            world.checkEnd();
        }
        assertTrue(at > 20, "stopped at " + at + " places only");
    }
}
