package org.jvmipc.posix;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jvmipc.Registration;
import org.jvmipc.posix.internal.Doorbells;
import org.jvmipc.posix.internal.FutexReactor;
import org.jvmipc.posix.internal.FutexWatch;
import org.jvmipc.spi.Readiness;

/**
 * Waits for a change in memory shared between processes, in the kernel if it takes long, while the side that makes the
 * change pays one load as long as nobody sleeps. Used by both sides over two 32-bit words in native byte order: the
 * <i>sequence</i>, on which sleepers sleep, and the <i>announcement</i>, 0 if nobody sleeps, else the lower 27 bits of
 * the sequence number of the latest sleeper, above them which doorbell to ring as well, and the highest bit.
 *
 * <p><b>No wake-up is lost.</b> A sleeper (1) reads the sequence {@code s}, (2) announces {@code s} by CAS, (3) full
 * fence, (4) looks once more whether it must sleep at all, (5) sleeps while the sequence is {@code s}. A signaller
 * (a) has made its change, (b) full fence, (c) reads the announcement {@code a}; if it is not 0 it (d) adds 1 to the
 * sequence, (e) wakes all, and rings the doorbell if {@code a} names one, (f) sets the announcement from {@code a} to 0
 * by CAS.
 * <ul>
 * <li>By the two fences either (4) sees the change and does not sleep, or (c) sees an announcement. In the second case
 *     (1) comes before (d): the kernel refuses (5) if (d) came first, and otherwise (e) finds the sleeper.
 * <li>(f) removes no announcement of a thread that goes on sleeping: {@code a} was written by threads that had read a
 *     sequence before (d), and a newer sleeper replaces an older announcement, never the reverse, because (2) is a CAS
 *     from the value read before the sequence was compared. So whoever announced up to {@code a} is woken by (e) or
 *     refused by (5).
 * <li>A signaller killed or stopped between (c) and (f) leaves the announcement in place: the next one wakes all. (What
 *     the killed one had to tell is then told by the life sign of its process.) A sleeper killed leaves its
 *     announcement: the next signaller makes one system call too many, and it is gone.
 * </ul>
 * Only a sequence that goes round all 2<sup>27</sup> values within one call could deceive this. Who sleeps at a
 * doorbell has read the doorbell's value before (1), and goes to sleep while it is the same; a newer announcement keeps
 * the doorbell of the one that it replaces.
 *
 * <p>All methods may be called from any thread. {@link #signal} neither allocates nor blocks. Armed callbacks share one
 * daemon thread, {@code ipc-futex}: it waits for up to 126 places at once in the kernel ({@code futex_waitv}, Linux
 * 5.16), and for the rest at a doorbell of its process, one word in a file beside its life sign, which whoever signals
 * finds in the announcement. Where kernel or container do not have that call, it looks every 0.1 to 5 ms instead; and
 * up to every 0.2 s after the rest, in case that a signaller lives with another directory of life signs. Where
 * no native call works at all, {@link #sleep} looks every millisecond.
 */
public final class FutexReadiness implements Readiness, AutoCloseable {

    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final int ANNOUNCED = 1 << 31;
    private static final int BELL_SHIFT = 27;
    private static final int BELL_MASK = 15;
    private static final int SEEN_MASK = (1 << BELL_SHIFT) - 1;
    private static final int CLOSED_BIT = 1 << 30;
    private static final long LOOK_NANOS = 1_000_000;

    private final ByteBuffer memory;
    private final int sequence;
    private final int announcement;
    private final BooleanSupplier ready;
    /** How many threads are about to touch the memory, and whether new ones still may. */
    private final AtomicInteger users = new AtomicInteger();
    private volatile boolean wakeUpPending;
    private volatile boolean everArmed;
    private final FutexWatch watch = new Watch();

    /**
     * Creates it. Touches neither the memory nor native code.
     *
     * @param memory a mapped or other direct buffer; reachable from here until this object is not
     * @param sequenceOffset where the sequence stands, in bytes, a multiple of 4
     * @param announcementOffset where the announcement stands, in bytes, a multiple of 4
     * @param ready whether there is nothing to wait for; reads memory only, must neither block nor throw, and is called
     *        by waiting threads and by the shared one
     * @throws IllegalArgumentException if an offset is not aligned or lies outside the buffer
     */
    public FutexReadiness(ByteBuffer memory, int sequenceOffset, int announcementOffset, BooleanSupplier ready) {
        if (!memory.isDirect()) {
            throw new IllegalArgumentException("A direct or mapped buffer is needed");
        }
        checkOffset(memory, sequenceOffset);
        checkOffset(memory, announcementOffset);
        this.memory = memory;
        this.sequence = sequenceOffset;
        this.announcement = announcementOffset;
        this.ready = ready;
    }

    /**
     * Wakes all who sleep on these two words, in any process, if there are any. To be called after the change they wait
     * for <b>and a full fence</b> ({@link VarHandle#fullFence()}, or an atomic read-modify-write); without the fence
     * a wake-up can be lost. While nobody sleeps this is one plain load.
     *
     * @param memory the shared memory
     * @param sequenceOffset where the sequence stands
     * @param announcementOffset where the announcement stands
     */
    public static void signal(ByteBuffer memory, int sequenceOffset, int announcementOffset) {
        int announced = (int) INT.getOpaque(memory, announcementOffset);
        if (announced != 0) {
            wake(memory, sequenceOffset, announcementOffset, announced);
        }
    }

    /**
     * {@link #signal(ByteBuffer, int, int)} on the words of this object. Not to be called after {@link #close} if the
     * memory is unmapped then: unlike the other methods it is not protected against that.
     */
    public void signal() {
        signal(memory, sequence, announcement);
    }

    /** Apart from {@link #signal}, which then is small enough to be inlined. */
    private static void wake(ByteBuffer memory, int sequenceOffset, int announcementOffset, int announced) {
        INT.getAndAdd(memory, sequenceOffset, 1);
        // A process without native code cannot wake: sleepers look again by themselves when their time is up.
        if (NativeLibrary.isAvailable()) {
            FutexCalls.wake(MemoryCalls.address(memory) + sequenceOffset, Integer.MAX_VALUE);
            Reference.reachabilityFence(memory);
            int bell = bell(announced);
            if (bell != 0) {
                Doorbells.ring(bell);
            }
        }
        INT.compareAndSet(memory, announcementOffset, announced, 0);
    }

    @Override
    public boolean isReady() {
        return ready.getAsBoolean();
    }

    @Override
    public boolean canSpin() {
        return true;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Returns at once if this is closed or the thread is interrupted.
     *
     * @throws NativeCallException if the memory is not mapped any more
     */
    @Override
    public void sleep(long nanos) {
        if (nanos <= 0 || !enter()) {
            return;
        }
        try {
            int seen = (int) INT.getVolatile(memory, sequence);
            // After reading the sequence: a wake-up or interrupt that comes later changes it.
            if (wakeUpPending) {
                wakeUpPending = false;
                return;
            }
            if (Thread.currentThread().isInterrupted() || isClosed()) {
                return;
            }
            announce(seen, 0);
            if (ready.getAsBoolean()) {
                return;
            }
            if (!NativeLibrary.isAvailable()) {
                LockSupport.parkNanos(this, Math.min(nanos, LOOK_NANOS));
                return;
            }
            int result = FutexCalls.await(MemoryCalls.address(memory) + sequence, seen, nanos);
            if (result < 0 && result != -Errno.EAGAIN && result != -Errno.EINTR && result != -Errno.ETIMEDOUT) {
                throw new NativeCallException("futex", "FUTEX_WAIT, " + seen, result);
            }
        } finally {
            exit();
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>Armed callbacks run too. Sleepers of other processes on the same words are woken for nothing. After
     * {@link #close} it does nothing.
     */
    @Override
    public void wakeUp() {
        wakeUpPending = true;
        if (!enter()) {
            return;
        }
        try {
            wakeLocal(1);
            if (everArmed) {
                FutexReactor.get().fire(watch);
            }
        } finally {
            exit();
        }
    }

    @Override
    public Registration arm(Runnable callback) {
        everArmed = true;
        return FutexReactor.get().arm(watch, callback);
    }

    /**
     * Wakes and ends all waiting through this object, runs its armed callbacks, and returns when none of its methods
     * touches the memory any more, which may then be unmapped. Idempotent. Not to be called from the {@code ready}
     * function.
     */
    @Override
    public void close() {
        int before = users.getAndUpdate(u -> u | CLOSED_BIT);
        if ((before & CLOSED_BIT) == 0) {
            if (before > 0) {
                wakeLocal(0);
            }
            if (everArmed) {
                FutexReactor.get().fire(watch);
            }
        }
        while ((users.get() & ~CLOSED_BIT) != 0) {
            LockSupport.parkNanos(20_000);
        }
    }

    /**
     * Tells whether {@link #close} was called.
     *
     * @return whether it was
     */
    public boolean isClosed() {
        return (users.get() & CLOSED_BIT) != 0;
    }

    /** Adds 1 to the sequence; makes the system call only if a thread of this process is in here besides the caller. */
    private void wakeLocal(int self) {
        INT.getAndAdd(memory, sequence, 1);
        if ((users.get() & ~CLOSED_BIT) > self && NativeLibrary.isAvailable()) {
            FutexCalls.wake(MemoryCalls.address(memory) + sequence, Integer.MAX_VALUE);
        }
    }

    /** Steps (2) and (3). A newer announcement is not overwritten by an older one. */
    private void announce(int seen, int bell) {
        int current = (int) INT.getVolatile(memory, announcement);
        int mine = announcement(seen, current, bell);
        while (current != mine && (int) INT.getVolatile(memory, sequence) == seen) {
            if (INT.compareAndSet(memory, announcement, current, mine)) {
                break;
            }
            current = (int) INT.getVolatile(memory, announcement);
            mine = announcement(seen, current, bell);
        }
        VarHandle.fullFence();
    }

    /** Who has announced himself before, and sleeps at a doorbell, is woken with those who come after him. */
    private static int announcement(int seen, int before, int bell) {
        return seen & SEEN_MASK | Doorbells.merge(bell(before), bell) << BELL_SHIFT | ANNOUNCED;
    }

    private static int bell(int announced) {
        return announced >>> BELL_SHIFT & BELL_MASK;
    }

    private boolean enter() {
        int u;
        do {
            u = users.get();
            if ((u & CLOSED_BIT) != 0) {
                return false;
            }
        } while (!users.compareAndSet(u, u + 1));
        return true;
    }

    private void exit() {
        users.decrementAndGet();
    }

    private static void checkOffset(ByteBuffer memory, int offset) {
        if (offset < 0 || offset > memory.capacity() - 4 || (offset & 3) != 0) {
            throw new IllegalArgumentException("Offset " + offset + " is not a multiple of 4 within "
                    + memory.capacity() + " bytes");
        }
    }

    /** This object as the shared thread sees it. */
    private final class Watch implements FutexWatch {

        private int seen;

        @Override
        public boolean prepare(int bell) {
            if (!enter()) {
                return false;
            }
            try {
                seen = (int) INT.getVolatile(memory, sequence);
                announce(seen, bell);
                return !ready.getAsBoolean();
            } finally {
                exit();
            }
        }

        @Override
        public boolean isOver() {
            if (!enter()) {
                return true;
            }
            try {
                return (int) INT.getVolatile(memory, sequence) != seen || ready.getAsBoolean();
            } finally {
                exit();
            }
        }

        @Override
        public boolean isSignalled() {
            if (!enter()) {
                return true;
            }
            try {
                return (int) INT.getVolatile(memory, sequence) != seen;
            } finally {
                exit();
            }
        }

        @Override
        public boolean putWait(ByteBuffer vector, int offset) {
            if (!enter()) {
                return false;
            }
            try {
                FutexCalls.putWait(vector, offset, MemoryCalls.address(memory) + sequence, seen);
                return true;
            } finally {
                exit();
            }
        }
    }
}
