package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What stands at a socket's path: whose it may be, who may take it over, and who removes it. */
@IpcDir
@ExtendWith(SharedThreads.class)
final class SocketFileTest {
    private static final String[] KINDS = {"", "?descriptors=true", "?type=seqpacket", "?type=dgram"};

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** Leaves what a process leaves that was killed: a socket's file that nobody listens at. */
    private static void leaveDeadSocket(Path path) throws Exception {
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path)).close();
        assertTrue(Files.exists(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"000", "022", "077", "777"})
    void shouldMakeFilesForTheOwnerOnlyWhateverTheUmask(String umask, IpcScope scope) throws Exception {
        try (ChildJvm child = ChildJvm.of(Courier.class)
                .wrapper("sh", "-c", "umask " + umask + "; LC_ALL=C exec \"$@\"", "sh").start()) {
            child.expect("ready");
            String refusal = Courier.ask(child, "receiver unix:" + scope.path("s\u00fc"));
            assertTrue(refusal.startsWith("IllegalArgumentException") && refusal.contains("C.UTF-8"), refusal);
            for (String kind : KINDS) {
                Path path = scope.path("s");
                Courier.ask(child, "receiver unix:" + path + kind);
                assertEquals("rw-------", mode(path), kind);
                Courier.ask(child, "close");
                assertFalse(Files.exists(path), "removed by whoever bound it");
            }
            Courier.ask(child, "receiver fifo:" + scope.path("f"));
            assertEquals("rw-------", mode(scope.path("f")));
            Courier.ask(child, "close");
            assertFalse(Files.exists(scope.path("f")));
        }
    }

    @Test
    void shouldRefuseWhatIsNoSocketAndLeaveItAlone(IpcScope scope) throws Exception {
        Path file = Files.writeString(scope.path("file"), "precious");
        Path link = Files.createSymbolicLink(scope.path("link"), file);
        Path directory = Files.createDirectory(scope.path("directory"));
        for (String kind : KINDS) {
            assertRefused("unix:" + file + kind, "regular file");
            assertRefused("unix:" + link + kind, "symbolic link");
            assertRefused("unix:" + directory + kind, "directory");
        }
        assertEquals("precious", Files.readString(file));
        assertTrue(Files.isSymbolicLink(link));
        Files.delete(link);
        Files.delete(file);
        Files.delete(directory);
    }

    private static void assertRefused(String address, String what) {
        for (Callable<AutoCloseable> opening : List.<Callable<AutoCloseable>>of(
                () -> Ipc.receiver(address), () -> Ipc.sender(address))) {
            String message = assertThrows(AccessRefusedException.class, opening::call).getMessage();
            assertTrue(message.contains(what), message);
        }
    }

    @Test
    void shouldRefuseASocketOfAnotherUser(IpcScope scope) throws Exception {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "only root gives files away");
        Path path = scope.path("s");
        leaveDeadSocket(path);
        Files.setAttribute(path, "unix:uid", 65534);
        for (String kind : KINDS) {
            assertRefused("unix:" + path + kind, "65534");
        }
        assertTrue(Files.exists(path));
        Files.delete(path);
    }

    @Test
    void shouldTakeOverADeadSocketOnly(IpcScope scope) throws Exception {
        for (String kind : KINDS) {
            Path path = scope.path("s");
            leaveDeadSocket(path);
            try (Receiver receiver = Ipc.receiver("unix:" + path + kind)) {
                for (String other : KINDS) {
                    String message = assertThrows(ChannelExistsException.class,
                            () -> Ipc.receiver("unix:" + path + other)).getMessage();
                    assertTrue(message.contains(path.toString()), message);
                }
                try (Sender sender = Ipc.sender("unix:" + path + kind)) {
                    sender.send(Courier.bytes("after the others asked"), Courier.PATIENCE);
                    assertEquals("after the others asked", Courier.text(receiver.receive(Courier.PATIENCE)));
                }
            }
            assertFalse(Files.exists(path));
        }
        assertEquals(List.of(), files(scope.dir()));
    }

    private static List<Path> files(Path directory) throws Exception {
        try (var all = Files.list(directory)) {
            return all.toList();
        }
    }

    @Test
    void shouldLetOneOfManyTakersWin(IpcScope scope) throws Exception {
        int takers = 8;
        ExecutorService executor = Executors.newFixedThreadPool(takers);
        try {
            for (int round = 0; round < 20; round++) {
                String kind = KINDS[round % KINDS.length];
                Path path = scope.path("s" + round);
                leaveDeadSocket(path);
                CyclicBarrier start = new CyclicBarrier(takers);
                List<Future<Receiver>> results = new ArrayList<>();
                for (int i = 0; i < takers; i++) {
                    results.add(executor.submit(() -> {
                        start.await();
                        try {
                            return Ipc.receiver("unix:" + path + kind);
                        } catch (ChannelExistsException late) {
                            return null;
                        }
                    }));
                }
                List<Receiver> winners = new ArrayList<>();
                for (Future<Receiver> result : results) {
                    if (result.get() != null) {
                        winners.add(result.get());
                    }
                }
                assertEquals(1, winners.size());
                try (Receiver winner = winners.get(0); Sender sender = Ipc.sender("unix:" + path + kind)) {
                    sender.send(Courier.bytes("hello"), Courier.PATIENCE);
                    assertEquals("hello", Courier.text(winner.receive(Courier.PATIENCE)));
                }
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void shouldLetOneOfTwoProcessesTakeOver(IpcScope scope) throws Exception {
        try (ChildJvm one = ChildJvm.of(Courier.class).start(); ChildJvm two = ChildJvm.of(Courier.class).start()) {
            one.expect("ready");
            two.expect("ready");
            for (int round = 0; round < 10; round++) {
                Path path = scope.path("s" + round);
                leaveDeadSocket(path);
                one.send("receiver unix:" + path);
                two.send("receiver unix:" + path);
                String first = one.expect("= ");
                String second = two.expect("= ");
                assertTrue(first.startsWith("= ok") ^ second.startsWith("= ok"), first + " | " + second);
                assertTrue((first + second).contains("ChannelExistsException"), first + " | " + second);
                Courier.ask(one, "close");
                Courier.ask(two, "close");
            }
        }
    }

    @Test
    void shouldWaitForWhoeverIsTakingOver(IpcScope scope) throws Exception {
        Path path = scope.path("s");
        leaveDeadSocket(path);
        Object dead = Files.getAttribute(path, "unix:ino");
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Future<Receiver> opening;
            try (FileChannel lock = FileChannel.open(scope.path(".ipc-s.lock"),
                    StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                assertTrue(lock.lock().isValid());
                opening = executor.submit(() -> Ipc.receiver("unix:" + path));
                assertThrows(TimeoutException.class, () -> opening.get(200, TimeUnit.MILLISECONDS));
                assertEquals(dead, Files.getAttribute(path, "unix:ino"), "untouched");
            }
            try (Receiver receiver = opening.get(10, TimeUnit.SECONDS)) {
                assertTrue(receiver.isOpen());
                assertEquals(List.of(path), files(scope.dir()), "the lock's file is gone");
            }
        } finally {
            executor.shutdownNow();
        }
    }

    /** What a process has made that is in the middle of binding a socket. */
    private static List<Path> rooms(Path directory) {
        try (var all = Files.list(directory)) {
            return all.filter(file -> file.getFileName().toString().matches("\\.ipc-\\w{12}")
                    && Files.exists(file.resolve("s.s"))).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has a process wait in the middle of binding: another one holds the lock that it needs. */
    private static FileChannel holdUp(ChildJvm child, Path path) throws Exception {
        FileChannel lock = FileChannel.open(path.resolveSibling(".ipc-" + path.getFileName() + ".lock"),
                StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        assertTrue(lock.lock().isValid());
        child.send("receiver unix:" + path);
        Await.until(Courier.PATIENCE, "it to bind", () -> !rooms(path.getParent()).isEmpty());
        return lock;
    }

    @Test
    void shouldRemoveWhatAKilledProcessLeftButNothingOfAStoppedOne(IpcScope scope) throws Exception {
        Path path = scope.path("s");
        leaveDeadSocket(path);
        try (ChildJvm child = ChildJvm.of(Courier.class).start()) {
            child.expect("ready");
            FileChannel lock = holdUp(child, path);
            child.stop();
            lock.close();
            List<Path> rooms = rooms(scope.dir());
            Ipc.receiver("unix:" + scope.path("other")).close();
            assertEquals(rooms, rooms(scope.dir()), "it is stopped, not dead");
            child.cont();
            assertTrue(child.expect("= ").startsWith("= ok"));
            assertEquals(List.of(path), files(scope.dir()));
            Courier.ask(child, "close");
            leaveDeadSocket(path);
            lock = holdUp(child, path);
            child.kill();
            child.awaitDeath(Courier.PATIENCE);
            lock.close();
        }
        assertEquals(3, files(scope.dir()).size(), "the dead socket, the lock's file, and what it was binding in");
        try (Receiver receiver = Ipc.receiver("unix:" + scope.path("other"))) {
            assertSame(Received.EMPTY, receiver.tryReceive());
            assertEquals(Set.of(path, scope.path("other")), Set.copyOf(files(scope.dir())));
        }
        Files.delete(path);
    }

    @Test
    void shouldRemoveNothingThatItDoesNotKnow(IpcScope scope) throws Exception {
        Path elsewhere = Files.createDirectory(scope.path("elsewhere"));
        leaveDeadSocket(elsewhere.resolve("s.x"));
        Files.createFile(elsewhere.resolve("lock"));
        Files.createSymbolicLink(scope.path(".ipc-000000000001"), elsewhere);
        Path foreign = Files.createDirectory(scope.path(".ipc-000000000002"));
        Files.createFile(foreign.resolve("lock"));
        Files.createFile(foreign.resolve("s.x"));
        Files.createDirectory(scope.path(".ipc-notes"));
        Files.createFile(scope.path(".ipc-000000000003"));
        Files.createSymbolicLink(scope.path(".ipc-x.lock"), elsewhere.resolve("lock"));
        // This one was left before anything was in it.
        Path empty = Files.createDirectory(scope.path(".ipc-000000000004"));
        List<Path> before = tree(scope.dir());
        Ipc.receiver("unix:" + scope.path("s")).close();
        assertFalse(Files.exists(empty));
        assertEquals(before.stream().filter(file -> !file.equals(empty)).toList(), tree(scope.dir()));
        for (Path file : List.copyOf(before).stream().sorted(Comparator.reverseOrder()).toList()) {
            if (!file.equals(scope.dir())) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static List<Path> tree(Path directory) throws Exception {
        try (var all = Files.walk(directory)) {
            return all.sorted().toList();
        }
    }

    @Test
    void shouldBindInAThreadThatIsInterruptedAndLeaveItSo(IpcScope scope) throws Exception {
        Path path = scope.path("s");
        leaveDeadSocket(path);
        Thread.currentThread().interrupt();
        try (Receiver receiver = Ipc.receiver("unix:" + path)) {
            assertTrue(Thread.interrupted());
            assertEquals(List.of(path), files(scope.dir()));
            assertSame(Received.EMPTY, receiver.tryReceive());
        } finally {
            assertFalse(Thread.interrupted());
        }
    }

    @Test
    void shouldRemoveItsOwnFileOnly(IpcScope scope) throws Exception {
        Path path = scope.path("s");
        Receiver first = Ipc.receiver("unix:" + path);
        Files.delete(path);
        try (Receiver second = Ipc.receiver("unix:" + path)) {
            first.close();
            assertTrue(Files.exists(path), "it belongs to the second one");
            try (Sender sender = Ipc.sender("unix:" + path)) {
                assertEquals(SendResult.SENT, sender.trySend(Courier.bytes("x")));
                assertEquals("x", Courier.text(second.receive(Courier.PATIENCE)));
            }
        }
        try (Receiver keeping = Ipc.receiver("unix:" + path + "?keep=true")) {
            assertTrue(keeping.isOpen());
        }
        assertTrue(Files.exists(path));
        Files.delete(path);
    }

    @Test
    void shouldTellAPathThatIsTooLongAndServeTheLongest(IpcScope scope) throws Exception {
        Path directory = scope.path("d".repeat(103 - scope.dir().toString().length()));
        Files.createDirectory(directory);
        String longest = directory + "/s";
        assertEquals(106, longest.length());
        for (String kind : new String[] {"", "?type=seqpacket"}) {
            try (Receiver receiver = Ipc.receiver("unix:" + longest + kind);
                    Sender sender = Ipc.sender("unix:" + longest + kind)) {
                sender.send(Courier.bytes("far"), Courier.PATIENCE);
                assertEquals("far", Courier.text(receiver.receive(Courier.PATIENCE)));
            }
        }
        String message = assertThrows(IllegalArgumentException.class, () -> Ipc.receiver("unix:" + longest + "s"))
                .getMessage();
        assertTrue(message.contains("107") && message.contains("106"), message);
        Files.delete(directory);
    }

    @Test
    void shouldSayThatADirectoryIsMissing(IpcScope scope) {
        for (String kind : KINDS) {
            String message = assertThrows(ChannelNotFoundException.class,
                    () -> Ipc.receiver("unix:" + scope.path("missing") + "/s" + kind)).getMessage();
            assertTrue(message.contains("missing"), message);
        }
    }

    @Test
    void shouldSayWhatIsWrongWithAPath(IpcScope scope) throws Exception {
        Path file = Files.createFile(scope.path("file"));
        for (String scheme : List.of("unix:", "fifo:")) {
            for (Callable<AutoCloseable> opening : List.<Callable<AutoCloseable>>of(
                    () -> Ipc.receiver(scheme + file + "/s"), () -> Ipc.sender(scheme + file + "/s"),
                    () -> Ipc.listen(scheme + file + "/s"), () -> Ipc.connect(scheme + file + "/s"))) {
                String message = assertThrows(ChannelNotFoundException.class, opening::call).getMessage();
                assertTrue(message.contains("no directory " + file), message);
            }
        }
        Files.delete(file);
    }

    @Test
    void shouldTellAnotherTypeOfSocket(IpcScope scope) throws Exception {
        try (Receiver receiver = Ipc.receiver("unix:" + scope.path("s") + "?type=seqpacket")) {
            assertThrows(RuntimeException.class, () -> Ipc.sender("unix:" + scope.path("s")).close());
            assertThrows(RuntimeException.class, () -> Ipc.sender("unix:" + scope.path("s") + "?allow=0").close());
            assertSame(Received.TIMED_OUT, receiver.receive(Duration.ofMillis(10)));
        }
    }
}
