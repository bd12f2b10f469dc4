package org.jvmipc.mq.internal.persistent;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import org.jvmipc.IpcException;

/**
 * Appends messages, each in two steps between which its bytes are written. All under the lock of the {@link Store}.
 */
final class LogWriter implements AutoCloseable {
    private static final int DOCUMENT_HEADER = 4;

    private final Store store;
    private final QueueState state;
    private final SingleChronicleQueue queue;
    private ExcerptAppender appender;
    private final Views views = new Views();
    private DocumentContext document;
    private long next;
    private int start;
    private int cycle = -1;
    private boolean interrupted;

    LogWriter(Store store) {
        this.store = store;
        this.state = store.state();
        this.queue = store.queue();
    }

    /**
     * Begins a message; {@link #commit} or {@link #abort} follows.
     *
     * @param length of the message
     * @param delayMicros after how long it is due
     * @throws org.jvmipc.NoSpaceException if the disk is full; nothing has happened then
     */
    void begin(int length, long delayMicros) {
        long time = store.clock().now();
        store.clock().fix(time);
        // Chronicle's files would be closed under the hands of a thread that is interrupted.
        interrupted = Thread.interrupted();
        boolean done = false;
        try {
            if (appender == null) {
                // Not before the lock is held, as Chronicle takes its own; and before a file is made, as it would wait
                // for whoever has begun that.
                appender = queue.createAppender();
                appender.singleThreadedCheckDisabled(true);
            }
            long due = delayMicros == 0 ? 0 : time + delayMicros;
            int header = Record.header(due);
            int target = Math.max(queue.cycle(), state.cycle());
            long from = target == state.cycle() ? state.position() + state.length() : 0;
            long backed = store.files().back(target, from, header + length, state.backedTo(target));
            if (backed != state.backedTo(target)) {
                state.backedTo(target, backed);
            }
            next = state.next();
            // If anything goes wrong from here on, the next one who has the lock puts it in order.
            state.begin(time, DOCUMENT_HEADER + header + length);
            open(target, time, due, length);
            done = true;
        } finally {
            if (!done) {
                rollBack();
            }
        }
    }

    private void open(int target, long time, long due, int length) {
        document = appender.writingDocument();
        Bytes<?> bytes = document.wire().bytes();
        long position = bytes.writePosition();
        cycle = appender.cycle();
        state.at(cycle, position - DOCUMENT_HEADER);
        if (cycle != target) {
            throw new IpcException(store.channel() + ": Chronicle writes to cycle " + cycle + " instead of " + target
                    + "; somebody else has written to the queue");
        }
        int total = Record.header(due) + length;
        BytesStore<?, ?> mapped = bytes.bytesStore();
        if (!mapped.inside(position, total)) {
            throw new IpcException(store.channel() + ": a message of " + length + " bytes does not fit into what"
                    + " Chronicle has mapped; send it in parts");
        }
        views.show(mapped);
        start = Record.write(views.words(), views.at(position), next, time, due, length);
        bytes.writePosition(position + total);
    }

    /** Copies the message. */
    void put(ByteBuffer message) {
        views.words().put(start, message, message.position(), message.remaining());
    }

    /** Says instead that the message, one without bytes, was lost. */
    void lose() {
        Record.lose(views.words(), start);
    }

    /** Room for the message, as long as the claim. */
    ByteBuffer room(int length) {
        return views.writable(start, length);
    }

    /** Makes it a message that can be read, and returns its number. */
    long commit() {
        DocumentContext open = document;
        document = null;
        try {
            open.close();
        } finally {
            store.clock().fix(0);
        }
        state.end(next + 1);
        return next;
    }

    /** The cycle that was written to last. */
    int cycle() {
        return cycle;
    }

    /** Takes it back. */
    void abort() {
        rollBack();
        state.undone();
    }

    /** What the thread was interrupted by meanwhile is told to it again. */
    void interruptAgain() {
        if (interrupted) {
            interrupted = false;
            Thread.currentThread().interrupt();
        }
    }

    private void rollBack() {
        DocumentContext open = document;
        document = null;
        store.clock().fix(0);
        if (open != null) {
            open.rollbackOnClose();
            open.close();
        }
    }

    @Override
    public void close() {
        views.close();
        if (appender != null) {
            appender.close();
        }
    }

    static long micros(java.time.Duration delay) {
        return TimeUnit.NANOSECONDS.toMicros(delay.toNanos());
    }
}
