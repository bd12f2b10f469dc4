package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jvmipc.Claim;
import org.jvmipc.SendResult;
import org.jvmipc.spi.MessageOut;
import org.jvmipc.spi.ParkReadiness;
import org.jvmipc.spi.Readiness;

/** A port whose answers and receipts a test decides. */
final class ScriptedMessageOut implements MessageOut {
    final AtomicInteger idles = new AtomicInteger();
    private final ParkReadiness readiness = new ParkReadiness(this::hasRoom);
    private final ParkReadiness receipts = new ParkReadiness(() -> false);
    private final List<String> sent = new ArrayList<>();
    private final boolean singleThreaded;
    private volatile SendResult answer = SendResult.SENT;
    private volatile long confirmed;
    private volatile boolean flushes = true;
    private volatile boolean lends;
    private RuntimeException afterwards;
    private long tickets;

    ScriptedMessageOut(boolean singleThreaded) {
        this.singleThreaded = singleThreaded;
    }

    private boolean hasRoom() {
        return answer != SendResult.FULL && flushes;
    }

    void answer(SendResult next) {
        answer = next;
        readiness.signal();
    }

    /** All tickets up to this number are confirmed. */
    void confirm(long ticket) {
        confirmed = ticket;
        receipts.signal();
    }

    /** The next message is accepted, and this is thrown then. */
    synchronized void failAfterwards(RuntimeException next) {
        afterwards = next;
    }

    /** Whether it lends memory. */
    void lends(boolean next) {
        lends = next;
    }

    void flushes(boolean next) {
        flushes = next;
        readiness.signal();
    }

    synchronized List<String> sent() {
        return List.copyOf(sent);
    }

    @Override
    public synchronized SendResult offer(ByteBuffer message) {
        if (answer == SendResult.SENT) {
            sent.add(Frames.text(message));
            tickets++;
            RuntimeException thrown = afterwards;
            afterwards = null;
            if (thrown != null) {
                throw thrown;
            }
        }
        return answer;
    }

    @Override
    public boolean lends() {
        return lends;
    }

    @Override
    public Claim tryClaim(int length) {
        ByteBuffer room = ByteBuffer.allocate(length);
        return new Claim() {
            @Override
            public ByteBuffer buffer() {
                return room;
            }

            @Override
            public void commit() {
                offer(room.clear());
            }

            @Override
            public void abort() {
                // Nothing has happened.
            }
        };
    }

    @Override
    public boolean flush() {
        return flushes;
    }

    @Override
    public boolean singleThreaded() {
        return singleThreaded;
    }

    @Override
    public boolean confirms() {
        return true;
    }

    @Override
    public long lastTicket() {
        return tickets;
    }

    @Override
    public boolean isTaken(long ticket) {
        return ticket <= confirmed;
    }

    @Override
    public Readiness takenReadiness() {
        return receipts;
    }

    @Override
    public int maxMessage() {
        return 1000;
    }

    @Override
    public Readiness readiness() {
        return readiness;
    }

    @Override
    public void idle() {
        idles.incrementAndGet();
    }

    @Override
    public void close() {
        readiness.signal();
    }
}
