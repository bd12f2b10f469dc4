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

/**
 * The one thread ({@code ipc-futex}) that waits for words in shared memory on behalf of all who do not sleep
 * themselves. It starts with the first {@link #arm}.
 *
 * <p>It sleeps on all watched words and on a word of its own, by which other threads wake it; with nothing to watch it
 * sleeps at no cost. Where {@code futex_waitv} is not to be had, or for more words than that takes, it looks at all
 * words in turn, at pauses that grow from 0.1 to 5 ms while nothing happens.
 */
public final class FutexReactor {

    private static final int MAX_WATCHED = FutexCalls.MAX_WORDS - 1;
    private static final long SHORTEST_PAUSE = 100_000;
    private static final long LONGEST_PAUSE = 5_000_000;
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
        List<FutexWatch> waiting = new ArrayList<>();
        while (true) {
            int seen = wakeWord == null ? 0 : (int) INT.getVolatile(wakeWord.buffer(), 0);
            changed = false;
            collect(due, waiting);
            if (due.isEmpty()) {
                await(seen, waiting);
            } else {
                pause = SHORTEST_PAUSE;
                Callbacks.run(due);
            }
        }
    }

    /** Moves what is over to {@code due}, and lists what is left. */
    private synchronized void collect(List<Armed> due, List<FutexWatch> waiting) {
        waiting.clear();
        due.addAll(orphans);
        orphans.clear();
        Iterator<Map.Entry<FutexWatch, Watched>> all = watches.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<FutexWatch, Watched> entry = all.next();
            Watched watched = entry.getValue();
            if (watched.armed.isEmpty()) {
                all.remove();
            } else if (isOver(entry.getKey(), watched)) {
                due.addAll(watched.armed);
                all.remove();
            } else {
                waiting.add(entry.getKey());
            }
        }
    }

    /** Memory that cannot be read any more ends the wait: who waits will meet the error himself. */
    private static boolean isOver(FutexWatch watch, Watched watched) {
        try {
            if (watched.prepared) {
                return watch.isOver();
            }
            watched.prepared = true;
            return !watch.prepare();
        } catch (InternalError | RuntimeException e) {
            return true;
        }
    }

    private void await(int seen, List<FutexWatch> waiting) {
        if (wakeWord == null || waiting.size() > MAX_WATCHED) {
            look(waiting.isEmpty());
            return;
        }
        FutexCalls.putWait(vector.buffer(), 0, wakeWord.address(), seen);
        int count = 1;
        for (FutexWatch watch : waiting) {
            if (!watch.putWait(vector.buffer(), count * FutexCalls.WAIT_SIZE)) {
                return;
            }
            count++;
        }
        int result = FutexCalls.waitAny(vector.address(), count);
        Reference.reachabilityFence(waiting);
        if (result == -Errno.EFAULT) {
            endAll(); // one of the mappings is gone, and the kernel does not say which
        } else if (result < 0 && result != -Errno.EAGAIN && result != -Errno.EINTR) {
            look(false);
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
