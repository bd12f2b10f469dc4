package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.shm.FormatDocument;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** A banker, in one JVM and between several, some of which die. */
@IpcDir
class BankerTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Pattern ROW = Pattern.compile("\\| ([A-Z_]+) \\| (\\d+) \\|.*");
    private static final int KILLS = Integer.getInteger("jvmipc.test.bankerKills", 4);
    private static final int ROUNDS = Integer.getInteger("jvmipc.test.bankerRounds", 1_000);

    @IpcDir
    private IpcScope scope;

    @AfterEach
    void sweep() {
        LifeSign.sweep();
    }

    private Banker banker(String name, long... total) {
        return scope.track(Banker.named(scope.name(name), total));
    }

    private ChildJvm child(Object... args) {
        return scope.track(ChildJvm.of(BankerPeer.class).jvmArgs("-Xmx32m").args(args).start());
    }

    /** The textbook's case of one resource: ten units, claims of 8, 3 and 9. */
    @Test
    void shouldGiveOnlyWhatIsSafe() throws Exception {
        Banker first = banker("units", 10);
        Banker second = banker("units", 10);
        Banker third = banker("units", 10);
        first.claim(8);
        second.claim(3);
        third.claim(9);
        assertTrue(first.tryAcquire(4));
        assertTrue(second.tryAcquire(2));
        assertTrue(third.tryAcquire(2));
        assertEquals(List.of(2L), first.available());
        assertFalse(third.tryAcquire(1), "then only the second could end, with 3 free for a need of 4 and of 6");
        assertFalse(third.tryAcquire(Duration.ofMillis(30), 1));
        assertEquals(List.of(2L), third.held());
        BankerStatus status = first.status();
        assertEquals(List.of(2L, 4L, 2L),
                status.customers().stream().map(customer -> customer.held().get(0)).toList());
        assertEquals(List.of(10L), status.total());
        assertEquals(3, first.safeSequence().size());
        try (Threads threads = new Threads()) {
            Threads.Running<Boolean> waits = threads.start(() -> third.tryAcquire(LONG, 1));
            Await.until(LONG, "it waits", () -> first.status().waiters().size() == 1);
            Await.until(LONG, "it is seen to", () -> first.status().longestWaitMillis() > 100);
            assertTrue(second.tryAcquire(1));
            assertFalse(waits.isDone());
            second.release(3);
            assertFalse(waits.isDone(), "4 are free, and the first needs all of them");
            first.release(4);
            assertTrue(waits.get());
            assertEquals(List.of(7L), first.available());
        }
        third.release(3);
        assertEquals(List.of(10L), first.available());
    }

    @Test
    void shouldRefuseWhatCannotBe() throws Exception {
        Banker banker = banker("units", 4, 2);
        assertThrows(IllegalArgumentException.class, () -> Banker.named(scope.name("none")));
        assertThrows(IllegalArgumentException.class, () -> Banker.named(scope.name("none"), 1, -1));
        assertThrows(IllegalArgumentException.class, () -> Banker.named(scope.name("none"), new long[9]));
        assertTrue(assertThrows(IncompatibleChannelException.class, () -> banker("units", 4, 3)).getMessage()
                .contains("[4, 2], wanted are [4, 3]"));
        assertThrows(IncompatibleChannelException.class, () -> banker("units", 4));
        assertThrows(IllegalStateException.class, () -> banker.tryAcquire(1, 1));
        assertThrows(IllegalArgumentException.class, () -> banker.claim(5, 0));
        assertThrows(IllegalArgumentException.class, () -> banker.claim(1));
        banker.claim(3, 1);
        assertThrows(IllegalArgumentException.class, () -> banker.acquire(1, -1));
        assertThrows(IllegalStateException.class, () -> banker.acquire(4, 0));
        banker.acquire(2, 1);
        assertThrows(IllegalStateException.class, () -> banker.acquire(2, 0));
        assertTrue(assertThrows(IllegalStateException.class, () -> banker.tryAcquire(Long.MAX_VALUE, 0)).getMessage()
                .contains("holds [2, 1] and has claimed [3, 1]"));
        assertThrows(IllegalStateException.class, () -> banker.release(3, 0));
        assertThrows(IllegalStateException.class, () -> banker.claim(4, 1));
        assertThrows(IllegalStateException.class, () -> banker.claim(1, 1));
        assertThrows(IllegalStateException.class, banker::close);
        banker.claim(2, 1);
        assertEquals(List.of(2L, 1L), banker.held());
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> banker.acquire(0, 0));
        banker.release(2, 1);
        banker.claim(4, 2);
        banker.close();
        banker.close();
        assertThrows(ChannelClosedException.class, () -> banker.tryAcquire(1, 1));
        assertThrows(ChannelClosedException.class, banker::status);
    }

    @Test
    void shouldWakeThoseWhoWaitWhenItIsClosed() throws Exception {
        Banker holder = banker("units", 1);
        Banker waiter = banker("units", 1);
        holder.claim(1);
        waiter.claim(1);
        holder.acquire(1);
        try (Threads threads = new Threads()) {
            threads.start(() -> assertThrows(ChannelClosedException.class, () -> waiter.acquire(1)));
            Await.until(LONG, "it waits", () -> holder.status().waiters().size() == 1);
            waiter.close();
        }
        Await.until(LONG, "its claim is void", () -> holder.status().customers().size() == 1);
        holder.release(1);
    }

    /** All want all in the end, in any order, and no one is stuck; never is more in use than there is. */
    @Test
    void shouldServeAllProcesses() throws Exception {
        Banker banker = banker("units", BankerPeer.TOTAL);
        List<ChildJvm> children = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            children.add(child("work", scope.name("units"), scope.name("data"), i, ROUNDS));
        }
        children.forEach(child -> child.expect("begins"));
        BankerPeer.work(banker, scope.name("data"), 2, ROUNDS);
        children.forEach(child -> child.expect("done", LONG));
        children.forEach(child -> assertEquals(0, child.awaitExit()));
        assertEquals(List.of(5L, 3L), banker.available());
    }

    @Test
    void shouldTakeBackWhatTheDeadHeld() throws Exception {
        Banker banker = banker("units", BankerPeer.TOTAL);
        banker.claim(BankerPeer.TOTAL);
        ChildJvm holder = child("hold", scope.name("units"));
        holder.expect("holds");
        holder.stop();
        assertFalse(banker.tryAcquire(Duration.ofMillis(300), 5, 3));
        holder.cont();
        try (Threads threads = new Threads()) {
            Threads.Running<Boolean> waits = threads.start(() -> banker.tryAcquire(LONG, 5, 3));
            Await.until(LONG, "it waits", () -> banker.status().waiters().size() == 1);
            long killed = System.nanoTime();
            holder.kill();
            assertTrue(waits.get());
            long millis = Duration.ofNanos(System.nanoTime() - killed).toMillis();
            assertTrue(millis < 2_000, "it took " + millis + " ms");
        }
        holder.awaitDeath(LONG);
        assertEquals(1, banker.safeSequence().size());
        banker.release(5, 3);
    }

    /** Whatever they are in the middle of. */
    @Test
    void shouldLoseNothingWhenCustomersAreKilled() throws Exception {
        Banker banker = banker("units", BankerPeer.TOTAL);
        banker.claim(BankerPeer.TOTAL);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < KILLS; i++) {
            ChildJvm child = child("work", scope.name("units"), scope.name("data" + i), i, Integer.MAX_VALUE);
            child.expect("begins");
            long end = System.nanoTime() + random.nextInt(50_000_000);
            do {
                // Safe at each moment, or this throws.
                assertTrue(banker.status().customers().size() >= 1, "seed " + seed);
            } while (System.nanoTime() < end);
            child.kill();
            assertTrue(banker.tryAcquire(LONG, 5, 3), "seed " + seed);
            banker.release(5, 3);
            child.awaitDeath(LONG);
            // If it came so far.
            SharedSegment.posix(scope.name("data" + i)).destroy();
        }
        assertEquals(List.of(5L, 3L), banker.available());
        // Who was alive a moment ago is not looked at again at once.
        Await.until(LONG, "the dead are no customers", () -> banker.status().customers().size() == 1);
    }

    @Test
    void shouldBeLaidOutAsTheDocumentSays() throws Exception {
        TreeMap<String, Integer> documented = new TreeMap<>();
        FormatDocument.rows("banker.md", ROW)
                .forEach(row -> documented.put(row.group(1), Integer.parseInt(row.group(2))));
        TreeMap<String, Integer> coded = new TreeMap<>();
        for (Field field : BankerLayout.class.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
                coded.put(field.getName(), field.getInt(null));
            }
        }
        assertEquals(coded, documented);
    }
}
