package org.jvmipc.pipes.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jvmipc.Registration;
import org.jvmipc.spi.Readiness;

/**
 * Readiness of a channel of the JDK. Each thread that sleeps has a selector to itself, made when the first one sleeps
 * and used again by later ones; call-backs are run by {@link NioLoop}.
 *
 * <p>No wake-up is lost: a sleeper announces its selector, then looks whether this was closed or the thread
 * interrupted, then selects; a waker changes that state, then wakes the selectors announced, and a selector remembers.
 */
final class NioReadiness implements Readiness {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final SelectableChannel channel;
    private final int operations;
    private final Queue<Selector> idle = new ConcurrentLinkedQueue<>();
    private final Set<Selector> active = ConcurrentHashMap.newKeySet();
    private final Set<OnceTask> armed = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private volatile boolean everArmed;

    /**
     * Creates it; no selector is opened yet.
     *
     * @param channel a non-blocking channel
     * @param operations of {@link java.nio.channels.SelectionKey}
     */
    NioReadiness(SelectableChannel channel, int operations) {
        this.channel = channel;
        this.operations = operations;
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public boolean canSpin() {
        return false;
    }

    @Override
    public void sleep(long nanos) {
        if (closed || nanos <= 0) {
            return;
        }
        Selector mine = take();
        if (mine == null) {
            return;
        }
        active.add(mine);
        try {
            if (!closed && !Thread.currentThread().isInterrupted()) {
                mine.select((nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
                mine.selectedKeys().clear();
            }
        } catch (ClosedSelectorException | CancelledKeyException closedMeanwhile) {
            // Then there is nothing to wait for.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            active.remove(mine);
            idle.add(mine);
            if (closed) {
                closeIdle();
            }
        }
    }

    /** A selector for this thread, or null if the channel was closed. */
    private Selector take() {
        Selector kept = idle.poll();
        if (kept != null) {
            return kept;
        }
        Selector made = null;
        try {
            made = Selector.open();
            channel.register(made, operations);
            return made;
        } catch (ClosedChannelException closedMeanwhile) {
            closeQuietly(made);
            return null;
        } catch (IOException e) {
            closeQuietly(made);
            throw new UncheckedIOException("no selector to wait with; close channels that are not needed, or raise the"
                    + " limit of open files (ulimit -n)", e);
        }
    }

    @Override
    public void wakeUp() {
        active.forEach(Selector::wakeup);
    }

    @Override
    public Registration arm(Runnable callback) {
        OnceTask[] self = new OnceTask[1];
        OnceTask once = new OnceTask(() -> {
            armed.remove(self[0]);
            callback.run();
        });
        self[0] = once;
        armed.add(once);
        everArmed = true;
        if (closed) {
            NioLoop.get().execute(once);
        } else {
            NioLoop.get().arm(channel, operations, once);
        }
        return () -> {
            once.close();
            armed.remove(once);
        };
    }

    /** Wakes all and gives the selectors back; call it after the channel was closed. */
    void close() {
        closed = true;
        active.forEach(NioReadiness::closeQuietly);
        closeIdle();
        if (everArmed) {
            armed.forEach(NioLoop.get()::execute);
            NioLoop.get().forget();
        }
    }

    private void closeIdle() {
        for (Selector selector = idle.poll(); selector != null; selector = idle.poll()) {
            closeQuietly(selector);
        }
    }

    static void closeQuietly(Selector selector) {
        if (selector != null) {
            try {
                selector.close();
            } catch (IOException nothingToDo) {
                // The descriptors are given back all the same.
            }
        }
    }
}
