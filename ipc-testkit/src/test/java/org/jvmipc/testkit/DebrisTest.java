package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebrisTest {

    private static final Duration SOON = Duration.ofMillis(100);
    private static final Path SHM = Path.of("/dev/shm");

    private final String prefix = "debris-test-" + ProcFs.self() + "-";

    @TempDir
    private Path dir;

    @BeforeEach
    void beQuick() {
        System.setProperty("ipc.testkit.settle", "200");
    }

    @AfterEach
    void restore() {
        System.clearProperty("ipc.testkit.settle");
        System.clearProperty("ipc.home");
        System.clearProperty("ipc.testkit.relax");
    }

    private List<DebrisItem> only(Debris debris, DebrisKind kind) {
        List<DebrisItem> found = debris.find(SOON);
        assertTrue(found.stream().allMatch(item -> item.kind() == kind), found::toString);
        return found;
    }

    @Test
    void shouldFindNothingWhenNothingIsLeft() throws IOException {
        Files.writeString(dir.resolve("there before"), "x");
        Debris debris = Debris.snapshot(dir, prefix);
        Files.writeString(dir.resolve("there before"), "y");
        Files.delete(Files.writeString(dir.resolve("deleted"), "x"));
        assertEquals(List.of(), debris.find(SOON));
        debris.assertNone();
    }

    @Test
    void shouldNameFilesAndEmptyDirectories() throws IOException {
        Debris debris = Debris.snapshot(dir, prefix).mayLeave(dir.resolve("declared"));
        Path file = Files.writeString(Files.createDirectories(dir.resolve("a/b")).resolve("file"), "x");
        Path empty = Files.createDirectory(dir.resolve("empty"));
        Path declared = Files.writeString(Files.createDirectory(dir.resolve("declared")).resolve("file"), "x");
        AssertionError error = assertThrows(AssertionError.class, debris::assertNone);
        assertTrue(error.getMessage().contains("\n    FILE: " + file), error::getMessage);
        assertTrue(error.getMessage().contains("\n    FILE: " + empty), error::getMessage);
        assertFalse(error.getMessage().contains("declared"), error::getMessage);
        assertFalse(Files.exists(dir.resolve("a")));
        assertFalse(Files.exists(empty));
        assertTrue(Files.exists(declared));
    }

    @Test
    void shouldNameSharedObjectsOfThePrefixOnly() throws IOException {
        Debris debris = Debris.snapshot(dir, prefix);
        Path ours = Files.writeString(SHM.resolve("jvmipc-0-" + prefix + "ring"), "x");
        Path foreign = Files.writeString(SHM.resolve("jvmipc-0-foreign-" + ProcFs.self()), "x");
        assertEquals(List.of("SHARED_OBJECT: " + ours), only(debris, DebrisKind.SHARED_OBJECT).stream()
                .map(DebrisItem::toString).toList());
        debris.remove();
        assertFalse(Files.exists(ours));
        assertTrue(Files.deleteIfExists(foreign));
    }

    @Test
    void shouldNameMemoryOfSystemVThatAChildLeft() throws Exception {
        Debris debris = Debris.snapshot(dir, prefix);
        // The command line makes it in a process of its own, which is none of those that count ...
        Process foreign = new ProcessBuilder("ipcmk", "-M", "4096", "-p", "0600").start();
        String id = new String(foreign.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                .replaceAll("[^0-9]", "");
        assertEquals(0, foreign.waitFor());
        try {
            assertEquals(List.of(), only(debris, DebrisKind.SHARED_OBJECT));
            ProcFs.SystemVMemory memory = ProcFs.systemVMemory().stream()
                    .filter(each -> String.valueOf(each.id()).equals(id)).findFirst().orElseThrow();
            assertEquals(foreign.pid(), memory.creator());
            // ... and to a check that knows it as a child it does count.
            SystemVCheck check = new SystemVCheck(() -> List.of(foreign.pid()));
            assertEquals(List.of(), check.leftovers(), "it was there before");
            ProcessBuilder another = new ProcessBuilder("ipcmk", "-M", "4096", "-p", "0600")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            List<Long> children = new ArrayList<>();
            SystemVCheck knowing = new SystemVCheck(() -> children);
            Process child = another.start();
            children.add(child.pid());
            assertEquals(0, child.waitFor());
            assertEquals(1, knowing.leftovers().size());
            assertTrue(knowing.leftovers().get(0).endsWith("made by process " + child.pid()));
            knowing.remove();
            assertEquals(List.of(), knowing.leftovers());
        } finally {
            assertEquals(0, new ProcessBuilder("ipcrm", "-m", id).start().waitFor());
        }
    }

    @Test
    void shouldNameSemaphores() throws Exception {
        Debris debris = Debris.snapshot(dir, prefix);
        Path posix = Files.writeString(SHM.resolve("sem." + prefix + "s"), "x");
        assertEquals(List.of("SHARED_OBJECT: " + posix), only(debris, DebrisKind.SHARED_OBJECT).stream()
                .map(DebrisItem::toString).toList());
        debris.remove();
        assertFalse(Files.exists(posix));
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/ipcmk")),
                "ipcmk (util-linux) is not installed: sets of System V are not tested");
        Process ipcmk = new ProcessBuilder("/usr/bin/ipcmk", "-S", "1").start();
        String id = new String(ipcmk.getInputStream().readAllBytes(), StandardCharsets.UTF_8).replaceAll("\\D", "");
        String key = Files.readAllLines(Path.of("/proc/sysvipc/sem")).stream()
                .map(line -> line.strip().split("\\s+")).filter(columns -> columns[1].equals(id))
                .map(columns -> columns[0]).findFirst().orElseThrow();
        assertEquals(List.of(), debris.find(SOON), "it may be somebody else's");
        debris.key((int) Long.parseLong(key));
        assertEquals(1, only(debris, DebrisKind.SHARED_OBJECT).size());
        debris.remove();
        assertEquals(List.of(), debris.find(SOON));
    }

    @Test
    void shouldNameWhatIsLeftInARegistryOfItsOwn() throws IOException {
        Path home = Files.createDirectory(dir.resolve("home"));
        System.setProperty("ipc.home", home.toString());
        Path before = Files.writeString(home.resolve("before"), "x");
        Debris debris = Debris.snapshot(dir.resolve("work"), prefix);
        Files.writeString(home.resolve("life-" + ProcFs.self() + "-1"), "x");
        Files.writeString(home.resolve("bells"), "x");
        Path left = Files.writeString(home.resolve("life-1" + ProcFs.self()), "x");
        assertEquals(List.of(left.toString()),
                only(debris, DebrisKind.REGISTRY).stream().map(DebrisItem::what).toList());
        debris.remove();
        assertFalse(Files.exists(left));
        assertTrue(Files.exists(before));
    }

    @Test
    void shouldNameWhatAChildLeftInTheRegistry() throws IOException {
        System.setProperty("ipc.home", dir.resolve("home").toString());
        Path home = Files.createDirectory(dir.resolve("home"));
        Debris debris = Debris.snapshot(dir.resolve("work"), prefix);
        try (ChildJvm child = ChildJvm.of(Peers.Hang.class).start()) {
            child.expect("hanging");
            Files.writeString(home.resolve("life-" + child.pid()), "x");
            child.kill();
            child.awaitExit();
            // also where the registry is everybody's
            assertTrue(Registry.isDebris(home.resolve("life-" + child.pid()), prefix, ChildProcess.started()));
        }
        assertEquals(1, only(debris, DebrisKind.REGISTRY).size());
        debris.remove();
        assertEquals(List.of(), debris.find(SOON));
    }

    @Test
    void shouldNameOpenDescriptors() throws IOException {
        Debris debris = Debris.snapshot(dir.resolve("work"), prefix);
        Pipe pipe = Pipe.open();
        FileChannel file = FileChannel.open(dir.resolve("open"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        List<DebrisItem> found = only(debris, DebrisKind.DESCRIPTOR);
        assertEquals(3, found.size(), found::toString);
        assertTrue(found.toString().contains("DESCRIPTOR: " + dir.resolve("open")), found::toString);
        assertEquals(2, found.stream().filter(item -> item.what().startsWith("pipe:[")).count(), found::toString);
        file.close();
        pipe.sink().close();
        pipe.source().close();
        assertEquals(List.of(), debris.find(SOON));
    }

    @Test
    void shouldNameAMappingForAsLongAsItIsInUse() throws IOException {
        Debris debris = Debris.snapshot(dir, prefix);
        Path segment = SHM.resolve("jvmipc-0-" + prefix + "mapped");
        ByteBuffer memory;
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, 4096);
        }
        Files.delete(segment);
        assertEquals(List.of(segment + " (deleted)"),
                only(debris, DebrisKind.MAPPING).stream().map(DebrisItem::what).toList());
        assertEquals(0, memory.get(0));
        memory = null;
        assertEquals(List.of(), debris.find(ChildJvm.PATIENCE));
    }

    @Test
    void shouldNameAndKillProcesses() throws IOException, InterruptedException {
        Debris debris = Debris.snapshot(dir, prefix).relax(DebrisKind.DESCRIPTOR, "the pipes to the process");
        Process sleep = new ProcessBuilder("sleep", "321").start();
        List<DebrisItem> found = only(debris, DebrisKind.PROCESS);
        assertEquals(1, found.size(), found::toString);
        assertTrue(found.get(0).what().matches(sleep.pid() + " .*sleep 321"), found::toString);
        debris.remove();
        assertEquals(137, sleep.waitFor());
        assertEquals(List.of(), debris.find(ChildJvm.PATIENCE));
    }

    @Test
    void shouldNameAndInterruptThreads() throws InterruptedException {
        Debris debris = Debris.snapshot(dir, prefix);
        Thread thread = new Thread(DebrisTest::parkUntilInterrupted, "left-behind");
        thread.start();
        Await.blocked(thread, ChildJvm.PATIENCE);
        Thread daemon = new Thread(DebrisTest::parkUntilInterrupted, "daemon");
        daemon.setDaemon(true);
        daemon.start();
        List<DebrisItem> found = only(debris, DebrisKind.THREAD);
        assertEquals(1, found.size(), found::toString);
        assertTrue(found.get(0).what().startsWith("left-behind, WAITING\n"), found::toString);
        assertTrue(found.get(0).what().contains("DebrisTest.parkUntilInterrupted"), found::toString);
        debris.remove();
        thread.join();
        daemon.interrupt();
        assertEquals(List.of(), debris.find(SOON));
    }

    private static void parkUntilInterrupted() {
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.park();
        }
    }

    @Test
    void shouldWaitForWhatGoesAwayByItself() throws IOException {
        Debris debris = Debris.snapshot(dir, prefix);
        Path file = Files.writeString(dir.resolve("soon gone"), "x");
        Thread cleaner = new Thread(() -> {
            LockSupport.parkNanos(SOON.toNanos());
            file.toFile().delete();
        });
        cleaner.start();
        assertEquals(List.of(), debris.find(ChildJvm.PATIENCE));
    }

    @Test
    void shouldLeaveOutWhatIsRelaxedForAReason() throws IOException {
        Debris debris = Debris.snapshot(dir, prefix);
        assertThrows(IllegalArgumentException.class, () -> debris.relax(DebrisKind.FILE, " "));
        Path file = Files.writeString(dir.resolve("left"), "x");
        assertEquals(1, debris.find(SOON).size());
        debris.relax(DebrisKind.FILE, "to see that it works");
        assertEquals(List.of(), debris.find(SOON));
        debris.assertNone();
        assertFalse(Files.exists(file), "removed all the same");
    }

    @Test
    void shouldRelaxKindsForAWholeRun() throws IOException {
        System.setProperty("ipc.testkit.relax", "mapping, FILE");
        Debris debris = Debris.snapshot(dir, prefix);
        Files.writeString(dir.resolve("left"), "x");
        assertEquals(List.of(), debris.find(SOON));
        System.setProperty("ipc.testkit.relax", "everything");
        assertThrows(IllegalArgumentException.class, () -> Debris.snapshot(dir, prefix));
        assertThrows(IllegalArgumentException.class, () -> Debris.snapshot(dir, ""));
    }
}
