package org.jvmipc.cli.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** All that one life of a process does in a round, in threads of their own. */
final class Member {
    private final List<Task> workers = new ArrayList<>();
    private final List<Task> receivers = new ArrayList<>();
    private final List<Thread> working = new ArrayList<>();
    private final List<Thread> receiving = new ArrayList<>();

    /**
     * Begins with everything.
     *
     * @param round in which
     * @param who one of the letters of {@link Route}
     * @param life tells it from others in this round
     * @param seed for what is done at random
     * @param failed is told of what goes wrong
     */
    Member(Round round, char who, int life, long seed, Consumer<Throwable> failed) {
        Random seeds = new Random(seed);
        for (Route route : Route.values()) {
            if (route.sends(who)) {
                Task task = new Task(round, route, Route.SENDS, life, seeds.nextLong());
                workers.add(task);
                working.add(thread(route + "-" + Route.SENDS, task.of(Works.of(route, Route.SENDS)), failed));
            }
            if (route.receives(who)) {
                Task task = new Task(round, route, Route.RECEIVES, life, seeds.nextLong());
                receivers.add(task);
                receiving.add(thread(route + "-" + Route.RECEIVES, task.of(Works.of(route, Route.RECEIVES)), failed));
            }
        }
        working.forEach(Thread::start);
        receiving.forEach(Thread::start);
    }

    private static Thread thread(String name, Callable<Void> work, Consumer<Throwable> failed) {
        return new Thread(() -> {
            try {
                work.call();
            } catch (Exception | Error failure) {
                failed.accept(new AssertionError(name + ": " + failure, failure));
            }
        }, "soak-" + name);
    }

    void awaitOpened() throws InterruptedException {
        for (Task task : workers) {
            task.awaitOpened();
        }
        for (Task task : receivers) {
            task.awaitOpened();
        }
    }

    /** Those who send or work come to their end. */
    void settle() throws InterruptedException {
        end(workers, working);
    }

    /** Those who receive take what is left. */
    void drain() throws InterruptedException {
        end(receivers, receiving);
    }

    private static void end(List<Task> tasks, List<Thread> threads) throws InterruptedException {
        tasks.forEach(Task::end);
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
