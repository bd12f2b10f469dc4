package org.jvmipc.cli;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.Ipc;
import org.jvmipc.Sender;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.sync.SharedSemaphore;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** A process that has many objects open, some of them together with its like, and waits to be killed. */
final class Owner implements Peer {
    @Override
    public void run(PeerContext context) throws Exception {
        List<AutoCloseable> open = open(context.arg(0), Integer.parseInt(context.arg(1)));
        open.add(SharedSegment.posix(context.arg(2)).openOrCreate(64));
        context.say("open");
        context.hear();
        throw new AssertionError("it was to be killed with " + open.size() + " objects open");
    }

    /** Opens as many objects as are wanted, of several kinds. */
    static List<AutoCloseable> open(String prefix, int count) throws InterruptedException {
        List<AutoCloseable> open = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = prefix + "-" + i;
            switch (i % 4) {
                case 0 -> {
                    Sender sender = Ipc.sender("shm:" + name + "?capacity=4k");
                    sender.send(ByteBuffer.allocate(8));
                    open.add(sender);
                }
                case 1 -> open.add(Ipc.receiver("shm:" + name + "?capacity=4k&ring=mpmc&consumers=2&producers=2"));
                case 2 -> open.add(SharedSegment.posix(name).create(100));
                default -> open.add(SharedSemaphore.named(name, 2));
            }
        }
        return open;
    }
}
