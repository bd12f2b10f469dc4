package org.jvmipc.demos.philosophers;

import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import org.jvmipc.demos.philosophers.Table.Note;
import org.jvmipc.shm.sync.Backoff;
import org.jvmipc.shm.sync.Banker;
import org.jvmipc.shm.sync.DeadlockException;
import org.jvmipc.shm.sync.LockOrder;

/** One of the five. Eats once in each round. */
final class Philosopher {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long MEAL_MILLIS = 40;

    private final Table table;
    private final int left;
    private final int right;
    private final Lock lower;
    private final Lock higher;

    private Philosopher(Table table, int seat) {
        this.table = table;
        this.left = seat;
        this.right = seat + 1;
        LockOrder order = new LockOrder();
        int first = Math.min(left, right % Table.SEATS);
        int second = Math.max(left, right % Table.SEATS);
        this.lower = order.rank(first, "fork " + (first + 1), table.fork(first));
        this.higher = order.rank(second, "fork " + (second + 1), table.fork(second));
    }

    /**
     * Dines.
     *
     * @param args the name of the table, the seat from 0, the rounds of each way, and {@link Way}s
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        int seat = Integer.parseInt(args[1]);
        int rounds = Integer.parseInt(args[2]);
        // Reports of deadlocks show it.
        Thread.currentThread().setName("philosopher " + (seat + 1));
        try (Table table = new Table(args[0])) {
            Philosopher philosopher = new Philosopher(table, seat);
            for (Way way : Way.of(args[3])) {
                for (int round = 0; round < rounds; round++) {
                    table.passGate();
                    philosopher.dine(way);
                    table.passGate();
                }
            }
        }
    }

    private void dine(Way way) throws InterruptedException, BrokenBarrierException, TimeoutException {
        switch (way) {
            case DEADLOCK -> dineIntoDeadlock();
            case ORDER -> dineInOrder();
            case BANKER -> dineWithBanker();
            default -> throw new IllegalArgumentException(way.toString());
        }
    }

    private void dineIntoDeadlock() throws InterruptedException, BrokenBarrierException, TimeoutException {
        Lock one = table.fork(left);
        Lock other = table.fork(right);
        one.lock();
        table.awaitAll();
        table.note(Note.WAITS_SINCE, left).set(System.currentTimeMillis());
        try {
            other.lock();
        } catch (DeadlockException chosen) {
            one.unlock();
            note(Note.GAVE_WAY);
            // From now on it waits for nothing while it holds something.
            if (!Backoff.lockAll(PATIENCE, one, other)) {
                throw new TimeoutException("no two forks within " + PATIENCE);
            }
        }
        eat();
        other.unlock();
        one.unlock();
    }

    private void dineInOrder() throws InterruptedException, BrokenBarrierException, TimeoutException {
        // The last one's lower fork is the first one's, too.
        boolean first = lower.tryLock();
        table.awaitAll();
        if (!first) {
            lower.lock();
        }
        higher.lock();
        eat();
        higher.unlock();
        lower.unlock();
    }

    private void dineWithBanker() throws InterruptedException, BrokenBarrierException, TimeoutException {
        Banker banker = table.banker();
        banker.claim(Table.request(left, right));
        table.awaitAll();
        boolean first = banker.tryAcquire(Table.request(left));
        if (!first) {
            // Nobody has a right one yet, so this one is free.
            note(Note.REFUSED);
        }
        table.awaitAll();
        if (!first) {
            banker.acquire(Table.request(left));
        }
        banker.acquire(Table.request(right));
        eat();
        banker.release(Table.request(left, right));
    }

    private void eat() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(MEAL_MILLIS);
        note(Note.MEALS);
    }

    private void note(Note note) {
        table.note(note, left).addAndGet(1);
    }
}
