package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.ChannelFullException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.IpcException;
import org.jvmipc.NoSpaceException;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.WaitStrategy;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** A segment in one process; what is said of files holds for {@code /dev/shm}, too, which is only another directory. */
@IpcDir
class SharedSegmentTest {
    private static final int SIZE = 10_000;
    private static final long FILE_SIZE = SharedLayout.HEADER_SIZE + SIZE;

    @IpcDir
    private IpcScope scope;

    private Path path() {
        return scope.path("segment");
    }

    /** Needs no native code, so that these tests are quick. */
    private SharedSegmentBuilder segment() {
        return SharedSegment.file(path()).waitStrategy(WaitStrategy.YIELD).patience(Duration.ofMillis(200));
    }

    private byte[] contents() throws IOException {
        return Files.readAllBytes(path());
    }

    private void overwrite(long offset, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), offset);
        }
    }

    private static byte[] bytes(long value) {
        return ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(value).array();
    }

    @Test
    void shouldShareMemoryUnderAName() throws IOException {
        String name = scope.name("shared");
        Path file = PosixNames.path(name);
        try (SharedSegment one = SharedSegment.posix(name).create(SIZE)) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            assertEquals(FILE_SIZE, Files.size(file));
            one.buffer(100, 20).putLong(4, 0x0123456789abcdefL);
            try (SharedSegment two = SharedSegment.posix(name).open()) {
                assertEquals(SIZE, two.size());
                assertEquals(one.generation(), two.generation());
                assertTrue(one.isCreator());
                assertFalse(two.isCreator());
                assertEquals(0x0123456789abcdefL, two.buffer().getLong(104));
                assertEquals(0x0123456789abcdefL, two.longAt(104).get());
                assertEquals(2, one.participants().size());
                assertEquals(ProcessHandle.current().pid(), one.participants().get(1).pid());
            }
            assertEquals(1, one.participants().size());
            assertTrue(Files.exists(file));
        }
        assertFalse(Files.exists(file));
    }

    @Test
    void shouldDoAsTheMethodSays() {
        assertThrows(ChannelNotFoundException.class, () -> segment().open());
        assertFalse(Files.exists(path()));
        SharedSegment first = segment().create(SIZE);
        ChannelExistsException exists = assertThrows(ChannelExistsException.class, () -> segment().create(SIZE));
        assertTrue(exists.getMessage().contains("pid " + ProcessHandle.current().pid()), exists.getMessage());
        SharedSegment second = segment().openOrCreate(SIZE);
        SharedSegment third = segment().open(SIZE);
        first.close();
        first.close();
        second.close();
        assertEquals(1, third.participants().size());
        third.close();
        assertFalse(Files.exists(path()));
        assertFalse(segment().destroy());
    }

    @Test
    void shouldSayBothValuesOfWhatDiffers() {
        try (SharedSegment segment = segment().type("prices/2").create(SIZE)) {
            assertEquals("prices/2", segment.type());
            differs("10000", "20000", () -> segment().open(20_000));
            differs("10000", "20000", () -> segment().openOrCreate(20_000));
            differs("prices/2", "orders/1", () -> segment().type("orders/1").open());
            segment().open().close();
            segment().type("prices/2").open().close();
        }
    }

    private static void differs(String found, String wanted, Runnable open) {
        IncompatibleChannelException differs = assertThrows(IncompatibleChannelException.class, open::run);
        assertTrue(differs.getMessage().contains(found) && differs.getMessage().contains(wanted),
                differs.getMessage());
    }

    @Test
    void shouldRefuseWhatIsNoArgument() {
        for (String name : List.of("", ".hidden", "a/b", "../x", "a b", "x".repeat(101), "\u00e4")) {
            assertThrows(IllegalArgumentException.class, () -> SharedSegment.posix(name), name);
        }
        assertThrows(IllegalArgumentException.class, () -> segment().create(0));
        assertThrows(IllegalArgumentException.class, () -> segment().create(SharedLayout.MAX_SIZE + 1));
        assertThrows(IllegalArgumentException.class, () -> segment().type(""));
        assertThrows(IllegalArgumentException.class, () -> segment().type("x".repeat(97)));
        assertThrows(IllegalArgumentException.class, () -> segment().patience(Duration.ofMillis(-1)));
        assertFalse(Files.exists(path()));
    }

    @Test
    void shouldKeepWhatIsToBeKept() {
        SharedSegment keeper = segment().keep().create(SIZE);
        keeper.longAt(8).set(4711);
        keeper.close();
        assertTrue(Files.exists(path()));
        try (SharedSegment other = segment().keep().openOrCreate(SIZE)) {
            assertEquals(keeper.generation(), other.generation());
            assertEquals(4711, other.longAt(8).get());
        }
        assertTrue(segment().destroy());
        assertFalse(Files.exists(path()));
    }

    @Test
    void shouldMakeAnotherGenerationWhenTheNameWasRemovedUnderLivePeers() throws IOException {
        for (boolean properly : new boolean[] {false, true}) {
            SharedSegment one = segment().create(SIZE);
            SharedSegment two = segment().open();
            assertTrue(properly ? segment().destroy() : Files.deleteIfExists(path()));
            SharedSegment newcomer = segment().openOrCreate(SIZE);
            assertNotEquals(one.generation(), newcomer.generation());
            one.longAt(0).set(5);
            assertEquals(5, two.longAt(0).get(), "live peers go on");
            assertEquals(0, newcomer.longAt(0).get());
            one.close();
            two.close();
            assertTrue(Files.exists(path()), "it is the newcomer's");
            newcomer.close();
            assertFalse(Files.exists(path()));
        }
    }

    @Test
    void shouldTakeNoMoreParticipantsThanItHasSlots() {
        List<SharedSegment> open = new ArrayList<>();
        for (int i = 0; i < SharedLayout.SLOT_COUNT; i++) {
            open.add(scope.track(segment().openOrCreate(SIZE)));
        }
        ChannelFullException full = assertThrows(ChannelFullException.class, () -> segment().open());
        assertTrue(full.getMessage().contains("48"), full.getMessage());
        open.get(17).close();
        open.set(17, scope.track(segment().open()));
        assertEquals(SharedLayout.SLOT_COUNT, open.get(0).participants().size());
        open.forEach(SharedSegment::close);
        assertFalse(Files.exists(path()));
    }

    @Test
    void shouldRefuseEverythingAfterClose() {
        SharedSegment segment = segment().create(SIZE);
        SharedLong number = segment.longAt(0);
        SharedInt small = segment.intAt(8);
        segment.close();
        List<Runnable> uses = List.of(segment::buffer, () -> segment.buffer(0, 0), () -> segment.longAt(0),
                () -> segment.intAt(0), segment::participants, number::get, number::getAcquire, () -> number.set(1),
                () -> number.setRelease(1), () -> number.compareAndSet(0, 1), () -> number.getAndSet(1),
                () -> number.getAndAdd(1), () -> number.addAndGet(1), number::signal, small::get, small::getAcquire,
                () -> small.set(1), () -> small.setRelease(1), () -> small.compareAndSet(0, 1),
                () -> small.getAndSet(1), () -> small.getAndAdd(1), () -> small.addAndGet(1), small::signal);
        for (Runnable use : uses) {
            ChannelClosedException closed = assertThrows(ChannelClosedException.class, use::run);
            assertTrue(closed.getMessage().contains("segment"), closed.getMessage());
        }
        assertThrows(ChannelClosedException.class, () -> number.await(value -> true, Duration.ZERO));
        assertThrows(ChannelClosedException.class, () -> small.await(value -> true, Duration.ZERO));
        assertEquals(SIZE, segment.size());
    }

    @ParameterizedTest
    @CsvSource({"MAGIC, 1", "LAYOUT_VERSION, 2", "KIND, 1", "BYTE_ORDER, 0x0807060504030201", "BYTE_ORDER, 5",
        "SIZE, 8192", "SIZE, -1", "FILE_SIZE, 99999", "HEADER_BYTES, 4096", "STATE, 2"})
    void shouldRefuseWhatIsNoSegmentOfThisKindAndLeaveIt(String field, String text) throws Exception {
        SharedSegment segment = segment().create(SIZE);
        byte[] good = contents();
        int offset = SharedLayout.class.getDeclaredField(field).getInt(null);
        byte[] written = bytes(Long.decode(text));
        overwrite(offset, List.of("LAYOUT_VERSION", "KIND", "STATE").contains(field)
                ? Arrays.copyOf(written, 4) : written);
        byte[] before = contents();
        IpcException refused = assertThrows(IpcException.class, () -> segment().openOrCreate(SIZE));
        assertTrue(refused instanceof IncompatibleChannelException || refused instanceof SegmentCorruptedException,
                refused.toString());
        assertThrows(IpcException.class, () -> segment().open());
        assertArrayEquals(before, contents());
        overwrite(0, good);
        segment.close();
        assertFalse(Files.exists(path()));
    }

    @Test
    void shouldRefuseARandomHeaderAndTouchNothing() throws Exception {
        SharedSegment segment = segment().create(SIZE);
        byte[] good = contents();
        Random random = new Random(7);
        int refused = 0;
        for (int run = 0; run < 1000; run++) {
            byte[] header = Arrays.copyOf(good, SharedLayout.CONSTANT_END);
            for (int i = 0; i < 1 + run % 3; i++) {
                header[random.nextInt(SharedLayout.CONSTANT_END)] = (byte) random.nextInt();
            }
            overwrite(0, header);
            try {
                segment().type("x").open(SIZE).close();
            } catch (IncompatibleChannelException | SegmentCorruptedException | ChannelNotFoundException expected) {
                refused++;
            }
            byte[] after = new byte[SharedLayout.CONSTANT_END];
            try (FileChannel channel = FileChannel.open(path())) {
                channel.read(ByteBuffer.wrap(after));
            }
            assertArrayEquals(header, after);
        }
        assertTrue(refused > 300, "only " + refused);
        overwrite(0, good);
        segment.close();
        assertFalse(Files.exists(path()));
    }

    @ParameterizedTest
    @ValueSource(longs = {FILE_SIZE + 1, FILE_SIZE - 1, SharedLayout.HEADER_SIZE, 4096, 100})
    void shouldRefuseAFileOfAnotherSizeThanItSays(long size) throws Exception {
        SharedSegment segment = segment().keep().create(SIZE);
        segment.close();
        try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.WRITE)) {
            channel.truncate(size);
            if (size > FILE_SIZE) {
                channel.write(ByteBuffer.wrap(new byte[1]), size - 1);
            }
        }
        byte[] before = contents();
        assertThrows(SegmentCorruptedException.class, () -> segment().open());
        assertThrows(SegmentCorruptedException.class, () -> segment().openOrCreate(SIZE));
        assertArrayEquals(before, contents());
        if (size >= 4096) {
            assertTrue(segment().destroy(), "the advice is to remove it");
        }
        Files.deleteIfExists(path());
    }

    @Test
    void shouldLeaveForeignFilesAlone() throws Exception {
        for (int length : new int[] {5, 4096, 50_000}) {
            byte[] text = "keep me".repeat(10_000).substring(0, length).getBytes();
            Files.write(path(), text);
            Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rw-------"));
            for (Runnable use : List.<Runnable>of(() -> segment().open(), () -> segment().openOrCreate(SIZE),
                    () -> segment().destroy())) {
                IpcException refused = assertThrows(IpcException.class, use::run);
                assertTrue(refused instanceof IncompatibleChannelException
                        || refused instanceof SegmentCorruptedException, refused.toString());
            }
            assertArrayEquals(text, contents());
            Files.delete(path());
        }
    }

    @Test
    void shouldLeaveARingAlone() throws Exception {
        Segment ring = Segment.open(new SegmentSpec(path(), "shm:test", "create",
                new SegmentSpec.Ring(Geometry.ofTwo(SegmentLayout.KIND_SPSC, 4096), Set.of(), 0),
                new SegmentSpec.Options(Side.PRODUCER, false, false, 0)));
        byte[] before = contents();
        IpcException refused = assertThrows(IpcException.class, () -> segment().openOrCreate(SIZE));
        assertTrue(refused instanceof IncompatibleChannelException && refused.getMessage().contains("kind 1"),
                refused.toString());
        assertThrows(IpcException.class, () -> segment().destroy());
        assertArrayEquals(before, contents());
        ring.leave();
    }

    @Test
    void shouldRefuseWhatSomebodyElseMayHavePutThere() throws Exception {
        Path target = scope.path("target");
        Files.writeString(target, "untouched");
        Files.createSymbolicLink(path(), target);
        assertThrows(AccessRefusedException.class, () -> segment().openOrCreate(SIZE));
        assertThrows(AccessRefusedException.class, () -> segment().destroy());
        Files.delete(path());
        Files.createLink(path(), target);
        assertThrows(AccessRefusedException.class, () -> segment().openOrCreate(SIZE));
        Files.delete(path());
        Files.createDirectory(path());
        assertThrows(AccessRefusedException.class, () -> segment().openOrCreate(SIZE));
        Files.delete(path());
        Files.createFile(path());
        Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rw-rw----"));
        assertThrows(AccessRefusedException.class, () -> segment().openOrCreate(SIZE));
        if ((int) Files.getAttribute(scope.dir(), "unix:uid") == 0) {
            Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rw-------"));
            Files.setAttribute(path(), "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
            AccessRefusedException refused =
                    assertThrows(AccessRefusedException.class, () -> segment().openOrCreate(SIZE));
            assertTrue(refused.getMessage().contains("65534"), refused.getMessage());
        }
        Files.delete(path());
        assertEquals("untouched", Files.readString(target));
        Files.delete(target);
    }

    @Test
    void shouldSayWhatIsMissingOnAFullFileSystem() throws Exception {
        Assumptions.assumeTrue((int) Files.getAttribute(scope.dir(), "unix:uid") == 0, "only root can mount");
        Path mount = Files.createDirectory(scope.path("mount"));
        Assumptions.assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", mount.toString()) == 0,
                "mounting is not allowed here");
        try {
            for (boolean fills : new boolean[] {false, true}) {
                Path path = mount.resolve("full");
                if (fills) {
                    Files.write(mount.resolve("other"), new byte[60 << 10]);
                }
                int size = fills ? SIZE : 1 << 20;
                NoSpaceException full = assertThrows(NoSpaceException.class,
                        () -> SharedSegment.file(path).waitStrategy(WaitStrategy.SPIN).create(size));
                assertEquals(path.toString(), full.path());
                assertEquals(size + SharedLayout.HEADER_SIZE, full.wantedBytes());
                assertTrue(full.freeBytes() >= 0 && full.freeBytes() <= 64 << 10, full.getMessage());
                assertFalse(Files.exists(path));
            }
        } finally {
            assertEquals(0, run("umount", mount.toString()));
        }
        Files.delete(mount);
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    @Test
    void shouldOpenAndCloseInAnInterruptedThread() {
        Thread.currentThread().interrupt();
        SharedSegment segment = segment().create(SIZE);
        segment.close();
        assertTrue(Thread.interrupted());
        assertFalse(Files.exists(path()));
    }
}
