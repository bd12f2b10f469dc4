package org.jvmipc.demos.crash;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jvmipc.Claim;
import org.jvmipc.Ipc;
import org.jvmipc.PeerDiedException;
import org.jvmipc.PeerEvent;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.demos.Demos;
import org.jvmipc.shm.PoolBlock;
import org.jvmipc.shm.SharedPool;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.sync.LockGuard;
import org.jvmipc.shm.sync.OwnerDiedException;
import org.jvmipc.shm.sync.SharedCountDownLatch;
import org.jvmipc.shm.sync.SharedReentrantLock;
import org.jvmipc.shm.sync.SharedSemaphore;

/** A process is killed that has sent, is sending and is to receive, and has a lock, a permit, and a block of a pool. */
final class Killed {
    private static final int PERMITS = 2;
    private static final int BLOCKS = 4;
    private static final int MESSAGES = 3;

    private Killed() {
    }

    private static SharedPool pool(String name) {
        return SharedPool.in(SharedSegment.posix(name + "blocks")).blocks(1024, BLOCKS).openOrCreate();
    }

    static void show(Lab lab) throws Exception {
        String name = lab.name("");
        try (Receiver receiver = Ipc.receiver("shm:" + name + "results");
                Sender sender = Ipc.sender("shm:" + name + "jobs?capacity=4k");
                SharedReentrantLock lock = SharedReentrantLock.named(name + "lock");
                SharedSemaphore semaphore = SharedSemaphore.named(name + "permits", PERMITS);
                SharedPool pool = pool(name);
                SharedCountDownLatch ready = SharedCountDownLatch.named(name + "ready", 1)) {
            lab.watch(receiver);
            Process victim = lab.start(Victim.class, name);
            Lab.check(ready.await(Lab.PATIENCE.toSeconds(), TimeUnit.SECONDS), "the process does not come");
            lab.awaitEvent(PeerEvent.Kind.JOINED);
            lab.look();
            Demos.say("  kill -9 %d", victim.pid());
            victim.destroyForcibly();
            Lab.awaitEnd(victim);
            lab.awaitEvent(PeerEvent.Kind.DIED);
            receive(receiver);
            send(sender);
            lock(lock);
            Demos.say("  permits: %d of %d, %d given back of the dead one, so %d of %d", semaphore.availablePermits(),
                    PERMITS, semaphore.releaseAbandoned(), semaphore.availablePermits(), PERMITS);
            Demos.say("  blocks of the pool: %d of %d free, %d reclaimed, so %d of %d", pool.status().free(), BLOCKS,
                    pool.reclaim(), pool.status().free(), BLOCKS);
            Lab.check(semaphore.availablePermits() == PERMITS && pool.status().free() == BLOCKS, "something is gone");
            lab.look();
        }
    }

    private static void receive(Receiver receiver) throws InterruptedException {
        List<String> texts = new ArrayList<>();
        Received next;
        while ((next = receiver.receive(Lab.PATIENCE)).isMessage()) {
            texts.add(next.text());
        }
        Demos.say("  receive: %s, then %s; the one that it was writing was never there", String.join(", ", texts),
                next.kind());
        Lab.check(texts.size() == MESSAGES && next.kind() == Received.Kind.END, "something else was sent");
    }

    private static void send(Sender sender) throws InterruptedException {
        try {
            while (true) {
                sender.send(ByteBuffer.allocate(100), Lab.PATIENCE);
            }
        } catch (PeerDiedException died) {
            Lab.tell("send", died);
        }
    }

    private static void lock(SharedReentrantLock lock) {
        try {
            lock.lock();
            throw new IllegalStateException("nobody told that the holder of the lock had died");
        } catch (OwnerDiedException died) {
            Lab.tell("lock", died);
        }
        try (LockGuard guard = lock.acquire()) {
            Lab.check(guard.ownerDied(), "nobody told who recovers that the holder of the lock had died");
            Demos.say("  acquire: held, and to be repaired; marked as consistent");
            guard.markConsistent();
        }
    }

    /** The one that is killed. */
    static final class Victim {
        private Victim() {
        }

        /**
         * Takes all that it is to have.
         *
         * @param args what all names begin with
         * @throws Exception whatever goes wrong
         */
        public static void main(String[] args) throws Exception {
            String name = args[0];
            try (Sender sender = Ipc.sender("shm:" + name + "results");
                    Receiver receiver = Ipc.receiver("shm:" + name + "jobs?capacity=4k");
                    SharedReentrantLock lock = SharedReentrantLock.named(name + "lock");
                    SharedSemaphore semaphore = SharedSemaphore.named(name + "permits", PERMITS);
                    SharedPool pool = pool(name);
                    SharedCountDownLatch ready = SharedCountDownLatch.named(name + "ready", 1)) {
                Lab.check(receiver.awaitPeer(Lab.PATIENCE), "nobody sends");
                for (int i = 1; i <= MESSAGES; i++) {
                    sender.send(StandardCharsets.UTF_8.encode("message " + i));
                }
                Claim claim = sender.tryClaim(Integer.BYTES);
                claim.buffer().putInt(4711);
                PoolBlock block = pool.loan(Duration.ZERO);
                lock.lock();
                semaphore.acquire();
                Demos.say("  process %d has sent %d messages and is writing another one, has the lock, a permit of %d"
                        + " and a block of %d bytes", ProcessHandle.current().pid(), MESSAGES, PERMITS,
                        block.capacity());
                ready.countDown();
                new CountDownLatch(1).await();
            }
        }
    }
}
