package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jvmipc.SendResult;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Peers;

/**
 * A queue of messages between threads. All state is guarded by one lock; {@code depth}, {@code receivers} and
 * {@code senders} are volatile besides, for those who look without it.
 */
final class MemChannel {
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<MemMessage> queue = new ArrayDeque<>();
    private final List<MemEnd> senders = new CopyOnWriteArrayList<>();
    private final List<MemEnd> receivers = new CopyOnWriteArrayList<>();
    private final Consumer<MemChannel> whenLeft;
    private final String mode;
    private String type;
    private final int capacity;
    private final boolean keep;
    private Peers lastPeers;
    private boolean hadSender;
    private boolean hadReceiver;
    private long bytes;
    private long tickets;
    private volatile int depth;
    private volatile boolean noSender;
    private volatile boolean noReceiver;
    private volatile int waitingReceivers;

    MemChannel(OptionValues values, Consumer<MemChannel> whenLeft) {
        this.mode = values.text("mode");
        this.capacity = switch (mode) {
            case "bounded" -> (int) values.size("capacity");
            case "unbounded" -> Integer.MAX_VALUE;
            default -> 0;
        };
        this.type = values.type();
        this.keep = values.flag("keep");
        this.whenLeft = whenLeft;
    }

    String mode() {
        return mode;
    }

    /** The type of the messages, empty as long as nobody has told one; guarded by the provider's lock. */
    String type() {
        return type;
    }

    void type(String told) {
        type = told;
    }

    int capacity() {
        return capacity;
    }

    boolean isRendezvous() {
        return capacity == 0;
    }

    /** The peers of the endpoint that was opened last. */
    Peers lastPeers() {
        return lastPeers;
    }

    MemOut out(OptionValues values) {
        MemEnd end = new MemEnd(values.waitsForPeers(), this::hasRoom);
        join(end, senders, receivers);
        return new MemOut(this, end, values);
    }

    MemIn in(OptionValues values) {
        MemEnd end = new MemEnd(values.waitsForPeers(), this::hasItems);
        join(end, receivers, senders);
        return new MemIn(this, end);
    }

    private void join(MemEnd end, List<MemEnd> mine, List<MemEnd> others) {
        lock.lock();
        try {
            lastPeers = end.peers();
            others.forEach(end::meet);
            mine.add(end);
            hadSender |= mine == senders;
            hadReceiver |= mine == receivers;
            noSender = hadSender && senders.isEmpty();
            noReceiver = hadReceiver && receivers.isEmpty();
        } finally {
            lock.unlock();
        }
        signalAll();
    }

    void leave(MemEnd end) {
        lock.lock();
        try {
            boolean sends = senders.remove(end);
            if (!sends && !receivers.remove(end)) {
                return;
            }
            end.part(sends ? receivers : senders);
            noSender = hadSender && senders.isEmpty();
            noReceiver = hadReceiver && receivers.isEmpty();
        } finally {
            lock.unlock();
        }
        end.close();
        signalAll();
        whenLeft.accept(this);
    }

    boolean isUnused() {
        lock.lock();
        try {
            return senders.isEmpty() && receivers.isEmpty() && !keep;
        } finally {
            lock.unlock();
        }
    }

    boolean isWithoutSenders() {
        return noSender;
    }

    boolean isWithoutReceivers() {
        return noReceiver;
    }

    private void signalAll() {
        senders.forEach(MemEnd::signal);
        receivers.forEach(MemEnd::signal);
    }

    private void signalSenders() {
        for (MemEnd sender : senders) {
            sender.readiness().signal();
        }
    }

    private void signalReceivers() {
        for (MemEnd receiver : receivers) {
            receiver.readiness().signal();
        }
    }

    private boolean hasRoom(MemEnd sender) {
        return depth < capacity || senderIsAlone(sender) || isRendezvous() && waitingReceivers > depth;
    }

    private boolean hasItems(MemEnd receiver) {
        return depth > 0 || noSender && !receiver.waits();
    }

    boolean senderIsAlone(MemEnd end) {
        return noReceiver && !end.waits();
    }

    /** Adds a message; the ticket is in the message. */
    SendResult add(MemMessage message, MemOut out) {
        lock.lock();
        try {
            if (senderIsAlone(out.end())) {
                return SendResult.CLOSED;
            }
            if (isRendezvous()) {
                if (!message.wantsReceipt() && waitingReceivers <= queue.size()) {
                    return SendResult.NO_RECEIVER;
                }
            } else if (queue.size() >= capacity) {
                if (!out.dropsOldest()) {
                    return SendResult.FULL;
                }
                MemMessage oldest = queue.remove();
                bytes -= oldest.length();
                oldest.drop();
                out.countDropped();
            }
            message.number(++tickets);
            queue.add(message);
            bytes += message.length();
            depth = queue.size();
        } finally {
            lock.unlock();
        }
        signalReceivers();
        return SendResult.SENT;
    }

    /** Takes the oldest message; null if there is none. */
    MemMessage take() {
        MemMessage message;
        lock.lock();
        try {
            message = queue.poll();
            if (message == null) {
                return null;
            }
            bytes -= message.length();
            depth = queue.size();
        } finally {
            lock.unlock();
        }
        signalSenders();
        return message;
    }

    /** The oldest message, which stays; null if there is none. */
    MemMessage first() {
        lock.lock();
        try {
            return queue.peek();
        } finally {
            lock.unlock();
        }
    }

    /** Takes a certain message back; false if it is not there any more. */
    boolean withdraw(MemMessage message) {
        boolean removed;
        lock.lock();
        try {
            removed = queue.remove(message);
            if (removed) {
                bytes -= message.length();
                depth = queue.size();
            }
        } finally {
            lock.unlock();
        }
        if (removed) {
            signalSenders();
        }
        return removed;
    }

    /** Whether the end has come for a receiver that found nothing. */
    boolean hasEnded(MemEnd end) {
        return noSender && depth == 0 && !end.waits();
    }

    /** A receiver begins (1) or ends (-1) to wait for a message. */
    void waiting(int change) {
        lock.lock();
        try {
            waitingReceivers += change;
        } finally {
            lock.unlock();
        }
        if (change > 0 && isRendezvous()) {
            signalSenders();
        }
    }

    int depth() {
        return depth;
    }

    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    static ByteBuffer copy(ByteBuffer message) {
        return ByteBuffer.allocate(message.remaining()).put(message.duplicate()).flip().asReadOnlyBuffer();
    }
}
