package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.sync.SharedLock;
import org.jvmipc.shm.sync.SharedSemaphore;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What {@code ls}, {@code info}, {@code locks} and {@code dump} say of what is there, sound or broken. */
@IpcDir
class InspectionTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int FILES = 20;
    private static final long SELF = ProcessHandle.current().pid();

    private static void send(Sender sender, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            sender.send(ByteBuffer.wrap(new byte[] {'m', (byte) ('0' + i)}), SOON);
        }
    }

    private static List<?> peers(Map<String, Object> object) {
        return (List<?>) object.get("peers");
    }

    private static Map<?, ?> peer(Map<String, Object> object, String role) {
        return (Map<?, ?>) peers(object).stream().filter(each -> role.equals(((Map<?, ?>) each).get("role")))
                .findFirst().orElseThrow(() -> new AssertionError(role + " is missing in " + object));
    }

    @ParameterizedTest
    @CsvSource({"spsc, ring spsc", "mpsc, ring mpsc", "mpmc, ring mpmc", "broadcast, ring broadcast"})
    void aRingShowsHowManyMessagesAreInItAndWhoIsThere(String ring, String kind, IpcScope scope) throws Exception {
        String address = "shm:" + scope.name("ring");
        try (Receiver receiver = Ipc.receiver(address + "?ring=" + ring + "&capacity=64k");
                Sender sender = Ipc.sender(address + "?ring=" + ring + "&capacity=64k")) {
            send(sender, 5);
            assertEquals("m0", receiver.receive(SOON).text());
            Run ls = Run.of("ls", "--json");
            Map<String, Object> found = ls.named(address);
            assertEquals(0, ls.code());
            assertEquals(kind, found.get("kind"));
            assertEquals("in use", found.get("state"));
            assertEquals(4.0, found.get("depthMessages"), ls::toString);
            assertTrue((Double) found.get("depthBytes") >= 8, ls::toString);
            assertEquals((double) SELF, peer(found, "producer").get("pid"));
            assertEquals("alive", peer(found, ring.equals("broadcast") ? "reader" : "consumer").get("presence"));
            Run dump = Run.of("dump", address, "--json");
            assertEquals(0, dump.code(), dump::toString);
            assertTrue(dump.json().stream().anyMatch(line -> "6d34".equals(line.get("payload"))), dump::toString);
            Run info = Run.of("info", address);
            assertEquals(0, info.code());
            assertTrue(info.out().contains("depth               4 msg"), info::toString);
            // Looking has taken nothing.
            assertEquals("m1", receiver.receive(SOON).text());
        }
        assertEquals(3, Run.of("info", address).code());
    }

    @Test
    void aLockShowsItsHolderAndWhoWaitsAndADeadlockItsCircle(IpcScope scope) throws Exception {
        String prefix = scope.name("lock");
        try (SharedLock one = SharedLock.named(prefix + "-a"); SharedLock other = SharedLock.named(prefix + "-b");
                SharedSemaphore permits = SharedSemaphore.named(prefix + "-s", 3)) {
            permits.acquire();
            AtomicBoolean done = new AtomicBoolean();
            Thread first = contend(one, other, done);
            Await.until(SOON, "the first thread to hold its lock", one::isLocked);
            Thread second = contend(other, one, done);
            Await.until(SOON, "both to wait", () -> one.getQueueLength() + other.getQueueLength() == 2);
            Run locks = Run.of("locks", "--json");
            Run dot = Run.of("locks", "--dot");
            Run text = Run.of("locks", "--waiting");
            done.set(true);
            first.join(SOON.toMillis());
            second.join(SOON.toMillis());
            assertEquals(6, locks.code(), locks::toString);
            Map<String, Object> lock = locks.named(prefix + "-a");
            assertEquals((double) first.getId(), peer(lock, "holder").get("thread"));
            assertEquals((double) second.getId(), peer(lock, "waiter").get("thread"));
            List<?> circle = (List<?>) locks.json(each -> each.containsKey("deadlock")).get("deadlock");
            assertEquals(2, circle.size(), locks::toString);
            assertTrue(dot.out().startsWith("digraph") && dot.out().contains(" -> "), dot::toString);
            assertTrue(text.out().contains("deadlock:") && !text.out().contains(prefix + "-s"), text::toString);
            assertEquals(0, Run.of("locks").code());
            assertEquals(2.0, ((Map<?, ?>) Run.of("ls", "--json").named(prefix + "-s").get("details")).get("permits"));
        }
    }

    /** Holds one, wants the other, and goes on when the test has seen enough. */
    private static Thread contend(SharedLock held, SharedLock wanted, AtomicBoolean done) {
        Thread thread = new Thread(() -> {
            held.lock();
            try {
                while (!done.get()) {
                    // Long enough to be the same waiting for both looks of the command.
                    if (wanted.tryLock(3, TimeUnit.SECONDS)) {
                        wanted.unlock();
                    }
                }
            } catch (InterruptedException never) {
                throw new AssertionError(never);
            } finally {
                held.unlock();
            }
        });
        thread.start();
        return thread;
    }

    @Test
    void socketsAndFifosShowWhoHasThem(IpcScope scope) throws Exception {
        Path socket = scope.path("socket");
        Path fifo = scope.path("fifo");
        try (Listener listener = Ipc.listen("unix:" + socket); Receiver receiver = Ipc.receiver("fifo:" + fifo)) {
            Run ls = Run.of("ls", "--json");
            assertEquals("unix stream", ls.named("unix:" + socket).get("kind"));
            assertEquals((double) SELF, peer(ls.named("unix:" + socket), "listener").get("pid"));
            assertEquals((double) SELF, peer(ls.named("fifo:" + fifo), "user").get("pid"));
            assertTrue(listener.isOpen() && receiver.isOpen());
        }
    }

    @Test
    void brokenFilesAreNamedAsDamaged(IpcScope scope) throws Exception {
        byte[] ring = ring(scope);
        write(scope, "sound", ring);
        write(scope, "cut", Arrays.copyOf(ring, 5000));
        write(scope, "headless", Arrays.copyOf(ring, 60));
        write(scope, "version", changed(ring, 8, 99));
        write(scope, "capacity", changed(ring, 32, 12345));
        write(scope, "kind", changed(ring, 12, 77));
        write(scope, "tail", changed(ring, 128, 1 << 20));
        write(scope, "record", changed(ring, 4096, 3));
        Run ls = Run.of("ls", scope.dir(), "--json");
        assertEquals(0, ls.code(), ls::toString);
        assertEquals(2.0, at(ls, scope, "sound").get("depthMessages"), ls::toString);
        assertEquals("unused", at(ls, scope, "sound").get("state"));
        for (String name : List.of("cut", "version", "capacity", "kind", "tail", "record")) {
            Map<String, Object> found = at(ls, scope, name);
            assertEquals("damaged", found.get("state"), () -> name + " in " + ls);
            assertFalse(((String) found.get("problem")).isEmpty());
            assertEquals(5, Run.of("info", scope.path(name)).code(), name);
        }
        assertEquals(0, Run.of("dump", scope.path("sound")).code());
        for (String name : List.of("cut", "headless", "version", "record")) {
            assertEquals(5, Run.of("dump", scope.path(name)).code(), name);
        }
        // What is broken is not provably of no use to anybody.
        Run clean = Run.of("clean", "--dir", scope.dir(), "--match", scope.dir());
        assertEquals(0, clean.code(), clean::toString);
        assertTrue(Files.exists(scope.path("cut")) && Files.exists(scope.path("sound")), clean::toString);
        Run named = Run.of("clean", scope.path("cut"));
        assertEquals(0, named.code(), named::toString);
        assertFalse(Files.exists(scope.path("cut")));
    }

    @Test
    void noFileMakesLookingFail(IpcScope scope) throws Exception {
        byte[] ring = ring(scope);
        byte[] lock;
        try (SharedLock open = SharedLock.in(SharedSegment.file(scope.path("lock"))).create()) {
            lock = Files.readAllBytes(scope.path("lock"));
            assertFalse(open.isLocked());
        }
        Random random = new Random(4711);
        for (int i = 0; i < 3 * FILES; i++) {
            byte[] broken = (i % 2 == 0 ? ring : lock).clone();
            for (int j = random.nextInt(20); j >= 0; j--) {
                int at = random.nextInt(random.nextBoolean() ? 1200 : broken.length);
                broken[at] = (byte) random.nextInt();
            }
            write(scope, "fuzz" + i % FILES, random.nextInt(4) == 0
                    ? Arrays.copyOf(broken, random.nextInt(broken.length)) : broken);
            if (i % FILES == FILES - 1) {
                Run ls = Run.of("ls", scope.dir(), "--json");
                assertEquals(0, ls.code(), ls::toString);
                assertTrue(ls.json().size() >= 0, ls::toString);
                for (int k = 0; k < FILES; k++) {
                    int code = Run.of("dump", scope.path("fuzz" + k)).code();
                    assertTrue(code == 0 || code == 5, "exit code " + code + " for fuzz" + k);
                }
            }
        }
    }

    /** The bytes of a ring with two messages, as they stay behind in a file. */
    private static byte[] ring(IpcScope scope) throws Exception {
        String address = "shm:" + scope.name("model") + "?backing=file&dir=" + scope.dir() + "&capacity=4k";
        try (Sender sender = Ipc.sender(address)) {
            send(sender, 2);
            try (var files = Files.list(scope.dir())) {
                Path file = files.filter(each -> each.toString().endsWith(scope.name("model"))).findFirst()
                        .orElseThrow();
                byte[] bytes = Files.readAllBytes(file);
                // As if its producer had left it.
                ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
                words.putLong(640, words.getLong(640) & ~2);
                return bytes;
            }
        }
    }

    private static byte[] changed(byte[] bytes, int at, int value) {
        byte[] copy = bytes.clone();
        ByteBuffer.wrap(copy).order(ByteOrder.nativeOrder()).putInt(at, value);
        return copy;
    }

    private static void write(IpcScope scope, String name, byte[] bytes) throws IOException {
        scope.mayLeave(scope.path(name));
        Files.deleteIfExists(scope.path(name));
        Files.write(scope.path(name), bytes);
        Files.setPosixFilePermissions(scope.path(name),
                PosixFilePermissions.fromString("rw-------"));
    }

    private static Map<String, Object> at(Run ls, IpcScope scope, String name) {
        return ls.json(object -> scope.path(name).toString().equals(object.get("where")));
    }
}
