package org.jvmipc.mq.internal.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.NoSpaceException;
import org.jvmipc.spi.MessageIn;
import org.jvmipc.testkit.IpcDir;

/** What consumers of one process see of a group. */
@IpcDir
@Timeout(60)
class GroupTest {
    private static final int WINDOW = 4;
    private static final Duration NONE = Duration.ZERO;

    @TempDir
    private Path directory;
    private final TestLog log = TestLog.inMemory(100);
    private final List<Group> open = new ArrayList<>();
    private final List<Integer> graves = new ArrayList<>();
    private boolean full;
    private Runnable meanwhile = () -> { };

    private final class Graves implements DeadLetters {
        @Override
        public void append(ByteBuffer message) {
            if (full) {
                throw new NoSpaceException("/dead", 1, 0);
            }
            graves.add(message.getInt(message.position()));
            meanwhile.run();
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    @AfterEach
    void closeAll() {
        open.forEach(Group::close);
    }

    private Group group(int redeliver, Duration delay, Duration ack, boolean once) {
        Group group = Group.open(new GroupSettings(directory, "g", WINDOW, true, redeliver, delay, ack, once), log,
                redeliver < 0 ? null : new Graves(), log::firstIndex);
        open.add(group);
        return group;
    }

    private Group group() {
        return group(-1, NONE, NONE, false);
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

    private static String depth(Group group) {
        GroupNumbers now = group.numbers();
        return now.unread() + "/" + now.inFlight() + "/" + now.waiting();
    }

    @Test
    void shouldGiveEachMessageToOneInTheirOrder() {
        Group one = group();
        Group two = group();
        send(0, 1, 2, 3);
        assertEquals(0, take(one));
        assertEquals(1, take(two));
        assertEquals(2, take(one));
        assertEquals("1/3/0", depth(two));
        assertEquals(3, take(two));
        assertNull(one.take());
    }

    @Test
    void shouldTakeNoMoreThanTheWindowHolds() {
        Group one = group();
        Group two = group();
        send(0, 1, 2, 3, 4, 5);
        List<Claim> taken = new ArrayList<>();
        for (int i = 0; i < WINDOW; i++) {
            taken.add(one.take());
        }
        assertNull(two.take());
        assertEquals("2/4/0", depth(two));
        assertFalse(two.readiness().isReady());
        assertTrue(one.acknowledge(taken.get(2)));
        assertTrue(two.readiness().isReady(), "there is room");
        assertEquals(4, take(two));
    }

    @Test
    void shouldDeliverAgainWhatIsGivenBackBeforeWhatIsNew() {
        Group one = group();
        send(0, 1, 2);
        Claim first = one.take();
        Claim second = one.take();
        assertTrue(one.giveBack(second, null));
        assertTrue(one.giveBack(first, null));
        Claim again = one.take();
        assertEquals(0, number(one, again));
        assertEquals(2, again.deliveries());
        assertEquals(1, take(one));
        assertEquals(2, take(one));
        assertFalse(one.acknowledge(first), "it is another delivery by now");
        assertTrue(one.acknowledge(again));
        assertFalse(one.acknowledge(again));
        assertEquals(3, one.numbers().delivered());
        assertEquals(2, one.numbers().redelivered());
    }

    @Test
    void shouldWakeOthersForWhatIsGivenBack() {
        Group one = group();
        Group two = group();
        send(0);
        Claim claim = one.take();
        assertNull(two.take());
        assertFalse(two.readiness().isReady());
        one.giveBack(claim, null);
        assertTrue(two.readiness().isReady());
        assertEquals(0, take(two));
    }

    @Test
    void shouldDeliverLaterWhatIsDueLater() throws Exception {
        Group one = group();
        long due = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis() + 150);
        log.append(ByteBuffer.allocate(4).putInt(0, 9), due);
        send(1);
        Claim first = one.take();
        assertEquals(1, number(one, first));
        assertNull(one.take());
        assertEquals("0/1/1", depth(one));
        Claim later = null;
        while (later == null) {
            one.readiness().sleep(TimeUnit.SECONDS.toNanos(30));
            later = one.take();
        }
        assertEquals(9, number(one, later));
        assertEquals(1, later.deliveries());
        assertTrue(TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()) >= due);
    }

    @Test
    void shouldWaitBeforeItDeliversAgain() {
        Group one = group(-1, Duration.ofMillis(100), NONE, false);
        send(0, 1);
        long start = System.nanoTime();
        one.giveBack(one.take(), null);
        assertEquals(1, take(one));
        Claim again = null;
        while (again == null) {
            one.readiness().sleep(TimeUnit.SECONDS.toNanos(30));
            again = one.take();
        }
        assertEquals(0, number(one, again));
        assertTrue(System.nanoTime() - start >= 95_000_000);
    }

    @Test
    void shouldTakeAwayWhatIsNotAcknowledgedInTime() {
        Group one = group(-1, NONE, Duration.ofMillis(50), false);
        Group two = group(-1, NONE, Duration.ofSeconds(60), false);
        send(0);
        Claim slow = one.take();
        assertNull(two.take());
        Claim again = null;
        while (again == null) {
            two.readiness().sleep(TimeUnit.SECONDS.toNanos(30));
            again = two.take();
        }
        assertEquals(2, again.deliveries());
        assertFalse(one.acknowledge(slow));
        assertTrue(two.acknowledge(again));
    }

    @Test
    void shouldMoveWhatFailsTooOftenToTheDeadLetters() {
        Group one = group(2, NONE, NONE, false);
        send(0, 1);
        for (int i = 0; i < 3; i++) {
            Claim claim = one.take();
            assertEquals(i + 1, claim.deliveries());
            assertEquals(0, number(one, claim));
            one.giveBack(claim, null);
        }
        assertEquals(1, take(one));
        assertEquals(List.of(0), graves);
        assertEquals(1, one.numbers().moved());
    }

    @Test
    void shouldMoveEachOnceAlthoughAnotherOneLooksMeanwhile() {
        Group one = group(0, NONE, NONE, false);
        Group two = group(0, NONE, NONE, false);
        send(0);
        one.giveBack(one.take(), null);
        meanwhile = () -> assertNull(two.take(), "it is being moved");
        assertNull(one.take());
        assertEquals(List.of(0), graves);
        assertEquals("0/0/0", depth(two));
    }

    @Test
    void shouldKeepWhatFindsNoRoomAmongTheDeadLetters() {
        Group one = group(0, NONE, NONE, false);
        send(0, 1);
        one.giveBack(one.take(), null);
        full = true;
        assertThrows(NoSpaceException.class, one::take);
        assertEquals(1, take(one), "the others go on");
        assertEquals("0/1/1", depth(one));
        full = false;
        while (graves.isEmpty()) {
            one.readiness().sleep(TimeUnit.SECONDS.toNanos(30));
            one.take();
        }
        assertEquals(List.of(0), graves);
    }

    @Test
    void shouldGiveBackWhatItHasWhenItIsClosed() {
        Group one = group();
        Group two = group();
        send(0, 1);
        Claim kept = one.take();
        one.take();
        assertNull(two.take());
        one.close();
        assertTrue(two.readiness().isReady());
        assertEquals(0, take(two));
        assertEquals(1, take(two));
        assertThrows(ChannelClosedException.class, () -> one.acknowledge(kept));
        assertThrows(ChannelClosedException.class, one::take);
    }

    @Test
    void shouldBeDoneAtOnceIfAtMostOnce() {
        Group one = group(-1, NONE, NONE, true);
        send(0, 1);
        assertEquals(0, take(one));
        one.close();
        Group two = group(-1, NONE, NONE, true);
        assertEquals(1, take(two));
        assertEquals("0/0/0", depth(two));
    }

    @Test
    void shouldPassOverWhatTheLogDoesNotKeep() {
        Group one = group();
        send(0, 1, 2, 3);
        Claim first = one.take();
        one.giveBack(first, null);
        log.forget(2);
        assertEquals(2, take(new TakingPast(one).group()));
        assertEquals(2, one.numbers().lost(), "one that was given back, and one that nobody had taken");
    }

    @Test
    void shouldCountWhatWasLostHoweverThatIsFound() {
        Group one = group(0, NONE, NONE, false);
        send(0, 1);
        one.giveBack(one.take(), null);
        log.forget(1);
        Claim last = one.take();
        assertEquals(1, number(one, last), "there is nothing to move");
        assertTrue(one.acknowledge(last));
        assertEquals(List.of(), graves);
        assertEquals(1, one.numbers().lost());
        assertEquals(0, one.numbers().moved());
        send(2, 3, 4);
        log.forget(5);
        assertNull(one.take());
        assertEquals(4, one.numbers().lost(), "the end of the log as well");
        assertEquals(TestLog.index(5), log.told(), "all is done with");
        assertEquals("0/0/0", depth(one));
    }

    @Test
    void shouldCountAMessageThatIsLostAfterItWasTakenAtMostOnce() {
        Group one = group(-1, NONE, NONE, true);
        send(0);
        Claim taken = one.take();
        log.forget(1);
        assertFalse(one.read(taken, message -> {
            throw new AssertionError("it is gone");
        }));
        assertEquals(1, one.numbers().lost());
    }

    @Test
    void shouldBeDoneWithWhatIsDueLaterIfAtMostOnce() throws Exception {
        Group one = group(-1, NONE, NONE, true);
        log.append(ByteBuffer.allocate(4).putInt(0, 9),
                TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis() + 30));
        assertNull(one.take());
        assertEquals("0/0/1", depth(one));
        Claim later = null;
        while (later == null) {
            one.readiness().sleep(TimeUnit.SECONDS.toNanos(30));
            later = one.take();
        }
        assertEquals(9, number(one, later));
        assertEquals("0/0/0", depth(one));
        assertEquals(1, one.numbers().delivered());
    }

    @Test
    void shouldGoOnAtTheEndOfALogThatHasLostItsOwn() {
        Group one = group();
        send(0, 1, 2, 3);
        for (int i = 0; i < 3; i++) {
            one.acknowledge(one.take());
        }
        assertEquals(3, take(one));
        one.close();
        TestLog shorter = TestLog.inMemory(10);
        shorter.append(ByteBuffer.allocate(4), 0);
        Group after = Group.open(new GroupSettings(directory, "g", WINDOW, true, -1, NONE, NONE, false), shorter, null,
                shorter::firstIndex);
        open.add(after);
        assertEquals(OptionalLong.of(TestLog.index(1)), Group.leastCommitted(directory));
        shorter.append(ByteBuffer.allocate(4).putInt(0, 77), 0);
        Claim waiting = after.take();
        assertEquals(77, number(after, waiting), "what is new, and once");
        assertNull(after.take());
        assertTrue(after.acknowledge(waiting));
        depth(after);
        assertEquals(OptionalLong.of(TestLog.index(2)), Group.leastCommitted(directory));
    }

    /** Takes the message that is gone. */
    private record TakingPast(Group group) {
        TakingPast {
            Claim gone = group.take();
            assertFalse(group.read(gone, message -> {
                throw new AssertionError("it is gone");
            }));
        }
    }

    @Test
    void shouldTellHowFarAllHaveGot() {
        Group one = group();
        send(0, 1, 2);
        Claim first = one.take();
        Claim second = one.take();
        one.acknowledge(second);
        depth(one);
        assertEquals(OptionalLong.of(TestLog.index(0)), Group.leastCommitted(directory));
        one.acknowledge(first);
        depth(one);
        assertEquals(OptionalLong.of(TestLog.index(1) + 1), Group.leastCommitted(directory));
    }

    @Test
    void shouldTellThoseWhoWaitForAMessageToBeDoneWithAtOnce() {
        Group one = group();
        send(0);
        Claim claim = one.take();
        assertEquals(0, number(one, claim));
        assertEquals(TestLog.index(0), log.told());
        one.acknowledge(claim);
        assertEquals(TestLog.index(0) + 1, log.told());
        one.close();
        Group once = group(-1, NONE, NONE, true);
        send(1);
        Claim taken = once.take();
        assertEquals(TestLog.index(0) + 1, log.told());
        assertEquals(1, number(once, taken));
        assertEquals(TestLog.index(1) + 1, log.told());
    }

    @Test
    void shouldAcknowledgeForAChannelWhenItsReceiverComesBack() {
        Group one = group();
        Group two = group();
        MessageIn in = new GroupIn(one);
        send(0, 1, 2, 3);
        assertEquals(1, in.poll(message -> in.message(ByteBuffer.allocate(4), 0), 1));
        assertEquals("3/1/0", depth(two));
        assertEquals(1, in.poll(message -> assertEquals(1, message.getInt(message.position())), 1));
        assertEquals("2/0/0", depth(two), "the copy by coming back, the other one by returning");
        assertThrows(IllegalStateException.class, () -> in.poll(message -> {
            throw new IllegalStateException("not this one");
        }, 5));
        assertEquals("1/0/1", depth(two));
        assertEquals(1, in.poll(message -> in.message(ByteBuffer.allocate(4), 0), 1));
        in.close();
        assertEquals(2, take(two), "it was not acknowledged");
        assertEquals(3, take(two));
    }
}
