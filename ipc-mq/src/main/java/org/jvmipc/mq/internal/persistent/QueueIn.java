package org.jvmipc.mq.internal.persistent;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
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
    /** The number of the next message. Others may see it late. */
    private final AtomicLong position;
    private volatile long dropped;
    private volatile boolean closed;
    private long handedOver;
    private long handedOverBytes;
    private final AtomicLong lastNumber = new AtomicLong(-1);
    private final AtomicLong lastTime = new AtomicLong();

    QueueIn(Store store, LogReader reader, CursorFile cursor, boolean atMostOnce) {
        this.store = store;
        this.state = store.state();
        this.reader = reader;
        this.cursor = cursor;
        this.atMostOnce = atMostOnce;
        this.position = new AtomicLong(cursor.done());
        cursor.handed(cursor.done());
        this.readable = state.dataReadiness(this::hasMore);
    }

    /** Whether there is something to receive, or nothing to wait for. */
    boolean hasMore() {
        return closed || state.next() > position.getAcquire();
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        if (!turnstile.enter()) {
            return END;
        }
        try {
            settle();
            int count = 0;
            // What is not seen behind the last one is left to the next call, as looking further takes time.
            while (count < limit && !closed && (count == 0 ? isThere() : isNext()) && take(handler)) {
                count++;
            }
            return count == 0 && closed ? END : count;
        } finally {
            turnstile.leave();
        }
    }

    /** Whether there is a message: seen in its own place first, as the word of the state is wanted by all. */
    private boolean isThere() {
        return isNext() || state.next() > position.getPlain();
    }

    private boolean isNext() {
        return reader.sees(position.getPlain());
    }

    /** The next message is asked for, so that those before it are done with. */
    void settle() {
        cursor.done(position.getAcquire());
    }

    /** The same while somebody else may be closing. */
    void settleIfOpen() {
        if (turnstile.enter()) {
            settle();
            turnstile.leave();
        }
    }

    private boolean take(MessageHandler handler) {
        long wanted = position.getPlain();
        if (!open(wanted)) {
            passLost(wanted);
            return false;
        }
        long number = reader.number();
        if (number > wanted) {
            dropped += number - wanted;
        }
        try {
            if (atMostOnce) {
                cursor.done(number + 1);
            }
            ByteBuffer message = reader.message();
            handedOver++;
            handedOverBytes += message.remaining();
            lastTime.setRelease(reader.time());
            lastNumber.setRelease(number);
            handler.onMessage(message);
        } finally {
            position.setRelease(number + 1);
            cursor.handed(number + 1);
            reader.done();
            state.taken(number + 1);
        }
        return true;
    }

    /** If all that is left was lost: nothing more is to be waited for until somebody sends. */
    private void passLost(long wanted) {
        long next = reader.behindLost(wanted);
        if (next > wanted) {
            dropped += next - wanted;
            position.setRelease(next);
            cursor.handed(next);
            state.taken(next);
        }
    }

    private boolean open(long number) {
        boolean interrupted = Thread.interrupted();
        try {
            return reader.open(number);
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
            if (!isThere()) {
                return 0;
            }
            if (!open(position.getPlain())) {
                passLost(position.getPlain());
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
        return lastNumber.getAcquire();
    }

    @Override
    public long time() {
        return lastTime.getAcquire();
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
        return Math.max(0, state.next() - position.getAcquire());
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
        cursor.done(position.getAcquire());
        cursor.close();
        reader.close();
        store.close();
    }
}
