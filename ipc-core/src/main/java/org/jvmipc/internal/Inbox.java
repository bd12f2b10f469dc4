package org.jvmipc.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jvmipc.Received;
import org.jvmipc.Registration;
import org.jvmipc.spi.MessageIn;
import org.jvmipc.spi.Waiter;

/**
 * The asynchronous receives of one receiver. One thread at a time delivers: it takes a message under the receiver's
 * guard and completes the oldest future outside of it. A message whose future was cancelled meanwhile goes to the next
 * one, or back to the receiver.
 */
final class Inbox {
    static final String USE = "receiveAsync";
    private static final Registration NOTHING = () -> {
    };

    private final PortReceiver receiver;
    private final MessageIn in;
    private final Deque<CompletableFuture<Received>> waiting = new ArrayDeque<>();
    private final AtomicInteger delivering = new AtomicInteger();
    private final AtomicBoolean armed = new AtomicBoolean();
    private volatile Registration arming = NOTHING;
    private volatile Registration ticking = NOTHING;
    private volatile RuntimeException closed;

    Inbox(PortReceiver receiver, MessageIn in) {
        this.receiver = receiver;
        this.in = in;
    }

    CompletableFuture<Received> add() {
        CompletableFuture<Received> future = new CompletableFuture<>();
        synchronized (waiting) {
            receiver.reserve(USE);
            waiting.add(future);
        }
        deliver();
        return future;
    }

    private void deliver() {
        if (delivering.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            while (deliverOne()) {
                continue;
            }
            missed = delivering.addAndGet(-missed);
        } while (missed != 0);
    }

    /** Delivers to the oldest future; false if nothing more can be delivered now. */
    private boolean deliverOne() {
        CompletableFuture<Received> head = head();
        if (head == null) {
            return false;
        }
        Received received;
        try {
            receiver.enter();
            try {
                received = receiver.take();
            } finally {
                receiver.leave();
            }
        } catch (RuntimeException failed) {
            remove(head);
            head.completeExceptionally(closed == null ? failed : closed);
            return true;
        }
        if (received == Received.EMPTY) {
            arm();
            return false;
        }
        while (head != null) {
            remove(head);
            if (head.complete(received)) {
                return true;
            }
            head = head();
        }
        if (received.isMessage()) {
            receiver.enter();
            try {
                receiver.putBack(received.message());
            } finally {
                receiver.leave();
            }
        }
        return false;
    }

    /** The oldest future that still waits; without any, the receiver is free for other ways of reading. */
    private CompletableFuture<Received> head() {
        synchronized (waiting) {
            while (!waiting.isEmpty() && waiting.peek().isDone()) {
                waiting.remove();
            }
            if (waiting.isEmpty()) {
                rest();
            }
            return waiting.peek();
        }
    }

    private void remove(CompletableFuture<Received> future) {
        synchronized (waiting) {
            waiting.remove(future);
            if (waiting.isEmpty()) {
                rest();
            }
        }
    }

    private void rest() {
        receiver.free(USE);
        ticking.close();
        ticking = NOTHING;
    }

    private void arm() {
        synchronized (waiting) {
            if (ticking == NOTHING && closed == null) {
                ticking = Background.every(Waiter.SLICE_NANOS / 1_000_000, () -> {
                    in.idle();
                    deliver();
                });
            }
        }
        if (closed == null && armed.compareAndSet(false, true)) {
            arming = in.readiness().arm(() -> {
                armed.set(false);
                deliver();
            });
        }
    }

    void close(RuntimeException why) {
        closed = why;
        arming.close();
        ticking.close();
        Background.events().execute(this::deliver);
    }
}
