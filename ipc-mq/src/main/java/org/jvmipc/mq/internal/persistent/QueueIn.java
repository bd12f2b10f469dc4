package org.jvmipc.mq.internal.persistent;

import java.nio.ByteBuffer;
import org.jvmipc.MessageHandler;
import org.jvmipc.spi.Readiness;

/**
 * Receives from one queue, in the order of sending. With {@code delivery=at-least-once} a message counts as done when
 * the next is asked for or the receiver is closed, so that it comes again if the process dies before; with
 * {@code at-most-once} before it is handed over.
 */
final class QueueIn implements NumberedIn {
    private final Store store;
    private final QueueState state;
    private final LogReader reader;
    private final CursorFile cursor;
    private final boolean atMostOnce;
    private final QueueBell readable;
    private final Turnstile turnstile = new Turnstile(this::release);
    private volatile long position;
    private volatile long dropped;
    private volatile boolean closed;
    private long handedOver;
    private long handedOverBytes;
    private volatile long lastNumber = -1;
    private volatile long lastTime;

    QueueIn(Store store, LogReader reader, CursorFile cursor, boolean atMostOnce) {
        this.store = store;
        this.state = store.state();
        this.reader = reader;
        this.cursor = cursor;
        this.atMostOnce = atMostOnce;
        this.position = cursor.done();
        cursor.handed(position);
        this.readable = state.dataReadiness(this::hasMore);
    }

    /** Whether there is something to receive, or nothing to wait for. */
    boolean hasMore() {
        return closed || state.next() > position;
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        if (!turnstile.enter()) {
            return END;
        }
        try {
            settle();
            int count = 0;
            while (count < limit && !closed && state.next() > position && take(handler)) {
                count++;
            }
            return count == 0 && closed ? END : count;
        } finally {
            turnstile.leave();
        }
    }

    /** The next message is asked for, so that those before it are done with. */
    void settle() {
        cursor.done(position);
    }

    /** The same while somebody else may be closing. */
    void settleIfOpen() {
        if (turnstile.enter()) {
            settle();
            turnstile.leave();
        }
    }

    private boolean take(MessageHandler handler) {
        if (!open()) {
            return false;
        }
        long number = reader.number();
        if (number > position) {
            dropped += number - position;
        }
        try {
            if (atMostOnce) {
                cursor.done(number + 1);
            }
            ByteBuffer message = reader.message();
            handedOver++;
            handedOverBytes += message.remaining();
            lastNumber = number;
            lastTime = reader.time();
            handler.onMessage(message);
        } finally {
            position = number + 1;
            cursor.handed(number + 1);
            reader.done();
            state.taken(number + 1);
        }
        return true;
    }

    private boolean open() {
        boolean interrupted = Thread.interrupted();
        try {
            return reader.open(position);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean peeks() {
        return true;
    }

    @Override
    public int peek(MessageHandler handler) {
        if (!turnstile.enter()) {
            return END;
        }
        try {
            if (closed) {
                return END;
            }
            settle();
            if (state.next() <= position || !open()) {
                return 0;
            }
            try {
                handler.onMessage(reader.message());
            } finally {
                reader.again();
            }
            return 1;
        } finally {
            turnstile.leave();
        }
    }

    /** Of the message that is being handed over, or was last; -1 if there was none. */
    @Override
    public long number() {
        return lastNumber;
    }

    @Override
    public long time() {
        return lastTime;
    }

    @Override
    public long handedOver() {
        return handedOver;
    }

    @Override
    public long handedOverBytes() {
        return handedOverBytes;
    }

    @Override
    public long dropped() {
        return dropped;
    }

    @Override
    public long depthMessages() {
        return Math.max(0, state.next() - position);
    }

    @Override
    public Readiness readiness() {
        return readable;
    }

    @Override
    public void close() {
        closed = true;
        readable.close();
        turnstile.close();
    }

    private void release() {
        cursor.done(position);
        cursor.close();
        reader.close();
        store.close();
    }
}
