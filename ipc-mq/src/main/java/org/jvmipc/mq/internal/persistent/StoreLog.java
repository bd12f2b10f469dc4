package org.jvmipc.mq.internal.persistent;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jvmipc.mq.internal.group.Doorbell;
import org.jvmipc.mq.internal.group.GroupLog;
import org.jvmipc.spi.Readiness;

/** A queue as the consumers of a group see it. */
final class StoreLog implements GroupLog, Doorbell {
    /** Up to so many messages that others have are passed over; beyond that looking for the next one is quicker. */
    private static final int STEPS = 64;
    private static final long NONE = -1;

    private final Store store;
    private final QueueState state;
    private final LogReader reader;
    private final List<QueueBell> bells = new CopyOnWriteArrayList<>();
    /** The message that is open in the reader, or NONE. */
    private long open = NONE;
    /** The one after the message that was open last. */
    private long ahead = NONE;

    /**
     * Creates it.
     *
     * @param store the queue, closed with it
     * @param reader of that queue, closed with it
     */
    StoreLog(Store store, LogReader reader) {
        this.store = store;
        this.state = store.state();
        this.reader = reader;
    }

    /** Opens a message, or the first one after it that is there; false if there is none yet. */
    private boolean open(long number) {
        if (open == number) {
            return true;
        }
        // Chronicle closes its files if it is interrupted.
        boolean interrupted = Thread.interrupted();
        try {
            letGo();
            if (ahead != NONE && ahead < number && number - ahead <= STEPS) {
                while (ahead < number && reader.open(ahead)) {
                    ahead = reader.number() + 1;
                    reader.done();
                }
            }
            if (!reader.open(number)) {
                ahead = NONE;
                return false;
            }
            open = reader.number();
            ahead = open + 1;
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void letGo() {
        if (open != NONE) {
            open = NONE;
            reader.done();
        }
    }

    @Override
    public long firstIndex() {
        letGo();
        ahead = NONE;
        return reader.first();
    }

    @Override
    public long endIndex() {
        return state.next();
    }

    @Override
    public long next(long index) {
        long end = state.next();
        return index + 1 < end && open(index + 1) ? open : end;
    }

    @Override
    public long behindLost(long index) {
        return reader.behindLost(index);
    }

    @Override
    public long lost(long from, long to) {
        return to - from;
    }

    @Override
    public long microsToWait(long index) {
        long due = open(index) && open == index ? reader.due() : 0;
        return due == 0 ? 0 : due - store.clock().now();
    }

    @Override
    public boolean read(long index, Consumer<ByteBuffer> consumer) {
        if (!open(index) || open != index) {
            return false;
        }
        try {
            consumer.accept(reader.message());
            return true;
        } finally {
            letGo();
        }
    }

    @Override
    public long count(long from) {
        return Math.max(0, state.next() - from);
    }

    @Override
    public void committed(long index) {
        state.taken(index);
    }

    @Override
    public boolean isAsked() {
        return state.hasTransfers();
    }

    @Override
    public Doorbell doorbell() {
        return this;
    }

    @Override
    public long count() {
        return state.next();
    }

    @Override
    public void wake() {
        state.ring();
    }

    @Override
    public Readiness readiness(BooleanSupplier ready) {
        QueueBell made = state.dataReadiness(ready);
        bells.add(made);
        return made;
    }

    @Override
    public void close() {
        letGo();
        bells.forEach(QueueBell::close);
        bells.clear();
        reader.close();
        store.close();
    }
}
