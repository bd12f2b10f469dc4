package org.jvmipc.mq.internal.persistent;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jvmipc.PeerInfo;
import org.jvmipc.posix.FutexReadiness;
import org.jvmipc.shm.SharedSegment;

/**
 * What those who have a queue open share beside its files, in a segment that goes with the last of them: where its end
 * is, what the writer is doing right now, and two bells. All of it can be found out again from the files. But for
 * {@link #next} and the bells it is touched by whoever holds the lock for appending.
 */
final class QueueState implements AutoCloseable {
    static final String FILE = "jvmipc.state";

    private static final String TYPE = "jvmipc queue/1";
    private static final long SIZE = 512;
    private static final int NEXT = 0;
    private static final int UNFINISHED = 64;
    private static final int CYCLE = 72;
    private static final int POSITION = 80;
    private static final int LENGTH = 88;
    private static final int BACKED_CYCLE = 96;
    private static final int BACKED_TO = 104;
    private static final int TIME = 112;
    private static final int KNOWN = 120;
    private static final int DATA_BELL = 192;
    private static final int TAKEN_BELL = 320;
    private static final int TRANSFERS = 384;
    private static final int TAKEN = 392;
    private static final int ANNOUNCEMENT = 4;
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /** In place of what is not open any more, so that nobody has to ask. */
    private static final ByteBuffer CLOSED = ByteBuffer.allocateDirect((int) SIZE).order(ByteOrder.nativeOrder());

    private SharedSegment segment;
    private final boolean abandoned;
    private ByteBuffer memory;

    private QueueState(SharedSegment segment, boolean abandoned) {
        this.segment = segment;
        this.abandoned = abandoned;
        this.memory = segment.buffer(0, SIZE);
    }

    static QueueState open(Path directory) {
        boolean found = Files.exists(directory.resolve(FILE));
        // What was left in the middle of an append stays, as it tells the next one where to look.
        SharedSegment segment = SharedSegment.file(directory.resolve(FILE)).type(TYPE)
                .first(fresh -> fresh.putLong(UNFINISHED, 1).putLong(CYCLE, -1).putLong(BACKED_CYCLE, -1))
                .keepIf(left -> left.getLong(UNFINISHED) != 0 && left.getLong(CYCLE) >= 0)
                .openOrCreate(SIZE);
        return new QueueState(segment, found && (segment.isCreator() || segment.participants().size() == 1));
    }

    /**
     * Opens that of a queue which somebody has open.
     *
     * @throws org.jvmipc.ChannelNotFoundException if nobody has
     */
    static QueueState attach(Path directory) {
        return new QueueState(SharedSegment.file(directory.resolve(FILE)).type(TYPE).open(SIZE), false);
    }

    /** Whether all who had the queue open before have died, perhaps together with the machine. */
    boolean isAbandoned() {
        return abandoned;
    }

    /** The number that the next message will have, once all before it can be read. */
    long next() {
        return (long) LONG.getAcquire(memory, NEXT);
    }

    private long get(int word) {
        return (long) LONG.getOpaque(memory, word);
    }

    private void set(int word, long value) {
        LONG.setRelease(memory, word, value);
    }

    /** Whether somebody has died in the middle of an append, or nobody has looked at the files yet. */
    boolean isUnfinished() {
        return get(UNFINISHED) != 0;
    }

    /** The cycle of the document last begun, -1 if nobody knows. */
    int cycle() {
        return (int) get(CYCLE);
    }

    /** Where in its file the header of the document last begun stands. */
    long position() {
        return get(POSITION);
    }

    /** Whether somebody has looked at the files since the first one opened the queue, so that the end is known. */
    boolean isKnown() {
        return (long) LONG.getAcquire(memory, KNOWN) != 0;
    }

    /** How many bytes may have been written from there. */
    long length() {
        return get(LENGTH);
    }

    /** Up to where the file of a cycle is backed by space, as far as known. */
    long backedTo(int cycle) {
        return get(BACKED_CYCLE) == cycle ? get(BACKED_TO) : 0;
    }

    void backedTo(int cycle, long end) {
        set(BACKED_TO, 0);
        set(BACKED_CYCLE, cycle);
        set(BACKED_TO, end);
    }

    /** Nothing is known any more of what was done last: the files are other ones by now. */
    void forget() {
        set(UNFINISHED, 1);
        set(KNOWN, 0);
        set(CYCLE, -1);
        set(BACKED_CYCLE, -1);
    }

    /** When the last message was written, in microseconds since 1970. */
    long time() {
        return get(TIME);
    }

    /** An append begins. */
    void begin(long time, long length) {
        // First, as from here on what stands in the state is not what stands in the files.
        set(UNFINISHED, 1);
        set(LENGTH, length);
        set(TIME, time);
    }

    /** The document has its place. */
    void at(int cycle, long position) {
        set(POSITION, position);
        set(CYCLE, cycle);
    }

    /** What comes before this number can be read. */
    void readable(long next) {
        set(NEXT, next);
    }

    /** The append is over, whatever came of it. */
    void end() {
        set(UNFINISHED, 0);
    }

    /** The append is over, and nothing was written; the document before it has that length. */
    void undone(long length) {
        set(LENGTH, length);
        end();
    }

    /** All is known again. */
    void found(long next, long time, int cycle, long position, long length) {
        set(TIME, Math.max(time, time()));
        at(cycle, position);
        // What comes next stands behind the last document, and is backed by space from there on.
        set(LENGTH, length);
        readable(next);
        end();
        set(KNOWN, 1);
    }

    /** Wakes those who wait for messages. */
    void ring() {
        VarHandle.fullFence();
        FutexReadiness.signal(memory, DATA_BELL, DATA_BELL + ANNOUNCEMENT);
    }

    /** How one waits for messages. */
    QueueBell dataReadiness(BooleanSupplier ready) {
        return new QueueBell(new FutexReadiness(memory, DATA_BELL, DATA_BELL + ANNOUNCEMENT, ready));
    }

    /** From now on receivers tell what they have taken, as somebody waits for that. */
    void transfers() {
        if ((long) LONG.getVolatile(memory, TRANSFERS) == 0) {
            LONG.setVolatile(memory, TRANSFERS, 1L);
        }
    }

    /** Whether somebody has waited for messages to be taken. */
    boolean hasTransfers() {
        return (long) LONG.getVolatile(memory, TRANSFERS) != 0;
    }

    /** A receiver has returned all messages before this number. */
    void taken(long end) {
        if (!hasTransfers()) {
            return;
        }
        long before = (long) LONG.getVolatile(memory, TAKEN);
        while (before < end && !LONG.compareAndSet(memory, TAKEN, before, end)) {
            before = (long) LONG.getVolatile(memory, TAKEN);
        }
        VarHandle.fullFence();
        FutexReadiness.signal(memory, TAKEN_BELL, TAKEN_BELL + ANNOUNCEMENT);
    }

    /** Before which number all was taken by one receiver or the other, since somebody waits for that. */
    long taken() {
        return (long) LONG.getVolatile(memory, TAKEN);
    }

    /** How one waits for messages to be taken. */
    QueueBell takenReadiness(BooleanSupplier ready) {
        return new QueueBell(new FutexReadiness(memory, TAKEN_BELL, TAKEN_BELL + ANNOUNCEMENT, ready));
    }

    /** How often this process and others have it open. */
    int users() {
        return segment.participants().size();
    }

    /** Who has it open, for people. */
    String userNames() {
        return segment.participants().stream().map(PeerInfo::toString).distinct().collect(Collectors.joining(", "));
    }

    @Override
    public void close() {
        memory = CLOSED;
        segment.close();
        segment = null;
    }
}
