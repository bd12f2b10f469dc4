package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildJvmTest {

    private static final Duration SOON = Duration.ofMillis(200);

    @Test
    void shouldTalkToAPeerLineByLine() {
        try (ChildJvm child = ChildJvm.of(Peers.Echo.class).args("a b", 7).start()) {
            assertEquals("ready [a b, 7]", child.readLine());
            child.send("gr\u00fc\u00dfe \u20ac");
            assertEquals("heard gr\u00fc\u00dfe \u20ac", child.expect("heard"));
            child.send("one");
            child.send("two");
            assertEquals("heard two", child.expect(Pattern.compile("tw.$"), ChildJvm.PATIENCE));
            child.send("end");
            assertEquals(0, child.awaitExit());
            assertEquals("ready [a b, 7]\nheard gr\u00fc\u00dfe \u20ac\nheard one\nheard two\n", child.output());
            assertEquals("", child.errors());
            assertFalse(child.isAlive());
        }
    }

    @Test
    void shouldGiveTheChildWhatTheBuilderSays(@TempDir java.nio.file.Path directory) {
        try (ChildJvm child = ChildJvm.of(Peers.Introduce.class).parameter("depth", 3).env("TESTKIT_COLOUR", "blue")
                .jvmArgs("-Xmx40m", "-XX:+UseParallelGC").directory(directory).start()) {
            assertEquals("pid " + child.pid(), child.readLine());
            assertEquals("parameter 3 default", child.readLine());
            assertEquals("environment blue", child.readLine());
            int heap = Integer.parseInt(child.expect("heap ").substring(5));
            assertTrue(heap > 30 && heap <= 40, () -> "heap " + heap);
            assertEquals("directory " + directory, child.readLine());
            assertEquals("feature " + Runtime.version().feature(), child.readLine());
            child.expect("nothing heard: null");
            assertEquals(0, child.awaitExit(), child::errors);
        }
    }

    @Test
    void shouldTellAllAboutAChildThatCrashed() {
        try (ChildJvm child = ChildJvm.of(Peers.Crash.class).start()) {
            AssertionError error = assertThrows(AssertionError.class, () -> child.expect("ready"));
            for (String part : List.of("Peers$Crash", "begins with \"ready\"", "the output has ended", "about to fail",
                    "crashed on purpose", "exited with 1", "-XX:+UseSerialGC", "PeerMain")) {
                assertTrue(error.getMessage().contains(part), error::getMessage);
            }
            assertEquals(1, child.awaitExit());
        }
    }

    @Test
    void shouldDumpTheThreadsOfAChildThatHangs() {
        try (ChildJvm child = ChildJvm.of(Peers.Hang.class).start()) {
            child.expect("hanging");
            AssertionError error = assertThrows(AssertionError.class, () -> child.awaitExit(SOON));
            assertTrue(error.getMessage().contains("expected to end within PT0.2S"), error::getMessage);
            assertTrue(error.getMessage().contains("state: running"), error::getMessage);
            assertTrue(error.getMessage().contains("Hang.loopForEver"), error::getMessage);
            assertTrue(child.isAlive());
        }
    }

    @Test
    void shouldReportKillAndTermByExitCode() {
        try (ChildJvm killed = ChildJvm.of(Peers.Hang.class).start();
                ChildJvm ended = ChildJvm.of(Peers.Hang.class).start()) {
            killed.expect("hanging");
            killed.kill();
            killed.awaitDeath(ChildJvm.PATIENCE);
            assertEquals(137, killed.awaitExit());
            ended.expect("hanging");
            ended.terminate();
            assertEquals(143, ended.awaitExit());
            AssertionError error = assertThrows(AssertionError.class, () -> ended.signal("TERM"));
            assertTrue(error.getMessage().contains("cannot send it SIGTERM: it is dead"), error::getMessage);
            assertThrows(AssertionError.class, ended::stop);
            assertThrows(AssertionError.class, () -> ended.send("too late"));
        }
    }

    @Test
    void shouldStopAndContinue() {
        try (ChildJvm child = ChildJvm.of(Peers.Echo.class).start()) {
            child.expect("ready");
            child.stop();
            Duration cpu = child.cpuTime();
            child.send("while stopped");
            AssertionError error = assertThrows(AssertionError.class, () -> child.readLine(SOON));
            assertTrue(error.getMessage().contains("state: stopped"), error::getMessage);
            assertEquals(cpu, child.cpuTime());
            assertTrue(child.isAlive());
            child.cont();
            child.expect("heard while stopped");
        }
    }

    @Test
    void shouldKillAStoppedChildOnClose() {
        ChildJvm child = ChildJvm.of(Peers.Echo.class).start();
        child.expect("ready");
        child.stop();
        child.close();
        assertFalse(ProcessHandle.of(child.pid()).isPresent());
        child.close();
    }

    @Test
    void shouldKillWhatTheChildHasStarted() {
        ChildJvm child = ChildJvm.of(Peers.Grandparent.class).start();
        long grandchild = Long.parseLong(child.expect("grandchild ").substring(11));
        assertTrue(ProcessHandle.of(grandchild).isPresent());
        child.close();
        Await.until(ChildJvm.PATIENCE, "the end of the grandchild", () -> isDead(grandchild));
    }

    @Test
    void shouldKeepTheLastOfMuchOutput() {
        try (ChildJvm child = ChildJvm.of(Peers.Chatter.class).args(200_000).start()) {
            assertEquals(0, child.awaitExit());
            String output = child.output();
            assertTrue(output.startsWith("[earlier output dropped]\n"), "start of the output");
            assertTrue(output.endsWith("line 199999\nthe rest \u00e4\u20ac\n"), "end of the output");
            assertTrue(output.length() <= OutputLog.LIMIT + 100, () -> "length " + output.length());
            assertEquals("and the error\n", child.errors());
        }
    }

    @Test
    void shouldLoseNoOutputOfShortLives() {
        for (int i = 0; i < 5; i++) {
            try (ChildJvm child = ChildJvm.of(Peers.Chatter.class).args(3).start()) {
                assertEquals(0, child.awaitExit());
                assertEquals("line 0\nline 1\nline 2\nthe rest \u00e4\u20ac\n", child.output());
            }
        }
    }

    @Test
    void shouldRunAnOrdinaryProgram() {
        try (ChildJvm child = ChildJvm.of(Peers.Program.class).args("x", "y").start()) {
            assertEquals("program x,y", child.readLine());
            child.send("its own input");
            assertEquals("read its own input", child.readLine());
            assertEquals(0, child.awaitExit());
        }
        try (ChildJvm child = ChildJvm.of(Peers.Program.class).args("fail").start()) {
            assertEquals(1, child.awaitExit());
            assertTrue(child.errors().contains("failed on purpose"), child::errors);
        }
    }

    @Test
    void shouldSeeCpuTimeOfSpinningAndSleeping() {
        try (ChildJvm child = ChildJvm.of(Peers.Spin.class).start()) {
            child.expect("spinning");
            Duration before = child.cpuTime();
            Await.until(ChildJvm.PATIENCE, "100 ms of CPU time",
                    () -> child.cpuTime().minus(before).toMillis() >= 100);
            AssertionError busy = assertThrows(AssertionError.class, () -> Await.idle(child.pid(),
                    Duration.ofMillis(500), Duration.ofMillis(10), Duration.ofSeconds(2)));
            assertTrue(busy.getMessage().contains("to use less than PT0.01S of CPU in PT0.5S"), busy.getMessage());
            child.stop();
            Await.idle(child.pid(), Duration.ofMillis(500), Duration.ofMillis(10), ChildJvm.PATIENCE);
            child.kill();
            child.awaitExit();
            assertThrows(AssertionError.class, () -> Await.idle(child.pid(),
                    Duration.ofMillis(500), Duration.ofMillis(10), ChildJvm.PATIENCE), "it has no threads");
        }
    }

    @Test
    void shouldLeaveNoOrphanWhenTheParentIsKilled() {
        try (ChildJvm parent = ChildJvm.of(Peers.Parent.class).start()) {
            List<Long> children = numbers(parent.expect("children "));
            parent.kill();
            Await.until(ChildJvm.PATIENCE, () -> "the end of " + children,
                    () -> children.stream().allMatch(ChildJvmTest::isDead));
        }
    }

    @Test
    void shouldLeaveNoOrphanWhenTheParentEndsEvenIfStopped() {
        try (ChildJvm parent = ChildJvm.of(Peers.Parent.class).parameter("stop", "yes").start()) {
            List<Long> children = numbers(parent.expect("children "));
            parent.terminate();
            assertEquals(143, parent.awaitExit());
            Await.until(ChildJvm.PATIENCE, () -> "the end of " + children,
                    () -> children.stream().allMatch(ChildJvmTest::isDead));
        }
    }

    @Test
    void shouldRefuseWhatCannotBeStartedByName() {
        class Local implements Peer {
            @Override
            public void run(PeerContext context) {
                throw new AssertionError("not reached");
            }
        }

        Peer lambda = context -> { };
        assertThrows(IllegalArgumentException.class, () -> ChildJvm.of(lambda.getClass()));
        assertThrows(IllegalArgumentException.class, () -> ChildJvm.of(Local.class));
        assertThrows(IllegalArgumentException.class, () -> ChildJvm.of(Peer.class));
        assertThrows(IllegalArgumentException.class, () -> ChildJvm.of(Peers.NeedsArgument.class));
        assertThrows(IllegalArgumentException.class, () -> ChildJvm.of(String.class));
    }

    @Test
    void shouldEndAWaitOnInterrupt() throws InterruptedException {
        try (ChildJvm child = ChildJvm.of(Peers.Hang.class).start()) {
            child.expect("hanging");
            AssertionError[] error = new AssertionError[1];
            boolean[] status = new boolean[1];
            Thread waiter = new Thread(() -> {
                error[0] = assertThrows(AssertionError.class, child::readLine);
                status[0] = Thread.currentThread().isInterrupted();
            });
            waiter.start();
            Await.blocked(waiter, ChildJvm.PATIENCE);
            waiter.interrupt();
            waiter.join();
            assertTrue(error[0].getMessage().contains("interrupted while a line was expected"), error[0]::getMessage);
            assertTrue(status[0]);
        }
    }

    private static List<Long> numbers(String line) {
        return Arrays.stream(line.split(" ")).skip(1).map(Long::valueOf).toList();
    }

    /** A zombie is dead: who has to reap an orphan depends on the machine. */
    static boolean isDead(long pid) {
        return ProcFs.stat(pid).map(stat -> stat.state() == 'Z').orElse(true);
    }
}
