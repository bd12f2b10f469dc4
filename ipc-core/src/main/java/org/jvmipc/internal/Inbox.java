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
 * The asynchronous receives of one receiver. One thread at a time delivers: under the receiver's guard it takes a
 * message and settles whose it is, outside of it it completes that future. A message that nobody wants any more goes
 * back to the receiver before others can read, so that none is lost or overtaken.
 */
final class Inbox {
    static final String USE = "receiveAsync";
    private static final Registration NOTHING = () -> {
    };

    private final PortReceiver receiver;
    private final MessageIn in;
    /** Guards itself and the registrations; calls out to nothing but these and the receiver's reservation. */
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final AtomicInteger delivering = new AtomicInteger();
    private final AtomicBoolean armed = new AtomicBoolean();
    private Registration arming = NOTHING;
    private Registration ticking = NOTHING;
    private volatile RuntimeException closed;

    Inbox(PortReceiver receiver, MessageIn in) {
        this.receiver = receiver;
        this.in = in;
    }

    /** A receive that is to come. It is settled once, by a message for it or by the one who gives it up. */
    private final class Waiting extends CompletableFuture<Received> {
        private final AtomicBoolean settled = new AtomicBoolean();

        boolean claim() {
            return settled.compareAndSet(false, true);
        }

        void deliver(Received received) {
            super.complete(received);
        }

        void fail(RuntimeException why) {
            super.completeExceptionally(why);
        }

        private boolean giveUp() {
            boolean mine = claim();
            if (mine) {
                // At once: whoever gave it up may want to read in another way now.
                forget(this);
            }
            return mine;
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            return giveUp() ? super.cancel(mayInterrupt) : isCancelled();
        }

        @Override
        public boolean complete(Received value) {
            return giveUp() && super.complete(value);
        }

        @Override
        public boolean completeExceptionally(Throwable why) {
            return giveUp() && super.completeExceptionally(why);
        }
    }

    CompletableFuture<Received> add() {
        Waiting future = new Waiting();
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
        if (isEmpty()) {
            return false;
        }
        Received received;
        Waiting taker;
        try {
            if (!receiver.tryEnter()) {
                receiver.whenFree(this::deliver);
                return false;
            }
            try {
                received = receiver.take();
                taker = received == Received.EMPTY ? null : oldest();
                if (taker == null && received.isMessage()) {
                    receiver.putBack(received.message());
                }
            } finally {
                receiver.leave();
            }
        } catch (RuntimeException failed) {
            taker = oldest();
            if (taker != null) {
                taker.fail(closed == null ? failed : closed);
            }
            return taker != null;
        }
        if (taker != null) {
            taker.deliver(received);
            return true;
        }
        if (received == Received.EMPTY) {
            arm();
        }
        return false;
    }

    private boolean isEmpty() {
        synchronized (waiting) {
            return waiting.isEmpty();
        }
    }

    /** Claims the oldest future; null if there is none left. */
    private Waiting oldest() {
        synchronized (waiting) {
            Waiting head = waiting.poll();
            while (head != null && !head.claim()) {
                head = waiting.poll();
            }
            restIfEmpty();
            return head;
        }
    }

    private void forget(Waiting future) {
        synchronized (waiting) {
            waiting.remove(future);
            restIfEmpty();
        }
    }

    /** Without any future, the receiver is free for other ways of reading. */
    private void restIfEmpty() {
        if (waiting.isEmpty()) {
            receiver.free(USE);
            ticking.close();
            ticking = NOTHING;
            arming.close();
            arming = NOTHING;
            armed.set(false);
        }
    }

    private void arm() {
        synchronized (waiting) {
            if (waiting.isEmpty() || closed != null) {
                return;
            }
            if (ticking == NOTHING) {
                ticking = Background.every(Waiter.SLICE_NANOS / 1_000_000, () -> {
                    in.idle();
                    deliver();
                });
            }
        }
        if (armed.compareAndSet(false, true)) {
            Registration registration = in.readiness().arm(() -> {
                armed.set(false);
                deliver();
            });
            synchronized (waiting) {
                arming = registration;
                restIfEmpty();
            }
        }
    }

    void close(RuntimeException why) {
        closed = why;
        Background.events().execute(this::deliver);
    }
}
