package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.posix.IpcHome;
import org.jvmipc.shm.sync.SharedLock;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What {@code clean} leaves, and what it does not. */
@IpcDir
class CleanTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Path SHM = Path.of("/dev/shm");
    private static final Path LIFE_SIGNS = IpcHome.path();
    private static final long SELF = ProcessHandle.current().pid();
    private static final int EACH = 12;
    /** How many processes are killed. A JVM costs most of a second before; {@code -Dipc.clean.crashes=100} for all. */
    private static final int CRASHES = Integer.getInteger("ipc.clean.crashes", 15);
    private static final int AT_A_TIME = 4;

    /** The files of a prefix, by their inodes: one of the same name that was made anew is another one. */
    private static Map<String, Object> files(String prefix) throws IOException {
        return files("jvmipc-*-" + prefix, SHM);
    }

    private static Map<String, Object> files(String prefix, Path directory) throws IOException {
        Map<String, Object> found = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, prefix + "*")) {
            for (Path file : files) {
                found.put(file.getFileName().toString(), Files.getAttribute(file, "unix:ino"));
            }
        }
        return found;
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void afterCrashesNothingOfTheDeadStaysAndAllOfTheLiving(IpcScope scope) throws Exception {
        String living = scope.name("living");
        String dying = scope.name("dying");
        String shared = scope.name("shared");
        List<String> args = new ArrayList<>(List.of("clean", "--match", living, "--match", dying, "--match", shared));
        List<AutoCloseable> open = Owner.open(living, EACH);
        try (SharedLock held = SharedLock.named(living + "-held");
                ChildJvm other = ChildJvm.of(Owner.class).args(living + "-other", EACH, shared).start()) {
            held.lock();
            other.expect("open");
            Map<String, Object> before = files(living);
            before.putAll(files(shared));
            before.putAll(files("life-" + other.pid() + "-", LIFE_SIGNS));
            before.putAll(files("life-" + SELF + "-", LIFE_SIGNS));
            assertEquals(2 * EACH + 4, before.size(), before::toString);
            List<Long> dead = crash(dying, shared, args);
            assertTrue(files(dying).size() >= CRASHES, "each leaves something");
            Run dry = Run.of(add(args, "--dry-run"));
            assertTrue(dry.out().contains("would remove  shm:" + dying), dry::toString);
            assertFalse(dry.out().contains(living) || dry.out().contains(shared), dry::toString);
            Run first = Run.of(args.toArray());
            assertEquals(0, first.code(), first::toString);
            // What was just being made is left alone for 5 s: its creator cannot be told yet.
            Await.until(SOON, () -> "the last of " + left(dying, dead), () -> Run.of(args.toArray()).code() == 0
                    && left(dying, dead).isEmpty());
            Map<String, Object> after = files(living);
            after.putAll(files(shared));
            after.putAll(files("life-" + other.pid() + "-", LIFE_SIGNS));
            after.putAll(files("life-" + SELF + "-", LIFE_SIGNS));
            assertEquals(before, after, first::toString);
            held.unlock();
            Run one = Run.of("clean", living + "-held");
            assertEquals(1, one.code(), one::toString);
            assertTrue(one.out().contains("lives"), one::toString);
            // The last one who had the shared one open.
            other.kill();
            other.awaitDeath(SOON);
            assertEquals(0, Run.of(add(args, "--match=life-" + other.pid() + "-")).code());
            assertEquals(Map.of(), files(shared));
            assertEquals(Map.of(), files(living + "-other"));
            assertEquals(EACH + 1, files(living).size());
        } finally {
            for (AutoCloseable each : open) {
                each.close();
            }
        }
    }

    @Test
    void shouldRemoveWhatABindHasLeft(IpcScope scope) throws Exception {
        Path left = Files.createDirectory(scope.path(".ipc-000000000001"));
        Files.createFile(left.resolve("lock"));
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(left.resolve("s.orders"))).close();
        Path lock = Files.createFile(scope.path(".ipc-orders.lock"));
        Path foreign = Files.createDirectory(scope.path(".ipc-000000000002"));
        Files.createFile(foreign.resolve("notes"));
        Object[] args = {"clean", "--dir", scope.dir(), "--match", scope.dir() + "/.ipc-"};
        Run dry = Run.of("clean", "-n", "--dir", scope.dir(), "--match", scope.dir() + "/.ipc-");
        assertTrue(dry.out().contains("would remove  " + left), dry::toString);
        assertTrue(Files.exists(left.resolve("s.orders")) && Files.exists(lock));
        Run run = Run.of(args);
        assertEquals(1, run.code(), run::toString);
        assertTrue(run.out().contains("removed  " + left) && run.out().contains("removed  " + lock), run::toString);
        assertTrue(run.out().contains("stays  " + foreign) && run.out().contains("something else"), run::toString);
        assertEquals(Map.of(foreign.getFileName().toString(), Files.getAttribute(foreign, "unix:ino")),
                files(".ipc-", scope.dir()));
        Files.delete(foreign.resolve("notes"));
        assertEquals(0, Run.of(args).code());
        assertFalse(Files.exists(foreign));
    }

    /** Starts processes, a few at a time, and kills each at some moment of its work; gives their numbers. */
    private static List<Long> crash(String dying, String shared, List<String> args) throws Exception {
        Random random = new Random(20_26);
        List<Long> dead = new ArrayList<>();
        List<ChildJvm> running = new ArrayList<>();
        try {
            for (int i = 0; i < CRASHES || !running.isEmpty(); i++) {
                if (i < CRASHES) {
                    running.add(ChildJvm.of(Churner.class).args(dying + i, shared, random.nextLong()).start());
                }
                if (running.size() == AT_A_TIME || i >= CRASHES) {
                    ChildJvm child = running.remove(random.nextInt(running.size()));
                    child.expect("open");
                    LockSupport.parkNanos(random.nextInt(30_000_000));
                    child.kill();
                    child.awaitDeath(SOON);
                    child.close();
                    dead.add(child.pid());
                    args.addAll(List.of("--match", "life-" + child.pid() + "-"));
                }
            }
        } finally {
            running.forEach(ChildJvm::close);
        }
        return dead;
    }

    /** What there still is of the dead. */
    private static List<String> left(String dying, List<Long> dead) {
        try {
            List<String> left = new ArrayList<>(files(dying).keySet());
            for (long pid : dead) {
                left.addAll(files("life-" + pid + "-", LIFE_SIGNS).keySet());
                left.addAll(files("counters-" + pid + "-", LIFE_SIGNS).keySet());
            }
            return left;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Object[] add(List<String> args, String option) {
        List<String> more = new ArrayList<>(args);
        more.add(option);
        return more.toArray();
    }
}
