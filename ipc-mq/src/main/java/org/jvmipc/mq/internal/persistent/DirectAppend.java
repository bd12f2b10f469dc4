package org.jvmipc.mq.internal.persistent;

import java.io.StreamCorruptedException;
import net.openhft.chronicle.queue.impl.ExcerptContext;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueStore;
import net.openhft.chronicle.wire.Wires;
import org.jvmipc.IpcException;

/**
 * Appends documents behind the last one without Chronicle's appender, where that is no more than writing: into the part
 * of a file that is mapped already, and not those that stand in Chronicle's index. For its appender these are documents
 * of another appender, of which it learns by the write position and the sequence in the file, as always. It saves its
 * lock, which is of no use below ours, and most of what it does for each document. All under the lock of the
 * {@link Store}.
 */
final class DirectAppend implements AutoCloseable {
    static final int NOWHERE = -1;
    private static final int MICROS_IN_MILLI = 1000;
    private static final int NONE = -1;

    private final SingleChronicleQueue queue;
    private final QueueState state;
    private final Views views;
    private ExcerptContext appender;
    private SingleChronicleQueueStore file;
    private int cycle = NONE;
    /** When the cycle is over, in microseconds since 1970. */
    private long over;
    /** The number of the cycle's first message. */
    private long first;

    DirectAppend(Store store, Views views) {
        this.queue = store.queue();
        this.state = store.state();
        this.views = views;
    }

    /**
     * Goes on behind a document that Chronicle's appender has begun.
     *
     * @param context the appender
     * @param to the cycle
     * @param number of the message
     * @param index of the document
     */
    void follow(ExcerptContext context, int to, long number, long index) {
        if (to != cycle) {
            close();
            appender = context;
            file = queue.storeForCycle(to, queue.epoch(), false, null);
            over = ((to + 1L) * queue.rollCycle().lengthInMillis() + queue.epoch()) * MICROS_IN_MILLI;
            cycle = to;
        }
        first = number - queue.rollCycle().toSequenceNumber(index);
    }

    int cycle() {
        return cycle;
    }

    /**
     * Where the next document can be written.
     *
     * @param time of the message
     * @param number its number
     * @param length of the document without its header
     * @return where its header is in the views, or NOWHERE if Chronicle has to do it
     */
    int place(long time, long number, int length) {
        if (file == null || state.cycle() != cycle || time >= over || file.indexable(number - first)) {
            return NOWHERE;
        }
        long position = state.position();
        if (!views.holds(position)) {
            return NOWHERE;
        }
        int at = views.at(position);
        int header = views.header(at);
        if (!Wires.isReadyData(header)) {
            // The last append was taken back.
            return NOWHERE;
        }
        do {
            at = Views.behind(at, header);
            if (!views.holds(at, length)) {
                return NOWHERE;
            }
            header = views.header(at);
        } while (Wires.isReadyMetaData(header));
        return header == Wires.NOT_INITIALIZED ? at : NOWHERE;
    }

    /** Tells Chronicle of a document that can be read. */
    void written(long number, long position) {
        file.writePosition(position);
        try {
            file.setPositionForSequenceNumber(appender, number - first, position);
        } catch (StreamCorruptedException broken) {
            throw new IpcException(file.file() + " is broken", broken);
        }
    }

    @Override
    public void close() {
        if (file != null) {
            queue.closeStore(file);
        }
        file = null;
        cycle = NONE;
    }
}
