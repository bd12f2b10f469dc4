package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Segments between processes, some of which die. */
@IpcDir
class SharedSegmentTwoJvmTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);
    private static final int SIZE = SegmentPeer.RACE_SIZE;
    private static final int RACERS = 8;

    @IpcDir
    private IpcScope scope;

    private final List<String> used = new ArrayList<>();

    private ChildJvm child(Object... args) {
        return scope.track(ChildJvm.of(SegmentPeer.class).args(args).start());
    }

    private String segment(String kind) {
        String text = kind + ":" + scope.name("segment");
        used.add(text);
        return text;
    }

    @AfterEach
    void shouldLeaveNothing() {
        // Of the dead, about whom nobody has asked; a process does it when it begins to use shared memory.
        LifeSign.sweep();
        for (String text : used) {
            assertEquals(Optional.empty(), SegmentPeer.builder(text).info());
            String key = Integer.toHexString(SysvBacking.key(text.substring(text.indexOf(':') + 1)));
            assertFalse(Files.exists(PosixNames.DIRECTORY.resolve(PosixNames.prefix() + "+sysv-key-" + key)), text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"posix", "sysv"})
    void shouldShareWordsAndBytes(String kind) throws Exception {
        String name = segment(kind);
        try (SharedSegment segment = SegmentPeer.builder(name).create(4096)) {
            ChildJvm child = child("echo", kind.equals("sysv") ? "id:" + segment.sysvId() : name);
            assertEquals("open " + segment.generation() + " 4096", child.readLine());
            SharedLong there = segment.longAt(0);
            SharedLong back = segment.longAt(64);
            for (long i = 1; i <= 2000; i++) {
                long expected = i + 1;
                there.set(i);
                assertEquals(expected, back.await(value -> value == expected, LONG));
                if (i == 1000 && kind.equals("posix")) {
                    goesOnWithoutAName(name, segment);
                }
            }
            segment.buffer().putInt(128, 4711);
            there.set(-1);
            assertEquals("text 4711", child.readLine());
            assertEquals(0, child.awaitExit());
            assertEquals(1, segment.participants().size());
        }
    }

    private static void goesOnWithoutAName(String name, SharedSegment segment) throws Exception {
        Files.delete(PosixNames.path(name.substring(name.indexOf(':') + 1)));
        try (SharedSegment newcomer = SegmentPeer.builder(name).openOrCreate(SIZE)) {
            assertTrue(newcomer.isCreator());
            assertNotEquals(segment.generation(), newcomer.generation());
        }
    }

    @Test
    void shouldUseNoNativeCodeIfItNeverSleeps() throws Exception {
        Path classes = scope.path("classes");
        ChildJvm child = scope.track(ChildJvm.of(SegmentPeer.class).args("plain", segment("posix"))
                .jvmArgs("-Xlog:class+load:file=" + classes).start());
        assertEquals("waited for 1", child.readLine());
        assertEquals(0, child.awaitExit());
        String loaded = Files.readString(classes);
        assertTrue(loaded.contains(SharedSegment.class.getName()));
        assertFalse(loaded.contains("com.kenai.jffi") || loaded.contains("jnr.ffi"));
        Files.delete(classes);
    }

    /** By default as many rounds as the promise says. */
    @ParameterizedTest
    @CsvSource({"posix, 500", "sysv, 40"})
    void shouldHaveOneCreatorAndOneGenerationHoweverManyRace(String kind, int usual) throws Exception {
        int rounds = Integer.getInteger("ipc.test.raceRounds", usual);
        String contested = segment(kind);
        String control = scope.name("control");
        try (SharedSegment segment = SharedSegment.posix(control).create(4096)) {
            List<ChildJvm> racers = new ArrayList<>();
            for (int i = 0; i < RACERS; i++) {
                racers.add(child("race", contested, control, i, rounds));
            }
            SharedInt phase = segment.intAt(SegmentPeer.PHASE);
            SharedInt done = segment.intAt(SegmentPeer.DONE);
            Set<Long> seen = new HashSet<>();
            for (int round = 0; round < rounds; round++) {
                int opened = (2 * round + 1) * RACERS;
                phase.set(2 * round + 1);
                done.await(value -> value == opened, LONG);
                int creators = 0;
                Set<Long> generations = new HashSet<>();
                for (int i = 0; i < RACERS; i++) {
                    generations.add(segment.longAt(SegmentPeer.RESULTS + 16L * i).get());
                    creators += (int) segment.longAt(SegmentPeer.RESULTS + 16L * i + 8).get();
                }
                assertEquals(1, generations.size(), "generations in round " + round);
                assertEquals(1, creators, "creators in round " + round);
                assertTrue(seen.addAll(generations), "another one than before in round " + round);
                phase.set(2 * round + 2);
                done.await(value -> value == opened + RACERS, LONG);
            }
            for (ChildJvm racer : racers) {
                assertEquals(0, racer.awaitExit());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"posix", "sysv"})
    void shouldMakeAnewWhatProcessesLeftThatWereKilled(String kind) {
        String name = segment(kind);
        List<ChildJvm> children = List.of(child("hold", name), child("hold", name), child("hold", name));
        Set<String> generations = new HashSet<>();
        children.forEach(child -> generations.add(child.expect("holds")));
        assertEquals(1, generations.size());
        assertEquals(3, SegmentPeer.builder(name).info().orElseThrow().participants().size());
        for (ChildJvm child : children) {
            child.kill();
            child.awaitDeath(LONG);
        }
        assertTrue(SegmentPeer.builder(name).info().orElseThrow().isUnused());
        ChannelNotFoundException left =
                assertThrows(ChannelNotFoundException.class, () -> SegmentPeer.builder(name).open());
        assertTrue(left.getMessage().contains("left behind"), left.getMessage());
        try (SharedSegment anew = SegmentPeer.builder(name).openOrCreate(SIZE)) {
            assertTrue(anew.isCreator());
            assertFalse(generations.contains("holds " + anew.generation()));
            assertEquals(0, anew.longAt(0).get());
        }
    }

    @Test
    void shouldGoOnWithWhatAKilledProcessWantedKept() {
        String name = segment("posix");
        ChildJvm child = child("keep", name);
        String holds = child.expect("holds");
        child.kill();
        child.awaitDeath(LONG);
        try (SharedSegment segment = SegmentPeer.builder(name).open()) {
            assertEquals(holds, "holds " + segment.generation());
            assertEquals(4711, segment.longAt(0).get());
            ChildJvm other = child("hold", name);
            assertEquals(holds, other.expect("holds"));
            other.terminate();
            assertEquals(143, other.awaitExit());
            assertEquals(1, segment.participants().size(), "one that is told to end leaves");
        }
        assertTrue(SegmentPeer.builder(name).info().orElseThrow().isUnused());
        assertTrue(SegmentPeer.builder(name).destroy());
    }

    @ParameterizedTest
    @ValueSource(strings = {"posix", "sysv"})
    void shouldTakeOverFromACreatorThatIsKilled(String kind) throws Exception {
        String name = segment(kind);
        ChildJvm creator = child("create", name);
        creator.expect("creating");
        IpcTimeoutException busy = assertThrows(IpcTimeoutException.class,
                () -> SegmentPeer.builder(name).patience(Duration.ofMillis(100)).open());
        if (kind.equals("posix")) {
            assertTrue(busy.getMessage().contains("pid " + creator.pid()), busy.getMessage());
        }
        CompletableFuture<SharedSegment> opening = new CompletableFuture<>();
        Thread opener = new Thread(() -> opening.complete(
                SegmentPeer.builder(name).patience(LONG).openOrCreate(SIZE)));
        opener.start();
        Await.blockedIn(opener, "SegmentFile.lock", LONG);
        creator.kill();
        Await.until(TWO_SECONDS, "the segment to be made by another one", opening::isDone);
        try (SharedSegment segment = opening.get()) {
            assertTrue(segment.isCreator());
            assertEquals(SIZE, segment.size());
        }
        ChildJvm second = child("create", name);
        second.expect("creating");
        second.kill();
        second.awaitDeath(LONG);
        ChannelNotFoundException dead = assertThrows(ChannelNotFoundException.class,
                () -> SegmentPeer.builder(name).patience(Duration.ofMillis(100)).open());
        assertTrue(dead.getMessage().contains("died before"), dead.getMessage());
        assertTrue(SegmentPeer.builder(name).destroy());
    }

    @ParameterizedTest
    @CsvSource({"posix, looks", "posix, unlinks", "sysv, looks", "sysv, unlinks"})
    void shouldFinishTheCleaningOfACleanerThatIsKilled(String kind, String until) {
        String name = segment(kind);
        ChildJvm user = child("hold", name);
        user.expect("holds");
        user.kill();
        user.awaitDeath(LONG);
        ChildJvm cleaner = child("clean", name, until);
        cleaner.expect("cleaning");
        cleaner.kill();
        cleaner.awaitDeath(LONG);
        try (SharedSegment segment = SegmentPeer.builder(name).openOrCreate(SIZE)) {
            assertTrue(segment.isCreator());
        }
        assertFalse(SegmentPeer.builder(name).destroy(), "nothing is left to do");
    }

    @ParameterizedTest
    @ValueSource(strings = {"posix", "sysv"})
    void shouldStayWholeWhileProcessesAreKilledInTheMiddleOfIt(String kind) {
        String name = segment(kind);
        Random random = new Random(11);
        for (boolean held : new boolean[] {true, false}) {
            SharedSegment mine = held ? SegmentPeer.builder(name).create(SIZE) : null;
            for (int kills = 0; kills < 3; kills++) {
                ChildJvm one = child("churn", name, held ? mine.generation() : 0);
                ChildJvm two = child("churn", name, held ? mine.generation() : 0);
                one.expect("churns");
                two.expect("churns");
                long end = System.nanoTime() + random.nextInt(100_000_000);
                Await.until(LONG, "some time to pass", () -> System.nanoTime() > end);
                one.kill();
                one.awaitDeath(LONG);
                try (SharedSegment segment = SegmentPeer.builder(name).openOrCreate(SIZE)) {
                    assertTrue(!held || segment.generation() == mine.generation());
                }
                two.kill();
                two.awaitDeath(LONG);
                assertFalse(one.output().contains("split") || two.output().contains("split"));
                assertEquals("", one.errors() + two.errors());
            }
            if (held) {
                assertEquals(1, mine.participants().size());
                mine.close();
            } else {
                SegmentPeer.builder(name).openOrCreate(SIZE).close();
            }
        }
    }
}
