package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** The permits of those who have gone, given back by some who go themselves meanwhile. */
@IpcDir
class LedgerTest {
    private static final int PERMITS = 10;

    @IpcDir
    private IpcScope scope;

    /** Ends what a participant does. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1;
    }

    /** Words whose user dies before some access. */
    private static final class DeadlyWords implements SyncWords {
        private final SyncWords words;
        private int left;

        DeadlyWords(SyncWords words, int accesses) {
            this.words = words;
            this.left = accesses;
        }

        private void access() {
            if (left-- <= 0) {
                throw new Death();
            }
        }

        @Override
        public long get(int offset) {
            access();
            return words.get(offset);
        }

        @Override
        public void set(int offset, long value) {
            access();
            words.set(offset, value);
        }

        @Override
        public boolean compareAndSet(int offset, long expected, long value) {
            access();
            return words.compareAndSet(offset, expected, value);
        }
    }

    private static SyncMemory memory(String name) {
        return new SyncMemory(SharedSegment.posix(name).open(), SyncKind.SEMAPHORE);
    }

    private static void take(SyncMemory memory, int permits) {
        assertTrue(new Permits(memory, new Waiters(memory), PERMITS, Integer.MAX_VALUE, new Balances(memory))
                .tryTake(permits, true));
    }

    /** One gives back what the dead had, or opens the semaphore, or leaves it, and dies before one of its accesses. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLoseNothingOfThoseWhoDieGivingBack(boolean taken) {
        boolean survived = false;
        for (int accesses = 0; !survived; accesses++) {
            String name = scope.name("s" + accesses);
            try (SharedSemaphore semaphore = SharedSemaphore.named(name, PERMITS)) {
                SyncMemory one = memory(name);
                SyncMemory two = memory(name);
                take(one, 3);
                take(two, 2);
                // As if they had died: what is closed in the right way moves its permits itself.
                one.segment().close();
                two.segment().close();
                SyncMemory last = memory(name);
                survived = survives(last, accesses);
                last.segment().close();
                if (taken) {
                    // It takes the place of one of them.
                    SharedSemaphore.named(name, PERMITS).close();
                }
                semaphore.releaseAbandoned();
                assertEquals(PERMITS, semaphore.availablePermits(), "after " + accesses + " accesses");
                assertEquals(0, semaphore.releaseAbandoned());
                assertEquals(List.of(), semaphore.status().holders());
            }
            assertTrue(accesses < 1_000);
        }
    }

    private static boolean survives(SyncMemory memory, int accesses) {
        try {
            Balances balances = new Balances(memory, new DeadlyWords(memory, accesses));
            balances.giveAbandoned();
            balances.end();
            return true;
        } catch (Death died) {
            return false;
        }
    }

    /** A thread that is late finds that its object has left, and what it had noted before is not lost. */
    @Test
    void shouldNoteNothingForASuccessor() {
        String name = scope.name("s");
        try (SharedSemaphore semaphore = SharedSemaphore.named(name, PERMITS)) {
            SyncMemory closed = memory(name);
            Balances late = new Balances(closed);
            Permits permits = new Permits(closed, new Waiters(closed), PERMITS, Integer.MAX_VALUE, late);
            assertTrue(permits.tryTake(2, true));
            closed.close(() -> false, "", late::end);
            assertFalse(late.add(1));
            try (SharedSemaphore successor = SharedSemaphore.named(name, PERMITS)) {
                assertTrue(successor.tryAcquire(3));
                assertFalse(late.add(1));
                assertFalse(late.add(-1));
                assertThrows(ChannelClosedException.class, () -> permits.add(1, false));
                assertEquals(5, semaphore.availablePermits());
                assertEquals(2, semaphore.releaseAbandoned());
                assertEquals(List.of(3), semaphore.status().holders().stream().map(SyncHolder::holds).toList());
                successor.release(3);
            }
            assertEquals(PERMITS, semaphore.availablePermits());
        }
    }
}
