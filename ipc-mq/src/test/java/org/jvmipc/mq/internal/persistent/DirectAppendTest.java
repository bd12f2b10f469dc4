package org.jvmipc.mq.internal.persistent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wires;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Address;
import org.jvmipc.Claim;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.mq.NotSyncedException;
import org.jvmipc.mq.PersistentQueues;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What is written beside Chronicle's appender is to Chronicle as if that had written it. */
final class DirectAppendTest {
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

    private static List<String> numbers(int to) {
        return IntStream.range(0, to).mapToObj(String::valueOf).toList();
    }

    @Test
    void shouldWriteWhatChronicleCountsAndFindsByIndex() throws Exception {
        int count = 1000;
        Path directory = scope.path("q");
        String address = "queue:" + directory;
        try (Sender one = Ipc.sender(address); Sender two = Ipc.sender(address);
                Receiver receiver = Ipc.receiver(address)) {
            for (int i = 0; i < count; i++) {
                Sender sender = i % 7 < 4 ? one : two;
                Claim dropped = sender.tryClaim(i % 100 + 1);
                while (dropped.buffer().hasRemaining()) {
                    dropped.buffer().put((byte) -1);
                }
                dropped.abort();
                sender.send(bytes("" + i));
            }
            assertEquals(numbers(count), all(receiver));
        }
        try (SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(directory).build();
                ExcerptTailer tailer = queue.createTailer()) {
            long first = queue.firstIndex();
            assertEquals(first + count - 1, queue.lastIndex());
            assertEquals(first + count, tailer.toEnd().index());
            for (int i : new int[] {count - 1, 257, 0, 255, 256, 1, 511, 767, 768}) {
                assertTrue(tailer.moveToIndex(first + i), "index " + i);
                try (DocumentContext document = tailer.readingDocument()) {
                    assertEquals(i, document.wire().read("n").int64());
                }
            }
        }
        PersistentQueues.remove(directory);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLoseOnlyWhatWasNotFinishedWhenAWriterDies(boolean finished) throws Exception {
        Path directory = scope.path("q");
        String address = "queue:" + directory;
        try (Store store = Store.open(address, directory, "createOrAttach", "");
                LogWriter writer = new LogWriter(store)) {
            assertTrue(store.tryLock(0));
            for (String text : numbers(4)) {
                writer.begin(text.length(), 0);
                writer.put(bytes(text));
                if (!text.equals("3")) {
                    writer.commit();
                }
            }
            // As of a writer that has died in here: it can be read, but Chronicle and the state do not know.
            if (finished) {
                finish(store);
            }
            store.unlock();
            try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address)) {
                int kept = finished ? 4 : 3;
                for (int i = kept; i < 600; i++) {
                    sender.send(bytes("" + i));
                }
                assertEquals(numbers(600), all(receiver));
                assertEquals(599, PersistentQueues.index(receiver));
            }
        }
        try (SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(directory).build()) {
            assertEquals(600, queue.lastIndex() - queue.firstIndex() + 1);
        }
        PersistentQueues.remove(directory);
    }

    /** Sets the header of the document behind the last one. */
    private static void finish(Store store) throws IOException {
        QueueState state = store.state();
        try (FileChannel file = FileChannel.open(store.files().path(state.cycle()), StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            ByteBuffer header = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            file.read(header, state.position());
            int last = header.getInt(0);
            assertTrue(Wires.isReadyData(last));
            long next = state.position() + 4 + Wires.lengthOf(last);
            next += -next & 3;
            file.read(header.clear(), next);
            assertEquals(0, header.getInt(0));
            header.putInt(0, Record.HEADER + 1);
            file.write(header.clear(), next);
        }
    }

    private static OptionValues values(String address) {
        return new PersistentQueueProvider().options().check(Address.parse(address));
    }

    @Test
    void shouldSayThatAMessageIsThereWhenWhatComesAfterFails() throws Exception {
        Path directory = scope.path("q");
        String address = "queue:" + directory + "?sync=each";
        Store store = Store.open(address, directory, "createOrAttach", "");
        boolean[] works = {true};
        Syncing syncing = new Syncing(address, cycle -> {
            if (!works[0]) {
                throw new UncheckedIOException(new IOException("Input/output error"));
            }
        }, values(address));
        int[] tidied = {0};
        QueueOut out = new QueueOut(store, new LogWriter(store), store.state(), syncing, tidy -> {
            tidied[0]++;
            throw new IllegalStateException("no right to delete");
        }, values(address));
        try (Receiver receiver = Ipc.receiver("queue:" + directory)) {
            assertEquals(SendResult.SENT, out.offer(bytes("0")));
            assertEquals(1, tidied[0]);
            works[0] = false;
            ByteBuffer message = bytes("1");
            NotSyncedException refused = assertThrows(NotSyncedException.class, () -> out.offer(message));
            assertEquals(1, refused.index());
            assertTrue(refused.getMessage().contains("do not send them again"), refused.getMessage());
            assertFalse(message.hasRemaining());
            ByteBuffer[] two = {bytes("2"), bytes("3")};
            assertEquals(3, assertThrows(NotSyncedException.class, () -> out.offer(two, 0, 2)).index());
            Claim claim = out.tryClaim(1);
            claim.buffer().put((byte) '4');
            assertEquals(4, assertThrows(NotSyncedException.class, claim::commit).index());
            works[0] = true;
            assertEquals(SendResult.SENT, out.offer(bytes("5")));
            assertEquals(numbers(6), all(receiver));
        } finally {
            out.close();
        }
        PersistentQueues.remove(directory);
    }
}
