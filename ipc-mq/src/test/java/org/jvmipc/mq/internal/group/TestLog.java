package org.jvmipc.mq.internal.group;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jvmipc.posix.FutexReadiness;
import org.jvmipc.spi.Readiness;

/** A log in plain memory, which several processes may map. Its indices have gaps, as those of files that roll. */
final class TestLog implements GroupLog, Doorbell {
    /** After so many messages the index goes on elsewhere. */
    static final int PER_FILE = 7;
    static final int PAYLOAD = 40;

    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int COUNT = 0;
    private static final int FIRST = 8;
    private static final int SEQUENCE = 64;
    private static final int ANNOUNCEMENT = 68;
    private static final int RECORDS = 128;
    private static final int RECORD = 64;

    private final ByteBuffer memory;
    private volatile long told;
    private LongSupplier clock = () -> TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    private boolean asked = true;

    TestLog(ByteBuffer memory) {
        this.memory = memory;
    }

    static TestLog inMemory(int messages) {
        return new TestLog(ByteBuffer.allocateDirect(RECORDS + messages * RECORD).order(ByteOrder.nativeOrder()));
    }

    static TestLog inFile(Path file, int messages) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            return new TestLog(channel.map(FileChannel.MapMode.READ_WRITE, 0, RECORDS + messages * RECORD)
                    .order(ByteOrder.nativeOrder()));
        }
    }

    static long index(long number) {
        return number / PER_FILE << 32 | number % PER_FILE;
    }

    /** The number of the first message that is not before an index. */
    private static long number(long index) {
        return (index >>> 32) * PER_FILE + Math.min(index & 0xffff_ffffL, PER_FILE);
    }

    synchronized void append(ByteBuffer message, long due) {
        long count = count();
        int at = RECORDS + (int) count * RECORD;
        memory.putLong(at, due);
        memory.putInt(at + 8, message.remaining());
        memory.put(at + 16, message, message.position(), message.remaining());
        LONG.setVolatile(memory, COUNT, count + 1);
        wake();
    }

    /** The oldest messages go. */
    void forget(long first) {
        LONG.setVolatile(memory, FIRST, first);
    }

    @Override
    public long count() {
        return (long) LONG.getVolatile(memory, COUNT);
    }

    @Override
    public void wake() {
        VarHandle.fullFence();
        FutexReadiness.signal(memory, SEQUENCE, ANNOUNCEMENT);
    }

    @Override
    public Readiness readiness(BooleanSupplier ready) {
        return new FutexReadiness(memory, SEQUENCE, ANNOUNCEMENT, ready);
    }

    @Override
    public Doorbell doorbell() {
        return this;
    }

    @Override
    public long firstIndex() {
        return index((long) LONG.getVolatile(memory, FIRST));
    }

    @Override
    public long endIndex() {
        return index(count());
    }

    @Override
    public long next(long index) {
        return index(Math.min(Math.max(number(index + 1), number(firstIndex())), count()));
    }

    @Override
    public long behindLost(long index) {
        return Math.max(index, Math.min(firstIndex(), endIndex()));
    }

    @Override
    public long lost(long from, long to) {
        return Math.max(0, number(to) - number(from));
    }

    @Override
    public long microsToWait(long index) {
        return memory.getLong(RECORDS + (int) number(index) * RECORD) - clock.getAsLong();
    }

    @Override
    public boolean read(long index, Consumer<ByteBuffer> reader) {
        if (index < firstIndex() || index >= endIndex()) {
            return false;
        }
        int at = RECORDS + (int) number(index) * RECORD;
        reader.accept(memory.slice(at + 16, memory.getInt(at + 8)).asReadOnlyBuffer());
        return true;
    }

    @Override
    public long count(long from) {
        return count() - Math.min(count(), Math.max(number(from), number(firstIndex())));
    }

    @Override
    public void committed(long index) {
        told = index;
    }

    @Override
    public boolean isAsked() {
        return asked;
    }

    /** By which clock messages are due. */
    void clock(LongSupplier micros) {
        clock = micros;
    }

    /** Nobody wants to know how far the group is. */
    void askNot() {
        asked = false;
    }

    /** How far the group has said that it is. */
    long told() {
        return told;
    }

    @Override
    public void close() {
        // Mapped memory goes when nobody can reach it any more.
    }
}
