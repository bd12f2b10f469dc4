package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.PeerInfo;
import org.jvmipc.WaitStrategy;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** The numbers by which participants of a segment note in it to whom something belongs. */
@IpcDir
class ParticipantNumberTest {
    @IpcDir
    private IpcScope scope;

    private SharedSegment open(WaitStrategy strategy) {
        return scope.track(SharedSegment.posix(scope.name("segment")).waitStrategy(strategy).openOrCreate(64));
    }

    @ParameterizedTest
    @EnumSource(names = {"ADAPTIVE", "SPIN"})
    void shouldTellWhoHasGone(WaitStrategy strategy) {
        SharedSegment one = open(strategy);
        SharedSegment two = open(strategy);
        int first = two.participant();
        assertNotEquals(0, first);
        assertNotEquals(one.participant(), first);
        assertNotEquals(one.participantPlace(), two.participantPlace());
        assertFalse(one.isGone(one.participant()));
        assertFalse(one.isGone(first));
        assertEquals(ProcessHandle.current().pid(), one.peer(first).pid());
        two.close();
        assertTrue(one.isGone(first));
        SharedSegment three = open(strategy);
        assertTrue(one.isGone(first), "its place is another's now");
        assertEquals(PeerInfo.UNKNOWN, one.peer(first));
        assertNotEquals(first, three.participant());
        assertFalse(one.isGone(three.participant()));
    }

    @Test
    void shouldTellWhoHasLeft() {
        SharedSegment one = open(WaitStrategy.ADAPTIVE);
        assertFalse(one.hasLeft(one.participant()));
        int before = 0;
        // All of them in the same place.
        for (int i = 0; i < 3; i++) {
            SharedSegment other = open(WaitStrategy.ADAPTIVE);
            assertFalse(one.hasLeft(other.participant()));
            assertTrue(before == 0 || one.hasLeft(before));
            before = other.participant();
            other.close();
            assertTrue(one.hasLeft(before));
        }
        for (int number : new int[] {0, -1, 1 << 6, 63, one.participant() + (1 << 6), before + (1 << 6)}) {
            assertFalse(one.hasLeft(number), "number " + number);
        }
    }

    @Test
    void shouldKeepWhatIsNeeded() {
        SharedSegmentBuilder builder =
                SharedSegment.posix(scope.name("segment")).keepIf(memory -> memory.getLong(8) != 0);
        try (SharedSegment segment = builder.openOrCreate(64)) {
            segment.buffer().putLong(8, 1);
        }
        try (SharedSegment segment = builder.openOrCreate(64)) {
            assertFalse(segment.isCreator());
            segment.buffer().putLong(8, 0);
        }
        assertTrue(builder.info().isEmpty());
    }

    @Test
    void shouldTakeWhatIsNoNumberForNobody() {
        SharedSegment segment = open(WaitStrategy.ADAPTIVE);
        for (int number : new int[] {0, -1, 1 << 6, 49, 63, Integer.MIN_VALUE}) {
            assertTrue(segment.isGone(number), "number " + number);
            assertEquals(PeerInfo.UNKNOWN, segment.peer(number));
        }
    }

    @Test
    void shouldShowWhatItsCreatorWroteFirst() {
        SharedSegmentBuilder builder =
                SharedSegment.posix(scope.name("segment")).first(memory -> memory.putLong(8, 4711));
        SharedSegment created = scope.track(builder.create(64));
        assertEquals(4711, created.buffer().getLong(8));
        created.buffer().putLong(8, 1);
        SharedSegment opened = scope.track(builder.openOrCreate(64));
        assertEquals(1, opened.buffer().getLong(8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"posix", "sysv", "memfd"})
    void shouldLeaveNothingIfWhatIsToBeWrittenFirstFails(String backing) {
        String name = scope.name("segment");
        SharedSegmentBuilder builder = switch (backing) {
            case "posix" -> SharedSegment.posix(name);
            case "sysv" -> SharedSegment.sysv(name);
            default -> SharedSegment.memfd(name);
        };
        builder.first(memory -> {
            throw new IllegalStateException("not to be written");
        });
        assertEquals("not to be written",
                assertThrows(IllegalStateException.class, () -> builder.create(64)).getMessage());
        assertTrue(backing.equals("memfd") || builder.info().isEmpty());
        SharedSegment next = scope.track(builder.first(memory -> memory.putLong(8, 1)).create(64));
        assertEquals(1, next.buffer().getLong(8));
    }
}
