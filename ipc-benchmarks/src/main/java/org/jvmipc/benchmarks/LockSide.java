package org.jvmipc.benchmarks;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.jvmipc.shm.SharedLong;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.sync.SharedLock;

/** One of two processes that take a lock again and again, and count under it; the same loop as in lock.c. */
final class LockSide {
    private static final int LINE = 128;
    private static final int COUNTER = 0;
    private static final int TURN = 8;
    private static final int ARRIVED = LINE;
    private static final int ROUND = 2 * LINE;
    private static final int SIZE = 3 * LINE;
    private static final int WARM_UP_SECTIONS = 20_000;
    private static final long WARM_UP = 1;
    private static final long MEASURE = 2;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Lock lock;
    private final ByteBuffer memory;
    private final SharedLong arrived;
    private final SharedLong round;
    private final int side;
    private final boolean handover;
    private long meetings;
    private long own;
    private long start;
    private long end;

    private LockSide(Lock lock, SharedSegment segment, int side, boolean handover) {
        this.lock = lock;
        this.memory = segment.buffer();
        this.arrived = segment.longAt(ARRIVED);
        this.round = segment.longAt(ROUND);
        this.side = side;
        this.handover = handover;
    }

    /**
     * Runs a side, and prints what it measured.
     *
     * @param args the name, 0 or 1, whether they take turns, how long to warm up in milliseconds, how many sections
     */
    public static void main(String[] args) {
        try (SharedLock lock = SharedLock.named(args[0] + "-lock");
                SharedSegment segment = SharedSegment.posix(args[0]).openOrCreate(SIZE)) {
            LockSide side = new LockSide(lock, segment, Integer.parseInt(args[1]), Boolean.parseBoolean(args[2]));
            side.run(TimeUnit.MILLISECONDS.toNanos(Long.parseLong(args[3])), Long.parseLong(args[4]));
            Peer.say(String.format(Locale.ROOT, "start=%d end=%d own=%d counter=%d", side.start, side.end, side.own,
                    side.memory.getLong(COUNTER)));
            // Neither leaves while the other one still reads.
            side.meet();
        }
    }

    private void run(long warmupNanos, long sections) {
        long warmUntil = System.nanoTime() + warmupNanos;
        long now;
        do {
            if (side == 0) {
                memory.putLong(COUNTER, 0);
                memory.putLong(TURN, 0);
                round.set(System.nanoTime() < warmUntil ? WARM_UP : MEASURE);
            }
            meet();
            now = round.get();
            count(now == WARM_UP ? WARM_UP_SECTIONS : sections);
            meet();
        } while (now == WARM_UP);
    }

    private void meet() {
        arrived.addAndGet(1);
        meetings++;
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (arrived.get() < 2 * meetings) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the other side does not come");
            }
            Thread.onSpinWait();
        }
    }

    private void count(long sections) {
        own = 0;
        long before;
        start = System.nanoTime();
        do {
            lock.lock();
            try {
                before = memory.getLong(COUNTER);
                if (before < sections && (!handover || memory.getLong(TURN) == side)) {
                    memory.putLong(TURN, 1 - side);
                    memory.putLong(COUNTER, before + 1);
                    own++;
                }
            } finally {
                lock.unlock();
            }
        } while (before < sections);
        end = System.nanoTime();
    }
}
