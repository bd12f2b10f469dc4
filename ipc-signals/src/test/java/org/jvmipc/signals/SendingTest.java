package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;

/** Signals to other processes. */
@IpcDir
class SendingTest {
    private static final Path LAST_PID = Path.of("/proc/sys/kernel/ns_last_pid");
    private static final int KILLED = 128 + 9;
    private static final int TERMINATED = 128 + 15;
    private static final int NOBODY = 65534;
    private static final long TICKS_NANOS = 50_000_000;

    private static Process sleeper(String... before) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(before);
        builder.command().addAll(List.of("sleep", "60"));
        return builder.start();
    }

    private static int exitCode(Process process) throws InterruptedException {
        assertTrue(process.waitFor(10, TimeUnit.SECONDS), "it goes on");
        return process.exitValue();
    }

    @Test
    void shouldSendToAPidAHandleATargetAndAGroup() throws Exception {
        Process byPid = sleeper();
        Process byHandle = sleeper();
        Process byTarget = sleeper();
        Process group = sleeper("setsid");
        try (SignalTarget target = SignalTarget.of(byTarget.pid())) {
            Signals.kill(byPid.pid(), Signal.TERM);
            Signals.kill(byHandle.toHandle(), Signal.KILL);
            assertTrue(target.isAlive());
            assertEquals(byTarget.pid(), target.pid());
            target.send(Signal.TERM);
            assertEquals(TERMINATED, exitCode(byPid));
            assertEquals(KILLED, exitCode(byHandle));
            assertEquals(TERMINATED, exitCode(byTarget));
            assertFalse(target.isAlive());
            assertTrue(new ProcessBuilder("sh", "-c", "until kill -0 -" + group.pid() + " 2>/dev/null; do :; done")
                    .start().waitFor(10, TimeUnit.SECONDS), "setsid made no group");
            Signals.killGroup(group.pid(), Signal.KILL);
            assertEquals(KILLED, exitCode(group));
        } finally {
            for (Process process : new Process[] {byPid, byHandle, byTarget, group}) {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void shouldTellThatThereIsNoSuchProcess() throws Exception {
        Process process = sleeper();
        long pid = process.pid();
        assertTrue(Signals.exists(pid));
        SignalTarget target = SignalTarget.of(pid);
        process.destroyForcibly();
        exitCode(process);
        assertFalse(Signals.exists(pid));
        for (NoSuchProcessException missing : new NoSuchProcessException[] {
            assertThrows(NoSuchProcessException.class, () -> Signals.kill(pid, Signal.USR1)),
            assertThrows(NoSuchProcessException.class, () -> Signals.kill(process.toHandle(), Signal.USR1)),
            assertThrows(NoSuchProcessException.class, () -> Signals.killGroup(pid, Signal.USR1)),
            assertThrows(NoSuchProcessException.class, () -> Signals.tryQueue(pid, Signal.realTime(1), 1)),
            assertThrows(NoSuchProcessException.class, () -> SignalTarget.of(pid)),
            assertThrows(NoSuchProcessException.class, () -> target.send(Signal.USR1)),
            assertThrows(NoSuchProcessException.class, () -> target.tryQueue(Signal.realTime(1), 1))}) {
            assertEquals(pid, missing.pid());
            assertTrue(missing.getMessage().contains(String.valueOf(pid)), missing.getMessage());
        }
        target.close();
        target.close();
        assertThrows(IllegalStateException.class, () -> target.send(Signal.USR1));
        assertThrows(IllegalStateException.class, target::isAlive);
    }

    @Test
    void shouldTellThatItIsNotPermitted() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root starts processes of another user");
        Process target = sleeper("setpriv", "--reuid", String.valueOf(NOBODY), "--clear-groups");
        // Root without the capability to send to whomever it likes.
        try (ChildJvm child = ChildJvm.of(SignalPeer.class)
                .wrapper("setpriv", "--bounding-set", "-kill", "--inh-caps", "-kill").start()) {
            child.expect("ready");
            Await.until(Duration.ofSeconds(10), "a process of another user", () -> isNobodys(target.pid()));
            for (String way : new String[] {"kill", "target"}) {
                child.send(way + " " + target.pid() + " TERM");
                String answer = child.readLine();
                assertTrue(answer.startsWith("failed SignalNotPermittedException: SIGTERM to process " + target.pid()),
                        answer);
                assertTrue(answer.contains("not permitted to uid 0"), answer);
            }
            child.send("exists " + target.pid());
            assertEquals("ok true", child.readLine());
            assertTrue(target.isAlive());
        } finally {
            target.destroyForcibly().waitFor();
        }
    }

    private static boolean isNobodys(long pid) {
        try {
            return Files.getAttribute(Path.of("/proc", String.valueOf(pid)), "unix:uid").equals(NOBODY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldNotSendToAnotherProcessThatHasTheNumberNow() throws Exception {
        assumeTrue(Files.isWritable(LAST_PID), "only root chooses the number of a process");
        Process first = sleeper();
        long pid = first.pid();
        // The JDK tells processes of one number apart by the hundredth of a second in which they started.
        long start = System.nanoTime();
        Await.until(Duration.ofSeconds(1), "the next tick", () -> System.nanoTime() - start > TICKS_NANOS);
        ProcessHandle handle = first.toHandle();
        try (SignalTarget target = SignalTarget.of(pid)) {
            first.destroyForcibly();
            exitCode(first);
            Process second = null;
            // Others start processes, too.
            for (int attempt = 0; attempt < 100 && (second == null || second.pid() != pid); attempt++) {
                if (second != null) {
                    second.destroyForcibly().waitFor();
                }
                Files.writeString(LAST_PID, String.valueOf(pid - 1));
                second = sleeper();
            }
            assumeTrue(second.pid() == pid, "others are faster");
            try {
                assertThrows(NoSuchProcessException.class, () -> target.send(Signal.KILL));
                assertThrows(NoSuchProcessException.class, () -> target.tryQueue(Signal.realTime(1), 1));
                assertThrows(NoSuchProcessException.class, () -> Signals.kill(handle, Signal.KILL));
                assertFalse(target.isAlive());
                assertTrue(second.isAlive());
                assertTrue(Signals.exists(pid));
            } finally {
                second.destroyForcibly().waitFor();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Integer.MIN_VALUE, 1L << 31})
    void shouldRefuseNumbersThatMeanManyProcesses(long number) {
        assertThrows(IllegalArgumentException.class, () -> Signals.kill(number, Signal.TERM));
        assertThrows(IllegalArgumentException.class, () -> Signals.killGroup(number, Signal.TERM));
        assertThrows(IllegalArgumentException.class, () -> Signals.exists(number));
        assertThrows(IllegalArgumentException.class, () -> SignalTarget.of(number));
        assertThrows(IllegalArgumentException.class, () -> Signals.tryQueue(number, Signal.realTime(1), 1));
    }

    @Test
    void shouldRefuseTheGroupThatMeansEverybody() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Signals.killGroup(1, Signal.TERM))
                .getMessage().contains("all processes"));
    }
}
