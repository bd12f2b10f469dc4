package org.jvmipc.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.posix.internal.LifeFiles;

@Timeout(120)
class LifeSignTest {

    private static final String DEAD_NAME = "life-1-0123456789abcdef";

    @TempDir
    Path dir;

    private Path home;

    @BeforeEach
    void setHome() {
        home = dir.resolve("home");
        System.setProperty("ipc.home", home.toString());
    }

    @AfterEach
    void clearHome() {
        System.clearProperty("ipc.home");
    }

    @Test
    void countersWithoutALifeSignAreSwept() throws IOException {
        try (Child child = owner()) {
            Path counted = home.resolve(child.line().replace("life-", "counters-"));
            Path orphan = home.resolve("counters-1-0123456789abcdef");
            Path other = home.resolve("counters-of-somebody-else");
            for (Path file : List.of(counted, orphan, other)) {
                Files.createFile(file);
            }
            LifeSign.sweep();
            assertFalse(Files.exists(orphan));
            assertTrue(Files.exists(counted), "its process lives");
            assertTrue(Files.exists(other), "it has another name");
            child.kill();
            Await.until("swept", 1000, () -> LifeSign.sweep() == 1);
            assertFalse(Files.exists(counted));
            Files.delete(other);
        }
    }

    @Test
    void killedProcessIsSeenDead() {
        try (Child child = owner()) {
            String name = child.line();
            assertEquals(Life.ALIVE, LifeSign.check(name));
            assertEquals(child.pid(), LifeSign.pid(name));
            assertEquals(List.of(name), LifeSign.list());
            LifeSign.Owner owner = LifeSign.owner(name).orElseThrow();
            assertEquals(child.pid(), owner.identity().pid());
            assertEquals("pid " + child.pid() + " (" + Owner.class.getName() + ")", owner.toString());
            assertEquals(Life.ALIVE, owner.identity().life());
            child.kill();
            Await.until("seen dead", 1000, () -> LifeSign.check(name) == Life.DEAD);
            assertFalse(Files.exists(home.resolve(name)), "swept by whoever met it");
            assertEquals(Life.DEAD, LifeSign.check(name));
            child.exit();
            assertEquals(Life.DEAD, owner.identity().life());
        }
    }

    @Test
    void zombieIsDead() throws Exception {
        // The shell becomes a process that never waits for its child.
        String script = "\"$@\" & exec sleep 100";
        List<String> shell = List.of("sh", "-c", script, "sh");
        try (Child child = Child.startRaw(shell, ownerArguments("forever"), environment())) {
            String name = child.line();
            long pid = LifeSign.pid(name);
            ProcessIdentity identity = ProcessIdentity.of(pid).orElseThrow();
            assertEquals(Life.ALIVE, LifeSign.check(name));
            Child.run("kill", "-9", Long.toString(pid));
            Await.until("seen dead", 1000, () -> LifeSign.check(name) == Life.DEAD);
            Await.until("a zombie", 1000, () -> stat(pid).contains(") Z "));
            assertTrue(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false), "which deceives Java");
            assertEquals(Life.DEAD, identity.life());
            assertTrue(ProcessIdentity.of(pid).isEmpty());
        }
    }

    @Test
    void stoppedProcessIsAlive() {
        try (Child child = owner()) {
            String name = child.line();
            child.signal("STOP");
            Await.until("stopped", () -> stat(child.pid()).contains(") T "));
            assertEquals(Life.ALIVE, LifeSign.check(name));
            assertEquals(Life.ALIVE, ProcessIdentity.of(child.pid()).orElseThrow().life());
            assertEquals(0, LifeSign.sweep());
            child.signal("CONT");
            assertEquals(Life.ALIVE, LifeSign.check(name));
        }
    }

    @Test
    void openingAndClosingTheFileInTheOwnerLosesNothing() {
        try (Child child = owner()) {
            String name = child.line();
            child.say("touch");
            child.expect("touched");
            assertEquals(Life.ALIVE, LifeSign.check(name));
            assertEquals(0, LifeSign.sweep());
            assertEquals(List.of(name), LifeSign.list());
        }
    }

    @Test
    void orderlyEndRunsTasksThenTakesTheSignAway() {
        try (Child child = owner()) {
            String name = child.line();
            child.say("task");
            child.expect("second true");
            child.expect("first true");
            assertEquals(0, child.exit());
            assertEquals(List.of(), LifeSign.list());
            assertEquals(Life.DEAD, LifeSign.check(name));
        }
    }

    @Test
    void failingTaskLeavesTheFileToOthers() {
        try (Child child = owner()) {
            String name = child.line();
            child.say("fail");
            assertEquals(0, child.exit());
            assertEquals(List.of(name), LifeSign.list());
            assertEquals(1, LifeSign.sweep());
            assertEquals(0, LifeSign.sweep());
        }
    }

    @Test
    void modeWhateverTheUmask() throws Exception {
        for (String umask : new String[] {"000", "077", "777"}) {
            String script = "umask " + umask + "; exec \"$@\"";
            try (Child child = Child.startRaw(List.of("sh", "-c", script, "sh"), ownerArguments(), environment())) {
                String name = child.line();
                assertEquals(0100600, Files.getAttribute(home.resolve(name), "unix:mode"));
                assertEquals(0040700, Files.getAttribute(home, "unix:mode"));
                child.say("end");
                assertEquals(0, child.exit());
                assertEquals(Life.DEAD, LifeSign.check(name));
            }
            Files.delete(home);
        }
    }

    @Test
    void seenAcrossPidNamespaces() throws Exception {
        List<String> unshare = List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");
        assumeTrue(works("unshare", "--pid", "--fork", "--mount-proc", "true"), "needs the right to unshare");
        try (Child child = Child.startRaw(unshare, ownerArguments(), environment())) {
            String name = child.line();
            assertEquals(1, LifeSign.pid(name));
            assertEquals(Life.ALIVE, LifeSign.check(name));
            assertEquals(Life.UNKNOWN, LifeSign.owner(name).orElseThrow().identity().life());
            child.kill();
            Await.until("seen dead", 2000, () -> LifeSign.check(name) == Life.DEAD);
        }
    }

    @Test
    void nothingIsLeftInTheDefaultDirectory() {
        List<String> unshare = List.of("unshare", "--mount", "sh", "-c",
                "mount -t tmpfs tmpfs /dev/shm && \"$@\" && ls -A /dev/shm && echo end", "sh");
        assumeTrue(works("unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/dev/shm"), "needs root");
        try (Child child = Child.startRaw(unshare, ownerArguments("exit"), Map.of("IPC_HOME", ""))) {
            assertTrue(LifeSign.isName(child.line()));
            child.expect("/dev/shm/jvmipc-" + ProcessIdentity.effectiveUid() + " exists");
            child.expect("end");
        }
    }

    /** Sweepers meet files that are just being made, and processes remove a directory that others are about to use. */
    @Test
    void signIsNeverSweptUnderItsOwner() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> sweepers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Thread sweeper = new Thread(() -> {
                while (!stop.get()) {
                    LifeSign.sweep();
                    home.toFile().delete();
                }
            });
            sweeper.start();
            sweepers.add(sweeper);
        }
        try {
            for (int i = 0; i < 100; i++) {
                String name = LifeFiles.create();
                assertTrue(Files.exists(home.resolve(name)));
                assertEquals(Life.ALIVE, LifeSign.check(name));
                Files.delete(home.resolve(name));
            }
        } finally {
            stop.set(true);
            for (Thread sweeper : sweepers) {
                sweeper.join();
            }
        }
    }

    @Test
    void sweepRemovesOnlyTheDead() throws Exception {
        try (Child child = owner()) {
            String name = child.line();
            Files.createFile(home.resolve(DEAD_NAME));
            Files.createFile(home.resolve("life-1-zz"));
            assertEquals(1, LifeSign.sweep());
            assertEquals(List.of(name), LifeSign.list());
            assertTrue(Files.exists(home.resolve("life-1-zz")), "not a life sign");
        }
    }

    @Test
    void sweeperStoppedInTheMiddleDeceivesNobody() {
        try (Child child = owner()) {
            String name = child.line();
            int sweeper = FileCalls.open(home.resolve(name).toString(), FileCalls.O_RDONLY | FileCalls.O_CLOEXEC, 0);
            assertEquals(-Errno.EAGAIN, LockCalls.tryLockShared(sweeper));
            child.kill();
            Await.until("the lock is free", 1000, () -> LockCalls.tryLockShared(sweeper) == 0);
            assertEquals(Life.DEAD, LifeSign.check(name));
            FileCalls.close(sweeper);
        }
    }

    @Test
    void sweeperLeavesWhatCameToTheNameMeanwhile() throws Exception {
        Path path = Files.createFile(dir.resolve("name"));
        int sweeper = FileCalls.open(path.toString(), FileCalls.O_RDONLY | FileCalls.O_CLOEXEC, 0);
        Files.move(Files.createFile(dir.resolve("other")), path, StandardCopyOption.REPLACE_EXISTING);
        assertFalse(LifeFiles.removeIfSame(sweeper, path.toString()));
        assertTrue(Files.exists(path));
        FileCalls.close(sweeper);
        int again = FileCalls.open(path.toString(), FileCalls.O_RDONLY | FileCalls.O_CLOEXEC, 0);
        assertTrue(LifeFiles.removeIfSame(again, path.toString()));
        assertFalse(Files.exists(path));
        FileCalls.close(again);
    }

    @Test
    void nextProcessSweepsWhatTheKilledLeft() {
        try (Child first = owner()) {
            first.line();
            first.kill();
            first.exit();
        }
        assertEquals(1, LifeSign.list().size());
        try (Child second = owner()) {
            assertEquals(List.of(second.line()), LifeSign.list());
        }
    }

    @Test
    void forgottenProcessesKeepNoDescriptor() {
        try (Child child = owner()) {
            String name = child.line();
            assertEquals(Life.ALIVE, LifeSign.check(name));
            assertTrue(isOpen(name));
            LifeSign.forget(name);
            LifeSign.forget(name);
            assertFalse(isOpen(name));
            assertEquals(Life.ALIVE, LifeSign.check(name));
            LifeSign.forget(name);
        }
    }

    private static boolean isOpen(String name) {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.anyMatch(fd -> {
                try {
                    return Files.readSymbolicLink(fd).toString().contains(name);
                } catch (IOException e) {
                    return false; // the descriptor of this very listing
                }
            });
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void refusesNamesThatAreNone() {
        for (String name : new String[] {"", "life-1-../../etc/x", "life--0123456789abcdef", "../" + DEAD_NAME}) {
            assertFalse(LifeSign.isName(name));
            assertThrows(IllegalArgumentException.class, () -> LifeSign.check(name));
        }
        assertTrue(LifeSign.isName(DEAD_NAME));
        assertEquals(Life.DEAD, LifeSign.check(DEAD_NAME));
        assertTrue(LifeSign.owner(DEAD_NAME).isEmpty());
        assertEquals(List.of(), LifeSign.list());
        assertFalse(Files.exists(home), "asking makes nothing");
    }

    @Test
    void checkIsCheap() {
        try (Child child = owner()) {
            String name = child.line();
            long best = Long.MAX_VALUE;
            for (int round = 0; round < 20; round++) {
                long start = System.nanoTime();
                for (int i = 0; i < 2000; i++) {
                    LifeSign.check(name);
                }
                best = Math.min(best, (System.nanoTime() - start) / 2000);
            }
            assertTrue(best < 20_000, "takes " + best + " ns"); // far above the usual value: the machine may be busy
        }
    }

    private static boolean works(String... command) {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    private static String stat(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/stat"));
        } catch (IOException e) {
            return "";
        }
    }

    private Child owner() {
        return Child.start(List.of(), environment(), Owner.class);
    }

    private Map<String, String> environment() {
        return Map.of("IPC_HOME", home.toString());
    }

    private static List<String> ownerArguments(String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("-cp", System.getProperty("java.class.path"), Owner.class.getName()));
        arguments.addAll(List.of(more));
        return arguments;
    }

    /** Has a life sign and does what it is told. */
    static final class Owner {
        public static void main(String[] args) throws IOException {
            String name = LifeSign.own().name();
            System.out.println(name);
            if (args.length > 0 && args[0].equals("exit")) {
                System.out.println(IpcHome.path() + (Files.exists(IpcHome.path()) ? " exists" : " is missing"));
                return;
            }
            while (args.length > 0) {
                LockSupport.park();
            }
            Path file = IpcHome.path().resolve(name);
            try (var in = new java.util.Scanner(System.in)) {
                while (in.hasNextLine()) {
                    String line = in.nextLine();
                    if (line.equals("touch")) {
                        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE).close();
                        Files.readAllBytes(file);
                        System.out.println("touched");
                    } else if (line.equals("task")) {
                        LifeSign.atExit(() -> System.out.println("first " + Files.exists(file)));
                        LifeSign.atExit(() -> System.out.println("second " + Files.exists(file)));
                        LifeSign.atExit(() -> System.out.println("never")).close();
                        return;
                    } else if (line.equals("fail")) {
                        LifeSign.atExit(() -> {
                            throw new IllegalStateException();
                        });
                        return;
                    } else {
                        return;
                    }
                }
            }
        }
    }
}
