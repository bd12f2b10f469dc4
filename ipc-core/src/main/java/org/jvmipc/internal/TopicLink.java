package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;
import org.jvmipc.Duplex;
import org.jvmipc.SendResult;

/**
 * One subscriber as its publisher sees it: what it wants, and what it has not been sent yet. Guarded by the publisher's
 * lock.
 */
final class TopicLink {
    final Duplex connection;
    private final Set<String> prefixes = new TreeSet<>();
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private boolean sending;
    private long missed;

    /** A publication, and how many were dropped before it. */
    private record Waiting(ByteBuffer publication, long missed) {
    }

    TopicLink(Duplex connection) {
        this.connection = connection;
    }

    boolean wants(String topic) {
        for (String prefix : prefixes) {
            if (topic.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    void add(String prefix) {
        prefixes.add(prefix);
    }

    void remove(String prefix) {
        prefixes.remove(prefix);
    }

    int waiting() {
        return queue.size();
    }

    boolean isSending() {
        return sending;
    }

    void sending(boolean now) {
        sending = now;
    }

    /** Sends at once, if nothing is before it and there is room; null if it has to wait. */
    SendResult offer(ByteBuffer publication) {
        if (sending || !queue.isEmpty()) {
            return null;
        }
        SendResult result = connection.sender().trySend(TopicMessages.missing(publication, missed));
        if (result == SendResult.SENT) {
            missed = 0;
        }
        return result == SendResult.FULL || result == SendResult.NO_RECEIVER ? null : result;
    }

    void enqueue(ByteBuffer publication) {
        queue.add(new Waiting(publication, missed));
        missed = 0;
    }

    /** The next one to be sent, or null. */
    ByteBuffer dequeue() {
        Waiting next = queue.poll();
        return next == null ? null : TopicMessages.missing(next.publication, next.missed);
    }

    void dropNewest() {
        missed++;
    }

    void dropOldest() {
        Waiting oldest = queue.poll();
        if (oldest != null) {
            passOn(oldest.missed + 1);
        }
    }

    /** What was {@link #dequeue dequeued} last cannot be sent. */
    void drop(ByteBuffer publication) {
        passOn(TopicMessages.missed(publication) + 1);
    }

    /** Has the next one tell how many were dropped before it. */
    private void passOn(long before) {
        Waiting next = queue.poll();
        if (next == null) {
            missed += before;
        } else {
            queue.addFirst(new Waiting(next.publication, next.missed + before));
        }
    }
}
