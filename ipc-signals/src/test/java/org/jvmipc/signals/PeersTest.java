package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** The ends of other processes. */
@IpcDir
@ExtendWith(SharedThreads.class)
class PeersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** From this kernel on anybody is told how a process ended. */
    private static final int[] TELLS = {6, 15};

    private static Exit get(CompletableFuture<Exit> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    private static boolean kernelTells() {
        int[] version = Arrays.stream(System.getProperty("os.version").split("[^0-9]+")).limit(2)
                .mapToInt(Integer::parseInt).toArray();
        return Arrays.compare(version, TELLS) >= 0;
    }

    private static void assertEnd(Exit.Kind kind, int code, Exit exit) {
        if (kernelTells()) {
            assertEquals(new Exit(exit.pid(), kind, code), exit);
        } else {
            assertEquals(new Exit(exit.pid(), Exit.Kind.UNKNOWN, -1), exit);
        }
    }

    /** Of processes that are not children of this one. */
    @Test
    void shouldTellTheEndOfAnyProcessAndHowItEnded() throws Exception {
        Process parent = new ProcessBuilder("bash", "-c",
                "exec 3<&0; sleep 60 & echo $!; (read go <&3; exit 7) & echo $!; wait").start();
        try (BufferedReader lines = parent.inputReader()) {
            long killed = Long.parseLong(lines.readLine());
            long exits = Long.parseLong(lines.readLine());
            CompletableFuture<Exit> first = Peers.onExit(killed);
            CompletableFuture<Exit> second = Peers.onExit(exits);
            CompletableFuture<Exit> cancelled = Peers.onExit(exits);
            assertTrue(cancelled.cancel(false));
            assertFalse(first.isDone() || second.isDone());
            Signals.kill(killed, Signal.TERM);
            assertEnd(Exit.Kind.KILLED, Signal.TERM.number(), get(first));
            assertEquals(killed, get(first).pid());
            assertFalse(second.isDone());
            parent.getOutputStream().write('\n');
            parent.getOutputStream().flush();
            assertEnd(Exit.Kind.EXITED, 7, get(second));
            assertThrows(NoSuchProcessException.class, () -> Peers.onExit(killed));
        } finally {
            parent.descendants().forEach(ProcessHandle::destroyForcibly);
            parent.destroyForcibly();
        }
    }

    @Test
    void shouldTellTheEndOfAChild() throws Exception {
        Process killed = new ProcessBuilder("sleep", "60").start();
        CompletableFuture<Exit> end = Peers.onExit(killed);
        Signals.kill(killed.toHandle(), Signal.KILL);
        assertEquals(new Exit(killed.pid(), Exit.Kind.KILLED, 9), get(end));
        assertEquals(Signal.KILL, get(end).signal());
        assertEquals("process " + killed.pid() + " was killed by SIGKILL", get(end).toString());
        Process exits = new ProcessBuilder("sh", "-c", "read go; exit 3").start();
        end = Peers.onExit(exits);
        exits.getOutputStream().close();
        Exit exit = get(end);
        assertEquals(new Exit(exits.pid(), Exit.Kind.EXITED, 3), exit);
        assertThrows(IllegalStateException.class, exit::signal);
        assertEquals(exit, get(Peers.onExit(exits)), "also afterwards");
        // What the JDK cannot tell apart.
        Process pretends = new ProcessBuilder("sh", "-c", "read go; exit 143").start();
        end = Peers.onExit(pretends);
        pretends.getOutputStream().close();
        assertEquals(kernelTells() ? new Exit(pretends.pid(), Exit.Kind.EXITED, 143)
                : new Exit(pretends.pid(), Exit.Kind.KILLED, 15), get(end));
    }

    /** Starts a bound child from a thread that ends. */
    static final class Parent implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            Thread starter = new Thread(() -> {
                try {
                    Process child = Peers.startBound(new ProcessBuilder("sleep", "60"), Signal.TERM);
                    context.say(String.valueOf(child.pid()));
                } catch (IOException e) {
                    context.say(e.toString());
                }
            });
            starter.start();
            starter.join();
            context.say("started");
            context.hear();
        }
    }

    @Test
    void shouldEndABoundChildWithItsParentAndNotWithTheThreadThatStartedIt() {
        try (ChildJvm parent = ChildJvm.of(Parent.class).start()) {
            long pid = Long.parseLong(parent.readLine());
            parent.expect("started");
            try (SignalTarget child = SignalTarget.of(pid)) {
                assertTrue(child.isAlive());
                assertEquals("sleep", commandOf(pid));
                parent.kill();
                Await.until(PATIENCE, "the end of the child", () -> !child.isAlive());
            }
        }
    }

    private static String commandOf(long pid) {
        return Await.value(PATIENCE, "the program", () -> ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .map(path -> path.substring(path.lastIndexOf('/') + 1))
                .filter(name -> name.equals("sleep")).orElse(null));
    }

    private static char stateOf(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldStartABoundChildAsItsBuilderSays() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "echo $WORD $1 $0 \"$PWD\"; exit 4", "a b", "c");
        builder.environment().put("WORD", "word");
        builder.directory(new File("/"));
        Process child = Peers.startBound(builder, Signal.KILL);
        assertEquals("word c a b /\n", new String(child.getInputStream().readAllBytes()));
        assertEquals(new Exit(child.pid(), Exit.Kind.EXITED, 4), get(Peers.onExit(child)));
    }

    @Test
    void shouldSayWhatABoundChildCannotBe() {
        assertThrows(IllegalArgumentException.class, () -> Peers.startBound(new ProcessBuilder(), Signal.TERM));
        assertThrows(NullPointerException.class, () -> Peers.startBound(new ProcessBuilder("true", null), Signal.TERM));
    }

    private static Process stubborn() throws IOException {
        return new ProcessBuilder("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.05; done").start();
    }

    @Test
    void shouldEndAGroupInOrderAndKillWhoDoesNotGo() throws Exception {
        Process polite = new ProcessBuilder("sh", "-c", "trap 'exit 5' TERM; echo ready; while :; do sleep 0.05; done")
                .start();
        Process stubborn = stubborn();
        Process stopped = new ProcessBuilder("sleep", "60").start();
        Process gone = new ProcessBuilder("true").start();
        try {
            assertEquals("ready", polite.inputReader().readLine());
            assertEquals("ready", stubborn.inputReader().readLine());
            gone.waitFor();
            Signals.kill(stopped.toHandle(), Signal.STOP);
            Await.until(PATIENCE, "it to be stopped", () -> stateOf(stopped.pid()) == 'T');
            Shutdown shutdown = Peers.shutdown(List.of(polite.toHandle(), stubborn.toHandle(), stopped.toHandle(),
                    gone.toHandle()), Duration.ofMillis(400));
            assertEquals(List.of(polite.pid(), gone.pid()), shutdown.ended());
            assertEquals(List.of(stubborn.pid(), stopped.pid()), shutdown.killed());
            assertFalse(shutdown.isOrderly());
            assertEquals(5, polite.waitFor());
            assertEquals(128 + 9, stubborn.waitFor());
            assertTrue(Peers.shutdown(List.of(polite.toHandle()), Duration.ofDays(100_000)).isOrderly());
        } finally {
            for (Process process : List.of(polite, stubborn, stopped)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    /** The JDK takes such a one for alive. */
    @Test
    void shouldNotWaitForParentsThatNeverTakeNotice() throws Exception {
        Process parent = new ProcessBuilder("sh", "-c", "sleep 60 & echo $!; exec sleep 60").start();
        try {
            ProcessHandle child = ProcessHandle.of(Long.parseLong(parent.inputReader().readLine())).orElseThrow();
            Shutdown shutdown = Peers.shutdown(List.of(child), Duration.ofSeconds(30));
            assertEquals(List.of(child.pid()), shutdown.ended());
            assertEquals('Z', stateOf(child.pid()));
            assertEquals(shutdown, Peers.shutdown(List.of(child), Duration.ZERO));
        } finally {
            parent.descendants().forEach(ProcessHandle::destroyForcibly);
            parent.destroyForcibly();
        }
    }

    @Test
    void shouldSendNothingToAGroupThatCannotBeEnded() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        try {
            assertThrows(IllegalArgumentException.class, () -> Peers.shutdown(
                    List.of(process.toHandle(), ProcessHandle.current()), Duration.ofSeconds(1)));
            assertThrows(NullPointerException.class, () -> Peers.shutdown(List.of(process.toHandle()), null));
            assertFalse(process.waitFor(100, TimeUnit.MILLISECONDS));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void shouldKillWhoIsLeftWhenInterrupted() throws Exception {
        Process stubborn = stubborn();
        assertEquals("ready", stubborn.inputReader().readLine());
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class,
                () -> Peers.shutdown(List.of(stubborn.toHandle()), Duration.ofDays(1)));
        assertFalse(Thread.currentThread().isInterrupted());
        assertEquals(128 + 9, stubborn.waitFor());
    }
}
