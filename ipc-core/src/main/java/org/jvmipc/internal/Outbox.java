package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jvmipc.ChannelFullException;
import org.jvmipc.NoSpaceException;
import org.jvmipc.Registration;
import org.jvmipc.SendResult;
import org.jvmipc.spi.AfterAcceptance;
import org.jvmipc.spi.MessageOut;

/**
 * The asynchronous sends of one sender. A message that finds room at once never enters the queue; for others, the
 * transport's shared thread calls {@link #pump} when there is room. All but completing happens under the sender's
 * guard; futures are completed outside of it, in order, by one thread at a time.
 */
final class Outbox {
    private static final int MAX_MESSAGES = 1024;
    private static final long MAX_BYTES = 64L << 20;
    private static final long RETRY_MILLIS = 10;
    private static final long PEERS_MILLIS = 100;

    private static final Registration NOTHING = () -> {
    };

    private final PortSender sender;
    private final MessageOut out;
    private final Deque<Pending> queue = new ArrayDeque<>();
    private final Deque<Pending> sentForReceipt = new ArrayDeque<>();
    private final ConcurrentLinkedQueue<Runnable> completions = new ConcurrentLinkedQueue<>();
    private final AtomicInteger completing = new AtomicInteger();
    private final AtomicBoolean roomArmed = new AtomicBoolean();
    private final AtomicBoolean receiptArmed = new AtomicBoolean();
    private long bytes;
    private volatile Registration room = NOTHING;
    private volatile Registration receipt = NOTHING;
    private volatile Registration timer = NOTHING;
    private Registration ticking = NOTHING;
    private volatile RuntimeException closed;

    private static final class Pending {
        final ByteBuffer message;
        final boolean receipt;
        final CompletableFuture<Void> future = new CompletableFuture<>();
        long ticket;

        Pending(ByteBuffer message, boolean receipt) {
            this.message = message;
            this.receipt = receipt;
        }
    }

    Outbox(PortSender sender, MessageOut out) {
        this.sender = sender;
        this.out = out;
    }

    CompletableFuture<Void> add(ByteBuffer message, boolean receipt) {
        ByteBuffer copy = ByteBuffer.allocate(message.remaining()).put(message.duplicate()).flip();
        Pending pending = new Pending(copy, receipt);
        if (receipt) {
            // A cancelled one may have to be taken out of the channel before anybody takes it.
            pending.future.whenComplete((nothing, failure) -> {
                if (pending.future.isCancelled()) {
                    pump();
                }
            });
        }
        sender.enter();
        try {
            if (sender.isClosed()) {
                return CompletableFuture.failedFuture(sender.goneOrClosed("not sent"));
            }
            dropCancelled();
            int inFlight = queue.size() + sentForReceipt.size();
            if (inFlight >= MAX_MESSAGES || !queue.isEmpty() && bytes + copy.remaining() > MAX_BYTES) {
                return CompletableFuture.failedFuture(new ChannelFullException(sender.address() + ": "
                        + inFlight + " asynchronous sends are in flight, " + MAX_MESSAGES + " messages or "
                        + MAX_BYTES + " bytes are allowed; wait for some of them to complete"));
            }
            queue.add(pending);
            bytes += copy.remaining();
            message.position(message.limit());
            step();
        } finally {
            sender.leave();
        }
        complete();
        return pending.future;
    }

    /** Whether nothing waits to be accepted; under the guard. Tries to get there. */
    boolean isDrained() {
        if (!queue.isEmpty()) {
            step();
            if (!completions.isEmpty()) {
                // Not here, under the guard.
                Background.events().execute(this::complete);
            }
        }
        return queue.isEmpty();
    }

    void pump() {
        sender.enter();
        try {
            step();
        } finally {
            sender.leave();
        }
        complete();
    }

    void pumpWhenReady() {
        arm();
    }

    private void dropCancelled() {
        queue.removeIf(pending -> {
            boolean over = pending.future.isDone();
            if (over) {
                bytes -= pending.message.remaining();
            }
            return over;
        });
    }

    /** Has accepted what can be; under the guard. */
    private void step() {
        dropCancelled();
        offerQueued();
        checkReceipts();
        watchPeers();
    }

    /** The death of a process changes nothing that could wake anybody: while a future waits, somebody must look. */
    private void watchPeers() {
        boolean waits = closed == null && !(queue.isEmpty() && sentForReceipt.isEmpty());
        if (waits && ticking == NOTHING) {
            ticking = Background.every(PEERS_MILLIS, () -> {
                out.idle();
                pump();
            });
        } else if (!waits && ticking != NOTHING) {
            ticking.close();
            ticking = NOTHING;
        }
    }

    private void offerQueued() {
        try {
            while (!queue.isEmpty()) {
                Pending head = queue.peek();
                int length = head.message.remaining();
                SendResult result;
                try {
                    result = head.receipt ? out.offerForReceipt(head.message) : out.offer(head.message);
                } catch (RuntimeException broken) {
                    if (!(broken instanceof AfterAcceptance)) {
                        throw broken;
                    }
                    queue.remove();
                    bytes -= length;
                    sender.count(1, length);
                    completions.add(() -> head.future.completeExceptionally(broken));
                    continue;
                }
                if (result == SendResult.SENT) {
                    queue.remove();
                    bytes -= length;
                    sender.count(1, length);
                    accepted(head);
                } else if (result == SendResult.CLOSED) {
                    completeTaken();
                    withdrawAll();
                    failAll(sender.goneOrClosed("not sent"));
                    return;
                } else if (result == SendResult.NO_RECEIVER) {
                    retryLater();
                    return;
                } else {
                    arm();
                    return;
                }
            }
            if (!out.flush()) {
                arm();
            }
        } catch (NoSpaceException full) {
            // What was accepted before is in the channel, and will be taken.
            failQueued(full);
        } catch (RuntimeException broken) {
            sender.lose();
            withdrawAll();
            failAll(broken);
        }
    }

    private void accepted(Pending pending) {
        if (pending.receipt) {
            pending.ticket = out.lastTicket();
            sentForReceipt.add(pending);
        } else {
            completions.add(() -> pending.future.complete(null));
        }
    }

    private void checkReceipts() {
        sentForReceipt.removeIf(pending -> {
            boolean cancelled = pending.future.isDone();
            if (cancelled && out.withdraw(pending.ticket)) {
                sender.count(-1, -pending.message.limit());
            }
            return cancelled;
        });
        try {
            completeTaken();
        } catch (RuntimeException gone) {
            withdrawAll();
            failAll(gone);
        }
        if (!sentForReceipt.isEmpty() && closed == null && receiptArmed.compareAndSet(false, true)) {
            armReceipt();
        }
    }

    private void completeTaken() {
        Iterator<Pending> each = sentForReceipt.iterator();
        while (each.hasNext()) {
            Pending pending = each.next();
            try {
                if (out.isTaken(pending.ticket)) {
                    each.remove();
                    completions.add(() -> pending.future.complete(null));
                } else if (out.confirmsInOrder()) {
                    return;
                }
            } catch (ChannelFullException droppedToMakeRoom) {
                each.remove();
                completions.add(() -> pending.future.completeExceptionally(droppedToMakeRoom));
            }
        }
    }

    private void arm() {
        if (closed == null && roomArmed.compareAndSet(false, true)) {
            room = out.readiness().arm(this::hasRoom);
        }
    }

    private void retryLater() {
        if (closed == null && roomArmed.compareAndSet(false, true)) {
            room = Background.after(RETRY_MILLIS, () -> {
                out.idle();
                hasRoom();
            });
        }
    }

    private void hasRoom() {
        roomArmed.set(false);
        pump();
    }

    /** Receipts may be read by another thread, so that nothing is left to be ready: looks again after a while, too. */
    private void armReceipt() {
        AtomicBoolean fired = new AtomicBoolean();
        Runnable look = () -> {
            if (fired.compareAndSet(false, true)) {
                receiptArmed.set(false);
                pump();
            }
        };
        receipt.close();
        timer.close();
        timer = Background.after(RETRY_MILLIS, look);
        receipt = out.takenReadiness().arm(look);
    }

    /** Nobody is told any more whether these were taken. */
    private void withdrawAll() {
        for (Pending pending : sentForReceipt) {
            if (out.withdraw(pending.ticket)) {
                sender.count(-1, -pending.message.limit());
            }
        }
    }

    private void failAll(RuntimeException why) {
        List<Pending> failed = new ArrayList<>(sentForReceipt);
        sentForReceipt.clear();
        failed.forEach(pending -> completions.add(() -> pending.future.completeExceptionally(why)));
        failQueued(why);
    }

    private void failQueued(RuntimeException why) {
        List<Pending> failed = new ArrayList<>(queue);
        queue.clear();
        bytes = 0;
        failed.forEach(pending -> completions.add(() -> pending.future.completeExceptionally(why)));
        Background.events().execute(this::complete);
    }

    /** The sender is being closed. */
    void close(RuntimeException why) {
        closed = why;
        sender.enter();
        try {
            failAll(why);
            watchPeers();
        } finally {
            sender.leave();
        }
        room.close();
        receipt.close();
        timer.close();
    }

    private void complete() {
        if (completing.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            for (Runnable next = completions.poll(); next != null; next = completions.poll()) {
                next.run();
            }
            missed = completing.addAndGet(-missed);
        } while (missed != 0);
    }
}
