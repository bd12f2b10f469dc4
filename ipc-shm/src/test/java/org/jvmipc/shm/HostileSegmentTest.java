package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
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
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.jvmipc.Ipc;
import org.jvmipc.IpcException;
import org.jvmipc.Receiver;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/**
 * R24, R25, R50: bytes of a segment that are not what they should be. Whatever they are: messages are delivered or
 * refused, by an exception of this toolkit; there is no access outside the segment, no endless loop, no end of the JVM.
 */
@IpcDir
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HostileSegmentTest {
    private static final long SEED = 20260307;
    private static final int FLIPS = 2000;
    private static final int CHANGES = 1500;
    /** For each kind of what is for synchronization. */
    private static final int SYNC_CHANGES = Integer.getInteger("ipc.hostile.changes", 80);
    private static final int ACTIONS = 6;
    /** For each ring. */
    private static final int HOSTILE_MILLIS = Integer.getInteger("ipc.hostile.millis", 400);
    private static final int LARGEST = 500;
    static final int SEGMENT = 20_000;
    static final int BLOCK = 1000;
    static final List<String> RINGS = List.of("ring=spsc", "ring=mpsc&producers=2",
            "ring=mpmc&producers=2&consumers=2", "ring=broadcast&readers=2",
            "ring=broadcast&readers=2&overflow=dropOldest");

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

    static SharedPoolBuilder pool(Path file) {
        return SharedPool.in(SharedSegment.file(file).keep()).blocks(BLOCK, 6).blocks(100, 20);
    }

    /** R24, R25: segments with something in them are changed while nobody has them open, and opened by a child. */
    @Test
    void shouldRefuseOrUseWhateverWasChangedMeanwhile() throws Exception {
        try (ChildJvm child = ChildJvm.of(HostilePeer.class).start()) {
            child.expect("ready");
            for (String ring : RINGS) {
                fill(ring);
                attack(child, "ring", address(ring), CHANGES, 0);
            }
            try (SharedSegment segment = SharedSegment.file(file()).keep().create(SEGMENT)) {
                segment.buffer().put(0, (byte) 1);
            }
            attack(child, "segment", "-", CHANGES, 0);
            try (SharedPool pool = pool(file()).create()) {
                pool.loan(10, Duration.ZERO).close();
                long handle = pool.loan(BLOCK, Duration.ZERO).handOver();
                assertNotNull(pool.tryLoan(50));
                attack(child, "pool", "-", CHANGES, handle);
            }
            for (String kind : HostileSync.KINDS) {
                HostileSync.use(kind, file());
                attack(child, kind, "-", SYNC_CHANGES, 0);
            }
            child.send("end");
            assertEquals(0, child.awaitExit(), child.errors());
        }
    }

    /** Some messages of which some were taken. */
    private void fill(String ring) throws InterruptedException {
        try (Receiver receiver = Ipc.receiver(address(ring + "&keep=true"))) {
            try (Sender sender = Ipc.sender(address(ring + "&keep=true"))) {
                for (int i = 0; i < 12; i++) {
                    sender.send(ByteBuffer.allocate(20 * i));
                }
            }
            assertEquals(5, receiver.poll(message -> { }, 5));
        }
    }

    private void attack(ChildJvm child, String kind, String address, int changes, long handle) {
        child.send(kind + " " + address + " " + file() + " " + SEED + " " + changes + " " + handle);
        String[] word = child.expect(kind + " refused").split(" ");
        int refused = Integer.parseInt(word[2]);
        int used = Integer.parseInt(word[4]);
        assertTrue(refused > changes / 20 && used > changes / 20,
                kind + " " + address + ": refused " + refused + ", used " + used);
    }

    /** R24: a size that does not belong to the header is noticed before any use. (Less than a header: see R12.) */
    @ParameterizedTest
    @FieldSource("RINGS")
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
    @FieldSource("RINGS")
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

    /** R50: another process overwrites lengths, positions and all else of a ring that a child uses all the time. */
    @Test
    void shouldSurviveSomebodyWhoOverwritesAllTheTime() throws Exception {
        random = new Random(SEED);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (ChildJvm child = ChildJvm.of(HostilePeer.class).start()) {
            child.expect("ready");
            for (String ring : RINGS) {
                child.send("live " + scope.address("shm", "ring") + "?capacity=4k&" + ring + " " + file() + " " + SEED
                        + " " + HOSTILE_MILLIS + " 0");
                String line = child.expect("");
                for (; line.equals("open"); line = child.expect("")) {
                    Future<?> hostile = threads.submit(hostile(map(), random.nextLong()));
                    child.send("begin");
                    child.expect("over", Duration.ofMillis(HOSTILE_MILLIS).plusSeconds(20));
                    hostile.cancel(true);
                    child.send("next");
                }
                assertTrue(line.startsWith("survived, noticed "), ring + ": " + line);
                broken += Integer.parseInt(line.substring("survived, noticed ".length()));
            }
            child.send("end");
            assertEquals(0, child.awaitExit(), child.errors());
            // A busy machine may let neither of the two run in the short time of one ring.
            assertTrue(broken > 0, "nothing was noticed");
        } finally {
            threads.shutdownNow();
            assertTrue(threads.awaitTermination(10, TimeUnit.SECONDS));
        }
    }

    private Runnable hostile(MappedByteBuffer memory, long seed) {
        Random own = new Random(seed);
        return () -> {
            while (!Thread.currentThread().isInterrupted()) {
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
