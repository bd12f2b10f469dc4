package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.posix.SysvSemaphoreCalls;
import org.jvmipc.shm.sync.SysvSemaphoreSet.Step;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Semaphores of the C library and of the kernel, which other languages share. */
@IpcDir
class KernelSemaphoresTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @IpcDir
    private IpcScope scope;

    @AfterEach
    void sweep() {
        LifeSign.sweep();
    }

    private static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        new Thread(task).start();
        return task;
    }

    private static void assertFails(Class<? extends Throwable> type, FutureTask<?> task) {
        ExecutionException ended = assertThrows(ExecutionException.class, () -> task.get(20, TimeUnit.SECONDS));
        assertInstanceOf(type, ended.getCause());
    }

    private static void requirePython(String binding) throws Exception {
        Assumptions.assumeTrue(ends("python3", "-c", "import " + binding),
                "python3 with the package " + binding + " is not installed: sharing with it is not tested");
    }

    private static boolean ends(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException none) {
            return false;
        }
    }

    private Process python(String binding, String name, String... steps) throws IOException {
        Path script = scope.path("semaphores.py");
        if (!Files.exists(script)) {
            try (InputStream source = KernelSemaphoresTest.class.getResourceAsStream("semaphores.py")) {
                Files.copy(source, script);
            }
            scope.mayLeave(script);
        }
        List<String> command = new ArrayList<>(List.of("python3", script.toString(), binding, name));
        command.addAll(List.of(steps));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static BufferedReader output(Process process) {
        return process.inputReader(StandardCharsets.UTF_8);
    }

    private List<String> run(String binding, String name, String... steps) throws Exception {
        Process process = python(binding, name, steps);
        List<String> said = output(process).lines().toList();
        assertEquals(0, process.waitFor());
        return said;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ctypes", "posix_ipc"})
    void shouldShareASemaphoreWithPython(String binding) throws Exception {
        requirePython(binding);
        String name = scope.name("s");
        assertEquals(List.of("3", "done"), run(binding, name, "create", "3", "value"));
        try (PosixSemaphore s = PosixSemaphore.open(name)) {
            assertEquals(3, s.availablePermits());
            s.acquire();
            assertEquals(List.of("2", "waits", "waits", "0", "done"), run(binding, name, "open", "value", "wait",
                    "wait", "value"));
            assertFalse(s.tryAcquire());
            // It waits for this one, and this one for it.
            Process waiting = python(binding, name, "open", "wait");
            BufferedReader said = output(waiting);
            assertEquals("waits", said.readLine());
            s.release();
            assertEquals("done", said.readLine());
            assertEquals(0, waiting.waitFor());
            FutureTask<Boolean> own = start(() -> s.tryAcquire(20, TimeUnit.SECONDS));
            assertEquals(List.of("done"), run(binding, name, "open", "post"));
            assertTrue(own.get(20, TimeUnit.SECONDS));
            assertEquals(List.of("done"), run(binding, name, "open", "unlink"));
            assertFalse(PosixSemaphore.unlink(name));
        }
        PosixSemaphore.create(name, 5).close();
        assertEquals(List.of("5", "done"), run(binding, name, "open", "value", "unlink"));
    }

    @Test
    void shouldCountAndWaitByPosix() throws Exception {
        String name = scope.name("s");
        assertThrows(ChannelNotFoundException.class, () -> PosixSemaphore.open(name));
        assertThrows(IllegalArgumentException.class, () -> PosixSemaphore.open("a/b"));
        assertThrows(IllegalArgumentException.class, () -> PosixSemaphore.open("x".repeat(252)));
        assertThrows(IllegalArgumentException.class, () -> PosixSemaphore.create(name, -1));
        try (PosixSemaphore s = PosixSemaphore.create(name, 1)) {
            assertThrows(ChannelExistsException.class, () -> PosixSemaphore.create(name, 1));
            s.acquireUninterruptibly();
            assertFalse(s.tryAcquire(0, TimeUnit.SECONDS));
            long start = System.nanoTime();
            assertFalse(s.tryAcquire(30, TimeUnit.MILLISECONDS));
            assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(30));
            assertEquals(new PosixSemaphore.Status(name, 0), s.status());
            CountDownLatch began = new CountDownLatch(1);
            FutureTask<Boolean> task = new FutureTask<>(() -> {
                began.countDown();
                return s.tryAcquire(20, TimeUnit.SECONDS);
            });
            Thread waiter = new Thread(task);
            waiter.start();
            began.await();
            waiter.interrupt();
            assertFails(InterruptedException.class, task);
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, s::acquire);
            PosixSemaphore same = PosixSemaphore.openOrCreate(name, 7);
            FutureTask<Void> closed = start(() -> {
                same.acquire();
                return null;
            });
            same.close();
            same.close();
            assertFails(ChannelClosedException.class, closed);
            assertThrows(ChannelClosedException.class, same::release);
            assertEquals(0, s.availablePermits());
            s.release();
            assertTrue(s.tryAcquire());
            assertTrue(PosixSemaphore.unlink(name));
        } finally {
            PosixSemaphore.unlink(name);
        }
    }

    /** A key that no other test has at the same time. */
    private int key() {
        return scope.key("set");
    }

    @Test
    void shouldChangeManyAtOnceOrNone() throws Exception {
        SysvSemaphoreSet set = SysvSemaphoreSet.create(key(), 4, 1, 0);
        try {
            assertEquals(3, set.size());
            assertTrue(systemShows(set.id()));
            assertThrows(ChannelExistsException.class, () -> SysvSemaphoreSet.create(key(), 1));
            assertThrows(IncompatibleChannelException.class, () -> SysvSemaphoreSet.openOrCreate(key(), 1));
            SysvSemaphoreSet same = SysvSemaphoreSet.openOrCreate(key(), 9, 9, 9);
            assertEquals(set.id(), same.id());
            set.perform(Step.take(0, 2), Step.take(1, 1), Step.awaitZero(2));
            assertEquals(2, same.value(0));
            assertEquals(0, same.value(1));
            assertEquals(ProcessHandle.current().pid(), same.lastPid(0));
            assertFalse(same.tryPerform(Step.take(0, 2), Step.take(1, 1)));
            assertFalse(same.tryPerform(20, TimeUnit.MILLISECONDS, Step.take(0, 2), Step.take(1, 1)));
            assertEquals(2, set.value(0), "all or nothing");
            FutureTask<Boolean> waiting =
                    start(() -> same.tryPerform(20, TimeUnit.SECONDS, Step.take(0, 2), Step.take(1, 1)));
            Await.until(LONG, "it waits in the kernel", () -> set.waiting(1) == 1);
            int pid = (int) ProcessHandle.current().pid();
            assertEquals(List.of(new SysvSemaphoreSet.Status(2, pid, 0, 0), new SysvSemaphoreSet.Status(0, pid, 1, 0),
                    new SysvSemaphoreSet.Status(0, pid, 0, 0)), same.status());
            set.perform(Step.give(1, 1));
            assertTrue(waiting.get(20, TimeUnit.SECONDS));
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> set.perform(Step.take(0, 1)));
            assertThrows(IllegalArgumentException.class, () -> set.tryPerform());
            assertThrows(IllegalArgumentException.class, () -> set.tryPerform(Step.take(3, 1)));
            assertThrows(IllegalArgumentException.class, () -> Step.give(0, 32_768));
            set.perform(Step.give(0, SysvSemaphoreCalls.VALUE_MAX));
            assertThrows(Error.class, () -> set.tryPerform(Step.give(0, 1)));
            FutureTask<Void> removed = start(() -> {
                same.perform(Step.take(1, 1));
                return null;
            });
            Await.until(LONG, "it waits in the kernel", () -> set.waiting(1) == 1);
            assertTrue(set.remove());
            assertFails(ChannelClosedException.class, removed);
            assertFalse(set.remove());
            assertThrows(ChannelClosedException.class, () -> set.value(0));
            assertThrows(ChannelNotFoundException.class, () -> SysvSemaphoreSet.open(key()));
        } finally {
            set.remove();
        }
    }

    /** Its creator died before it had given the set its values. */
    @Test
    void shouldRefuseASetThatIsNotReady() throws Exception {
        int id = SysvSemaphoreCalls.get(key(), 2, SysvSemaphoreCalls.IPC_CREAT | 0600);
        try {
            IpcTimeoutException late = assertThrows(IpcTimeoutException.class, () -> SysvSemaphoreSet.open(key()));
            assertTrue(late.getMessage().contains("ipcrm -S"), late.getMessage());
            SysvSemaphoreSet set = SysvSemaphoreSet.openAsIs(key());
            assertEquals(2, set.size());
            set.perform(Step.give(1, 1));
            assertEquals(id, SysvSemaphoreSet.open(key()).id());
        } finally {
            SysvSemaphoreCalls.remove(id);
        }
    }

    private static boolean systemShows(int id) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/sysvipc/sem"))) {
            return lines.skip(1).anyMatch(line -> line.strip().split("\\s+")[1].equals("" + id));
        }
    }

    @Test
    void shouldTakeBackWhatTheDeadHave() throws Exception {
        SysvSemaphoreSet set = SysvSemaphoreSet.create(key(), 3);
        try {
            ChildJvm child = scope.track(ChildJvm.of(PrimitivePeer.class).jvmArgs("-Xmx32m")
                    .args("sysv", key()).start());
            child.expect("has");
            assertEquals(1, set.value(0));
            FutureTask<Boolean> waiting = start(() -> set.tryPerform(20, TimeUnit.SECONDS, Step.take(0, 2)));
            Await.until(LONG, "it waits in the kernel", () -> set.waiting(0) == 1);
            child.kill();
            assertTrue(waiting.get(20, TimeUnit.SECONDS));
            child.awaitDeath(LONG);
            assertEquals(1, set.value(0));
        } finally {
            set.remove();
        }
    }

    @Test
    void shouldBeShownByIpcs() throws Exception {
        Assumptions.assumeTrue(ends("ipcs", "-s"), "ipcs (util-linux) is not installed: what it shows is not tested");
        SysvSemaphoreSet set = SysvSemaphoreSet.create(key(), 1, 2);
        try {
            Process ipcs = new ProcessBuilder("ipcs", "-s").start();
            String row = output(ipcs).lines()
                    .filter(line -> line.startsWith(String.format("0x%08x", key()))).findFirst().orElseThrow();
            assertTrue(row.matches("0x\\S+\\s+" + set.id() + "\\s+\\S+\\s+600\\s+2\\s*"), row);
        } finally {
            set.remove();
        }
    }
}
