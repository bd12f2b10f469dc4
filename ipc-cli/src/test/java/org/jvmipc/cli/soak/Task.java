package org.jvmipc.cli.soak;

import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jvmipc.testkit.history.HistoryLog;

/** What one thread of a process does on one route; it is used by that thread, and told by others to come to its end. */
final class Task {
    private final Round round;
    private final Route route;
    private final int life;
    private final HistoryLog log;
    private final Random random;
    private final CountDownLatch opened = new CountDownLatch(1);
    private volatile boolean ending;

    /** What to do, from opening to closing. */
    @FunctionalInterface
    interface Work {
        void run(Task task) throws Exception;
    }

    Task(Round round, Route route, char role, int life, long seed) {
        this.round = round;
        this.route = route;
        this.life = life;
        this.log = HistoryLog.create(round.log(route, role, life));
        this.random = new Random(seed);
    }

    Round round() {
        return round;
    }

    Route route() {
        return route;
    }

    int life() {
        return life;
    }

    HistoryLog log() {
        return log;
    }

    Random random() {
        return random;
    }

    /** Called by the work when it has all open that it needs. */
    void opened() {
        log.opened();
        opened.countDown();
    }

    void awaitOpened() throws InterruptedException {
        opened.await();
    }

    void end() {
        ending = true;
    }

    boolean isEnding() {
        return ending;
    }

    /** What the thread does; a failure is for the caller. */
    Callable<Void> of(Work work) {
        return () -> {
            try (log) {
                work.run(this);
                log.ended();
            }
            return null;
        };
    }
}
