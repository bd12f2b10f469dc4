package org.jvmipc.mq.internal.persistent;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.Claim;
import org.jvmipc.SendResult;
import org.jvmipc.spi.MessageOut;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.PauseReadiness;
import org.jvmipc.spi.Readiness;

/** Sends to one queue. */
final class QueueOut implements MessageOut {
    /** Longer than any append takes: whoever has the lock then has a claim open, or was stopped, or has died. */
    private static final long PATIENCE_MILLIS = 50;

    private final Store store;
    private final QueueState state;
    private final LogWriter writer;
    private final QueueState bell;
    private final Syncing syncing;
    private final Consumer<Store> retention;
    private final int maxMessage;
    private final long delay;
    private final PauseReadiness writable = new PauseReadiness();
    private final QueueBell taken;
    private final Turnstile turnstile = new Turnstile(this::release);
    private final Room room = new Room();
    private volatile boolean closed;
    /** What {@link #isTaken} has gone by last. */
    private volatile long seen;
    private long ticket;
    private int lastCycle = -1;

    /**
     * Creates it.
     *
     * @param store of the queue, which it closes
     * @param writer to it
     * @param bell that the receivers listen to
     * @param syncing when to write to the disk
     * @param retention deletes what may go when a new file has begun
     * @param values the options
     */
    QueueOut(Store store, LogWriter writer, QueueState bell, Syncing syncing,
            Consumer<Store> retention, OptionValues values) {
        this.store = store;
        this.state = store.state();
        this.writer = writer;
        this.bell = bell;
        this.syncing = syncing;
        this.retention = retention;
        this.maxMessage = values.maxMessage();
        this.delay = LogWriter.micros(values.duration("delay"));
        this.taken = state.takenReadiness(() -> closed || state.taken() != seen);
    }

    @Override
    public SendResult offer(ByteBuffer message) {
        if (!turnstile.enter()) {
            return SendResult.CLOSED;
        }
        try {
            if (closed) {
                return SendResult.CLOSED;
            }
            if (!store.tryLock(0) && !store.tryLock(PATIENCE_MILLIS)) {
                return SendResult.FULL;
            }
            try {
                append(message);
            } finally {
                store.unlock();
            }
            announce();
        } finally {
            writer.interruptAgain();
            turnstile.leave();
        }
        return SendResult.SENT;
    }

    private void append(ByteBuffer message) {
        writer.begin(message.remaining(), delay);
        boolean done = false;
        try {
            writer.put(message);
            done = true;
        } finally {
            if (!done) {
                writer.abort();
            }
        }
        ticket = writer.commit();
        message.position(message.limit());
    }

    /** Without the lock, when what was sent can be read: whatever goes wrong here does not take it back. */
    private void announce() {
        writable.reset();
        bell.ring();
        int cycle = writer.cycle();
        if (cycle != lastCycle) {
            lastCycle = cycle;
            tidy();
        }
        syncing.written(cycle, ticket);
    }

    private void tidy() {
        try {
            retention.accept(store);
        } catch (RuntimeException failed) {
            System.getLogger("org.jvmipc.mq").log(System.Logger.Level.WARNING, store.channel()
                    + ": old files may not have been deleted; that is tried again when the next one begins, and by"
                    + " PersistentQueues.retain", failed);
        }
    }

    @Override
    public int offer(ByteBuffer[] messages, int offset, int length) {
        if (!turnstile.enter()) {
            return GONE;
        }
        int sent = 0;
        try {
            if (closed) {
                return GONE;
            }
            if (!store.tryLock(0) && !store.tryLock(PATIENCE_MILLIS)) {
                return 0;
            }
            try {
                for (; sent < length; sent++) {
                    append(messages[offset + sent]);
                }
            } catch (RuntimeException failed) {
                // The next call says so, if it is still the case: these were sent.
                if (sent == 0) {
                    throw failed;
                }
            } finally {
                store.unlock();
            }
            announce();
        } finally {
            writer.interruptAgain();
            turnstile.leave();
        }
        return sent;
    }

    @Override
    public int offerAll(ByteBuffer messages, int size) {
        ByteBuffer[] each = new ByteBuffer[messages.remaining() / size];
        for (int i = 0; i < each.length; i++) {
            each[i] = messages.slice(messages.position() + i * size, size);
        }
        try {
            return offer(each, 0, each.length);
        } finally {
            // Also if something failed after they were accepted.
            int sent = 0;
            while (sent < each.length && !each[sent].hasRemaining()) {
                sent++;
            }
            messages.position(messages.position() + sent * size);
        }
    }

    @Override
    public boolean lends() {
        return true;
    }

    @Override
    public Claim tryClaim(int length) {
        if (!turnstile.enter()) {
            return null;
        }
        boolean done = false;
        boolean locked = false;
        try {
            locked = !closed && (store.tryLock(0) || store.tryLock(PATIENCE_MILLIS));
            if (!locked) {
                return null;
            }
            writer.begin(length, delay);
            done = true;
            return room.open(length);
        } finally {
            writer.interruptAgain();
            if (!done) {
                if (locked) {
                    store.unlock();
                }
                turnstile.leave();
            }
        }
    }

    /** The room of a document that is open, with the lock held by the thread that claimed. */
    private final class Room implements Claim {
        private ByteBuffer buffer;

        Room open(int length) {
            buffer = writer.room(length);
            return this;
        }

        @Override
        public ByteBuffer buffer() {
            return buffer;
        }

        @Override
        public void commit() {
            if (closed) {
                abort();
                throw new ChannelClosedException(store.channel() + " was closed; what was claimed is not sent");
            }
            // So that the file is unmapped although somebody still holds the claim.
            buffer = null;
            boolean interrupted = Thread.interrupted();
            try {
                try {
                    ticket = writer.commit();
                } finally {
                    store.unlock();
                }
                announce();
            } finally {
                turnstile.leave();
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void abort() {
            buffer = null;
            try {
                writer.abort();
            } finally {
                store.unlock();
                turnstile.leave();
            }
        }
    }

    @Override
    public boolean confirms() {
        return true;
    }

    @Override
    public SendResult offerForReceipt(ByteBuffer message) {
        if (!turnstile.enter()) {
            return SendResult.CLOSED;
        }
        try {
            // Before the message can be seen, so that whoever takes it tells.
            state.transfers();
            return offer(message);
        } finally {
            turnstile.leave();
        }
    }

    @Override
    public long lastTicket() {
        return ticket;
    }

    @Override
    public boolean isTaken(long number) {
        long now = state.taken();
        seen = now;
        return now > number;
    }

    @Override
    public Readiness takenReadiness() {
        return taken;
    }

    @Override
    public int maxMessage() {
        return maxMessage;
    }

    @Override
    public String limitAdvice() {
        return "raise maxMessage, which may be up to 15m at a queue:, or send it in parts";
    }

    @Override
    public Readiness readiness() {
        return writable;
    }

    @Override
    public String heldUpBy() {
        if (!turnstile.enter()) {
            return "";
        }
        try {
            return store.heldUpBy();
        } finally {
            turnstile.leave();
        }
    }

    @Override
    public long depthMessages() {
        if (!turnstile.enter()) {
            return -1;
        }
        try {
            return Cursors.depth(store);
        } finally {
            turnstile.leave();
        }
    }

    @Override
    public void close() {
        closed = true;
        taken.close();
        writable.wakeUp();
        turnstile.close();
    }

    private void release() {
        syncing.close();
        writer.close();
        store.close();
    }
}
