package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.BrokenFrameException;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.Ipc;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.Listener;
import org.jvmipc.MessageTooLargeException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** FIFOs: their files, their ends, and what happens when processes come and go. */
@IpcDir
@ExtendWith(SharedThreads.class)
final class FifoTest {
    private static void mkfifo(Path path, String mode) throws Exception {
        Process process = new ProcessBuilder("mkfifo", "-m", mode, path.toString()).inheritIO().start();
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
    }

    @Test
    void shouldRefuseWhatIsNoPrivateFifoAndLeaveItAlone(IpcScope scope) throws Exception {
        Path file = Files.writeString(scope.path("file"), "precious");
        Path link = Files.createSymbolicLink(scope.path("link"), file);
        assertRefused(file, "regular file");
        assertRefused(link, "symbolic link");
        assertEquals("precious", Files.readString(file));
        Files.delete(link);
        Files.delete(file);
        Path open = scope.path("open");
        mkfifo(open, "666");
        assertRefused(open, "0666");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw--w----"));
        assertRefused(open, "0620");
        Files.delete(open);
    }

    private static void assertRefused(Path path, String what) {
        for (String message : List.of(
                assertThrows(AccessRefusedException.class, () -> Ipc.receiver("fifo:" + path)).getMessage(),
                assertThrows(AccessRefusedException.class, () -> Ipc.sender("fifo:" + path)).getMessage(),
                assertThrows(AccessRefusedException.class, () -> Ipc.listen("fifo:" + path)).getMessage())) {
            assertTrue(message.contains(what), message);
        }
    }

    @Test
    void shouldRefuseAFifoOfAnotherUser(IpcScope scope) throws Exception {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "only root gives files away");
        Path path = scope.path("f");
        mkfifo(path, "600");
        Files.setAttribute(path, "unix:uid", 65534);
        assertRefused(path, "65534");
        Files.delete(path);
    }

    @Test
    void shouldTellNoWriterYetFromNoWriterAnyMore(IpcScope scope) throws Exception {
        String address = "fifo:" + scope.path("f");
        try (Receiver receiver = Ipc.receiver(address)) {
            assertSame(Received.EMPTY, receiver.tryReceive());
            assertSame(Received.TIMED_OUT, receiver.receive(Duration.ofMillis(150)));
            try (Sender sender = Ipc.sender(address)) {
                assertEquals(SendResult.SENT, sender.trySend(Courier.bytes("one")));
            }
            assertEquals("one", Courier.text(receiver.receive(Courier.PATIENCE)));
            assertSame(Received.END, receiver.receive(Courier.PATIENCE));
            assertSame(Received.END, receiver.tryReceive());
        }
    }

    @Test
    void shouldOpenWithADeadlineAndNotHang(IpcScope scope) throws Exception {
        try (Sender sender = Ipc.sender("fifo:" + scope.path("f"))) {
            assertEquals(SendResult.NO_RECEIVER, sender.trySend(Courier.bytes("x")));
            long best = Long.MAX_VALUE;
            // On a busy machine it may be late now and then.
            for (int run = 0; run < 5 && best > 300; run++) {
                long start = System.nanoTime();
                assertThrows(IpcTimeoutException.class, () -> sender.send(Courier.bytes("x"), Duration.ofMillis(200)));
                long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                assertTrue(took >= 200, took + " ms");
                best = Math.min(best, took);
            }
            assertTrue(best <= 300, best + " ms");
            FutureTask<Boolean> waiting = new FutureTask<>(() -> {
                assertThrows(InterruptedException.class, () -> sender.send(Courier.bytes("x")));
                return sender.isOpen();
            });
            Thread thread = new Thread(waiting);
            thread.start();
            assertThrows(TimeoutException.class, () -> waiting.get(50, TimeUnit.MILLISECONDS));
            thread.interrupt();
            assertTrue(waiting.get(Courier.PATIENCE.toSeconds(), TimeUnit.SECONDS));
            thread.join(10_000);
        }
        assertFalse(Files.exists(scope.path("f")), "whoever made it and met nobody removes it");
    }

    @Test
    void shouldServeOneSenderAfterTheOtherWhenItWaits(IpcScope scope) throws Exception {
        String address = "fifo:" + scope.path("f");
        try (Receiver receiver = Ipc.receiver(address + "?peerDeath=wait")) {
            for (int i = 0; i < 20; i++) {
                try (Sender sender = Ipc.sender(address)) {
                    sender.send(Courier.bytes("message " + i), Courier.PATIENCE);
                }
                assertEquals("message " + i, Courier.text(receiver.receive(Courier.PATIENCE)));
            }
            assertSame(Received.TIMED_OUT, receiver.receive(Duration.ofMillis(50)));
        }
    }

    @Test
    void shouldFailTheNextSendWhenTheReaderWasKilled(IpcScope scope) throws Exception {
        String address = "fifo:" + scope.path("f");
        try (ChildJvm child = ChildJvm.of(Courier.class).start(); Sender sender = Ipc.sender(address)) {
            child.expect("ready");
            Courier.ask(child, "receiver " + address);
            sender.send(Courier.bytes("one"), Courier.PATIENCE);
            assertEquals("one", Courier.ask(child, "receive"));
            child.kill();
            child.awaitDeath(Courier.PATIENCE);
            assertThrows(PeerGoneException.class, () -> sender.send(Courier.bytes("two"), Courier.PATIENCE));
        }
        assertFalse(Files.exists(scope.path("f")), "the last one who lives removes it");
    }

    @Test
    void shouldDeliverWhatIsWholeAndTellWhatIsTorn(IpcScope scope) throws Exception {
        String address = "fifo:" + scope.path("f") + "?writers=1";
        try (ChildJvm child = ChildJvm.of(Courier.class).start(); Receiver receiver = Ipc.receiver(address)) {
            child.expect("ready");
            Courier.ask(child, "sender " + address);
            Courier.ask(child, "send whole");
            child.send("fill 1000000");
            child.expect("filling");
            Await.until(Courier.PATIENCE, "a full FIFO", () -> unread(scope.path("f")) >= 32 << 10);
            child.kill();
            child.awaitDeath(Courier.PATIENCE);
            assertEquals("whole", Courier.text(receiver.receive(Courier.PATIENCE)));
            BrokenFrameException torn =
                    assertThrows(BrokenFrameException.class, () -> receiver.receive(Courier.PATIENCE));
            assertTrue(torn.getMessage().contains("pid " + child.pid()), torn.getMessage());
            assertSame(Received.END, receiver.receive(Courier.PATIENCE));
        }
    }

    /** Asks the kernel, as the receiver would read on if it were asked. */
    private static int unread(Path fifo) {
        try (Fd fd = Fd.open(fifo.toString(), FileCalls.O_RDONLY, 0)) {
            int number = fd.acquire();
            try {
                return FileCalls.available(number);
            } finally {
                fd.release();
            }
        }
    }

    @Test
    void shouldNeverMixTheMessagesOfSeveralWriters(IpcScope scope) throws Exception {
        String address = "fifo:" + scope.path("f");
        int writers = 8;
        int each = 200;
        try (Receiver receiver = Ipc.receiver(address)) {
            List<Thread> threads = new ArrayList<>();
            List<Sender> senders = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                senders.add(Ipc.sender(address));
            }
            assertEquals(4092, senders.get(0).maxMessage());
            for (int i = 0; i < writers; i++) {
                byte mark = (byte) i;
                Sender sender = senders.get(i);
                Thread thread = new Thread(() -> {
                    for (int n = 0; n < each; n++) {
                        byte[] message = new byte[1 + (n * 37) % 4092];
                        Arrays.fill(message, mark);
                        try {
                            sender.send(ByteBuffer.wrap(message), Courier.PATIENCE);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                });
                thread.start();
                threads.add(thread);
            }
            int[] seen = new int[writers];
            for (int n = 0; n < writers * each; n++) {
                byte[] message = receiver.receive(Courier.PATIENCE).message().bytes();
                int writer = message[0];
                assertEquals(1 + (seen[writer]++ * 37) % 4092, message.length, "in the order of each writer");
                for (byte b : message) {
                    assertEquals(writer, b);
                }
            }
            for (Thread thread : threads) {
                thread.join(10_000);
            }
            MessageTooLargeException tooLarge = assertThrows(MessageTooLargeException.class,
                    () -> senders.get(0).trySend(ByteBuffer.allocate(4093)));
            assertTrue(tooLarge.getMessage().contains("writers=1"), tooLarge.getMessage());
            senders.forEach(Sender::close);
        }
    }

    @Test
    void shouldKeepOthersOutWhereOneWriterIsPromised(IpcScope scope) throws Exception {
        String address = "fifo:" + scope.path("f");
        try (Receiver receiver = Ipc.receiver(address); Sender only = Ipc.sender(address + "?writers=1")) {
            assertThrows(ChannelExistsException.class, () -> Ipc.sender(address + "?writers=1"));
            assertThrows(IncompatibleChannelException.class, () -> Ipc.sender(address));
            ByteBuffer large = ByteBuffer.allocate(200_000);
            Thread sending = new Thread(() -> {
                try {
                    only.send(large, Courier.PATIENCE);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            sending.start();
            assertEquals(200_000, receiver.receive(Courier.PATIENCE).message().length());
            sending.join(10_000);
        }
    }

    @Test
    void shouldLeaveAFifoThatOthersLookAfter(IpcScope scope) throws Exception {
        Path path = scope.path("f");
        mkfifo(path, "600");
        for (String option : new String[] {"?keep=true", "?open=attach"}) {
            Ipc.receiver("fifo:" + path + option).close();
            assertTrue(Files.exists(path), option);
        }
        try (Receiver receiver = Ipc.receiver("fifo:" + path)) {
            Ipc.receiver("fifo:" + path).close();
            assertTrue(Files.exists(path), "somebody else has it open");
            assertTrue(receiver.isOpen());
        }
        assertFalse(Files.exists(path), "the last one removes it");
    }

    @Test
    void shouldGoOnAtTheNameWhenItsFifoWasRemoved(IpcScope scope) throws Exception {
        Path path = scope.path("f");
        try (Receiver receiver = Ipc.receiver("fifo:" + path)) {
            Files.delete(path);
            try (Sender sender = Ipc.sender("fifo:" + path)) {
                Thread sending = new Thread(() -> {
                    try {
                        sender.send(Courier.bytes("found"), Courier.PATIENCE);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
                sending.start();
                assertEquals("found", Courier.text(receiver.receive(Courier.PATIENCE)));
                sending.join(10_000);
            }
        }
    }

    @Test
    void shouldSurviveGarbageAndDeathAmongThoseWhoConnect(IpcScope scope) throws Exception {
        Path path = scope.path("f");
        try (Listener listener = Ipc.listen("fifo:" + path); ChildJvm child = ChildJvm.of(Courier.class).start()) {
            assertThrows(ChannelExistsException.class, () -> Ipc.listen("fifo:" + path));
            child.expect("ready");
            Courier.ask(child, "connect fifo:" + path);
            child.kill();
            child.awaitDeath(Courier.PATIENCE);
            Files.writeString(path, "no token\n../../etc/passwd\n" + "x".repeat(300) + "\n");
            assertNull(listener.accept(Duration.ofMillis(200)), "who asked is dead, and the rest is garbage");
            try (var files = Files.list(scope.dir())) {
                assertEquals(List.of(path), files.toList(), "the dead one's FIFOs are removed");
            }
            try (ChildJvm other = ChildJvm.of(Courier.class).start()) {
                other.expect("ready");
                Courier.ask(other, "connect fifo:" + path);
                try (var duplex = listener.accept(Courier.PATIENCE)) {
                    duplex.sender().send(Courier.bytes("welcome"), Courier.PATIENCE);
                    assertEquals("welcome", Courier.ask(other, "receive"));
                }
                Courier.ask(other, "connect fifo:" + path);
                other.kill();
                other.awaitDeath(Courier.PATIENCE);
            }
        }
        List<Path> left = requests(scope.dir());
        assertEquals(2, left.size(), "nobody answered who could have removed them: " + left);
        // What was just made may not be open yet.
        Ipc.listen("fifo:" + path).close();
        assertEquals(left, requests(scope.dir()));
        for (Path each : left) {
            // What Files has for that may open the FIFO, and wait for somebody at its other end.
            Process touch = new ProcessBuilder("touch", "-c", "-d", "2020-01-01", each.toString()).inheritIO().start();
            assertTrue(touch.waitFor(10, TimeUnit.SECONDS));
            assertEquals(0, touch.exitValue());
        }
        Ipc.listen("fifo:" + path).close();
        assertEquals(List.of(), requests(scope.dir()));
    }

    private static List<Path> requests(Path directory) throws Exception {
        try (var files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    @Test
    void shouldReadWhatCatAndDdWrite(IpcScope scope) throws Exception {
        Path path = scope.path("f");
        Path file = Files.write(scope.path("data"), new byte[300_000]);
        try (ReadableByteChannel source = Ipc.source("fifo:" + path)) {
            Process cat = new ProcessBuilder("sh", "-c", "cat " + file + " > " + path).inheritIO().start();
            assertEquals(300_000, drain(source));
            assertTrue(cat.waitFor(10, TimeUnit.SECONDS));
        }
        Process dd;
        try (var sink = Ipc.sink("fifo:" + path)) {
            dd = new ProcessBuilder("dd", "if=" + path, "of=" + scope.path("copy"), "bs=64k", "status=none")
                    .inheritIO().start();
            ByteBuffer bytes = ByteBuffer.allocate(250_000);
            while (bytes.hasRemaining()) {
                sink.write(bytes);
            }
        }
        assertTrue(dd.waitFor(10, TimeUnit.SECONDS));
        assertEquals(250_000, Files.size(scope.path("copy")));
        Files.delete(file);
        Files.delete(scope.path("copy"));
    }

    private static long drain(ReadableByteChannel source) throws Exception {
        long count = 0;
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        for (int n = source.read(buffer); n >= 0; n = source.read(buffer.clear())) {
            count += n;
        }
        return count;
    }
}
