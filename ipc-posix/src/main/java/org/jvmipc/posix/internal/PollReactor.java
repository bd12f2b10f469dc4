package org.jvmipc.posix.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jvmipc.Registration;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.PollCalls;

/**
 * The one thread ({@code ipc-poll}) that waits for the descriptors of all who do not sleep themselves. It starts with
 * the first {@link #arm} and costs nothing while it waits.
 *
 * <p>A descriptor is registered once and reports once (one-shot), to be enabled again when somebody arms it; that is
 * done by the arming thread itself, so that the shared thread is not woken for it. A cancelled callback leaves the
 * descriptor enabled: at worst this thread wakes once for nobody.
 */
public final class PollReactor {

    private static final int BATCH = 64;
    private static final int ALWAYS = PollCalls.POLLERR | PollCalls.POLLHUP | PollCalls.POLLNVAL;

    private final int epoll;
    private final int event;
    private final Map<Integer, Watch> watches = new HashMap<>();
    private final List<Armed> due = new ArrayList<>();
    private final NativeBuffer control = new NativeBuffer(32);

    private PollReactor() {
        epoll = NativeCallException.check(PollCalls.epollCreate(), "epoll_create1", "EPOLL_CLOEXEC");
        event = PollCalls.eventfd(0, PollCalls.EFD_CLOEXEC | PollCalls.EFD_NONBLOCK);
        if (event < 0) {
            FileCalls.close(epoll);
            throw new NativeCallException("eventfd", "0", event);
        }
        control(PollCalls.EPOLL_CTL_ADD, event, PollCalls.POLLIN);
        Callbacks.start("ipc-poll", this::run);
    }

    /**
     * Returns the reactor of this process, starting it if need be.
     *
     * @return always the same
     */
    public static PollReactor get() {
        return Starter.get();
    }

    /**
     * Has something run when the reactor has started, at once if it has. Loads nothing.
     *
     * @param task must not block; runs on the thread that starts the reactor, or on this one
     */
    public static void whenStarted(Runnable task) {
        Starter.whenStarted(task);
    }

    /**
     * Runs a callback once when a descriptor is ready, has failed or was closed.
     *
     * @param fd the descriptor
     * @param events {@code POLL} bits
     * @param callback must not block
     * @return cancels it
     * @throws NativeCallException if the kernel refuses to watch one more descriptor
     */
    public Registration arm(Fd fd, int events, Runnable callback) {
        int number = fd.acquire();
        if (number == Fd.CLOSED) {
            return fireSoon(new Armed(null, events, callback));
        }
        try {
            synchronized (this) {
                Watch watch = watches.get(number);
                if (watch == null) {
                    watch = new Watch(number);
                    if (!fd.onClose(() -> forget(number))) {
                        return fireSoon(new Armed(null, events, callback));
                    }
                    watches.put(number, watch);
                }
                Armed armed = new Armed(watch, events, callback);
                watch.armed.add(armed);
                int error = enable(watch);
                if (error == -Errno.EPERM) {
                    watch.armed.remove(armed);
                    return fireSoon(armed); // regular files are always ready and cannot be watched
                }
                if (error < 0) {
                    watch.armed.remove(armed);
                    throw new NativeCallException("epoll_ctl", fd.toString(), error);
                }
                return armed;
            }
        } finally {
            fd.release();
        }
    }

    /**
     * Runs what is armed for a descriptor and exactly these events, whether it is ready or not.
     *
     * @param fd the descriptor
     * @param events {@code POLL} bits
     */
    public void fire(Fd fd, int events) {
        int number = fd.acquire();
        if (number == Fd.CLOSED) {
            return; // closing runs them all
        }
        synchronized (this) {
            Watch watch = watches.get(number);
            if (watch != null && watch.armed.removeIf(armed -> armed.events == events && due.add(armed))) {
                wake();
            }
        }
        fd.release();
    }

    /** Called by the closing thread while the number is still valid: a copy of the descriptor may live elsewhere. */
    private synchronized void forget(int number) {
        Watch watch = watches.remove(number);
        if (watch == null) {
            return;
        }
        if (watch.registered) {
            control(PollCalls.EPOLL_CTL_DEL, number, 0);
        }
        due.addAll(watch.armed);
        watch.armed.clear();
        wake();
    }

    private synchronized Armed fireSoon(Armed armed) {
        due.add(armed);
        wake();
        return armed;
    }

    private void wake() {
        control.buffer().putLong(16, 1);
        FileCalls.write(event, control.address() + 16, 8);
    }

    /** Makes the kernel report what the armed callbacks wait for, if it does not already. Called under the lock. */
    private int enable(Watch watch) {
        int events = 0;
        for (Armed armed : watch.armed) {
            events |= armed.events;
        }
        if (watch.registered && (watch.enabled & events) == events) {
            return 0;
        }
        int operation = watch.registered ? PollCalls.EPOLL_CTL_MOD : PollCalls.EPOLL_CTL_ADD;
        int result = control(operation, watch.number, events | PollCalls.EPOLLONESHOT);
        if (result == 0) {
            watch.registered = true;
            watch.enabled = events;
        }
        return result;
    }

    private int control(int operation, int number, int events) {
        ByteBuffer b = control.buffer();
        b.putInt(0, events).putLong(PollCalls.epollDataOffset(), number);
        return PollCalls.epollControl(epoll, operation, number, control.address());
    }

    private void run() {
        NativeBuffer events = new NativeBuffer(BATCH * PollCalls.epollEventSize());
        List<Armed> now = new ArrayList<>();
        while (true) {
            int count = PollCalls.epollWait(epoll, events.address(), BATCH, -1);
            synchronized (this) {
                for (int i = 0; i < count; i++) {
                    int at = i * PollCalls.epollEventSize();
                    long number = events.buffer().getLong(at + PollCalls.epollDataOffset());
                    collect((int) number, events.buffer().getInt(at));
                }
                now.addAll(due);
                due.clear();
            }
            Callbacks.run(now);
        }
    }

    private void collect(int number, int ready) {
        if (number == event) {
            FileCalls.read(event, control.address() + 16, 8);
            return;
        }
        Watch watch = watches.get(number);
        if (watch == null) {
            return;
        }
        watch.enabled = 0;
        Iterator<Armed> all = watch.armed.iterator();
        while (all.hasNext()) {
            Armed armed = all.next();
            if ((ready & (armed.events | ALWAYS)) != 0) {
                all.remove();
                due.add(armed);
            }
        }
        if (!watch.armed.isEmpty() && enable(watch) < 0) {
            due.addAll(watch.armed); // they will find out what is wrong when they try
            watch.armed.clear();
        }
    }

    /** A descriptor and who waits for it. */
    private static final class Watch {
        final int number;
        final List<Armed> armed = new ArrayList<>(2);
        boolean registered;
        int enabled;

        Watch(int number) {
            this.number = number;
        }
    }

    private final class Armed implements Registration, Runnable {
        private final Watch watch;
        private final int events;
        private volatile Runnable callback;

        Armed(Watch watch, int events, Runnable callback) {
            this.watch = watch;
            this.events = events;
            this.callback = callback;
        }

        @Override
        public void run() {
            Runnable todo = callback;
            callback = null;
            if (todo != null) {
                todo.run();
            }
        }

        @Override
        public void close() {
            callback = null;
            if (watch != null) {
                synchronized (PollReactor.this) {
                    watch.armed.remove(this);
                }
            }
        }
    }

    /** Not a static initializer: if it fails once (too many open files) the next call tries again. */
    private static final class Starter {
        /** Guarded by the class; empty once it has started. */
        private static final List<Runnable> WAITING = new ArrayList<>();
        private static volatile PollReactor reactor;

        static PollReactor get() {
            PollReactor r = reactor;
            return r != null ? r : start();
        }

        private static PollReactor start() {
            List<Runnable> tasks;
            synchronized (Starter.class) {
                if (reactor == null) {
                    reactor = new PollReactor();
                }
                tasks = List.copyOf(WAITING);
                WAITING.clear();
            }
            tasks.forEach(Runnable::run);
            return reactor;
        }

        static void whenStarted(Runnable task) {
            synchronized (Starter.class) {
                if (reactor == null) {
                    WAITING.add(task);
                    return;
                }
            }
            task.run();
        }
    }
}
