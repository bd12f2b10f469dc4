package org.jvmipc.shm.sync;

import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** A lock that has a rank; see {@link LockOrder}. */
final class OrderedLock implements Lock {
    private final LockOrder order;
    private final int rank;
    private final String name;
    private final Lock lock;

    OrderedLock(LockOrder order, int rank, String name, Lock lock) {
        this.order = order;
        this.rank = rank;
        this.name = name;
        this.lock = lock;
    }

    int rank() {
        return rank;
    }

    @Override
    public void lock() {
        order.check(this, false);
        lock.lock();
        order.taken(this);
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        order.check(this, false);
        lock.lockInterruptibly();
        order.taken(this);
    }

    @Override
    public boolean tryLock() {
        return noted(lock.tryLock());
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        order.check(this, false);
        return noted(lock.tryLock(time, unit));
    }

    private boolean noted(boolean taken) {
        if (taken) {
            order.taken(this);
        }
        return taken;
    }

    @Override
    public void unlock() {
        try {
            lock.unlock();
        } finally {
            // It may have been lost at a condition.
            order.givenBack(this);
        }
    }

    @Override
    public Condition newCondition() {
        return new OrderedCondition(lock.newCondition());
    }

    @Override
    public String toString() {
        return "\"" + name + "\" (rank " + rank + ")";
    }

    /** Who waits takes the lock again. */
    private final class OrderedCondition implements Condition {
        private final Condition condition;

        OrderedCondition(Condition condition) {
            this.condition = condition;
        }

        private Condition checked() {
            order.check(OrderedLock.this, true);
            return condition;
        }

        @Override
        public void await() throws InterruptedException {
            checked().await();
        }

        @Override
        public void awaitUninterruptibly() {
            checked().awaitUninterruptibly();
        }

        @Override
        public long awaitNanos(long nanosTimeout) throws InterruptedException {
            return checked().awaitNanos(nanosTimeout);
        }

        @Override
        public boolean await(long time, TimeUnit unit) throws InterruptedException {
            return checked().await(time, unit);
        }

        @Override
        public boolean awaitUntil(Date deadline) throws InterruptedException {
            return checked().awaitUntil(deadline);
        }

        @Override
        public void signal() {
            condition.signal();
        }

        @Override
        public void signalAll() {
            condition.signalAll();
        }
    }
}
