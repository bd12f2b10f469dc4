package org.jvmipc.cli.soak;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.BrokenFrameException;
import org.jvmipc.Codec;
import org.jvmipc.Ipc;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.ReceivedValue;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.TypedReceiver;
import org.jvmipc.TypedSender;
import org.jvmipc.mq.Delivery;
import org.jvmipc.mq.GroupConsumer;
import org.jvmipc.shm.PoolBlock;
import org.jvmipc.shm.SharedPool;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.StaleHandleException;
import org.jvmipc.testkit.history.LoggedReceiving;
import org.jvmipc.testkit.history.LoggedSending;
import org.jvmipc.testkit.history.Stamp;

/** What is done on routes that carry messages. */
final class Works {
    private static final int BURST = 12;
    private static final int LONGEST_PAUSE_NANOS = 25_000_000;
    private static final Duration CALL = Duration.ofMillis(100);
    private static final Duration LINGER = Duration.ofSeconds(20);
    private static final int BLOCK = 4096;
    private static final int BLOCKS = 64;

    private Works() {
    }

    static Task.Work of(Route route, char role) {
        boolean sends = role == Route.SENDS;
        return switch (route) {
            case LOCK -> Locking::lock;
            case SEMAPHORE -> Locking::acquire;
            case SIGNAL -> sends ? Signalling::send : Signalling::receive;
            case PIPE -> sends ? Piping::send : Piping::receive;
            case POOL -> sends ? Works::lend : Works::take;
            case GROUP -> sends ? Works::send : Works::consume;
            default -> sends ? Works::send : Works::receive;
        };
    }

    static void pause(Task task) {
        LockSupport.parkNanos(task.random().nextInt(LONGEST_PAUSE_NANOS));
    }

    private static void send(Task task) throws InterruptedException {
        LoggedSending sending = new LoggedSending(task.log(), task.life(), task.random());
        try (Sender sender = Ipc.sender(task.route().sendingAddress(task.round()))) {
            task.opened();
            while (!task.isEnding()) {
                sending.some(sender, BURST);
                pause(task);
            }
            if (!sender.close(LINGER)) {
                throw new AssertionError(task.route() + ": something was left unsent after " + LINGER);
            }
        }
    }

    private static void receive(Task task) throws InterruptedException {
        LoggedReceiving receiving =
                new LoggedReceiving(task.log(), task.random(), task.route().isOfKernelQueues());
        if (task.route() == Route.QUEUE) {
            receiving.oneAtATime();
        }
        try (Receiver receiver = Ipc.receiver(task.route().address(task.round()))) {
            task.opened();
            boolean done = false;
            while (!done) {
                try {
                    done = receiving.some(receiver, task.isEnding());
                } catch (BrokenFrameException torn) {
                    if (!task.route().isStream()) {
                        throw torn;
                    }
                }
            }
        }
    }

    private static void consume(Task task) throws InterruptedException {
        try (GroupConsumer consumer = GroupConsumer.open(task.route().address(task.round()))) {
            task.opened();
            while (!task.isEnding() || consumer.depth() > 0) {
                try {
                    Delivery delivery = consumer.receive(CALL);
                    task.log().received(delivery.payload());
                    if (!delivery.ack()) {
                        throw new AssertionError("a message was taken from a consumer that lives");
                    }
                } catch (IpcTimeoutException none) {
                    // Or another one is in the way, which is stopped.
                    continue;
                }
            }
        }
    }

    private static SharedPool pool(Task task) {
        return SharedPool.in(SharedSegment.posix(poolName(task.round())).keep()).blocks(BLOCK, BLOCKS).openOrCreate();
    }

    static String poolName(Round round) {
        return Route.POOL.name(round) + "-blocks";
    }

    private static void lend(Task task) throws InterruptedException {
        LoggedSending sending = new LoggedSending(task.log(), task.life(), task.random());
        try (SharedPool pool = pool(task);
                TypedSender<Long> sender = Ipc.sender(task.route().address(task.round()), Codec.longs())) {
            task.opened();
            while (!task.isEnding()) {
                lend(task, sending, pool, sender);
                pause(task);
            }
        }
    }

    private static void lend(Task task, LoggedSending sending, SharedPool pool, TypedSender<Long> sender)
            throws InterruptedException {
        PoolBlock block = pool.tryLoan();
        if (block == null) {
            return;
        }
        Stamp stamp = sending.invoke();
        int length = Stamp.SMALLEST + task.random().nextInt(BLOCK - Stamp.SMALLEST);
        block.buffer().put(stamp.message(length));
        long handle = block.handOver(length);
        boolean sent = false;
        try {
            sender.send(handle, CALL);
            sent = true;
        } catch (IpcTimeoutException full) {
            pool.take(handle).release();
        }
        sending.end(stamp, sent);
    }

    private static void take(Task task) throws InterruptedException {
        try (SharedPool pool = pool(task);
                TypedReceiver<Long> receiver = Ipc.receiver(task.route().address(task.round()), Codec.longs())) {
            task.opened();
            boolean draining;
            boolean some;
            do {
                draining = task.isEnding();
                some = takeOne(task, pool, receiver);
            } while (some || !draining || receiver.status().depthMessages() > 0);
            // Blocks of the dead, and those whose handles were never sent.
            pool.reclaim();
            pool.reclaimInFlight(Duration.ZERO);
            if (pool.status().free() != BLOCKS) {
                throw new AssertionError("blocks are missing: " + pool.status());
            }
        }
    }

    private static boolean takeOne(Task task, SharedPool pool, TypedReceiver<Long> receiver)
            throws InterruptedException {
        task.log().taking();
        ReceivedValue<Long> next = receiver.receive(CALL);
        if (!next.isValue()) {
            task.log().tookNothing();
            return false;
        }
        try (PoolBlock block = pool.take(next.value())) {
            task.log().received(block.buffer());
        } catch (StaleHandleException takenByOneThatDied) {
            task.log().tookNothing();
        }
        return true;
    }

    /** For those who have to look again and again. */
    static void shortPause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
}
