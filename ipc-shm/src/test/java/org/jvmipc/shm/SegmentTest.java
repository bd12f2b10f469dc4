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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.IpcException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.NoSpaceException;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

@IpcDir
class SegmentTest {
    private static final Side PRODUCER = Side.PRODUCER;
    private static final Side CONSUMER = Side.CONSUMER;
    private static final long PATIENCE = 300_000_000;
    private static final long SIZE = SegmentLayout.HEADER_SIZE + 4096;
    /** A pid that no process has, as it is above the largest. */
    private static final Participant DEAD =
            new Participant(1 << 30, 1, Liveness.self(false).pidNamespace(), "Gone", "", 0);

    @IpcDir
    private IpcScope scope;

    private Path path() {
        return scope.path("segment");
    }

    private SegmentSpec spec(String open, Side side, boolean keeps) {
        return new SegmentSpec(path(), "shm:test", open,
                new SegmentSpec.Ring(Geometry.ofTwo(SegmentLayout.KIND_SPSC, 4096), Set.of(), 0),
                new SegmentSpec.Options(side, false, keeps, PATIENCE));
    }

    private Segment open(Side side) {
        return Segment.open(spec("createOrAttach", side, false));
    }

    private byte[] contents() throws IOException {
        return Files.readAllBytes(path());
    }

    private void overwrite(int offset, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), offset);
        }
    }

    private static byte[] bytes(long value) {
        return ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(value).array();
    }

    @Test
    void shouldMakeAPrivateFileAndRemoveItAfterTheLastOne() throws Exception {
        Segment producer = open(PRODUCER);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path())));
        assertEquals(SIZE, Files.size(path()));
        long blocks = Files.size(path()) / 512;
        assertTrue(blocks > 0);
        Segment consumer = open(CONSUMER);
        assertEquals(producer.generation(), consumer.generation());
        producer.leave();
        assertTrue(Files.exists(path()));
        consumer.leave();
        assertFalse(Files.exists(path()));
    }

    @Test
    void shouldDoAsTheOptionSays() {
        assertThrows(ChannelNotFoundException.class, () -> Segment.open(spec("attach", PRODUCER, false)));
        assertFalse(Files.exists(path()));
        Segment first = Segment.open(spec("create", PRODUCER, false));
        assertThrows(ChannelExistsException.class, () -> Segment.open(spec("create", CONSUMER, false)));
        Segment second = Segment.open(spec("attach", CONSUMER, false));
        ChannelExistsException taken =
                assertThrows(ChannelExistsException.class, () -> Segment.open(spec("attach", PRODUCER, false)));
        assertTrue(taken.getMessage().contains("pid " + ProcessHandle.current().pid()), taken.getMessage());
        first.leave();
        Segment third = open(PRODUCER);
        second.leave();
        third.leave();
        assertFalse(Files.exists(path()));
    }

    @Test
    void shouldKeepTheFileIfTheLastOneWantsIt() throws Exception {
        Segment keeper = Segment.open(spec("create", PRODUCER, true));
        long generation = keeper.generation();
        keeper.leave();
        assertTrue(Files.exists(path()));
        Segment other = open(CONSUMER);
        assertEquals(generation, other.generation());
        other.leave();
        assertFalse(Files.exists(path()));
    }

    @Test
    void shouldMakeAnewWhatOnlyDeadProcessesUsed() {
        Segment segment = open(PRODUCER);
        long generation = segment.generation();
        pretendDead(segment.memory(), SegmentLayout.PRODUCER_SLOT, false);
        assertThrows(ChannelNotFoundException.class, () -> Segment.open(spec("attach", CONSUMER, false)));
        Segment anew = open(CONSUMER);
        assertNotEquals(generation, anew.generation());
        anew.leave();
        assertFalse(Files.exists(path()));
    }

    @Test
    void shouldGoOnWithWhatADeadProcessWantedKept() {
        Segment segment = open(PRODUCER);
        pretendDead(segment.memory(), SegmentLayout.PRODUCER_SLOT, true);
        Segment other = open(CONSUMER);
        assertEquals(segment.generation(), other.generation());
        Segment heir = open(PRODUCER);
        assertEquals(1, new Slot(heir.memory(), SegmentLayout.PRODUCER_SLOT).lastDied() - 1,
                "the second occupancy is said to have died");
        heir.leave();
        other.leave();
        assertFalse(Files.exists(path()));
    }

    /** R08: the process with that number is another one, as it has started at another time. */
    @Test
    void shouldTakeAProcessForDeadWhoseNumberIsUsedAgain() {
        Participant self = Liveness.self(false);
        Segment segment = open(PRODUCER);
        Slot slot = new Slot(segment.memory(), SegmentLayout.PRODUCER_SLOT);
        assertTrue(segment.isAlive(slot.occupant()));
        slot.leave(slot.presence());
        slot.occupy(new Participant(self.pid(), self.startTicks() - 1, self.pidNamespace(), "Before", "", 0), false,
                false);
        assertFalse(segment.isAlive(slot.occupant()));
        Segment anew = open(PRODUCER);
        assertNotEquals(segment.generation(), anew.generation());
        anew.leave();
        assertFalse(Files.exists(path()));
    }

    /** Puts a dead process into the slot in place of this one. */
    private static void pretendDead(ByteBuffer memory, int base, boolean keeps) {
        Slot slot = new Slot(memory, base);
        slot.leave(slot.presence());
        slot.occupy(DEAD, false, keeps);
    }

    @Test
    void shouldTakeOverFromACreatorThatDied() throws Exception {
        for (int written : new int[] {0, 4096, (int) SIZE}) {
            Files.write(path(), Arrays.copyOf(written == 0 ? new byte[0] : SegmentHeader.beginning(), written));
            Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rw-------"));
            long start = System.nanoTime();
            assertThrows(ChannelNotFoundException.class, () -> Segment.open(spec("attach", CONSUMER, false)));
            assertTrue(System.nanoTime() - start >= PATIENCE, "the creator might have been slow");
            Segment segment = open(PRODUCER);
            assertEquals(SIZE, Files.size(path()));
            segment.leave();
        }
    }

    /** Whatever is in it: text, zeros, less than a header, what another kind of segment was about to become. */
    @Test
    void shouldLeaveForeignFilesAlone() throws Exception {
        List<byte[]> foreign = new ArrayList<>(List.of(SharedHeader.beginning(),
                Arrays.copyOf(SharedHeader.beginning(), 20_000), Arrays.copyOf(SegmentHeader.beginning(), 60)));
        for (int length : new int[] {1, 8, 4095, 4096, (int) SIZE, 50_000}) {
            foreign.add(new byte[length]);
            foreign.add("keep me!".repeat(10_000).substring(0, length).getBytes());
        }
        for (byte[] bytes : foreign) {
            Files.write(path(), bytes);
            Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rw-------"));
            for (String how : List.of("createOrAttach", "create", "attach")) {
                IpcException refused = assertThrows(IpcException.class,
                        () -> Segment.open(spec(how, PRODUCER, false)), how + " of " + bytes.length);
                assertTrue(refused instanceof IncompatibleChannelException
                        || refused instanceof SegmentCorruptedException, refused.toString());
            }
            Segment.removeIfAbandoned(path(), false);
            assertArrayEquals(bytes, contents());
        }
        Files.delete(path());
    }

    /** Processes have the lock of the file one after the other, for a time in milliseconds each. */
    private Process lockers(int count, int millis) throws IOException {
        Process lockers = new ProcessBuilder("python3", "-c", """
                import fcntl, os, sys, time
                for i in range(int(sys.argv[2])):
                    if os.fork() == 0:
                        f = open(sys.argv[1], 'r+')
                        fcntl.lockf(f, fcntl.LOCK_EX)
                        os.write(1, b'%d\\n' % os.getpid())
                        time.sleep(int(sys.argv[3]) / 1000)
                        os._exit(0)
                for i in range(int(sys.argv[2])):
                    os.wait()
                """, path().toString(), Integer.toString(count), Integer.toString(millis)).start();
        scope.track(lockers::destroyForcibly);
        return lockers;
    }

    @Test
    void shouldNameTheProcessThatIsBusyWithTheFile() throws Exception {
        Segment segment = open(PRODUCER);
        Process lockers = lockers(1, 60_000);
        long pid = Long.parseLong(lockers.inputReader().readLine());
        try {
            IpcTimeoutException busy = assertThrows(IpcTimeoutException.class, () -> open(CONSUMER));
            assertTrue(busy.getMessage().contains("another process, pid " + pid + ", which has not let go of it for "),
                    busy.getMessage());
            assertEquals(0, new ProcessBuilder("kill", "-STOP", "" + pid).start().waitFor());
            busy = assertThrows(IpcTimeoutException.class, () -> open(CONSUMER));
            assertTrue(busy.getMessage().contains("is stopped"), busy.getMessage());
        } finally {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            lockers.waitFor();
        }
        open(CONSUMER).leave();
        segment.leave();
        assertFalse(Files.exists(path()));
    }

    @Test
    void shouldWaitLongerWhileTheLockGoesFromOneToTheNext() throws Exception {
        Segment segment = open(PRODUCER);
        long patience = TimeUnit.SECONDS.toNanos(1);
        Process lockers = lockers(7, 200);
        lockers.inputReader().readLine();
        // Nobody has it for as long as that, all of them have it for longer.
        Segment.open(new SegmentSpec(path(), "shm:test", "attach",
                new SegmentSpec.Ring(Geometry.ofTwo(SegmentLayout.KIND_SPSC, 4096), Set.of(), 0),
                new SegmentSpec.Options(CONSUMER, false, false, patience))).leave();
        lockers.waitFor();
        segment.leave();
        assertFalse(Files.exists(path()));
    }

    @ParameterizedTest
    @CsvSource({"MAGIC, 1", "LAYOUT_VERSION, 2", "KIND, 9", "CAPACITY, 8192", "TYPE_HASH, 77",
        "BYTE_ORDER, 578437695752307201", "HEADER_BYTES, 8192", "FILE_SIZE, 4096", "PRODUCERS, 3"})
    void shouldRefuseASegmentOfAnotherKind(String field, long value) throws Exception {
        Segment segment = open(PRODUCER);
        int offset = SegmentLayout.class.getDeclaredField(field).getInt(null);
        byte[] written = Set.of("LAYOUT_VERSION", "KIND", "PRODUCERS").contains(field)
                ? ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt((int) value).array() : bytes(value);
        overwrite(offset, written);
        byte[] before = contents();
        SegmentSpec spec = new SegmentSpec(path(), "shm:test", "createOrAttach",
                new SegmentSpec.Ring(Geometry.ofTwo(SegmentLayout.KIND_SPSC, 4096), Set.of("capacity"), 5),
                new SegmentSpec.Options(CONSUMER, false, false, PATIENCE));
        IpcException refused = assertThrows(IpcException.class, () -> Segment.open(spec));
        assertTrue(refused instanceof IncompatibleChannelException || refused instanceof SegmentCorruptedException,
                refused.toString());
        assertArrayEquals(before, contents());
        segment.leave();
        Files.deleteIfExists(path());
    }

    @Test
    void shouldSayBothValuesOfWhatDiffers() {
        Segment segment = open(PRODUCER);
        SegmentSpec spec = new SegmentSpec(path(), "shm:test", "attach",
                new SegmentSpec.Ring(Geometry.ofTwo(SegmentLayout.KIND_SPSC, 8192), Set.of("capacity"), 0),
                new SegmentSpec.Options(CONSUMER, false, false, PATIENCE));
        IncompatibleChannelException differs =
                assertThrows(IncompatibleChannelException.class, () -> Segment.open(spec));
        assertTrue(differs.getMessage().contains("4096") && differs.getMessage().contains("8192"),
                differs.getMessage());
        segment.leave();
    }

    @Test
    void shouldRefuseARandomHeaderAndTouchNothing() throws Exception {
        Segment segment = open(PRODUCER);
        byte[] good = contents();
        Random random = new Random(7);
        int refused = 0;
        for (int run = 0; run < 2000; run++) {
            byte[] header = new byte[80];
            System.arraycopy(good, 0, header, 0, 80);
            for (int i = 0; i < 1 + run % 3; i++) {
                header[random.nextInt(64)] = (byte) random.nextInt();
            }
            overwrite(0, header);
            try {
                Segment other = open(CONSUMER);
                other.leave();
            } catch (IncompatibleChannelException | SegmentCorruptedException expected) {
                refused++;
            }
        }
        assertTrue(refused > 1000, "only " + refused);
        overwrite(0, good);
        segment.leave();
        assertFalse(Files.exists(path()));
    }

    @Test
    void shouldRefuseAFileOfAnotherSize() throws Exception {
        Segment segment = open(PRODUCER);
        overwrite((int) SIZE, new byte[1]);
        assertThrows(SegmentCorruptedException.class, () -> open(CONSUMER));
        segment.leave();
    }

    @Test
    void shouldRefuseWhatSomebodyElseMayHavePutThere() throws Exception {
        Path target = scope.path("target");
        Files.writeString(target, "untouched");
        Files.createSymbolicLink(path(), target);
        assertThrows(AccessRefusedException.class, () -> open(PRODUCER));
        Files.delete(path());
        Files.createLink(path(), target);
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
        assertThrows(AccessRefusedException.class, () -> open(PRODUCER));
        Files.delete(path());
        Files.createDirectory(path());
        assertThrows(AccessRefusedException.class, () -> open(PRODUCER));
        Files.delete(path());
        Files.createFile(path());
        Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rw-rw----"));
        assertThrows(AccessRefusedException.class, () -> open(PRODUCER));
        Files.delete(path());
        assertEquals("untouched", Files.readString(target));
        Files.delete(target);
    }

    @Test
    void shouldRefuseTheFileOfAnotherUser() throws Exception {
        Assumptions.assumeTrue((int) Files.getAttribute(scope.dir(), "unix:uid") == 0, "only root can give files away");
        Files.createFile(path());
        Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rw-------"));
        Files.setAttribute(path(), "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
        AccessRefusedException refused = assertThrows(AccessRefusedException.class, () -> open(PRODUCER));
        assertTrue(refused.getMessage().contains("65534"), refused.getMessage());
        Files.delete(path());
    }

    @Test
    void shouldMakeOneGenerationHoweverManyOpen() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int run = 0; run < 200; run++) {
                if (run % 2 == 1) {
                    Segment stale = open(PRODUCER);
                    pretendDead(stale.memory(), SegmentLayout.PRODUCER_SLOT, false);
                }
                CyclicBarrier start = new CyclicBarrier(2);
                List<Future<Segment>> opening = new ArrayList<>();
                for (Side side : Side.values()) {
                    opening.add(threads.submit(() -> {
                        start.await();
                        return open(side);
                    }));
                }
                Set<Long> generations = new HashSet<>();
                for (Future<Segment> segment : opening) {
                    generations.add(segment.get().generation());
                }
                assertEquals(1, generations.size());
                for (Future<Segment> segment : opening) {
                    segment.get().leave();
                }
                assertFalse(Files.exists(path()));
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void shouldMakeAnotherGenerationWhenTheFileWasRemovedUnderLivePeers() throws Exception {
        Segment producer = open(PRODUCER);
        Segment consumer = open(CONSUMER);
        Files.delete(path());
        Segment newcomer = open(PRODUCER);
        assertNotEquals(producer.generation(), newcomer.generation());
        producer.leave();
        consumer.leave();
        assertTrue(Files.exists(path()), "it is the newcomer's");
        newcomer.leave();
        assertFalse(Files.exists(path()));
    }

    @Test
    void shouldOpenAndLeaveInAnInterruptedThread() {
        Thread.currentThread().interrupt();
        Segment segment = open(PRODUCER);
        segment.leave();
        assertTrue(Thread.interrupted());
        assertFalse(Files.exists(path()));
    }

    @Test
    void shouldSayWhatIsMissingOnAFullFileSystem() throws Exception {
        Assumptions.assumeTrue((int) Files.getAttribute(scope.dir(), "unix:uid") == 0, "only root can mount");
        Path mount = Files.createDirectory(scope.path("mount"));
        Assumptions.assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", mount.toString()) == 0,
                "mounting is not allowed here");
        try {
            for (boolean fills : new boolean[] {false, true}) {
                // A sparse file makes the space seem to be there until it is used.
                Path path = mount.resolve("full");
                SegmentSpec spec = new SegmentSpec(path, "shm:full", "createOrAttach",
                        new SegmentSpec.Ring(Geometry.ofTwo(SegmentLayout.KIND_SPSC, fills ? 32 << 10 : 1 << 20),
                                Set.of(), 0),
                        new SegmentSpec.Options(PRODUCER, false, false, PATIENCE));
                if (fills) {
                    Files.write(mount.resolve("other"), new byte[60 << 10]);
                }
                NoSpaceException full = assertThrows(NoSpaceException.class, () -> Segment.open(spec));
                assertEquals(path.toString(), full.path());
                assertEquals(spec.ring().geometry().capacity() + SegmentLayout.HEADER_SIZE, full.wantedBytes());
                assertTrue(full.freeBytes() >= 0 && full.freeBytes() <= 64 << 10);
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
}
