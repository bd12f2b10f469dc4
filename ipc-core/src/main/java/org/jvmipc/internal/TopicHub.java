package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.Duplex;
import org.jvmipc.Listener;
import org.jvmipc.MessageTooLargeException;
import org.jvmipc.Registration;
import org.jvmipc.SendResult;
import org.jvmipc.SlowSubscriber;

/**
 * The subscribers of a publisher. What one cannot take at once waits in a queue of its own, out of which one message at
 * a time is sent asynchronously; so no thread belongs to them, and none waits for another.
 */
public final class TopicHub {
    private final Listener listener;
    private final SlowSubscriber policy;
    private final int limit;
    private final int remembered;
    private final ReentrantLock lock = new ReentrantLock();
    /** Signalled when a queue gets shorter or a subscriber leaves. */
    private final Condition room = lock.newCondition();
    private final Set<TopicLink> links = new CopyOnWriteArraySet<>();
    private final Deque<Past> history = new ArrayDeque<>();
    private final Registration accepting;
    private volatile boolean closed;

    /** What was published. */
    private record Past(String topic, ByteBuffer publication) {
    }

    public TopicHub(Listener listener, int history, SlowSubscriber policy, int limit) {
        this.listener = listener;
        this.remembered = history;
        this.policy = policy;
        this.limit = limit;
        this.accepting = Accepting.from(listener, this::add);
    }

    public int subscribers() {
        return links.size();
    }

    private void add(Duplex connection) {
        TopicLink link = new TopicLink(connection);
        links.add(link);
        connection.receiver().onMessage(message -> control(link, message), Background.events())
                .ended().whenComplete((end, failure) -> remove(link));
        if (closed) {
            remove(link);
        }
    }

    private void remove(TopicLink link) {
        links.remove(link);
        link.connection.close();
        lock.lock();
        try {
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void control(TopicLink link, ByteBuffer message) {
        byte kind = message.hasRemaining() ? message.get() : 0;
        String prefix = Utf8.get(message);
        lock.lock();
        try {
            if (kind == TopicMessages.SUBSCRIBE) {
                // What it wanted before it has already.
                List<ByteBuffer> past = new ArrayList<>();
                history.stream().filter(one -> one.topic.startsWith(prefix) && !link.wants(one.topic))
                        .forEach(one -> past.add(one.publication));
                link.add(prefix);
                past.forEach(link::enqueue);
                pump(link);
            } else if (kind == TopicMessages.UNSUBSCRIBE) {
                link.remove(prefix);
            }
        } finally {
            lock.unlock();
        }
    }

    public void publish(String topic, ByteBuffer publication) throws InterruptedException {
        List<TopicLink> gone = new ArrayList<>();
        lock.lockInterruptibly();
        try {
            if (policy == SlowSubscriber.WAIT) {
                awaitRoom(topic);
            }
            if (closed) {
                throw new ChannelClosedException("the publisher at " + listener.address() + " was closed");
            }
            for (TopicLink link : links) {
                if (link.wants(topic) && !deliver(link, publication)) {
                    gone.add(link);
                }
            }
            history.add(new Past(topic, publication));
            if (history.size() > remembered) {
                history.remove();
            }
        } finally {
            lock.unlock();
        }
        gone.forEach(this::remove);
    }

    private void awaitRoom(String topic) throws InterruptedException {
        while (!closed && links.stream().anyMatch(link -> link.wants(topic) && link.waiting() >= limit)) {
            room.await();
        }
    }

    /** False if the subscriber has gone, or has to. */
    private boolean deliver(TopicLink link, ByteBuffer publication) {
        SendResult result = link.offer(publication);
        if (result != null) {
            return result == SendResult.SENT;
        }
        if (link.waiting() >= limit) {
            switch (policy) {
                case DISCONNECT -> {
                    return false;
                }
                case DROP_NEWEST -> {
                    link.dropNewest();
                    return true;
                }
                case DROP_OLDEST -> link.dropOldest();
                default -> {
                    // There was room when publishing began, and what came since is history, which is not dropped.
                }
            }
        }
        link.enqueue(publication);
        pump(link);
        return true;
    }

    /** Sends what waits, one message after the other. */
    private void pump(TopicLink link) {
        while (!link.isSending()) {
            ByteBuffer next = link.dequeue();
            if (next == null) {
                return;
            }
            room.signalAll();
            CompletableFuture<Void> sent;
            try {
                sent = link.connection.sender().sendAsync(next);
            } catch (MessageTooLargeException never) {
                // It was remembered, or had to wait, before anybody knew that.
                link.drop(next);
                continue;
            }
            if (sent.isDone() && !sent.isCompletedExceptionally()) {
                continue;
            }
            link.sending(true);
            sent.whenCompleteAsync((nothing, failure) -> sent(link, failure), Background.events());
        }
    }

    private void sent(TopicLink link, Throwable failure) {
        if (failure != null) {
            remove(link);
            return;
        }
        lock.lock();
        try {
            link.sending(false);
            pump(link);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all that was published was sent, or the deadline has passed. */
    public boolean flush(long deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (links.stream().anyMatch(link -> link.isSending() || link.waiting() > 0)) {
                // Sending the last one signals nobody.
                long nanos = Math.min(deadline - System.nanoTime(), 1_000_000);
                if (nanos <= 0) {
                    return false;
                }
                room.awaitNanos(nanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    public void close() {
        closed = true;
        accepting.close();
        listener.close();
        links.forEach(this::remove);
    }
}
