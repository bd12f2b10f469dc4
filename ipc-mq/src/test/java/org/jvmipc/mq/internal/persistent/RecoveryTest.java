package org.jvmipc.mq.internal.persistent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.openhft.chronicle.wire.Wires;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.mq.PersistentQueues;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What becomes of queues whose clock or memory is not what it was. */
final class RecoveryTest {
    private static final long HOUR = 3_600_000_000L;

    @IpcDir
    private IpcScope scope;

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> all(Receiver receiver) {
        List<String> found = new ArrayList<>();
        for (Received next = receiver.tryReceive(); next.isMessage(); next = receiver.tryReceive()) {
            found.add(next.text());
        }
        return found;
    }

    @Test
    void shouldKeepOrderAndTimesWhenTheClockGoesBackOverAFile() throws Exception {
        Path directory = scope.path("q");
        String address = "queue:" + directory + "?rollCycle=FIVE_MINUTELY";
        try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address);
                QueueState state = QueueState.attach(directory)) {
            sender.send(bytes("before"));
            // As if that had been sent an hour ahead of what the clock says now.
            long ahead = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) + HOUR;
            state.begin(ahead, state.length());
            state.end();
            for (int i = 0; i < 3; i++) {
                sender.send(bytes("after " + i));
            }
            assertEquals(List.of("before", "after 0", "after 1", "after 2"), all(receiver));
            assertEquals(ahead, ChronoUnit.MICROS.between(Instant.EPOCH, PersistentQueues.time(receiver)));
        }
        try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address)) {
            sender.send(bytes("reopened"));
            assertEquals(List.of("before", "after 0", "after 1", "after 2", "reopened"), all(receiver));
        }
        PersistentQueues.remove(directory);
    }

    @Test
    void shouldFindTheEndAgainWithoutTheStateOfThoseBefore() throws Exception {
        Path directory = scope.path("q");
        String address = "queue:" + directory;
        try (Sender sender = Ipc.sender(address)) {
            for (int i = 0; i < 600; i++) {
                sender.send(bytes("" + i));
            }
        }
        assertFalse(Files.exists(directory.resolve(QueueState.FILE)));
        try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address + "?start=index:599")) {
            sender.send(bytes("600"));
            assertEquals(List.of("599", "600"), all(receiver));
        }
        PersistentQueues.remove(directory);
    }

    @Test
    void shouldMissNothingNewWhenTheMachineHasLostTheEndOfAQueue() throws Exception {
        Path directory = scope.path("q");
        String address = "queue:" + directory;
        try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address + "?reader=r");
                Receiver ahead = Ipc.receiver(address + "?reader=ahead&start=index:7")) {
            for (int i = 0; i < 5; i++) {
                sender.send(bytes("" + i));
            }
            assertEquals(5, all(receiver).size());
            assertEquals(List.of(), all(ahead));
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.filter(each -> each.toString().endsWith(".cq4")).toList()) {
                    Files.delete(file);
                }
            }
        }
        try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address + "?reader=r");
                Receiver ahead = Ipc.receiver(address + "?reader=ahead")) {
            for (int i = 0; i < 8; i++) {
                sender.send(bytes("new " + i));
            }
            List<String> found = all(receiver);
            assertEquals(8, found.size(), found::toString);
            assertEquals(List.of("new 7"), all(ahead));
        }
        PersistentQueues.remove(directory);
    }

    /** A file whose first document is not finished, of which Chronicle writes this header first. */
    private static byte[] unfinished(int size) {
        byte[] made = new byte[size];
        if (size > 0) {
            made[3] = (byte) (Wires.NOT_COMPLETE >>> 24);
        }
        return made;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 1 << 16})
    void shouldMakeAQueueWhoseCreatorDiedOverIt(int size) throws Exception {
        Path directory = scope.path("q");
        String address = "queue:" + directory;
        Ipc.sender(address).close();
        Files.write(directory.resolve("metadata.cq4t"), unfinished(size));
        try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address)) {
            sender.send(bytes("x"));
            assertEquals(List.of("x"), all(receiver));
        }
        PersistentQueues.remove(directory);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 1 << 20})
    void shouldNotWaitForAWriterThatDiedOverANewFile(int size) throws Exception {
        Path directory = scope.path("q");
        String address = "queue:" + directory;
        try (Store store = Store.open(address, directory, "createOrAttach", "")) {
            Path file = store.files().path(store.queue().cycle());
            Files.write(file, unfinished(size));
            store.state().begin(store.clock().now(), 100);
            long start = System.nanoTime();
            try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address)) {
                sender.send(bytes("x"));
                assertEquals(List.of("x"), all(receiver));
            }
            Duration delay = Duration.ofNanos(System.nanoTime() - start);
            assertTrue(delay.toSeconds() < 5, "Chronicle waits for 10 s, this took " + delay);
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            try (Stream<Path> files = Files.list(directory)) {
                assertEquals(0, files.filter(left -> left.toString().endsWith(".discard")).count());
            }
        }
        PersistentQueues.remove(directory);
    }

    @Test
    void shouldNameTheFlagsForAModule() {
        Module other = ModuleLayer.boot().findModule("java.logging").orElseThrow();
        UnsupportedOperationException missing =
                assertThrows(UnsupportedOperationException.class, () -> FlagsCheck.check(other));
        assertTrue(missing.getMessage().contains("--add-opens=java.base/sun.nio.ch=java.logging"),
                missing.getMessage());
        FlagsCheck.require();
    }
}
