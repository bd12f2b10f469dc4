package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Ipc;
import org.jvmipc.IpcException;
import org.jvmipc.Receiver;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/**
 * R24, R25, R50: bytes of a segment that are not what they should be. Whatever they are: messages are delivered or
 * refused, by an exception of this toolkit; there is no access outside the segment, no endless loop, no end of the JVM.
 */
@IpcDir
@Timeout(60)
class HostileSegmentTest {
    private static final long SEED = 20260307;
    private static final int FLIPS = 2500;
    private static final int ACTIONS = 6;
    private static final long HOSTILE_NANOS = TimeUnit.MILLISECONDS.toNanos(1200);
    private static final int LARGEST = 500;

    @IpcDir
    private IpcScope scope;
    private Random random;
    private int broken;

    private String address(String ring) {
        return scope.address("shm", "ring") + "?capacity=4k&wait=spin&" + ring;
    }

    private Path file() {
        return Path.of("/dev/shm/jvmipc-" + ProcessIdentity.effectiveUid() + "-" + scope.name("ring"));
    }

    /** R24: opening what has another header, or another size, than it should have. */
    @ParameterizedTest
    @ValueSource(strings = {"ring=spsc", "ring=mpsc&producers=2", "ring=broadcast&readers=2",
        "ring=broadcast&readers=2&overflow=dropOldest"})
    void shouldRefuseOrOpenWhateverTheHeaderSays(String ring) throws Exception {
        random = new Random(SEED);
        Ipc.sender(address(ring + "&keep=true")).close();
        byte[] good = Files.readAllBytes(file());
        for (int run = 0; run < FLIPS / 2; run++) {
            byte[] bad = good.clone();
            for (int i = 0; i <= run % 3; i++) {
                bad[random.nextInt(run % 2 == 0 ? 88 : 6000)] = (byte) random.nextInt();
            }
            replaceBy(run % 10 == 0 ? Arrays.copyOf(bad, random.nextInt(2 * good.length)) : bad);
            try (Receiver receiver = Ipc.receiver(address(ring)); Sender sender = Ipc.sender(address(ring))) {
                use(sender);
                use(receiver);
            } catch (IpcException refused) {
                broken++;
            }
        }
        Files.deleteIfExists(file());
        assertTrue(broken > FLIPS / 10, "only " + broken + " were noticed");
    }

    /** R24: a size that does not belong to the header is noticed before any use. (Less than a header: see R12.) */
    @ParameterizedTest
    @ValueSource(strings = {"ring=spsc", "ring=mpsc", "ring=broadcast"})
    void shouldRefuseAnotherSize(String ring) throws Exception {
        Ipc.sender(address(ring + "&keep=true")).close();
        byte[] good = Files.readAllBytes(file());
        for (int size : new int[] {4096, 5000, good.length - 1, good.length + 1, 2 * good.length}) {
            replaceBy(Arrays.copyOf(good, size));
            assertThrows(SegmentCorruptedException.class, () -> Ipc.receiver(address(ring)), "of " + size + " bytes");
        }
        Files.delete(file());
    }

    private void replaceBy(byte[] bytes) throws IOException {
        Files.deleteIfExists(file());
        Files.createFile(file(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file(), bytes);
    }

    private void use(Sender sender) {
        SendResult result = sender.trySend(ByteBuffer.allocate(random.nextInt(LARGEST)));
        assertTrue(result != null);
        sender.status();
    }

    private static void use(Receiver receiver) {
        receiver.poll(message -> assertTrue(message.remaining() <= 1 << 12, "longer than the ring"), 5);
        receiver.status();
    }

    /** R25: single bytes are overwritten, anywhere, one after the other; in all rings together 10,000. */
    @ParameterizedTest
    @ValueSource(strings = {"ring=spsc", "ring=mpsc&producers=2", "ring=broadcast&readers=2",
        "ring=broadcast&readers=2&overflow=dropOldest"})
    void shouldDeliverOrNoticeWhateverIsOverwritten(String ring) throws Exception {
        random = new Random(SEED);
        int flips = 0;
        while (flips < FLIPS) {
            try (Sender sender = Ipc.sender(address(ring)); Receiver receiver = Ipc.receiver(address(ring))) {
                MappedByteBuffer memory = map();
                for (int use = 0; use < 20 && flips < FLIPS; use++) {
                    overwrite(memory);
                    flips++;
                    for (int action = 0; action < ACTIONS; action++) {
                        if (random.nextBoolean()) {
                            use(sender);
                        } else {
                            use(receiver);
                        }
                    }
                }
            } catch (IpcException noticed) {
                broken++;
            }
            Files.deleteIfExists(file());
        }
        assertTrue(broken > 0, "nothing was noticed");
    }

    /** R50: somebody overwrites lengths and positions all the time. */
    @ParameterizedTest
    @ValueSource(strings = {"ring=spsc", "ring=mpsc&producers=2", "ring=broadcast&readers=2",
        "ring=broadcast&readers=2&overflow=dropOldest"})
    void shouldSurviveSomebodyWhoOverwritesAllTheTime(String ring) throws Exception {
        random = new Random(SEED);
        long deadline = System.nanoTime() + HOSTILE_NANOS;
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            while (deadline - System.nanoTime() > 0) {
                Future<?> hostile = null;
                try (Sender sender = Ipc.sender(address(ring)); Receiver receiver = Ipc.receiver(address(ring))) {
                    hostile = threads.submit(hostile(map(), random.nextLong(), deadline));
                    while (deadline - System.nanoTime() > 0) {
                        use(sender);
                        use(receiver);
                    }
                } catch (IpcException noticed) {
                    broken++;
                } finally {
                    if (hostile != null) {
                        hostile.cancel(true);
                    }
                }
                Files.deleteIfExists(file());
            }
        } finally {
            threads.shutdown();
            assertTrue(threads.awaitTermination(10, TimeUnit.SECONDS));
        }
        assertTrue(broken > 0, "nothing was noticed");
    }

    private Runnable hostile(MappedByteBuffer memory, long seed, long deadline) {
        Random own = new Random(seed);
        return () -> {
            while (!Thread.currentThread().isInterrupted() && deadline - System.nanoTime() > 0) {
                overwrite(memory, own);
                for (int i = own.nextInt(2000); i > 0; i--) {
                    Thread.onSpinWait();
                }
            }
        };
    }

    private void overwrite(MappedByteBuffer memory) {
        overwrite(memory, random);
    }

    /** A byte somewhere, or a word of those that matter. */
    private static void overwrite(MappedByteBuffer memory, Random random) {
        switch (random.nextInt(4)) {
            case 0 -> memory.put(random.nextInt(memory.capacity()), (byte) random.nextInt());
            case 1 -> memory.putLong(random.nextInt(memory.capacity() / 8) * 8,
                    random.nextBoolean() ? random.nextInt() : random.nextLong());
            case 2 -> memory.put(random.nextInt(memory.capacity() / 128) * 128, (byte) random.nextInt());
            default -> memory.put(random.nextInt(memory.capacity() / 8) * 8, (byte) (1 << random.nextInt(8)));
        }
    }

    private MappedByteBuffer map() throws IOException {
        try (FileChannel channel =
                FileChannel.open(file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
        }
    }
}
