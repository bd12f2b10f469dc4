package org.jvmipc.mq.internal.persistent;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.ExcerptContext;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import org.jvmipc.IpcException;

/**
 * Appends messages, each in two steps between which its bytes are written: by Chronicle's appender, or directly where
 * that is all there is to do. All under the lock of the {@link Store}.
 */
final class LogWriter implements AutoCloseable {
    private final Store store;
    private final QueueState state;
    private final SingleChronicleQueue queue;
    private ExcerptAppender appender;
    private final Views views = new Views();
    private final DirectAppend direct;
    private DocumentContext document;
    /** Where the header of the document is that is written directly, or NOWHERE. */
    private int place = DirectAppend.NOWHERE;
    private int length;
    private long lengthBefore;
    private long next;
    private int start;
    private int cycle = -1;
    private boolean interrupted;

    LogWriter(Store store) {
        this.store = store;
        this.state = store.state();
        this.queue = store.queue();
        this.direct = new DirectAppend(store, views);
    }

    /**
     * Begins a message; {@link #commit} or {@link #abort} follows.
     *
     * @param size of the message
     * @param delayMicros after how long it is due
     * @throws org.jvmipc.NoSpaceException if the disk is full; nothing has happened then
     */
    void begin(int size, long delayMicros) {
        long time = store.clock().next();
        long due = delayMicros == 0 ? 0 : time + delayMicros;
        next = state.next();
        length = Record.header(due) + size;
        lengthBefore = state.length();
        int at = direct.place(time, next, length);
        if (at == DirectAppend.NOWHERE) {
            beginByChronicle(time, due, size);
            return;
        }
        cycle = direct.cycle();
        back(cycle, views.offset(at));
        // The place in the state is still that of the document before, where recovery begins to look.
        state.begin(time, Views.HEADER + length);
        place = at;
        start = Record.write(views.words(), at + Views.HEADER, next, time, due, size);
    }

    private void beginByChronicle(long time, long due, int size) {
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
            int target = Math.max(queue.cycle(), state.cycle());
            back(target, target == state.cycle() ? state.position() + state.length() : 0);
            // If anything goes wrong from here on, the next one who has the lock puts it in order.
            state.begin(time, Views.HEADER + length);
            open(target);
            start = Record.write(views.words(), start, next, time, due, size);
            done = true;
        } finally {
            if (!done) {
                rollBack();
            }
        }
    }

    private void back(int target, long from) {
        long known = state.backedTo(target);
        long backed = store.files().back(target, from, length, known);
        if (backed != known) {
            state.backedTo(target, backed);
        }
    }

    private void open(int target) {
        document = appender.writingDocument();
        Bytes<?> bytes = document.wire().bytes();
        long position = bytes.writePosition();
        cycle = appender.cycle();
        state.at(cycle, position - Views.HEADER);
        if (cycle != target) {
            throw new IpcException(store.channel() + ": Chronicle writes to cycle " + cycle + " instead of " + target
                    + "; somebody else has written to the queue");
        }
        BytesStore<?, ?> mapped = bytes.bytesStore();
        if (!mapped.inside(position, length)) {
            throw new IpcException(store.channel() + ": a message that takes " + length + " bytes does not fit into"
                    + " what Chronicle has mapped; send it in parts");
        }
        views.show(mapped);
        start = views.at(position);
        bytes.writePosition(position + length);
        direct.follow((ExcerptContext) appender, cycle, next, document.index());
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
    ByteBuffer room(int size) {
        return views.writable(start, size);
    }

    /** Makes it a message that can be read, and returns its number. */
    long commit() {
        if (place != DirectAppend.NOWHERE) {
            commitDirectly();
            return next;
        }
        DocumentContext open = document;
        document = null;
        try {
            open.close();
        } finally {
            store.clock().fix(0);
        }
        state.readable(next + 1);
        state.end();
        return next;
    }

    private void commitDirectly() {
        int at = place;
        place = DirectAppend.NOWHERE;
        views.header(at, length);
        state.readable(next + 1);
        long position = views.offset(at);
        direct.written(next, position);
        state.at(cycle, position);
        state.end();
    }

    /** The cycle that was written to last. */
    int cycle() {
        return cycle;
    }

    /** Takes it back. */
    void abort() {
        if (place != DirectAppend.NOWHERE) {
            views.wipe(place, Views.HEADER + length);
            place = DirectAppend.NOWHERE;
            state.undone(lengthBefore);
            return;
        }
        rollBack();
        state.end();
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
        direct.close();
        views.close();
        if (appender != null) {
            appender.close();
        }
    }

    static long micros(java.time.Duration delay) {
        return TimeUnit.NANOSECONDS.toMicros(delay.toNanos());
    }
}
