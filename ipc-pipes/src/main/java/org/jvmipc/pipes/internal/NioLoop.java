package org.jvmipc.pipes.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jvmipc.IpcException;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FdReadiness;
import org.jvmipc.posix.PollCalls;
import org.jvmipc.spi.Readiness;

/**
 * Runs the call-backs armed on channels of the JDK: by a daemon thread of its own, {@code ipc-select}, which starts
 * when the first one is armed; and as soon as this process has a thread that waits for native descriptors, by that one,
 * which waits for the selector as it does for all else.
 *
 * <p>No task is lost when the selector is changed for one that the other thread can wait for: whoever adds a task then
 * wakes the selector that he finds, and the tasks are looked at after the new one was put there.
 */
final class NioLoop implements Runnable {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private volatile Selector selector;
    private volatile boolean shared;
    /** Where the native thread waits; null while this has its own. */
    private volatile Readiness waited;

    private NioLoop() {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("no selector for asynchronous operations; close channels that are not"
                    + " needed, or raise the limit of open files (ulimit -n)", e);
        }
    }

    /** Starts the thread when it is first asked for. */
    private static final class Holder {
        static final NioLoop LOOP = start();

        private static NioLoop start() {
            NioLoop loop = new NioLoop();
            loop.startThread();
            FdReadiness.whenShared(() -> {
                loop.shared = true;
                loop.selector.wakeup();
            });
            return loop;
        }
    }

    /** What waits on one channel: each for some operations. */
    private static final class Waiting {
        final List<Entry> entries = new ArrayList<>();

        int interest() {
            entries.removeIf(entry -> entry.task.isDone());
            return entries.stream().mapToInt(entry -> entry.operations).reduce(0, (a, b) -> a | b);
        }
    }

    private record Entry(int operations, OnceTask task) {
    }

    private void startThread() {
        Thread thread = new Thread(null, this, "ipc-select", 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    static NioLoop get() {
        return Holder.LOOP;
    }

    /** Tells a running loop that a channel was closed, so that it lets go of its descriptor. */
    void forget() {
        // A selector that is woken while it selects may forget that, and the key; a task makes it select once more.
        execute(() -> {
        });
    }

    void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    void arm(SelectableChannel channel, int operations, OnceTask task) {
        execute(() -> watch(channel, new Entry(operations, task)));
    }

    private void watch(SelectableChannel channel, Entry entry) {
        try {
            SelectionKey key = channel.keyFor(selector);
            if (key == null) {
                key = channel.register(selector, 0, new Waiting());
            }
            Waiting waiting = (Waiting) key.attachment();
            waiting.entries.add(entry);
            key.interestOps(waiting.interest());
        } catch (ClosedChannelException | CancelledKeyException closed) {
            entry.task.run();
        }
    }

    /** What the own thread does. */
    @Override
    public void run() {
        while (true) {
            runTasks();
            if (shared && waited == null && moveOver()) {
                return;
            }
            try {
                selector.select();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            List<Runnable> due = new ArrayList<>();
            collectAll(due);
            due.forEach(NioLoop::guard);
        }
    }

    /** Whether the other thread does the work from now on. */
    private boolean moveOver() {
        Selector fresh = null;
        try {
            fresh = Selector.open();
            Fd descriptor = SelectorDescriptor.find(fresh);
            if (descriptor == null) {
                shared = false; // a selector of another make
                NioReadiness.closeQuietly(fresh);
                return false;
            }
            for (SelectionKey key : selector.keys()) {
                move(key, fresh);
            }
            Selector old = selector;
            selector = fresh;
            old.close();
            waited = new FdReadiness(descriptor, PollCalls.POLLIN);
            waited.arm(this::turn);
            fresh.wakeup();
            return true;
        } catch (IOException | IpcException noMoreDescriptors) {
            // The own thread goes on, with the selector that it has.
            shared = false;
            if (fresh != null && fresh != selector) {
                NioReadiness.closeQuietly(fresh);
            }
            return false;
        }
    }

    private static void move(SelectionKey key, Selector target) {
        try {
            key.channel().register(target, key.interestOps(), key.attachment());
        } catch (ClosedChannelException | CancelledKeyException closed) {
            ((Waiting) key.attachment()).entries.forEach(entry -> guard(entry.task));
        }
    }

    /** What the other thread does when there is something to do. */
    private void turn() {
        List<Runnable> due = new ArrayList<>();
        try {
            do {
                runTasks();
                // Once more after something was found: only then the kernel knows that nobody waits for it any longer.
                while (selector.selectNow() > 0) {
                    collectAll(due);
                }
            } while (!tasks.isEmpty()); // the selector may have been woken for these, and have forgotten it
            waited.arm(this::turn);
        } catch (IOException | IpcException e) {
            startThread();
        }
        due.forEach(NioLoop::guard);
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            guard(task);
        }
    }

    private void collectAll(List<Runnable> due) {
        for (SelectionKey key : selector.selectedKeys()) {
            collect(key, due);
        }
        selector.selectedKeys().clear();
    }

    private static void collect(SelectionKey key, List<Runnable> due) {
        Waiting waiting = (Waiting) key.attachment();
        try {
            int ready = key.readyOps();
            for (Entry entry : waiting.entries) {
                if ((entry.operations & ready) != 0) {
                    due.add(entry.task);
                }
            }
            waiting.entries.removeIf(entry -> (entry.operations & ready) != 0);
            key.interestOps(waiting.interest());
        } catch (CancelledKeyException closed) {
            waiting.entries.forEach(entry -> due.add(entry.task));
            waiting.entries.clear();
        }
    }

    /** A call-back that throws must not end the thread that all others need. */
    private static void guard(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            System.getLogger("org.jvmipc.pipes").log(System.Logger.Level.ERROR, "a call-back failed", e);
        }
    }
}
