package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class LockOrderTest {
    private final ReentrantLock plainLow = new ReentrantLock();
    private final ReentrantLock plainHigh = new ReentrantLock();
    private final LockOrder order = new LockOrder();
    private final Lock low = order.rank(10, "accounts", plainLow);
    private final Lock high = order.rank(20, "journal", plainHigh);
    private final Lock alsoHigh = order.rank(20, "ledger", new ReentrantLock());

    private void takeHigh() {
        high.lock();
    }

    private void wantLow() {
        low.lock();
    }

    @Test
    void shouldRefuseOutOfOrderAndNameBothPlaces() throws Exception {
        takeHigh();
        LockOrderException refused = assertThrows(LockOrderException.class, this::wantLow);
        assertEquals("takeHigh", refused.heldAt().getMethodName());
        assertEquals("wantLow", refused.wantedAt().getMethodName());
        assertTrue(refused.getMessage().contains("\"accounts\" (rank 10) was wanted at " + refused.wantedAt())
                && refused.getMessage().contains("\"journal\" (rank 20), taken at " + refused.heldAt()),
                refused.getMessage());
        assertThrows(LockOrderException.class, low::lockInterruptibly);
        assertThrows(LockOrderException.class, () -> low.tryLock(1, TimeUnit.SECONDS));
        assertThrows(LockOrderException.class, alsoHigh::lock);
        assertFalse(plainLow.isLocked());
        high.unlock();
        low.lock();
        high.lock();
        assertTrue(plainLow.isHeldByCurrentThread() && plainHigh.isHeldByCurrentThread());
        low.unlock();
        high.unlock();
        alsoHigh.lock();
        alsoHigh.unlock();
        assertFalse(plainLow.isLocked() || plainHigh.isLocked());
    }

    @Test
    void shouldLetAThreadTakeItsLockAgainUntilItHasGivenAllBack() {
        high.lock();
        high.lock();
        high.unlock();
        assertThrows(LockOrderException.class, low::lock);
        high.unlock();
        low.lock();
        high.lock();
        low.lock();
        low.unlock();
        low.unlock();
        assertThrows(LockOrderException.class, low::lock);
        high.unlock();
        assertThrows(IllegalMonitorStateException.class, high::unlock);
    }

    @Test
    void shouldCountWhatWasTriedFor() throws Exception {
        high.lock();
        assertTrue(low.tryLock());
        high.unlock();
        assertTrue(high.tryLock(1, TimeUnit.SECONDS));
        low.unlock();
        assertThrows(LockOrderException.class, low::lock);
        high.unlock();
        Thread holder = new Thread(plainLow::lock);
        holder.start();
        holder.join();
        assertFalse(low.tryLock());
        assertFalse(low.tryLock(1, TimeUnit.NANOSECONDS));
        low.newCondition();
        high.lock();
        high.unlock();
    }

    @Test
    void shouldRefuseToWaitAtAConditionHoldingAHigherOne() throws Exception {
        Condition condition = low.newCondition();
        low.lock();
        assertFalse(condition.await(1, TimeUnit.NANOSECONDS));
        assertTrue(condition.awaitNanos(1) <= 0);
        high.lock();
        LockOrderException refused = assertThrows(LockOrderException.class, condition::await);
        assertEquals("shouldRefuseToWaitAtAConditionHoldingAHigherOne", refused.heldAt().getMethodName());
        high.unlock();
        condition.signalAll();
        low.unlock();
    }
}
