package org.jvmipc.mq.internal.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.WaitStrategy;
import org.jvmipc.spi.Waiter;

/** What consumers do while nothing comes, by clocks of the test's own. */
@Timeout(60)
class GroupWaitingTest {
    private static final int WINDOW = 4;
    private static final Duration NONE = Duration.ZERO;
    private static final Path FILE = Path.of("/q/g");

    private final TestLog log = TestLog.inMemory(100);
    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(GroupLayout.fileSize(WINDOW)).order(ByteOrder.nativeOrder());
    private final Set<Integer> dead = new HashSet<>();
    private final long[] now = {1_000_000};

    private Group member(int number, Words words, Duration delay, Duration ack) {
        return new Group(new GroupSettings(FILE.getParent(), "g", WINDOW, true, -1, delay, ack, false), log, null,
                new GroupParts(FILE, WINDOW, memory, words, new Told(number, dead), () -> { }, () -> { },
                        () -> now[0]));
    }

    private Group member(int number, Duration delay, Duration ack) {
        return member(number, new MappedWords(memory), delay, ack);
    }

    private void send(int... numbers) {
        for (int number : numbers) {
            log.append(ByteBuffer.allocate(4).putInt(0, number), 0);
        }
    }

    private static int number(Group group, Claim claim) {
        int[] number = new int[1];
        assertTrue(group.read(claim, message -> number[0] = message.getInt(message.position())));
        return number[0];
    }

    private static int take(Group group) {
        Claim claim = group.take();
        return claim == null ? -1 : number(group, claim);
    }

    @Test
    void shouldStoreNothingWhileItWaits() throws Exception {
        log.askNot();
        FaultyWords words = new FaultyWords(new MappedWords(memory), Long.MAX_VALUE);
        Group one = member(1, words, NONE, NONE);
        Group two = member(2, NONE, NONE);
        send(0, 1);
        Claim kept = two.take();
        assertEquals(1, take(two));
        assertNull(one.take());
        long before = words.stores();
        Waiter waiter = new Waiter(WaitStrategy.BLOCK);
        GroupReadiness readiness = one.readiness();
        for (int i = 0; i < 3; i++) {
            waiter.await(readiness, Long.MAX_VALUE);
            assertNull(one.take());
            one.lookAfterTheDead();
        }
        assertEquals(before, words.stores(), "each makes the kernel write to the disk");
        // As of one who dies before it rings.
        new GroupState(new MappedWords(memory), "g", WINDOW).giveBack(kept, now[0]);
        Claim again = one.take();
        assertEquals(0, number(one, again));
        assertTrue(one.acknowledge(again));
        assertNull(one.take());
        dead.add(2);
        one.lookAfterTheDead();
        assertEquals(1, take(one));
    }

    @Test
    void shouldNotHeedThatTheClockOnTheWallIsSet() {
        long[] wall = {1_700_000_000_000_000L};
        log.clock(() -> wall[0]);
        Group one = member(1, NONE, Duration.ofSeconds(2));
        Group two = member(2, NONE, NONE);
        send(0);
        assertEquals(0, take(one));
        log.append(ByteBuffer.allocate(4).putInt(0, 7), wall[0] + 1_000_000);
        assertNull(two.take(), "it is due in a second");
        wall[0] += 3_600_000_000L;
        send(1);
        assertEquals(1, take(two), "the clock was set, and nothing else has come");
        assertNull(two.take());
        wall[0] -= 7_200_000_000L;
        now[0] += 1_000_000;
        assertEquals(7, take(two), "a second has passed");
        assertNull(two.take());
        now[0] += 1_000_000;
        assertEquals(0, take(two), "the time to acknowledge has passed");
    }

    /** Members of whom the test says who is dead. */
    private record Told(int self, Set<Integer> dead) implements Members {
        @Override
        public boolean isGone(int number) {
            return dead.contains(number);
        }

        @Override
        public String describe(int number) {
            return "member " + number;
        }

        @Override
        public int count() {
            return 1;
        }
    }

    @Test
    void shouldWaitBeforeItDeliversAgainWhatTheDeadHadAndWakeOthersForIt() {
        Group[] members = new Group[4];
        for (int i = 1; i < members.length; i++) {
            members[i] = member(i, Duration.ofNanos(300_000), NONE);
        }
        send(0, 1);
        assertEquals(0, take(members[1]));
        assertEquals(1, take(members[2]));
        assertNull(members[3].take());
        dead.add(1);
        assertFalse(members[3].readiness().isReady());
        members[2].lookAfterTheDead();
        assertTrue(members[3].readiness().isReady());
        assertNull(members[3].take(), "it waits");
        now[0] += 300;
        assertEquals(0, take(members[3]));
        dead.add(3);
        // Who is never without messages looks now and then.
        while (members[2].numbers().waiting() == 0) {
            assertNull(members[2].take());
        }
        assertNull(members[2].take(), "it waits again");
        now[0] += 300;
        assertEquals(0, take(members[2]));
    }
}
