package org.jvmipc.mq.internal.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.ChannelFullException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.IpcException;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.testkit.IpcDir;

/** The file of a group: made by one, opened by others, refused if it is something else, and begun anew after a boot. */
@IpcDir
@Timeout(60)
class GroupFileTest {
    private static final int WINDOW = 4;
    private static final long START = 77;

    @TempDir
    private Path directory;
    private Path path;

    @BeforeEach
    void setPath() {
        path = GroupFile.path(directory, "g");
    }

    private GroupParts join() {
        return GroupFile.join(path, WINDOW, true, () -> START);
    }

    private void write(Map<Integer, Long> words) throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.nativeOrder());
        words.forEach(bytes::putLong);
        Files.write(path, bytes.array());
    }

    @Test
    void shouldBeMadeForOneUserAndStay() throws Exception {
        GroupParts parts = join();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        assertEquals(GroupLayout.fileSize(WINDOW), Files.size(path));
        assertEquals(START, parts.words().get(GroupLayout.NEXT));
        assertEquals(OptionalLong.of(START), GroupFile.leastCommitted(directory));
        parts.words().set(GroupLayout.NEXT, START + 3);
        parts.leave().run();
        GroupParts later = join();
        assertEquals(START + 3, later.words().get(GroupLayout.NEXT));
        later.leave().run();
    }

    @Test
    void shouldGiveEachMemberAnotherNumber() {
        GroupParts one = join();
        GroupParts two = join();
        int first = one.members().self();
        assertFalse(one.members().isGone(two.members().self()));
        assertTrue(two.members().describe(first).contains("" + ProcessHandle.current().pid()));
        assertEquals(2, two.members().count());
        one.leave().run();
        assertTrue(two.members().isGone(first));
        GroupParts three = join();
        assertTrue(two.members().isGone(first), "its place is another's");
        three.leave().run();
        two.leave().run();
    }

    @Test
    void shouldRefuseMoreThanThereArePlaces() {
        List<GroupParts> all = new ArrayList<>();
        for (int i = 0; i < GroupLayout.MEMBER_COUNT; i++) {
            all.add(join());
        }
        assertTrue(assertThrows(ChannelFullException.class, this::join).getMessage().contains("120 consumers"));
        all.forEach(parts -> parts.leave().run());
        join().leave().run();
    }

    @Test
    void shouldBeFinishedByTheNextIfItsCreatorDied() throws Exception {
        Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        join().leave().run();
        write(Map.of(GroupLayout.STATE, 0L));
        assertEquals(OptionalLong.empty(), GroupFile.leastCommitted(directory));
        GroupParts parts = join();
        assertEquals(START, parts.words().get(GroupLayout.NEXT));
        parts.leave().run();
    }

    @Test
    void shouldBeginWithWhatAllWereDoneWithAfterABoot() throws Exception {
        GroupParts before = join();
        GroupState state = new GroupState(before.words(), "g", WINDOW);
        for (int i = 0; i < 3; i++) {
            state.look(1);
            Claim claim = state.takeNext(START + i, before.members().self(), 0);
            if (i != 1) {
                state.finish(claim);
            }
        }
        state.look(1);
        before.words().set(GroupLayout.LOCK, before.members().self());
        before.leave().run();
        write(Map.of(GroupLayout.BOOT, 1L));
        GroupParts after = join();
        assertEquals(START + 1, after.words().get(GroupLayout.NEXT));
        assertEquals(START + 1, after.words().get(GroupLayout.COMMITTED));
        assertEquals(0, after.words().get(GroupLayout.LOCK));
        for (int i = 0; i < WINDOW; i++) {
            assertEquals(0, after.words().get(GroupLayout.entry(i)));
        }
        after.leave().run();
        assertEquals(START + 1, join().words().get(GroupLayout.NEXT));
    }

    @Test
    void shouldLookNoFurtherThanTheLastPlaceInUse() {
        GroupParts parts = join();
        GroupState state = new GroupState(parts.words(), "g", WINDOW);
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < WINDOW; i++) {
            state.look(1);
            claims.add(state.takeNext(START + i, parts.members().self(), 0));
        }
        assertTrue(state.isCrowded());
        state.finish(claims.get(3));
        state.finish(claims.get(1));
        state.look(1);
        assertEquals(3, parts.words().get(GroupLayout.LIMIT));
        assertFalse(state.isCrowded());
        parts.words().set(GroupLayout.LIMIT, WINDOW + 1);
        assertThrows(SegmentCorruptedException.class, () -> state.look(1));
        parts.words().set(GroupLayout.LIMIT, WINDOW);
        parts.words().set(GroupLayout.entry(0), 9);
        assertThrows(SegmentCorruptedException.class, () -> state.look(1));
        parts.leave().run();
    }

    @Test
    void shouldRefuseAnotherWindow() {
        join().leave().run();
        String message = assertThrows(IncompatibleChannelException.class,
                () -> GroupFile.join(path, WINDOW + 1, true, () -> 0)).getMessage();
        assertTrue(message.contains("a window of 4 messages, wanted are 5"), message);
        GroupParts any = GroupFile.join(path, WINDOW + 1, false, () -> 0);
        assertEquals(WINDOW, any.window());
        any.leave().run();
    }

    @Test
    void shouldLeaveAloneWhatIsNoGroup() throws Exception {
        for (String text : List.of("hello", "x".repeat(5000))) {
            Files.writeString(path, text);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            assertThrows(IncompatibleChannelException.class, this::join);
            assertEquals(text, Files.readString(path));
        }
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
        assertThrows(AccessRefusedException.class, this::join);
    }

    @Test
    void shouldRefuseWhatContradictsItself() throws Exception {
        join().leave().run();
        byte[] whole = Files.readAllBytes(path);
        Files.write(path, Arrays.copyOf(whole, 200));
        assertThrows(SegmentCorruptedException.class, this::join);
        Files.write(path, whole);
        write(Map.of(GroupLayout.LAYOUT_VERSION, GroupLayout.VERSION | 9L << 32));
        assertThrows(SegmentCorruptedException.class, this::join);
        Files.write(path, whole);
        write(Map.of(GroupLayout.LAYOUT_VERSION, 1L | 4L << 32));
        assertTrue(assertThrows(IncompatibleChannelException.class, this::join).getMessage().contains("version 1"));
    }

    /** Whatever stands there: an exception that says so, or a number of messages; never another error, never a hang. */
    @Test
    void shouldSurviveAnyBytes() throws Exception {
        join().leave().run();
        byte[] whole = Files.readAllBytes(path);
        Random random = new Random(5);
        TestLog log = TestLog.inMemory(8);
        for (int i = 0; i < 8; i++) {
            log.append(ByteBuffer.allocate(4), 0);
        }
        int broken = 0;
        for (int run = 0; run < 300; run++) {
            byte[] bytes = whole.clone();
            for (int i = 0; i < 3; i++) {
                int at = random.nextBoolean() ? random.nextInt(600) : GroupLayout.ENTRIES + random.nextInt(128);
                bytes[at] = (byte) random.nextInt();
            }
            Files.write(path, bytes);
            GroupSettings settings = new GroupSettings(directory, "g", WINDOW, false, -1, Duration.ZERO,
                    Duration.ZERO, false);
            try (Group group = Group.open(settings, log, null, () -> 0)) {
                for (Claim claim = group.take(); claim != null; claim = group.take()) {
                    group.read(claim, message -> assertEquals(4, message.remaining()));
                    group.acknowledge(claim);
                }
            } catch (IpcException refused) {
                broken++;
            }
        }
        assertTrue(broken > 20 && broken < 300, broken + " of 300 were refused");
    }
}
