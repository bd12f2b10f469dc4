package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Duplex;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;
import org.jvmipc.MessageTooLargeException;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.MemoryCalls;
import org.jvmipc.posix.SocketCalls;
import org.jvmipc.posix.SocketMessage;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** What native sockets can: who is there, who may come, and descriptors on the way. */
@IpcDir
@ExtendWith(SharedThreads.class)
final class UnixNativeTest {
    private static final int OPENINGS = 50;

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    @ParameterizedTest
    @ValueSource(strings = {"type=seqpacket", "descriptors=true"})
    void shouldTellWhoIsThere(String option, IpcScope scope) throws Exception {
        String address = "unix:" + scope.path("s") + "?" + option;
        try (Listener listener = Ipc.listen(address); ChildJvm child = ChildJvm.of(Courier.class).start()) {
            child.expect("ready");
            Courier.ask(child, "connect " + address);
            try (Duplex duplex = listener.accept(Courier.PATIENCE)) {
                UnixCredentials peer = UnixSockets.credentials(duplex);
                assertEquals(child.pid(), peer.pid());
                assertEquals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"), peer.uid());
                assertEquals(peer, UnixSockets.credentials(duplex.receiver()));
            }
        }
        try (Sender lonely = Ipc.sender(address)) {
            assertThrows(IllegalStateException.class, () -> UnixSockets.credentials(lonely));
        }
    }

    @Test
    void shouldSayWhatOtherChannelsCannot(IpcScope scope) {
        String address = "unix:" + scope.path("s");
        try (Receiver receiver = Ipc.receiver(address); Sender sender = Ipc.sender(address);
                Sender mem = Ipc.sender(scope.address("mem", "m"))) {
            assertThrows(UnsupportedOperationException.class, () -> UnixSockets.credentials(mem));
            assertThrows(UnsupportedOperationException.class, () -> UnixSockets.credentials(sender));
            assertThrows(UnsupportedOperationException.class, () -> UnixSockets.takeDescriptor(receiver));
            UnsupportedOperationException refusal = assertThrows(UnsupportedOperationException.class,
                    () -> UnixSockets.attachDescriptors(sender, 0));
            assertTrue(refusal.getMessage().contains("descriptors=true"), refusal.getMessage());
        }
    }

    /** Receives a message and a descriptor, and tells what it reads from it. */
    public static final class Taker implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            try (Receiver receiver = Ipc.receiver(context.arg(0))) {
                context.say("ready");
                for (int i = 0; i < 2; i++) {
                    String message = Courier.text(receiver.receive(Courier.PATIENCE));
                    int number = UnixSockets.takeDescriptor(receiver).orElseThrow();
                    ByteBuffer content = ByteBuffer.allocate(100);
                    try (FileChannel file = FileChannel.open(Path.of("/proc/self/fd/" + number))) {
                        file.read(content);
                    }
                    Fd.own(number, "taken").close();
                    context.say(message + ": " + new String(content.array(), 0, content.position()));
                }
                context.say("rest: " + UnixSockets.takeDescriptor(receiver));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"type=seqpacket&descriptors=true", "descriptors=true"})
    void shouldPassDescriptorsToAnotherProcess(String options, IpcScope scope) throws Exception {
        String address = "unix:" + scope.path("s") + "?" + options;
        try (ChildJvm child = ChildJvm.of(Taker.class).args(address).start()) {
            child.expect("ready");
            try (Sender sender = Ipc.sender(address)) {
                assertTrue(sender.awaitPeer(Courier.PATIENCE));
                for (int i = 0; i < 2; i++) {
                    Path secret = Files.writeString(scope.path("file"), "secret " + i);
                    int number = FileCalls.open(secret.toString(), FileCalls.O_RDONLY | FileCalls.O_CLOEXEC, 0);
                    Files.delete(secret);
                    UnixSockets.attachDescriptors(sender, number);
                    FileCalls.close(number);
                    sender.send(Courier.bytes("message " + i), Courier.PATIENCE);
                }
                assertEquals("message 0: secret 0", child.readLine());
                assertEquals("message 1: secret 1", child.readLine());
                assertEquals("rest: " + OptionalInt.empty(), child.readLine());
                assertEquals(0, child.awaitExit());
            }
        }
    }

    @Test
    void shouldCloseDescriptorsThatNobodyTakes(IpcScope scope) throws Exception {
        String address = "unix:" + scope.path("s") + "?descriptors=true";
        Path file = Files.createFile(scope.path("passed"));
        try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address)) {
            assertTrue(sender.awaitPeer(Courier.PATIENCE));
            for (int i = 0; i < 100; i++) {
                attach(sender, file);
                sender.send(Courier.bytes("x"), Courier.PATIENCE);
                assertEquals("x", Courier.text(receiver.receive(Courier.PATIENCE)));
            }
            int open = 0;
            for (OptionalInt next = UnixSockets.takeDescriptor(receiver); next.isPresent();
                    next = UnixSockets.takeDescriptor(receiver)) {
                FileCalls.close(next.getAsInt());
                open++;
            }
            assertEquals(64, open, "those beyond were closed when they came");
            // The receiver is closed first, so that nothing is sent that could take it along.
            attach(sender, file);
        }
        Files.delete(file);
        // That no descriptor stays open is checked after the test.
    }

    private static void attach(Sender sender, Path file) {
        try (Fd fd = Fd.open(file.toString(), FileCalls.O_RDONLY, 0)) {
            int number = fd.acquire();
            UnixSockets.attachDescriptors(sender, number);
            fd.release();
        }
    }

    @Test
    void shouldCloseDescriptorsThatComeWithADatagram(IpcScope scope) throws Exception {
        Path file = Files.createFile(scope.path("passed"));
        Path path = scope.path("s");
        try (Receiver receiver = Ipc.receiver("unix:" + path + "?type=dgram");
                Fd stranger = Fd.own(SocketCalls.socket(SocketCalls.SOCK_DGRAM), "a stranger");
                Fd passed = Fd.open(file.toString(), FileCalls.O_RDONLY, 0)) {
            int number = stranger.acquire();
            assertEquals(0, SocketCalls.connect(number, path.toString()));
            ByteBuffer message = ByteBuffer.allocateDirect(1).put(0, (byte) 'x');
            assertEquals(1, new SocketMessage().send(number, MemoryCalls.address(message), 1, passed.acquire()));
            passed.release();
            stranger.release();
            assertEquals("x", Courier.text(receiver.receive(Courier.PATIENCE)));
        }
        Files.delete(file);
        // That no descriptor stays open is checked after the test.
    }

    @Test
    @Timeout(20)
    void shouldReadAPacketInPieces(IpcScope scope) throws Exception {
        String address = "unix:" + scope.path("s") + "?type=seqpacket";
        try (ReadableByteChannel source = Ipc.source(address); WritableByteChannel sink = Ipc.sink(address)) {
            String sent = "a packet that is longer than the buffers it is read with";
            sink.write(Courier.bytes(sent));
            StringBuilder read = new StringBuilder();
            ByteBuffer piece = ByteBuffer.allocate(5);
            while (read.length() < sent.length()) {
                source.read(piece.clear());
                read.append(new String(piece.array(), 0, piece.position(), StandardCharsets.US_ASCII));
            }
            assertEquals(sent, read.toString());
        }
    }

    @Test
    void shouldLetOnlyAllowedUsersInAndSaySoOnce(IpcScope scope) throws Exception {
        Assumptions.assumeTrue(isRoot(), "only root changes the user");
        Files.setPosixFilePermissions(scope.dir(), PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> told = new CopyOnWriteArrayList<>();
        Handler handler = handler(told);
        Logger logger = Logger.getLogger("org.jvmipc.pipes");
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        String path = "unix:" + scope.path("s");
        try (Listener listener = Ipc.listen(path + "?allow=65534")) {
            for (int i = 0; i < 3; i++) {
                try (Sender root = Ipc.sender(path + "?allow=0")) {
                    root.trySend(Courier.bytes("not allowed"));
                    assertNull(listener.accept(Duration.ofMillis(50)));
                }
            }
            Process nobody = Tools.start(Tools.AS_NOBODY + "nc -N -U " + scope.path("s"), "hello");
            try (ByteChannel stream = listener.acceptStream(Courier.PATIENCE)) {
                assertEquals(65534, UnixSockets.credentials(stream).uid());
                assertEquals("hello", Tools.readAll(stream));
                stream.write(Courier.bytes("welcome"));
            }
            assertEquals("welcome", Tools.output(nobody));
            assertEquals(1, told.size(), told.toString());
            assertTrue(told.get(0).contains("uid 0"), told.toString());
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
    }

    private static Handler handler(List<String> told) {
        return new Handler() {
            @Override
            public void publish(LogRecord record) {
                told.add(record.getMessage());
            }

            @Override
            public void flush() {
                // Nothing is held back.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    @ParameterizedTest
    @CsvSource({"'',ABSTRACT-CONNECT:%s", "?type=seqpacket,'ABSTRACT-CONNECT:%s,type=5'",
        "?type=dgram,ABSTRACT-SENDTO:%s"})
    void shouldRefuseStrangersOnAbstractNames(String type, String socat, IpcScope scope) throws Exception {
        Assumptions.assumeTrue(isRoot(), "only root changes the user");
        Tools.require("socat");
        Logger.getLogger("org.jvmipc.pipes").setUseParentHandlers(false);
        String name = scope.name("a");
        String message = type.contains("dgram") ? "hi" : "\0\0\0\2hi";
        String command = "socat -u - " + String.format(socat, name);
        try (Receiver receiver = Ipc.receiver("unix:@" + name + type)) {
            Tools.output(Tools.start(Tools.AS_NOBODY + command, message));
            assertSame(Received.TIMED_OUT, receiver.receive(Duration.ofMillis(200)), "a stranger");
            Tools.output(Tools.start(command, message));
            assertEquals("hi", Courier.text(receiver.receive(Courier.PATIENCE)));
        } finally {
            Logger.getLogger("org.jvmipc.pipes").setUseParentHandlers(true);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&descriptors=true"})
    void shouldNotTakeAnEmptyPacketForTheEnd(String option, IpcScope scope) throws Exception {
        Path path = scope.path("s");
        try (Receiver receiver = Ipc.receiver("unix:" + path + "?type=seqpacket" + option)) {
            try (Fd stranger = Fd.own(SocketCalls.socket(SocketCalls.SOCK_SEQPACKET), "a stranger")) {
                int number = stranger.acquire();
                assertEquals(0, SocketCalls.connect(number, path.toString()));
                assertEquals(0, SocketCalls.send(number, 0, 0, 0));
                assertSame(Received.TIMED_OUT, receiver.receive(Duration.ofMillis(50)));
                ByteBuffer frame = ByteBuffer.allocateDirect(6).putInt(2).put((byte) 'h').put((byte) 'i').flip();
                assertEquals(0, SocketCalls.send(number, 0, 0, 0));
                assertEquals(0, SocketCalls.send(number, 0, 0, 0));
                assertEquals(6, SocketCalls.send(number, MemoryCalls.address(frame), 6, 0));
                stranger.release();
            }
            // The other side has hung up before all that was read.
            assertEquals("hi", Courier.text(receiver.receive(Courier.PATIENCE)));
            assertSame(Received.END, receiver.receive(Courier.PATIENCE));
        }
    }

    @Test
    void shouldTellWhoSentADatagram(IpcScope scope) throws Exception {
        String address = "unix:" + scope.path("s") + "?type=dgram";
        try (Receiver receiver = Ipc.receiver(address); ChildJvm child = ChildJvm.of(Courier.class).start()) {
            child.expect("ready");
            Courier.ask(child, "sender " + address);
            Courier.ask(child, "send hello");
            Received received = receiver.receive(Courier.PATIENCE);
            assertEquals("hello", Courier.text(received));
            assertEquals(child.pid(), received.message().sender().pid());
        }
    }

    @Test
    void shouldTellTheLargestPacket(IpcScope scope) {
        String address = "unix:" + scope.path("s") + "?type=seqpacket";
        try (Receiver receiver = Ipc.receiver(address); Sender sender = Ipc.sender(address)) {
            int most = sender.maxMessage();
            MessageTooLargeException tooLarge = assertThrows(MessageTooLargeException.class,
                    () -> sender.trySend(ByteBuffer.allocate(most + 1)));
            assertEquals(most, tooLarge.limit());
            assertTrue(tooLarge.getMessage().contains("type=stream"), tooLarge.getMessage());
            sender.send(ByteBuffer.allocate(most), Courier.PATIENCE);
            assertEquals(most, receiver.receive(Courier.PATIENCE).message().length());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldReceiveADatagramThatCameAtTheVeryMomentOfOpening(IpcScope scope) throws Exception {
        String address = "unix:" + scope.path("s") + "?type=dgram";
        for (int i = 0; i < OPENINGS; i++) {
            ByteBuffer message = ByteBuffer.allocate(Integer.BYTES).putInt(0, i);
            try (Sender sender = Ipc.sender(address)) {
                Thread sending = new Thread(() -> {
                    while (sender.trySend(message) == SendResult.NO_RECEIVER) {
                        Thread.onSpinWait();
                    }
                });
                sending.start();
                try (Receiver receiver = Ipc.receiver(address)) {
                    Received received = receiver.receive(Courier.PATIENCE);
                    assertTrue(received.isMessage(), "accepted, and turned away, at opening " + i);
                    assertEquals(i, received.message().payload().getInt());
                    assertEquals(ProcessHandle.current().pid(), received.message().sender().pid());
                }
                sending.join();
            }
        }
    }
}
