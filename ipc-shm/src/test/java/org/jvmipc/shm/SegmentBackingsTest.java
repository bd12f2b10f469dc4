package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.IpcException;
import org.jvmipc.NoSpaceException;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.MemoryCalls;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.SysvShmCalls;
import org.jvmipc.posix.SysvShmStatus;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What is the same whatever the memory is made of, and what is not. */
@IpcDir
class SegmentBackingsTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int SIZE = 9000;

    @IpcDir
    private IpcScope scope;

    private List<String> before;

    /** What stands for memory. */
    enum Kind {
        POSIX, FILE, SYSV_NAME, SYSV_KEY;

        SharedSegmentBuilder of(IpcScope scope, String name) {
            return switch (this) {
                case POSIX -> SharedSegment.posix(scope.name(name));
                case FILE -> SharedSegment.file(scope.path(name));
                case SYSV_NAME -> SharedSegment.sysv(scope.name(name));
                case SYSV_KEY -> SharedSegment.sysv(SysvBacking.key(scope.name(name)) + 1);
            };
        }
    }

    /** The numbers of all memory of System V, and the files beside it. */
    private static List<String> systemV() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/sysvipc/shm"))) {
            return Stream.concat(lines.skip(1).map(line -> line.trim().split(" +")[1]),
                    Stream.of(PosixNames.DIRECTORY.toFile().list()).filter(name -> name.contains("+sysv"))).toList();
        }
    }

    @BeforeEach
    void remember() throws IOException {
        before = systemV();
    }

    @AfterEach
    void shouldLeaveNoMemoryOfSystemV() {
        // What is removed vanishes when the last view of it is collected; other tests may have some meanwhile.
        Await.until(LONG, "the memory of System V to be gone", () -> {
            System.gc();
            try {
                return before.containsAll(systemV());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldLiveByTheSameRules(Kind kind) {
        SharedSegmentBuilder named = kind.of(scope, "same").type("test");
        assertThrows(ChannelNotFoundException.class, named::open);
        assertEquals(Optional.empty(), named.info());
        SharedSegment first = named.create(SIZE);
        assertThrows(ChannelExistsException.class, () -> named.create(SIZE));
        IncompatibleChannelException size =
                assertThrows(IncompatibleChannelException.class, () -> named.openOrCreate(SIZE + 1));
        assertTrue(size.getMessage().contains("9000") && size.getMessage().contains("9001"), size.getMessage());
        assertThrows(IncompatibleChannelException.class, () -> kind.of(scope, "same").type("other").open());
        try (SharedSegment second = named.openOrCreate(SIZE)) {
            assertEquals(first.generation(), second.generation());
            assertEquals(List.of(true, false), List.of(first.isCreator(), second.isCreator()));
            first.buffer(8, 16).putLong(8, 12345);
            assertEquals(12345, second.longAt(16).get());
            assertEquals(0, second.buffer().get(SIZE - 1));
            SegmentInfo info = named.info().orElseThrow();
            assertEquals(List.of("memory", "test", first.generation(), 2),
                    List.of(info.kind(), info.type(), info.generation(), info.participants().size()));
            assertEquals(SIZE + SharedLayout.HEADER_SIZE, info.bytes());
            assertEquals(kind.name().startsWith("SYSV") ? 2 : -1, info.mappings());
            assertFalse(info.isUnused());
            assertEquals(kind != Kind.FILE, SharedSegment.list().contains(info), SharedSegment.list().toString());
        }
        first.close();
        assertThrows(ChannelNotFoundException.class, named::open);

        SharedSegment kept = named.keep().create(SIZE);
        kept.close();
        assertTrue(named.info().orElseThrow().isUnused());
        SharedSegment user = named.open();
        assertEquals(kept.generation(), user.generation());
        assertTrue(named.destroy());
        SharedSegment newcomer = named.openOrCreate(SIZE);
        assertNotEquals(user.generation(), newcomer.generation());
        user.longAt(0).set(1);
        assertEquals(0, newcomer.longAt(0).get());
        user.close();
        newcomer.close();
        assertTrue(named.destroy());
        assertFalse(named.destroy());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldKeepViewsAliveAndThenGiveTheMemoryBack(Kind kind) throws IOException {
        SharedSegment segment = kind.of(scope, "views").create(SIZE);
        ByteBuffer view = segment.buffer(4096, 100).slice(10, 20);
        int id = kind.name().startsWith("SYSV") ? segment.sysvId() : -1;
        segment.close();
        for (int i = 0; i < 3; i++) {
            System.gc();
            view.putInt(0, i);
        }
        assertEquals(2, view.getInt(0));
        if (id >= 0) {
            SysvShmStatus status = new SysvShmStatus();
            assertEquals(0, SysvShmCalls.stat(id, status));
            assertEquals(1, status.attached());
            assertTrue(status.isRemoved());
        }
        view = null;
        // Whether it goes then is what the checks after each test look at.
    }

    @Test
    void shouldFindPrivateMemoryByItsNumber() {
        try (SharedSegment segment = SharedSegment.sysvPrivate().create(SIZE)) {
            assertThrows(ChannelNotFoundException.class, () -> SharedSegment.sysvPrivate().open());
            try (SharedSegment other = SharedSegment.sysvId(segment.sysvId()).open(SIZE)) {
                assertEquals(segment.generation(), other.generation());
                assertTrue(SharedSegment.list().stream()
                        .anyMatch(info -> info.where().endsWith(" " + segment.sysvId()) && info.mappings() == 2));
            }
        }
        assertThrows(IllegalArgumentException.class, () -> SharedSegment.sysv(0));
        assertThrows(IllegalArgumentException.class, () -> SharedSegment.sysvId(-1));
        assertThrows(ChannelNotFoundException.class, () -> SharedSegment.sysvId(Integer.MAX_VALUE).open());
        assertThrows(UnsupportedOperationException.class,
                () -> SharedSegment.sysvId(Integer.MAX_VALUE).openOrCreate(SIZE));
    }

    @Test
    void shouldFindKeyedMemoryByItsNumberUnderTheSameLock() {
        SharedSegmentBuilder named = Kind.SYSV_NAME.of(scope, "both");
        SharedSegment byName = named.create(SIZE);
        SharedSegment byNumber = SharedSegment.sysvId(byName.sysvId()).open();
        byName.close();
        assertEquals(1, byNumber.participants().size());
        byNumber.close();
        assertFalse(named.destroy());
    }

    @Test
    void shouldTellAKeyThatTwoNamesHave() {
        String name = scope.name("mine");
        try (SharedSegment mine = SharedSegment.sysv(name).create(SIZE)) {
            // The key of another name is the same as that of this one, if that is given as a number.
            SharedSegmentBuilder other = new SharedSegmentBuilder(
                    () -> SysvBacking.ofKey(SysvBacking.key(name)), scope.name("other"));
            IncompatibleChannelException refused =
                    assertThrows(IncompatibleChannelException.class, () -> other.openOrCreate(SIZE));
            assertTrue(refused.getMessage().contains(name) && refused.getMessage().contains(scope.name("other")),
                    refused.getMessage());
            assertEquals(1, mine.participants().size());
        }
    }

    @Test
    void shouldLeaveForeignMemoryOfSystemVAlone() {
        int key = SysvBacking.key(scope.name("foreign"));
        SharedSegmentBuilder named = Kind.SYSV_NAME.of(scope, "foreign");
        int flags = SysvShmCalls.IPC_CREAT | SysvShmCalls.IPC_EXCL;
        int id = SysvShmCalls.get(key, 50_000, flags | 0600);
        try {
            long address = SysvShmCalls.attach(id, 0);
            MemoryCalls.wrap(address, 50_000).putLong(40_000, 4711);
            for (Runnable use : List.<Runnable>of(named::open, () -> named.openOrCreate(SIZE), named::destroy)) {
                assertThrows(IncompatibleChannelException.class, use::run);
            }
            SysvShmCalls.detach(address);
            assertThrows(IncompatibleChannelException.class, () -> named.openOrCreate(SIZE));
            assertFalse(SharedSegment.list().stream().anyMatch(info -> info.where().contains(
                    Integer.toHexString(key))));
            address = SysvShmCalls.attach(id, 0);
            assertEquals(4711, MemoryCalls.wrap(address, 50_000).getLong(40_000));
            SysvShmCalls.detach(address);
        } finally {
            SysvShmCalls.remove(id);
        }
        id = SysvShmCalls.get(key, 50_000, flags | 0660);
        try {
            AccessRefusedException refused =
                    assertThrows(AccessRefusedException.class, () -> named.openOrCreate(SIZE));
            assertTrue(refused.getMessage().contains("0660"), refused.getMessage());
        } finally {
            SysvShmCalls.remove(id);
        }
        // What its creator had not begun to use when it died is of no use to anybody.
        id = SysvShmCalls.get(key, 50_000, flags | 0600);
        try (SharedSegment segment = named.openOrCreate(SIZE)) {
            assertTrue(segment.isCreator());
            assertNotEquals(id, segment.sysvId());
        }
    }

    @Test
    void shouldSayThatThereIsNoSuchAmountOfMemory() {
        long wanted = 1L << 40;
        List<SharedSegmentBuilder> builders = new ArrayList<>(List.of(SharedSegment.memfd("huge")));
        Stream.of(Kind.values()).forEach(kind -> builders.add(kind.of(scope, "huge")));
        for (SharedSegmentBuilder builder : builders) {
            NoSpaceException full = assertThrows(NoSpaceException.class, () -> builder.create(wanted));
            assertEquals(wanted + SharedLayout.HEADER_SIZE, full.wantedBytes());
            assertTrue(full.freeBytes() > 0, full.getMessage());
            assertEquals(Optional.empty(), builder.info());
        }
    }

    @Test
    void shouldHandOverAMemfdThatNobodyCanTruncate() throws Exception {
        SharedSegment segment = SharedSegment.memfd("handed").type("test").create(SIZE);
        int fd = segment.descriptor();
        assertEquals(MemoryCalls.F_SEAL_SHRINK | MemoryCalls.F_SEAL_GROW | MemoryCalls.F_SEAL_SEAL,
                FileCalls.fcntl(fd, MemoryCalls.F_GET_SEALS, 0));
        assertTrue(FileCalls.ftruncate(fd, 0) < 0);
        assertTrue(FileCalls.ftruncate(fd, 1 << 20) < 0);
        try (FileChannel channel = FileChannel.open(MemfdHandle.path(fd), StandardOpenOption.WRITE)) {
            assertThrows(IOException.class, () -> channel.truncate(0));
        }
        assertThrows(IncompatibleChannelException.class, () -> SharedSegment.descriptor(fd).open(SIZE + 1));
        assertThrows(ChannelExistsException.class, () -> SharedSegment.descriptor(fd).create(SIZE));
        SharedSegment other = SharedSegment.descriptor(fd).type("test").open(SIZE);
        assertEquals(segment.generation(), other.generation());
        assertNotEquals(fd, other.descriptor());
        segment.longAt(0).set(7);
        segment.close();
        assertEquals(7, other.longAt(0).get(), "it lives while somebody has it");
        try (SharedSegment third = SharedSegment.descriptor(other.descriptor()).open()) {
            assertEquals(2, third.participants().size());
        }
        other.close();
        assertThrows(IpcException.class, other::descriptor);
        assertThrows(UnsupportedOperationException.class, () -> SharedSegment.memfd("x").destroy());
        assertThrows(ChannelNotFoundException.class, () -> SharedSegment.memfd("x").open());
        try (SharedSegment file = Kind.FILE.of(scope, "file").create(SIZE)) {
            assertThrows(UnsupportedOperationException.class, file::descriptor);
            assertThrows(UnsupportedOperationException.class, file::sysvId);
        }
    }

    @Test
    void shouldRefuseADescriptorThatIsNoSealedMemory() {
        int plain = FileCalls.open(scope.path("plain").toString(), FileCalls.O_RDWR | FileCalls.O_CREAT
                | FileCalls.O_CLOEXEC, 0600);
        int unsealed = MemoryCalls.memfdCreate("unsealed", MemoryCalls.MFD_CLOEXEC | MemoryCalls.MFD_ALLOW_SEALING);
        try {
            assertThrows(AccessRefusedException.class, () -> SharedSegment.descriptor(plain).open());
            AccessRefusedException refused =
                    assertThrows(AccessRefusedException.class, () -> SharedSegment.descriptor(unsealed).open());
            assertTrue(refused.getMessage().contains("F_SEAL_SHRINK"), refused.getMessage());
            FileCalls.ftruncate(unsealed, 20_000);
            FileCalls.fcntl(unsealed, MemoryCalls.F_ADD_SEALS, MemoryCalls.F_SEAL_SHRINK);
            assertThrows(IncompatibleChannelException.class, () -> SharedSegment.descriptor(unsealed).open());
        } finally {
            FileCalls.close(plain);
            FileCalls.close(unsealed);
            FileCalls.unlink(scope.path("plain").toString());
        }
        assertThrows(NativeCallException.class, () -> SharedSegment.descriptor(unsealed).open());
    }
}
