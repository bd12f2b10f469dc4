package org.jvmipc.testkit.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What one process has sent and received, in a file that holds all of it up to the moment in which the process is
 * killed: each event is in the kernel's page cache when the method has returned. One log for each life of a process and
 * each endpoint.
 *
 * <p>A sender calls {@link #invoked} before each call that sends, and {@link #accepted} or {@link #refused} after it; a
 * receiver calls {@link #received} for each message, within the handler of {@code poll}, so that the message is not
 * taken before it is written down; with other calls it says {@link #taking} before. Both call {@link #opened} first,
 * and {@link #ended} when all was done that had to be.
 *
 * <p>Times are of {@link System#nanoTime}, which on Linux is one clock for all processes. Used by one thread at a time;
 * takes no lock and makes no system call, but for each mebibyte.
 */
public final class HistoryLog implements AutoCloseable {
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int TIME = 0;
    private static final int NUMBER = 8;
    private static final int SOURCE = 16;
    private static final int KIND = 20;
    /** Written last: 1 for the first event. */
    private static final int SEQUENCE = 24;
    private static final int EVENT = 32;
    private static final int CHUNK = 1 << 20;

    private final FileChannel channel;
    private final LongSupplier clock;
    private MappedByteBuffer chunk;
    private long count;

    private HistoryLog(FileChannel channel, LongSupplier clock) {
        this.channel = channel;
        this.clock = clock;
    }

    /**
     * Begins a log.
     *
     * @param file a file that does not exist
     * @return the log
     * @throws UncheckedIOException if it cannot be made
     */
    public static HistoryLog create(Path file) {
        return create(file, System::nanoTime);
    }

    static HistoryLog create(Path file, LongSupplier clock) {
        try {
            return new HistoryLog(FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                    StandardOpenOption.WRITE), clock);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot log to " + file, e);
        }
    }

    private void add(Event.Kind kind, int source, long number) {
        int at = (int) (count % (CHUNK / EVENT)) * EVENT;
        if (at == 0) {
            try {
                chunk = channel.map(FileChannel.MapMode.READ_WRITE, count * EVENT, CHUNK);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            chunk.order(ByteOrder.LITTLE_ENDIAN);
        }
        chunk.putLong(at + TIME, clock.getAsLong());
        chunk.putLong(at + NUMBER, number);
        chunk.putInt(at + SOURCE, source);
        chunk.putInt(at + KIND, kind.ordinal());
        LONG.setRelease(chunk, at + SEQUENCE, ++count);
    }

    /** The endpoint has been opened: from now on the process takes part. */
    public void opened() {
        add(Event.Kind.OPENED, 0, 0);
    }

    /**
     * A message is about to be sent. Numbers go up by one; the same may be tried again after it was refused.
     *
     * @param message its stamp
     */
    public void invoked(Stamp message) {
        add(Event.Kind.INVOKED, message.source(), message.number());
    }

    /**
     * The call has returned, and the message is sent.
     *
     * @param message its stamp
     */
    public void accepted(Stamp message) {
        add(Event.Kind.ACCEPTED, message.source(), message.number());
    }

    /**
     * The call has returned, or thrown, and the message is not sent.
     *
     * @param message its stamp
     */
    public void refused(Stamp message) {
        add(Event.Kind.REFUSED, message.source(), message.number());
    }

    /**
     * A message is about to be taken by a call that returns it, such as {@code receive}; {@link #received} or
     * {@link #tookNothing} follow. Of a process that dies in between, one message may be lost.
     */
    public void taking() {
        add(Event.Kind.TAKING, 0, 0);
    }

    /** The call has taken no message. */
    public void tookNothing() {
        add(Event.Kind.TOOK_NOTHING, 0, 0);
    }

    /**
     * A message has come.
     *
     * @param message its bytes, with a {@link Stamp}; the position does not move
     */
    public void received(ByteBuffer message) {
        Optional<Stamp> stamp = Stamp.of(message);
        if (stamp.isPresent()) {
            add(Event.Kind.RECEIVED, stamp.get().source(), stamp.get().number());
        } else {
            add(Event.Kind.DAMAGED, 0, message.remaining());
        }
    }

    /** All was done that had to be; a receiver has drained the channel. */
    public void ended() {
        add(Event.Kind.ENDED, 0, 0);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads what a process has written, which may have died at any time.
     *
     * @throws IllegalArgumentException if it is not a log
     */
    static List<Event> read(Path file) {
        ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Event> events = new ArrayList<>();
        Event.Kind[] kinds = Event.Kind.values();
        for (int at = 0; at <= bytes.capacity() - EVENT; at += EVENT) {
            long sequence = bytes.getLong(at + SEQUENCE);
            int kind = bytes.getInt(at + KIND);
            if (sequence == 0) {
                break;
            }
            if (sequence != events.size() + 1L || kind < 0 || kind >= kinds.length) {
                throw new IllegalArgumentException(file + " is no log: event " + events.size() + " has number "
                        + sequence + " and kind " + kind);
            }
            events.add(new Event(bytes.getLong(at + TIME), kinds[kind], bytes.getInt(at + SOURCE),
                    bytes.getLong(at + NUMBER)));
        }
        return events;
    }
}
