package org.jvmipc.demos.crash;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jvmipc.Ipc;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.PeerEvent;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.demos.Demos;
import org.jvmipc.shm.sync.SharedReentrantLock;
import org.jvmipc.signals.Signal;
import org.jvmipc.signals.Signals;

/** A process is stopped that is to receive and has a lock: nothing is taken from it, and it goes on later. */
final class Stopped {
    private static final int LENGTH = 200;
    private static final int STEP = 5;

    private Stopped() {
    }

    static void show(Lab lab) throws Exception {
        String name = lab.name("");
        try (Sender sender = Ipc.sender("shm:" + name + "ring?capacity=4k");
                SharedReentrantLock lock = SharedReentrantLock.named(name + "lock")) {
            lab.watch(sender);
            Process receiver = lab.start(Sleeper.class, name);
            lab.awaitEvent(PeerEvent.Kind.JOINED);
            int sent = 0;
            // By then it has the lock.
            sender.transfer(message(sent++));
            Demos.say("  kill -STOP %d", receiver.pid());
            Signals.kill(receiver.toHandle(), Signal.STOP);
            awaitStop(receiver);
            try {
                while (true) {
                    sender.send(message(sent), Lab.SHORT);
                    if (++sent % STEP == 0) {
                        Demos.say("  sent %d, of which %d wait", sent, sender.status().depthMessages());
                    }
                }
            } catch (IpcTimeoutException full) {
                Lab.tell("send", full);
            }
            try {
                lock.acquire(Lab.SHORT).close();
                throw new IllegalStateException("the lock was taken from a process that is stopped");
            } catch (IpcTimeoutException held) {
                Lab.tell("acquire", held);
            }
            lab.look();
            Lab.check(!lab.isToldOf(PeerEvent.Kind.DIED), "one that is stopped was taken for dead");
            Demos.say("  kill -CONT %d", receiver.pid());
            Signals.kill(receiver.toHandle(), Signal.CONT);
            Lab.check(sender.close(Lab.PATIENCE), "not all was sent");
            int received = Lab.awaitEnd(receiver);
            Demos.say("  the receiver has got %d of %d messages, and given the lock back: %s", received, sent,
                    lock.tryLock());
            lock.unlock();
            Lab.check(received == sent, "messages were lost");
        }
    }

    private static ByteBuffer message(int number) {
        return ByteBuffer.allocate(LENGTH).putInt(0, number);
    }

    /** The kernel stops one thread after the other. */
    private static void awaitStop(Process process) throws InterruptedException {
        long deadline = System.nanoTime() + Lab.PATIENCE.toNanos();
        while (!Processes.areAllThreadsStopped(process.pid())) {
            Lab.check(System.nanoTime() - deadline < 0, "process " + process.pid() + " does not stop");
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    /** The one that is stopped; its exit code is the number of messages that it got. */
    static final class Sleeper {
        private Sleeper() {
        }

        /**
         * Receives all with a lock in hand.
         *
         * @param args what all names begin with
         * @throws Exception whatever goes wrong
         */
        public static void main(String[] args) throws Exception {
            int received = 0;
            try (SharedReentrantLock lock = SharedReentrantLock.named(args[0] + "lock")) {
                lock.lock();
                try (Receiver receiver = Ipc.receiver("shm:" + args[0] + "ring?capacity=4k")) {
                    while (receiver.receive(Lab.PATIENCE).isMessage()) {
                        received++;
                    }
                }
                lock.unlock();
            }
            System.exit(received);
        }
    }
}
