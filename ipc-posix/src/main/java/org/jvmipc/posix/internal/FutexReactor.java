package org.jvmipc.posix.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.Registration;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.FutexCalls;
import org.jvmipc.posix.NativeLibrary;
import org.jvmipc.spi.Waiter;

/**
 * The one thread ({@code ipc-futex}) that waits for words in shared memory on behalf of all who do not sleep
 * themselves. It starts with the first {@link #arm}.
 *
 * <p>It sleeps on a word of its own, by which other threads wake it, on up to 126 of the watched words, those watched
 * first, and for the others on the doorbell of this process ({@link Doorbells}), which their announcements name; with
 * nothing to watch it sleeps at no cost. As a signaller may live with another {@link org.jvmipc.posix.IpcHome} and so
 * with other doorbells, it looks after those others by itself, every 0.2 s, and if it finds something, for a while
 * after 5 ms already. Where {@code futex_waitv} or the doorbells are not to be had it looks at all words in turn, at
 * pauses that grow from 0.1 to 5 ms while nothing happens.
 */
public final class FutexReactor {

    /** Without the thread's own word, and without the doorbell. */
    private static final int MAX_WATCHED = FutexCalls.MAX_WORDS - 1;
    private static final int MAX_DIRECT = MAX_WATCHED - 1;
    private static final long SHORTEST_PAUSE = 100_000;
    private static final long LONGEST_PAUSE = 5_000_000;
    /** Tests make this long, to show that nothing is found by it. */
    private static final long BELL_PAUSE = Waiter.SLICE_NANOS;
    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    /** Guarded by this. In the order of arming, so that nobody is passed over. */
    private final Map<FutexWatch, Watched> watches = new LinkedHashMap<>();
    /** Guarded by this: to be run although their watch is gone. */
    private final List<Armed> orphans = new ArrayList<>();
    /** Both null where there is no {@code futex_waitv}: the thread then parks. */
    private final NativeBuffer wakeWord;
    private final NativeBuffer vector;
    private final Thread thread;
    private volatile boolean changed;
    private long pause = SHORTEST_PAUSE;
    /** These belong to the thread. */
    private final List<FutexWatch> direct = new ArrayList<>();
    private final List<FutexWatch> atBell = new ArrayList<>();
    private Doorbells bells;
    private long bellPause = BELL_PAUSE;

    private FutexReactor() {
        boolean kernel = NativeLibrary.isAvailable() && FutexCalls.canWaitAny();
        wakeWord = kernel ? new NativeBuffer(8) : null;
        vector = kernel ? new NativeBuffer(FutexCalls.MAX_WORDS * FutexCalls.WAIT_SIZE) : null;
        thread = Callbacks.start("ipc-futex", this::run);
    }

    /**
     * Returns the reactor of this process, starting it if need be.
     *
     * @return always the same
     */
    public static FutexReactor get() {
        return Starter.REACTOR;
    }

    /**
     * Runs a callback once when a wait is over.
     *
     * @param watch what to wait for
     * @param callback must not block
     * @return cancels it
     */
    public Registration arm(FutexWatch watch, Runnable callback) {
        Armed armed = new Armed(watch, callback);
        synchronized (this) {
            watches.computeIfAbsent(watch, w -> new Watched()).armed.add(armed);
        }
        wake();
        return armed;
    }

    /**
     * Runs all that is armed for a watch, whether its wait is over or not, and lets go of the watch.
     *
     * @param watch what is to be watched no more
     */
    public void fire(FutexWatch watch) {
        synchronized (this) {
            Watched watched = watches.remove(watch);
            if (watched != null) {
                orphans.addAll(watched.armed);
            }
        }
        wake();
    }

    private void wake() {
        changed = true;
        if (wakeWord != null) {
            INT.getAndAdd(wakeWord.buffer(), 0, 1);
            FutexCalls.wake(wakeWord.address(), 1);
        }
        LockSupport.unpark(thread);
    }

    private void run() {
        List<Armed> due = new ArrayList<>();
        while (true) {
            int seen = wakeWord == null ? 0 : (int) INT.getVolatile(wakeWord.buffer(), 0);
            changed = false;
            if (bells != null && bells.isGone()) {
                bells = Doorbells.open();
            }
            // Before the words are looked at: whoever signals one of them later changes it.
            int rung = bells == null ? 0 : bells.value(Doorbells.own());
            collect(due);
            if (!due.isEmpty()) {
                pause = SHORTEST_PAUSE;
                Callbacks.run(due);
            } else if (!needsBells()) {
                await(seen, rung);
            }
        }
    }

    /** Whether doorbells have been opened, so that all words are to be looked at once more. */
    private boolean needsBells() {
        if (wakeWord == null || bells != null || atBell.isEmpty() && direct.size() <= MAX_DIRECT) {
            return false;
        }
        bells = Doorbells.open();
        return bells != null;
    }

    /** Moves what is over to {@code due}, and lists what is left. */
    private synchronized void collect(List<Armed> due) {
        direct.clear();
        atBell.clear();
        due.addAll(orphans);
        orphans.clear();
        Iterator<Map.Entry<FutexWatch, Watched>> all = watches.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<FutexWatch, Watched> entry = all.next();
            Watched watched = entry.getValue();
            if (watched.armed.isEmpty()) {
                all.remove();
            } else if (isOver(entry.getKey(), watched, bells != null && direct.size() >= MAX_DIRECT)) {
                due.addAll(watched.armed);
                all.remove();
            } else if (watched.byBell) {
                atBell.add(entry.getKey());
            } else {
                direct.add(entry.getKey());
            }
        }
    }

    /** Memory that cannot be read any more ends the wait: who waits will meet the error himself. */
    private static boolean isOver(FutexWatch watch, Watched watched, boolean byBell) {
        try {
            if (watched.prepared && watch.isOver()) {
                return true;
            }
            if (watched.prepared && (watched.byBell || !byBell)) {
                return false;
            }
            watched.prepared = true;
            watched.byBell = byBell;
            return !watch.prepare(byBell ? Doorbells.own() : 0);
        } catch (InternalError | RuntimeException e) {
            return true;
        }
    }

    private void await(int seen, int rung) {
        if (wakeWord == null || bells == null && (!atBell.isEmpty() || direct.size() > MAX_WATCHED)) {
            look(direct.isEmpty() && atBell.isEmpty());
            return;
        }
        FutexCalls.putWait(vector.buffer(), 0, wakeWord.address(), seen);
        int count = 1;
        if (!atBell.isEmpty()) {
            FutexCalls.putWait(vector.buffer(), FutexCalls.WAIT_SIZE, bells.address(Doorbells.own()), rung);
            count++;
        }
        for (FutexWatch watch : direct) {
            if (!watch.putWait(vector.buffer(), count * FutexCalls.WAIT_SIZE)) {
                return;
            }
            count++;
        }
        int result;
        do {
            result = atBell.isEmpty() ? FutexCalls.waitAny(vector.address(), count)
                    : FutexCalls.waitAny(vector.address(), count, bellPause);
        } while (result == -Errno.ETIMEDOUT && !foundSignalled());
        Reference.reachabilityFence(direct);
        if (result == -Errno.EFAULT) {
            endAll(); // one of the mappings is gone, and the kernel does not say which
        } else if (result < 0 && result != -Errno.EAGAIN && result != -Errno.EINTR && result != -Errno.ETIMEDOUT) {
            look(false);
        }
    }

    /** Whether somebody signals without ringing; then the next look is soon. */
    private boolean foundSignalled() {
        bellPause = Math.min(2 * bellPause, BELL_PAUSE);
        for (FutexWatch watch : atBell) {
            if (isSignalled(watch)) {
                bellPause = LONGEST_PAUSE;
                return true;
            }
        }
        return false;
    }

    private static boolean isSignalled(FutexWatch watch) {
        try {
            return watch.isSignalled();
        } catch (InternalError | RuntimeException e) {
            return true; // as in isOver
        }
    }

    private void look(boolean idle) {
        if (changed) {
            return;
        }
        if (idle) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, pause);
            pause = Math.min(pause * 2, LONGEST_PAUSE);
        }
    }

    private synchronized void endAll() {
        watches.values().forEach(watched -> orphans.addAll(watched.armed));
        watches.clear();
    }

    /** Who waits for one word. */
    private static final class Watched {
        final List<Armed> armed = new ArrayList<>(2);
        boolean prepared;
        boolean byBell;
    }

    private final class Armed implements Registration, Runnable {
        /** Null when it is over: whoever keeps the registration must not keep the memory mapped. */
        private volatile FutexWatch watch;
        private volatile Runnable callback;

        Armed(FutexWatch watch, Runnable callback) {
            this.watch = watch;
            this.callback = callback;
        }

        @Override
        public void run() {
            Runnable todo = callback;
            callback = null;
            watch = null;
            if (todo != null) {
                todo.run();
            }
        }

        @Override
        public void close() {
            callback = null;
            FutexWatch armedFor = watch;
            watch = null;
            if (armedFor == null) {
                return;
            }
            synchronized (FutexReactor.this) {
                Watched watched = watches.get(armedFor);
                if (watched != null) {
                    watched.armed.remove(this);
                }
            }
        }
    }

    private static final class Starter {
        static final FutexReactor REACTOR = new FutexReactor();
    }
}
