package org.jvmipc.mq.internal.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A consumer dies before each of its stores in turn, in everything that it can do; then another one goes on. No
 * message is lost, what was acknowledged does not come again, and what comes twice had been with one who died, or was
 * given back.
 */
@Timeout(60)
class GroupFaultTest {
    private static final int MESSAGES = 12;
    private static final int WINDOW = 5;
    private static final int VICTIM = 1;
    private static final int HELPER = 2;
    private static final int SUCCESSOR = 3;
    private static final int STORES_MAX = 2000;

    /** What a consumer wants. */
    private enum Kind {
        PLAIN, TWICE_AT_MOST, TIMED, AT_MOST_ONCE
    }

    /** A group, and what was seen of its messages. */
    private static final class World {
        private final ByteBuffer memory = ByteBuffer.allocateDirect(GroupLayout.fileSize(WINDOW))
                .order(ByteOrder.nativeOrder());
        private final Words words = new MappedWords(memory);
        private final TestLog log = TestLog.inMemory(MESSAGES);
        private final BitSet dead = new BitSet();
        private final List<Integer> deadLetters = new ArrayList<>();
        /** Who has a message, as far as consumers know; what it was taken from by time or death is not taken out. */
        private final Map<Integer, Integer> holders = new HashMap<>();
        private final Map<Integer, Integer> taken = new TreeMap<>();
        private final TreeSet<Integer> acknowledged = new TreeSet<>();
        /** What a consumer was acknowledging, or putting to the dead letters, or taking for good, when it died. */
        private final TreeSet<Integer> unknown = new TreeSet<>();
        private final TreeSet<Integer> mayComeAgain = new TreeSet<>();
        private long now = 1_000_000;

        World() {
            log.clock(() -> now);
            for (int i = 0; i < MESSAGES; i++) {
                // Some are due later.
                log.append(ByteBuffer.allocate(4).putInt(0, i), i % 4 == 3 ? now + 500 : 0);
            }
        }

        Consumer consumer(int member, Kind kind, long diesAt) {
            return new Consumer(this, member, kind, diesAt);
        }

        void dies(int member) {
            dead.set(member);
            holders.forEach((message, holder) -> {
                if (holder == member) {
                    mayComeAgain.add(message);
                }
            });
        }

        /** The successor gets the rest, in the order of the log but for what was with others before. */
        void checkEnd(Kind kind) {
            Consumer last = consumer(SUCCESSOR, kind, Long.MAX_VALUE);
            for (int round = 0; round < 4 * MESSAGES; round++) {
                now += 1_000_000;
                last.group.lookAfterTheDead();
                for (int message = last.take(); message >= 0; message = last.take()) {
                    last.acknowledge();
                }
            }
            TreeSet<Integer> done = new TreeSet<>(acknowledged);
            done.addAll(deadLetters);
            done.addAll(unknown);
            assertEquals(MESSAGES, done.size(), () -> "acknowledged " + acknowledged + ", dead letters " + deadLetters);
            GroupNumbers numbers = last.group.numbers();
            assertEquals(0, numbers.depth());
            assertEquals(TestLog.index(MESSAGES - 1) + 1, numbers.committed());
            last.group.close();
        }
    }

    /** A consumer that lives until a certain store. */
    private static final class Consumer {
        private final World world;
        private final int member;
        private final Group group;
        private final Kind kind;
        private final FaultyWords words;
        private Claim claim;
        private int message;

        Consumer(World world, int member, Kind kind, long diesAt) {
            this.world = world;
            this.member = member;
            this.kind = kind;
            this.words = new FaultyWords(world.words, diesAt);
            GroupSettings settings = new GroupSettings(Path.of("/q"), "g", WINDOW, false,
                    kind == Kind.TWICE_AT_MOST ? 1 : -1, Duration.ZERO,
                    kind == Kind.TIMED ? Duration.ofNanos(200_000) : Duration.ZERO, kind == Kind.AT_MOST_ONCE);
            this.group = new Group(settings, world.log, new Graves(world), new GroupParts(Path.of("/q/g"), WINDOW,
                    world.memory, words, new Dead(world, member), () -> { }, () -> { },
                    () -> world.now));
        }

        /** The number of a message, or -1. */
        int take() {
            claim = group.take();
            if (claim == null) {
                return -1;
            }
            group.read(claim, bytes -> message = bytes.getInt(bytes.position()));
            boolean again = world.taken.merge(message, 1, Integer::sum) > 1;
            if (again) {
                assertTrue(world.mayComeAgain.contains(message), () -> message + " came again");
                assertTrue(!world.acknowledged.contains(message), () -> message + " came after its acknowledgement");
            }
            world.holders.put(message, member);
            if (kind == Kind.AT_MOST_ONCE) {
                world.acknowledged.add(message);
            } else if (kind == Kind.TIMED) {
                world.mayComeAgain.add(message);
            }
            return message;
        }

        void acknowledge() {
            if (kind == Kind.AT_MOST_ONCE) {
                return;
            }
            world.unknown.add(message);
            boolean mine = group.acknowledge(claim);
            world.unknown.remove(message);
            if (mine) {
                assertTrue(world.acknowledged.add(message), () -> message + " was acknowledged twice");
                world.holders.remove(message);
            } else {
                assertEquals(Kind.TIMED, kind);
            }
        }

        void giveBack(Duration delay) {
            world.mayComeAgain.add(message);
            group.giveBack(claim, delay);
        }
    }

    /** Members of whom the test says who is dead. */
    private record Dead(World world, int self) implements Members {
        @Override
        public boolean isGone(int number) {
            return world.dead.get(number);
        }

        @Override
        public String describe(int number) {
            return "member " + number;
        }

        @Override
        public int count() {
            return 1;
        }
    }

    /** Dead letters; who dies in the middle may leave one twice. */
    private record Graves(World world) implements DeadLetters {
        @Override
        public void append(ByteBuffer message) {
            world.deadLetters.add(message.getInt(message.position()));
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    /** What a victim does. */
    private record Script(String name, Kind kind, Steps steps) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** The steps of a script. */
    private interface Steps {
        void run(World world, Consumer victim);
    }

    private static void acknowledges(World world, Consumer victim) {
        for (int i = 0; i < MESSAGES; i++) {
            if (victim.take() >= 0) {
                victim.acknowledge();
            }
            world.now += 100;
        }
    }

    private static void keepsSome(World world, Consumer victim) {
        Consumer helper = world.consumer(HELPER, victim.kind, Long.MAX_VALUE);
        for (int i = 0; i < MESSAGES; i++) {
            if (victim.take() >= 0 && i % 3 != 0) {
                victim.acknowledge();
            }
            if (helper.take() >= 0) {
                helper.acknowledge();
            }
            world.now += 100;
        }
        victim.group.numbers();
    }

    private static void givesBack(World world, Consumer victim) {
        for (int i = 0; i < 2 * MESSAGES; i++) {
            if (victim.take() >= 0) {
                if (i % 2 == 0) {
                    victim.giveBack(i % 4 == 0 ? null : Duration.ofNanos(150_000));
                } else {
                    victim.acknowledge();
                }
            }
            world.now += 100;
        }
    }

    private static void takesOver(World world, Consumer victim) {
        for (int i = 0; i < 4; i++) {
            int other = 10 + i;
            Consumer dying = world.consumer(other, victim.kind, 3 + 2 * i);
            try {
                for (int k = 0; k < 3; k++) {
                    dying.take();
                }
                throw new AssertionError("it lives");
            } catch (FaultyWords.Death expected) {
                world.dies(other);
            }
            victim.group.lookAfterTheDead();
            if (victim.take() >= 0) {
                victim.acknowledge();
            }
            world.now += 300;
        }
    }

    private static void failsAlways(World world, Consumer victim) {
        for (int i = 0; i < 4 * MESSAGES && world.deadLetters.size() < MESSAGES; i++) {
            if (victim.take() >= 0) {
                victim.giveBack(Duration.ZERO);
            }
            world.now += 100;
        }
    }

    private static void closes(World world, Consumer victim) {
        victim.take();
        world.mayComeAgain.add(victim.message);
        victim.take();
        world.mayComeAgain.add(victim.message);
        victim.group.close();
    }

    static Stream<Script> scripts() {
        return Stream.of(new Script("acknowledges", Kind.PLAIN, GroupFaultTest::acknowledges),
                new Script("acknowledges in time or not", Kind.TIMED, GroupFaultTest::keepsSome),
                new Script("keeps some", Kind.PLAIN, GroupFaultTest::keepsSome),
                new Script("gives back", Kind.PLAIN, GroupFaultTest::givesBack),
                new Script("gives back to dead letters", Kind.TWICE_AT_MOST, GroupFaultTest::givesBack),
                new Script("fails always", Kind.TWICE_AT_MOST, GroupFaultTest::failsAlways),
                new Script("takes over", Kind.PLAIN, GroupFaultTest::takesOver),
                new Script("at most once", Kind.AT_MOST_ONCE, GroupFaultTest::acknowledges),
                new Script("closes", Kind.PLAIN, GroupFaultTest::closes));
    }

    private static boolean dies(World world, Script script, int member, long at) {
        Consumer victim = world.consumer(member, script.kind(), at);
        try {
            script.steps().run(world, victim);
            return false;
        } catch (FaultyWords.Death expected) {
            if (script.kind() == Kind.AT_MOST_ONCE) {
                // It may have taken it for good.
                for (int i = 0; i < MESSAGES; i++) {
                    if (!world.taken.containsKey(i)) {
                        world.unknown.add(i);
                    }
                }
            }
            world.dies(member);
            return true;
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void shouldLoseNothingWhereverOneDies(Script script) {
        boolean died = true;
        int at = 0;
        for (; died; at++) {
            assertTrue(at < STORES_MAX);
            World world = new World();
            died = dies(world, script, VICTIM, at);
            world.dies(VICTIM);
            world.dies(HELPER);
            world.checkEnd(script.kind());
            int lost = MESSAGES - world.taken.size();
            assertTrue(lost <= (script.kind() == Kind.AT_MOST_ONCE && died ? 1 : 0), lost + " lost at " + at);
        }
        assertTrue(at > 15, "died at " + at + " places only");
    }

    /** The second one dies while it takes over from the first one. */
    @ParameterizedTest
    @MethodSource("scripts")
    void shouldLoseNothingIfOneAfterTheOtherDies(Script script) {
        Random random = new Random(7);
        for (int run = 0; run < 60; run++) {
            World world = new World();
            int deaths = 0;
            for (int i = 0; i < 4; i++) {
                deaths += dies(world, script, 20 + i, random.nextInt(60)) ? 1 : 0;
                world.dies(20 + i);
            }
            world.dies(HELPER);
            world.checkEnd(script.kind());
            int lost = MESSAGES - world.taken.size();
            assertTrue(lost <= (script.kind() == Kind.AT_MOST_ONCE ? deaths : 0), lost + " lost in run " + run);
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void shouldPutEachIntoTheDeadLettersOnce(Script script) {
        World world = new World();
        script.steps().run(world, world.consumer(VICTIM, script.kind(), Long.MAX_VALUE));
        assertEquals(world.deadLetters.stream().distinct().toList(), world.deadLetters);
        assertTrue(script.kind() == Kind.TWICE_AT_MOST || world.deadLetters.isEmpty());
        if (script.name().equals("fails always")) {
            assertEquals(MESSAGES, world.deadLetters.size());
            assertNull(world.consumer(SUCCESSOR, script.kind(), Long.MAX_VALUE).group.take());
        }
    }
}
