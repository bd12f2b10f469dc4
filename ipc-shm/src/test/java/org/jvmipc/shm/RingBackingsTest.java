package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.Duplex;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.Ipc;
import org.jvmipc.IpcException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.posix.SysvShmCalls;
import org.jvmipc.spi.Log;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Rings in other memory than files in {@code /dev/shm}. */
@IpcDir
class RingBackingsTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @IpcDir
    private IpcScope scope;

    private String address(String options) {
        return scope.address("shm", "ring") + "?" + options.replace("DIR", scope.dir().toString());
    }

    private int key() {
        return SysvBacking.key(scope.name("ring"));
    }

    private static boolean exists(int key) {
        return SysvShmCalls.get(key, 0, 0) >= 0;
    }

    @ParameterizedTest
    @ValueSource(strings = {"backing=sysv", "backing=sysv&key=0x4a5610ff&wait=block", "backing=file&dir=DIR",
        "backing=sysv&ring=mpsc&producers=2", "backing=sysv&ring=broadcast&readers=2"})
    void shouldCarryMessagesToAnotherProcess(String options) throws Exception {
        String there = address(options);
        String back = scope.address("shm", "back");
        try (ChildJvm child = ChildJvm.of(RingPeer.class).args("echo", there, back, 500).start()) {
            child.expect("ready");
            if (options.startsWith("backing=sysv")) {
                String where = options.contains("key") ? "0x4a5610ff" : "0x" + Integer.toHexString(key());
                assertTrue(SharedSegment.list().stream().anyMatch(info -> info.kind().equals("ring")
                        && info.where().endsWith(where)), SharedSegment.list().toString());
            }
            try (Sender sender = Ipc.sender(there); Receiver receiver = Ipc.receiver(back)) {
                for (int i = 0; i < 500; i++) {
                    sender.send(RingPeer.message(i), LONG);
                    assertEquals(RingPeer.message(i), ByteBuffer.wrap(receiver.receive(LONG).message().bytes()));
                }
                child.expect("echoed");
                child.send("end");
                assertEquals(0, child.awaitExit());
            }
        }
        assertFalse(exists(key()) || exists(0x4a5610ff), "the last one removes it");
    }

    @Test
    void shouldTakeOverWhatAKilledProcessLeft() throws Exception {
        String address = address("backing=sysv");
        try (ChildJvm child = ChildJvm.of(RingPeer.class).args("block", address).start()) {
            child.expect("blocking");
            Await.until(LONG, "the ring to be there", () -> exists(key()));
            try (Sender sender = Ipc.sender(address)) {
                assertTrue(sender.awaitPeer(LONG));
                sender.send(ByteBuffer.wrap("abc".getBytes(StandardCharsets.UTF_8)), LONG);
                child.expect("got 3");
                child.kill();
                child.awaitDeath(LONG);
            }
        }
        assertFalse(exists(key()));
        try (ChildJvm child = ChildJvm.of(RingPeer.class).args("block", address).start()) {
            child.expect("blocking");
            Await.until(LONG, "the ring to be there", () -> exists(key()));
            child.kill();
            child.awaitDeath(LONG);
        }
        assertTrue(exists(key()));
        assertThrows(ChannelNotFoundException.class, () -> Ipc.sender(address + "&open=attach"));
        try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address)) {
            sender.send(ByteBuffer.wrap("anew".getBytes(StandardCharsets.UTF_8)), LONG);
            assertEquals("anew", receiver.receive(LONG).text());
        }
        assertFalse(exists(key()));
    }

    /** R62: said once for each directory; said of no directory in memory. */
    @Test
    void shouldWarnOfADirectoryThatIsNotInMemory() throws Exception {
        Path disk = Files.createTempDirectory(Path.of("target"), "disk").toAbsolutePath();
        Assumptions.assumeFalse(Files.getFileStore(disk).type().equals("tmpfs"), "the build is in memory");
        List<String> told = new CopyOnWriteArrayList<>();
        Logger logger = Logger.getLogger(Log.NAME);
        Handler handler = handler(told);
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            for (int i = 0; i < 2; i++) {
                Ipc.sender(scope.address("shm", "ring") + "?backing=file&dir=" + disk).close();
                Ipc.sender(scope.address("shm", "ring") + "?backing=file&dir=/dev/shm").close();
                Ipc.sender(scope.address("shm", "ring")).close();
            }
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
            Files.delete(disk);
        }
        assertEquals(1, told.size(), told.toString());
        assertTrue(told.get(0).contains(disk.toString()) && told.get(0).contains("safepoint"), told.toString());
    }

    private static Handler handler(List<String> told) {
        return new Handler() {
            @Override
            public void publish(LogRecord line) {
                told.add(line.getMessage());
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

    @Test
    void shouldSayWhatDoesNotGo() {
        for (String options : List.of("backing=disk", "backing=file", "backing=file&dir=here", "backing=posix&dir=/tmp",
                "key=0x1", "backing=sysv&key=1", "backing=sysv&key=0x123456789", "backing=sysv&key=0x0")) {
            assertThrows(IllegalArgumentException.class, () -> Ipc.sender(address(options)), options);
        }
        IllegalArgumentException nowhere = assertThrows(IllegalArgumentException.class,
                () -> Ipc.sender(address("backing=file&dir=DIR/none")));
        assertTrue(nowhere.getMessage().contains("no directory"), nowhere.getMessage());
        assertThrows(UnsupportedOperationException.class, () -> Ipc.listen(address("backing=sysv")));
        assertThrows(UnsupportedOperationException.class, () -> Ipc.connect(address("backing=sysv")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"spsc", "mpsc", "mpmc", "broadcast"})
    void shouldNameTheLimitOfACapacityThatIsTooLarge(String ring) {
        for (String backing : List.of("posix", "sysv", "memfd", "file&dir=DIR")) {
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                    () -> Ipc.sender(address("ring=" + ring + "&capacity=2g&backing=" + backing)));
            assertTrue(refused.getMessage().contains("2g") && refused.getMessage().contains("1073741824"),
                    refused.getMessage());
        }
    }

    @Test
    void shouldConnectByFilesOfAnotherDirectory() throws Exception {
        String address = address("backing=file&dir=DIR&capacity=4k");
        try (ChildJvm child = ChildJvm.of(RingPeer.class).args("serve", address).start()) {
            child.expect("listening");
            try (Duplex connection = Ipc.connect(address)) {
                for (int i = 0; i < 500; i++) {
                    connection.sender().send(RingPeer.message(i), LONG);
                    assertEquals(RingPeer.message(i),
                            ByteBuffer.wrap(connection.receiver().receive(LONG).message().bytes()));
                }
            }
            assertEquals(0, child.awaitExit());
        }
        try (Stream<Path> left = Files.list(scope.dir())) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void shouldCarryBytesInMemoryOfSystemV() throws Exception {
        try (ReadableByteChannel source = Ipc.source(address("backing=sysv"));
                WritableByteChannel sink = Ipc.sink(address("backing=sysv"))) {
            sink.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            ByteBuffer read = ByteBuffer.allocate(3);
            while (read.hasRemaining()) {
                source.read(read);
            }
            assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3}), read.flip());
        }
        assertFalse(exists(key()));
    }

    @Test
    void shouldLeaveForeignMemoryOfSystemVAlone() {
        for (int size : new int[] {100, 50_000}) {
            int id = SysvShmCalls.get(key(), size, SysvShmCalls.IPC_CREAT | SysvShmCalls.IPC_EXCL | 0600);
            try (Stranger held = new Stranger(id)) {
                assertTrue(held.address() > 0);
                assertThrows(IpcException.class, () -> Ipc.sender(address("backing=sysv")));
                assertEquals(id, SysvShmCalls.get(key(), 0, 0));
            } finally {
                SysvShmCalls.remove(id);
            }
        }
        try (SharedSegment memory = SharedSegment.sysv(scope.name("ring")).create(100)) {
            assertThrows(IncompatibleChannelException.class, () -> Ipc.sender(address("backing=sysv")));
            assertEquals(1, memory.participants().size());
        }
    }

    /** Memory that somebody uses who has written nothing. */
    private record Stranger(int id, long address) implements AutoCloseable {
        Stranger(int id) {
            this(id, SysvShmCalls.attach(id, 0));
        }

        @Override
        public void close() {
            SysvShmCalls.detach(address);
        }
    }
}
