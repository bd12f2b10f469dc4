package org.jvmipc.spi;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.Registration;
import org.jvmipc.WaitStrategy;
import org.jvmipc.internal.Threads;

/**
 * How blocked calls pass their time, for platform and virtual threads alike. A platform thread sleeps in
 * {@link Readiness#sleep}, that is in the kernel where the transport needs it; a virtual thread never does, as that
 * would hold its carrier: it parks and is unparked through {@link Readiness#arm}. Each thread uses the waiter for
 * itself; it has no state that changes.
 */
public final class Waiter {
    /**
     * The longest sleep at a stretch: the safety net, and the rhythm in which {@link Port#idle} is called. The system
     * property {@code ipc.waiter.sliceMillis} takes the net away from tests, to show that nothing falls into it.
     */
    public static final long SLICE_NANOS = Long.getLong("ipc.waiter.sliceMillis", 200) * 1_000_000;
    /** How long the adaptive strategy spins without a system call: a few round trips between two processors. */
    private static final long SPIN_NANOS = 3_000;
    /**
     * How long it then looks and yields before it sleeps: longer than a sleeper takes to wake up, answer and be seen.
     * Were it less, two sides that talk to each other would never again find each other awake once both had slept; and
     * if it did not yield, a side that was woken on the processor of its waker would wait for it to fall asleep. More
     * than about twice what sleeping costs is never lost by it (Karlin et al., "Empirical Studies of Competitive
     * Spinning for a Shared-Memory Multiprocessor", 1991).
     */
    private static final long YIELD_NANOS = 40_000;
    private static final boolean ONE_CPU = Runtime.getRuntime().availableProcessors() == 1;

    private final WaitStrategy strategy;

    /**
     * Creates a waiter.
     *
     * @param strategy how it waits
     */
    public Waiter(WaitStrategy strategy) {
        this.strategy = strategy;
    }

    /**
     * The moment at which a timeout ends.
     *
     * @param timeout any duration, also a negative or a very long one
     * @return in terms of {@link System#nanoTime}; {@link Long#MAX_VALUE} for ever
     */
    public static long deadline(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            return System.nanoTime();
        }
        if (timeout.getSeconds() >= Integer.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        return System.nanoTime() + timeout.toNanos();
    }

    /**
     * What is left until a deadline.
     *
     * @param deadline of {@link #deadline}
     * @return nanoseconds, not above {@link #SLICE_NANOS}; zero or less if it has passed
     */
    public static long slice(long deadline) {
        return deadline == Long.MAX_VALUE ? SLICE_NANOS : Math.min(SLICE_NANOS, deadline - System.nanoTime());
    }

    /**
     * Waits until another attempt is worth while: the readiness says so, somebody woke it, or a slice of time has
     * passed.
     *
     * @param readiness what is waited for
     * @param deadline until when
     * @return false if the deadline had passed already when the call began; the attempt before it was the last
     * @throws InterruptedException if the thread is interrupted; its interrupt status is cleared
     */
    public boolean await(Readiness readiness, long deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long slice = slice(deadline);
        if (slice <= 0) {
            return false;
        }
        if (strategy == WaitStrategy.SPIN || strategy == WaitStrategy.YIELD) {
            // With one CPU, what is waited for cannot happen while this thread spins.
            spin(readiness, slice, strategy == WaitStrategy.YIELD || ONE_CPU);
        } else if (strategy == WaitStrategy.BLOCK || !spin(readiness)) {
            sleep(readiness, slice);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return true;
    }

    /**
     * Waits a little where nothing tells of a change.
     *
     * @param attempts how many times before, so that the pauses grow from 1 to 16 ms
     * @param deadline until when
     * @return false if the deadline had passed already when the call began
     * @throws InterruptedException if the thread is interrupted; its interrupt status is cleared
     */
    public static boolean pause(int attempts, long deadline) throws InterruptedException {
        long slice = Math.min(slice(deadline), 1_000_000L << Math.min(attempts, 4));
        if (slice <= 0) {
            return false;
        }
        LockSupport.parkNanos(slice);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return true;
    }

    private static boolean spin(Readiness readiness) {
        if (ONE_CPU || !readiness.canSpin()) {
            return false;
        }
        long start = System.nanoTime();
        long spent = 0;
        do {
            for (int i = 0; i < 32; i++) {
                if (readiness.isReady()) {
                    return true;
                }
                relax(spent > SPIN_NANOS);
            }
            spent = System.nanoTime() - start;
        } while (spent < YIELD_NANOS);
        return false;
    }

    private static void spin(Readiness readiness, long nanos, boolean yields) {
        if (!readiness.canSpin()) {
            relax(yields);
            return;
        }
        long start = System.nanoTime();
        do {
            for (int i = 0; i < 256; i++) {
                if (readiness.isReady()) {
                    return;
                }
                relax(yields);
            }
        } while (System.nanoTime() - start < nanos && !Thread.currentThread().isInterrupted());
    }

    private static void relax(boolean yields) {
        if (yields) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
    }

    private static void sleep(Readiness readiness, long nanos) {
        if (Threads.isVirtual()) {
            Thread self = Thread.currentThread();
            try (Registration armed = readiness.arm((Waking) () -> LockSupport.unpark(self))) {
                LockSupport.parkNanos(armed, nanos);
            }
            return;
        }
        InterruptHook hook = new InterruptHook(readiness);
        hook.enter();
        try {
            if (!Thread.currentThread().isInterrupted()) {
                readiness.sleep(nanos);
            }
        } finally {
            hook.leave();
        }
    }

    /**
     * The public hook by which {@link Thread#interrupt} calls us back: a selector that selects nothing. Unlike an
     * interruptible channel it closes nothing.
     */
    private static final class InterruptHook extends AbstractSelector {
        private final Readiness readiness;

        InterruptHook(Readiness readiness) {
            super(null);
            this.readiness = readiness;
        }

        void enter() {
            begin();
        }

        void leave() {
            end();
        }

        @Override
        public Selector wakeup() {
            readiness.wakeUp();
            return this;
        }

        @Override
        protected void implCloseSelector() {
        }

        @Override
        protected SelectionKey register(AbstractSelectableChannel channel, int ops, Object attachment) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Set<SelectionKey> keys() {
            return Set.of();
        }

        @Override
        public Set<SelectionKey> selectedKeys() {
            return Set.of();
        }

        @Override
        public int selectNow() throws IOException {
            return 0;
        }

        @Override
        public int select(long timeout) throws IOException {
            return 0;
        }

        @Override
        public int select() throws IOException {
            return 0;
        }
    }
}
