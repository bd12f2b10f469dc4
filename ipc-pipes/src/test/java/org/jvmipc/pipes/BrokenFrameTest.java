package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.BrokenFrameException;
import org.jvmipc.Duplex;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What a peer that sends nonsense can do: end its own connection, and nothing else. */
@IpcDir
@ExtendWith(SharedThreads.class)
final class BrokenFrameTest {
    private static final String[] SCHEMES = {"unix", "fifo"};

    private static void write(String address, byte[]... parts) throws Exception {
        try (WritableByteChannel sink = Ipc.sink(address)) {
            for (byte[] part : parts) {
                sink.write(ByteBuffer.wrap(part));
            }
        }
    }

    private static byte[] header(int header) {
        return ByteBuffer.allocate(4).putInt(header).array();
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    @ParameterizedTest
    @ValueSource(ints = {0x3fffffff, 0x01000001, 0x7fffffff, 0x80000001, 0xffffffff, 0xc0000401, 0x20202020})
    void shouldRefuseALengthBeforeItTakesMemoryForIt(int header, IpcScope scope) throws Exception {
        for (String scheme : SCHEMES) {
            String address = scope.address(scheme, "c");
            try (Receiver receiver = Ipc.receiver(address)) {
                Thread writing = writing(address, header(header), new byte[64]);
                long before = allocated();
                BrokenFrameException broken =
                        assertThrows(BrokenFrameException.class, () -> receiver.receive(Courier.PATIENCE));
                assertTrue(allocated() - before < 1 << 20, "memory for a length that was not checked");
                assertTrue(broken.getMessage().contains(address), broken.getMessage());
                assertSame(Received.END, receiver.receive(Courier.PATIENCE));
                writing.join(10_000);
            }
        }
    }

    private static Thread writing(String address, byte[]... parts) {
        Thread thread = new Thread(() -> {
            try {
                write(address, parts);
            } catch (Exception brokenPipe) {
                // The receiver hangs up.
            }
        });
        thread.start();
        return thread;
    }

    @Test
    void shouldServeTheNextSenderAfterOneThatSendsNonsense(IpcScope scope) throws Exception {
        for (String scheme : SCHEMES) {
            String address = scope.address(scheme, "c");
            try (Receiver receiver = Ipc.receiver(address + "?peerDeath=wait")) {
                for (int i = 0; i < 3; i++) {
                    Thread writing = writing(address, header(-1), new byte[8]);
                    assertThrows(BrokenFrameException.class, () -> receiver.receive(Courier.PATIENCE));
                    writing.join(10_000);
                    try (Sender sender = Ipc.sender(address)) {
                        sender.send(Courier.bytes("good " + i), Courier.PATIENCE);
                        assertEquals("good " + i, Courier.text(receiver.receive(Courier.PATIENCE)));
                    }
                }
            }
        }
    }

    @Test
    void shouldTurnAWriterOfNonsenseAwayAlsoWhereTheFifoIsKept(IpcScope scope) throws Exception {
        Path path = scope.path("f");
        String address = "fifo:" + path + "?keep=true";
        for (String option : new String[] {"", "&peerDeath=wait"}) {
            try (Receiver receiver = Ipc.receiver(address + option);
                    FileChannel stranger = FileChannel.open(path, StandardOpenOption.WRITE)) {
                stranger.write(ByteBuffer.wrap(header(-1)));
                assertThrows(BrokenFrameException.class, () -> receiver.receive(Courier.PATIENCE));
                assertTrue(Files.exists(path), "the name stays");
                if (option.isEmpty()) {
                    assertSame(Received.END, receiver.receive(Courier.PATIENCE));
                } else {
                    receiver.receive(Duration.ofMillis(50));
                    try (Sender sender = Ipc.sender(address)) {
                        sender.send(Courier.bytes("good"), Courier.PATIENCE);
                        assertThrows(IOException.class, () -> stranger.write(ByteBuffer.wrap(header(-1))));
                        assertEquals("good", Courier.text(receiver.receive(Courier.PATIENCE)));
                    }
                }
            }
            assertTrue(Files.exists(path), "the name stays");
        }
        Files.delete(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix:%s?", "unix:%s?type=seqpacket&", "fifo:%s?"})
    void shouldEndAnAcceptedConnectionWithItsPeerAlsoWhenCallersWait(String form, IpcScope scope) throws Exception {
        String address = String.format(form, scope.path("c")) + "peerDeath=wait";
        try (Listener listener = Ipc.listen(address); Duplex caller = Ipc.connect(address)) {
            for (int i = 0; i < 3; i++) {
                Thread sending = new Thread(() -> {
                    try {
                        caller.sender().send(Courier.bytes("again"), Courier.PATIENCE);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
                sending.start();
                try (Duplex callee = listener.accept(Courier.PATIENCE)) {
                    assertEquals("again", Courier.text(callee.receiver().receive(Courier.PATIENCE)));
                    sending.join(10_000);
                }
                assertSame(Received.TIMED_OUT, caller.receiver().receive(Duration.ofMillis(100)), "it waits");
            }
        }
        try (Listener listener = Ipc.listen(address)) {
            Duplex caller = Ipc.connect(address);
            caller.sender().sendAsync(Courier.bytes("once"));
            try (Duplex callee = listener.accept(Courier.PATIENCE)) {
                assertEquals("once", Courier.text(callee.receiver().receive(Courier.PATIENCE)));
                caller.close();
                assertSame(Received.END, callee.receiver().receive(Courier.PATIENCE));
            }
        }
    }

    @Test
    void shouldKeepAPartialFrameAcrossTimeouts(IpcScope scope) throws Exception {
        for (String scheme : SCHEMES) {
            String address = scope.address(scheme, "c");
            try (Receiver receiver = Ipc.receiver(address); WritableByteChannel sink = Ipc.sink(address)) {
                byte[] frame = ByteBuffer.allocate(9).putInt(5).put("hello".getBytes()).array();
                for (byte b : frame) {
                    assertSame(Received.TIMED_OUT, receiver.receive(Duration.ofMillis(5)));
                    sink.write(ByteBuffer.wrap(new byte[] {b}));
                }
                assertEquals("hello", Courier.text(receiver.receive(Courier.PATIENCE)));
            }
        }
    }

    @Test
    void shouldTellATornMessageAndThenTheEnd(IpcScope scope) throws Exception {
        for (String scheme : SCHEMES) {
            String address = scope.address(scheme, "c");
            try (Receiver receiver = Ipc.receiver(address)) {
                Thread writing = writing(address, header(3), "abc".getBytes(), header(1000), new byte[10]);
                assertEquals("abc", Courier.text(receiver.receive(Courier.PATIENCE)));
                BrokenFrameException torn =
                        assertThrows(BrokenFrameException.class, () -> receiver.receive(Courier.PATIENCE));
                assertTrue(torn.getMessage().contains("14 bytes"), torn.getMessage());
                assertSame(Received.END, receiver.receive(Courier.PATIENCE));
                writing.join(10_000);
            }
        }
    }
}
