package org.jvmipc.mq.internal.persistent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.mq.GroupConsumer;
import org.jvmipc.mq.PersistentQueues;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** A process that opens and closes queues again and again does not become larger. */
final class LeakTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int WARM = 5;
    private static final int ROUNDS = 40;

    @IpcDir
    private IpcScope scope;

    private static long count(String directory) {
        try (Stream<Path> entries = Files.list(Path.of(directory))) {
            return entries.count();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Parts of a queue's files that are mapped. */
    private static long mapped(Path directory) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(directory + "/")).count();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void use(String address, int rounds) throws InterruptedException {
        for (int i = 0; i < rounds; i++) {
            try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address + "?reader=r");
                    GroupConsumer group = GroupConsumer.open(address + "?group=g")) {
                sender.send(ByteBuffer.wrap(new byte[] {(byte) i}));
                assertEquals((byte) i, receiver.receive(LONG).message().bytes()[0]);
                group.receive().ack();
            }
        }
    }

    @Test
    void shouldLeaveNoDescriptorsMappingsOrThreads() throws Exception {
        Path directory = scope.path("q");
        String address = "queue:" + directory;
        use(address, WARM);
        long descriptors = count("/proc/self/fd");
        int threads = Thread.getAllStackTraces().size();
        use(address, ROUNDS);
        // A descriptor or thread of each round, or of every second one, would be far beyond that.
        long more = ROUNDS / 8;
        long descriptorsLater = count("/proc/self/fd");
        assertTrue(descriptorsLater <= descriptors + more, descriptors + " descriptors, then " + descriptorsLater);
        int threadsLater = Thread.getAllStackTraces().size();
        assertTrue(threadsLater <= threads + more, threads + " threads, then " + threadsLater);
        // What was shown to users is unmapped when nobody can reach it any more.
        Await.until(LONG, () -> mapped(directory) + " parts are still mapped", () -> {
            System.gc();
            return mapped(directory) == 0;
        });
        PersistentQueues.remove(directory);
    }
}
