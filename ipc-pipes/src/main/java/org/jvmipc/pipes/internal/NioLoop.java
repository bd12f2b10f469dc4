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

/**
 * The one daemon thread that runs the call-backs armed on channels of the JDK. It starts when the first one is armed
 * and stays.
 */
final class NioLoop implements Runnable {
    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

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
            Thread thread = new Thread(loop, "ipc-select");
            thread.setDaemon(true);
            thread.start();
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

    static NioLoop get() {
        return Holder.LOOP;
    }

    /** Tells a running loop that a channel was closed, so that it lets go of its descriptor. */
    void forget() {
        selector.wakeup();
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

    @Override
    public void run() {
        while (true) {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                guard(task);
            }
            try {
                selector.select();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            List<Runnable> due = new ArrayList<>();
            for (SelectionKey key : selector.selectedKeys()) {
                collect(key, due);
            }
            selector.selectedKeys().clear();
            due.forEach(NioLoop::guard);
        }
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
