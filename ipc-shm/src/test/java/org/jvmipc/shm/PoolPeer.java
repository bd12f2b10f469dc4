package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jvmipc.Codec;
import org.jvmipc.Ipc;
import org.jvmipc.ReceivedValue;
import org.jvmipc.TypedReceiver;
import org.jvmipc.TypedSender;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** The other process of a test of pools. Its first argument says what it does, the second names the pool. */
final class PoolPeer implements Peer {
    static final int BLOCK = 1 << 20;
    static final int COUNT = 6;

    private static final Duration LONG = Duration.ofSeconds(30);

    static SharedPoolBuilder pool(String name) {
        return SharedPool.in(SharedSegment.posix(name)).blocks(BLOCK, COUNT);
    }

    @Override
    public void run(PeerContext context) throws Exception {
        SharedPool pool = pool(context.arg(1)).openOrCreate();
        switch (context.arg(0)) {
            case "produce" -> produce(context, pool, context.arg(2), Long.parseLong(context.arg(3)));
            case "relay" -> relay(context, pool, context.arg(2), context.arg(3));
            case "hold" -> hold(context, pool);
            case "send" -> send(context, pool);
            case "exit" -> exit(context, pool);
            default -> throw new IllegalArgumentException(context.arg(0));
        }
    }

    /** Sends blocks until it is told to end, or killed. */
    private static void produce(PeerContext context, SharedPool pool, String address, long first) throws Exception {
        try (pool; TypedSender<Long> out = Ipc.sender(address, Codec.longs())) {
            Thread ending = ending(context);
            context.say("produces");
            for (long number = first; ending.isAlive(); number++) {
                PoolBlock block = pool.loan(LONG);
                Payloads.fill(block.buffer(), number);
                out.send(block.handOver());
            }
        }
    }

    /** Takes blocks, checks them, changes them, and sends them on. */
    private static void relay(PeerContext context, SharedPool pool, String from, String to) throws Exception {
        try (pool; TypedReceiver<Long> in = Ipc.receiver(from, Codec.longs());
                TypedSender<Long> out = Ipc.sender(to, Codec.longs())) {
            Thread ending = ending(context);
            context.say("relays");
            while (ending.isAlive()) {
                ReceivedValue<Long> next = in.receive(Duration.ofMillis(20));
                if (next.isValue()) {
                    PoolBlock block = taken(pool, next.value());
                    if (block != null) {
                        Payloads.fill(block.buffer(), -Payloads.check(block.buffer()));
                        out.send(block.handOver());
                    }
                }
            }
        }
    }

    /** A receiver that replaces one that was killed gets the last messages once more, whose blocks that one took. */
    static PoolBlock taken(SharedPool pool, long handle) {
        try {
            return pool.take(handle);
        } catch (StaleHandleException takenByOneThatDied) {
            return null;
        }
    }

    private static Thread ending(PeerContext context) {
        Thread listener = new Thread(() -> {
            try {
                context.hear();
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
        });
        listener.setDaemon(true);
        listener.start();
        return listener;
    }

    /** Has all blocks; lets go of one when it is told to. */
    private static void hold(PeerContext context, SharedPool pool) throws Exception {
        PoolBlock last = null;
        for (PoolBlock block; (block = pool.tryLoan()) != null; ) {
            last = block;
        }
        Payloads.fill(last.buffer(), 4711);
        context.say("holds");
        context.hear();
        context.say("handle " + last.handOver());
        context.hear();
    }

    /** Says the handle of a block, and waits to be killed. */
    private static void send(PeerContext context, SharedPool pool) throws Exception {
        for (int i = 0; i < 2; i++) {
            PoolBlock block = pool.loan(LONG);
            Payloads.fill(block.buffer(), i);
            context.say("handle " + block.handOver(800));
        }
        pool.loan(LONG);
        context.hear();
    }

    /** Ends with a block in use, which a thread of it goes on writing to as long as it can. */
    private static void exit(PeerContext context, SharedPool pool) throws Exception {
        ByteBuffer bytes = pool.loan(LONG).buffer();
        Thread writer = new Thread(() -> {
            for (long i = 0; ; i++) {
                Payloads.fill(bytes, i);
            }
        });
        writer.setDaemon(true);
        writer.start();
        context.say("writes");
        context.hear();
        System.exit(0);
    }
}
