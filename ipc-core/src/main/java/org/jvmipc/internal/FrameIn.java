package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jvmipc.BrokenFrameException;
import org.jvmipc.MessageHandler;
import org.jvmipc.PeerInfo;
import org.jvmipc.Registration;
import org.jvmipc.spi.ByteIn;
import org.jvmipc.spi.MessageIn;
import org.jvmipc.spi.Port;
import org.jvmipc.spi.Readiness;
import org.jvmipc.spi.Role;

/**
 * Cuts bytes into messages. A frame's length is checked before any memory is taken for it, and memory then grows with
 * the bytes that really come, so that a lying header costs nothing.
 *
 * <p>A sender that waits for a receipt reads, too ({@link #pump}); messages that it meets are kept for the receiver, up
 * to {@link #AHEAD_BYTES}.
 */
final class FrameIn implements MessageIn {
    private static final int FIRST_ROOM = 16 << 10;
    private static final int LARGE = 1 << 20;
    private static final int AHEAD_BYTES = 1 << 20;
    /** What a message that is kept takes besides its bytes, about. */
    private static final int KEPT_BYTES = 128;
    private static final int NO_RECEIPT = -1;
    private static final MessageHandler NOBODY = message -> {
    };

    private final FrameLink link;
    private final ByteIn in;
    private final int maxMessage;
    private final ReentrantLock reading = new ReentrantLock();
    private final AheadReadiness readiness;
    private final Readiness receiptReadiness = new ReceiptReadiness();
    private final Queue<Kept> ahead = new ArrayDeque<>();
    private volatile int aheadBytes;
    /** The bytes that were read hold a whole frame: other threads need not wait for the transport. */
    private volatile boolean holdsFrame;
    private boolean greeting;
    /** From position to limit: what was read and not yet cut. */
    private ByteBuffer bytes;
    private volatile boolean ended;
    private boolean dropped;
    private volatile boolean closed;
    private volatile RuntimeException broken;
    private PeerInfo lastSender = PeerInfo.UNKNOWN;

    /** A message that was read before the receiver asked for it. */
    private record Kept(ByteBuffer payload, int confirmTo, PeerInfo sender) {
        int bytes() {
            return payload.capacity() + KEPT_BYTES;
        }
    }

    FrameIn(FrameLink link) {
        this.link = link;
        this.in = link.bytes.in();
        this.readiness = new AheadReadiness(in.readiness(), this::hasMore);
        this.maxMessage = link.values.maxMessage();
        this.bytes = ByteBuffer.allocateDirect(Math.max(FIRST_ROOM, in.leastRoom())).limit(0);
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        reading.lock();
        try {
            int count = 0;
            while (count < limit) {
                Kept kept = ahead.poll();
                if (kept != null) {
                    aheadBytes -= kept.bytes();
                    count++;
                    hand(handler, kept.payload, kept.confirmTo, kept.sender);
                } else {
                    if (count == 0) {
                        throwFailure();
                    }
                    int step = step(handler, false);
                    if (step < 0) {
                        return count > 0 ? count : END;
                    }
                    if (step == 0) {
                        if (count == 0) {
                            throwFailure();
                        }
                        return count;
                    }
                    count++;
                }
            }
            return count;
        } finally {
            holdsFrame = hasFrame();
            if (holdsFrame) {
                readiness.tellOthers();
            }
            reading.unlock();
        }
    }

    @Override
    public boolean peeks() {
        return true;
    }

    /** What is shown is cut from the bytes that came, as for a sender that reads ahead, and kept for the next poll. */
    @Override
    public int peek(MessageHandler handler) {
        reading.lock();
        try {
            if (ahead.isEmpty()) {
                throwFailure();
                int step = step(NOBODY, true);
                if (step <= 0) {
                    throwFailure();
                    return step;
                }
            }
            Kept next = ahead.peek();
            lastSender = next.sender;
            handler.onMessage(next.payload.asReadOnlyBuffer());
            return 1;
        } finally {
            reading.unlock();
        }
    }

    /** Whether a receiver need not wait for the transport. */
    private boolean hasMore() {
        return aheadBytes > 0 || broken != null || holdsFrame;
    }

    /** Whether the next step has something to do without reading; also if that is to refuse it. */
    private boolean hasFrame() {
        if (bytes.remaining() < FrameFormat.HEADER) {
            return false;
        }
        int length = bytes.getInt(bytes.position()) & FrameFormat.LENGTH_MASK;
        return length > maxMessage || bytes.remaining() - FrameFormat.HEADER >= length;
    }

    /** Tells what went wrong, once; only a call that has taken nothing may, as it cannot tell both. */
    private void throwFailure() {
        RuntimeException why = broken;
        if (why != null) {
            broken = null;
            throw why;
        }
        link.check();
    }

    private void hand(MessageHandler handler, ByteBuffer payload, int confirmTo, PeerInfo from) {
        lastSender = from;
        try {
            handler.onMessage(payload.asReadOnlyBuffer());
        } finally {
            if (confirmTo != NO_RECEIPT && link.out != null) {
                link.out.owe(confirmTo);
            }
        }
    }

    /** Reads what concerns the sender: receipts, greetings, the end. Does nothing while another thread reads. */
    void pump() {
        if (closed || !reading.tryLock()) {
            return;
        }
        try {
            if (reading.getHoldCount() == 1) {
                while (aheadBytes < AHEAD_BYTES && step(NOBODY, true) > 0) {
                    continue;
                }
            }
        } finally {
            reading.unlock();
        }
    }

    /** Takes one message: 1 if there was one, 0 if none is complete or something went wrong, END. */
    private int step(MessageHandler handler, boolean keep) {
        while (true) {
            if (!keep && (broken != null || link.failure() != null)) {
                return 0;
            }
            if (ended) {
                return END;
            }
            int length = frame();
            if (length >= 0) {
                int kind = bytes.getInt(bytes.position()) >>> 30;
                bytes.position(bytes.position() + FrameFormat.HEADER);
                ByteBuffer payload = bytes.duplicate().limit(bytes.position() + length);
                bytes.position(bytes.position() + length);
                if (take(handler, keep, kind, payload)) {
                    return 1;
                }
            } else if (!dropped) {
                int count = fill();
                if (count == 0) {
                    return 0;
                }
            }
        }
    }

    /** Handles a whole frame; true if it was a message. */
    private boolean take(MessageHandler handler, boolean keep, int kind, ByteBuffer payload) {
        switch (kind) {
            case FrameFormat.RECEIPT -> {
                if (link.out != null) {
                    link.out.receipted();
                }
            }
            case FrameFormat.CONTROL -> control(payload);
            default -> {
                link.connected();
                link.settle(true);
                int confirmTo = kind == FrameFormat.DATA_FOR_RECEIPT ? link.connection() : NO_RECEIPT;
                if (keep) {
                    Kept kept = new Kept(ByteBuffer.allocate(payload.remaining()).put(payload).flip(), confirmTo,
                            link.sender());
                    ahead.add(kept);
                    aheadBytes += kept.bytes();
                    // The receiver may have been about to wait for the very bytes that were read here.
                    in.readiness().wakeUp();
                    readiness.tellOthers();
                } else {
                    hand(handler, payload.slice(), confirmTo, link.sender());
                }
                return true;
            }
        }
        return false;
    }

    private void control(ByteBuffer payload) {
        byte what = payload.hasRemaining() ? payload.get() : 0;
        if (what == FrameFormat.HELLO) {
            FrameFormat.Hello hello = FrameFormat.readHello(payload);
            if (hello != null) {
                link.hello(hello);
                RuntimeException wrong = link.failure();
                if (wrong != null && link.values.waitsForPeers() && link.role != Role.SENDER) {
                    // The next peer may be the right one.
                    breakOff(wrong);
                }
            }
        } else if (what == FrameFormat.BYE && payload.remaining() >= 9) {
            link.bye(payload.get() == 1, payload.getLong());
        }
        // Other control frames are for later versions; they are passed over.
    }

    /** The payload length of the frame at the position, or -1 if it is not there as a whole. */
    private int frame() {
        if (bytes.remaining() < FrameFormat.HEADER) {
            return -1;
        }
        int header = bytes.getInt(bytes.position());
        int kind = header >>> 30;
        int length = header & FrameFormat.LENGTH_MASK;
        int most = switch (kind) {
            case FrameFormat.RECEIPT -> 0;
            case FrameFormat.CONTROL -> FrameFormat.MAX_CONTROL;
            default -> maxMessage;
        };
        if (length > most) {
            breakOff(new BrokenFrameException(link.bytes.address() + ": " + link.sender() + " sent a frame of kind "
                    + kind + " and " + length + " bytes, where at most " + most + " are allowed; "
                    + (kind <= FrameFormat.DATA_FOR_RECEIPT ? "raise maxMessage if the peer is right, or " : "")
                    + "make sure that it sends frames; the connection is closed"));
            return -1;
        }
        return bytes.remaining() >= FrameFormat.HEADER + length ? length : -1;
    }

    private void breakOff(RuntimeException why) {
        broken = why;
        bytes.limit(0);
        dropped = true;
        in.drop();
        link.lost();
        finish();
    }

    /** Reads on: more than 0, 0 if nothing is there, or a change of state (1). */
    private int fill() {
        makeRoom();
        int start = bytes.position();
        int end = bytes.limit();
        bytes.limit(bytes.capacity()).position(end);
        int count;
        try {
            count = in.read(bytes);
        } catch (BrokenFrameException nonsense) {
            bytes.position(end);
            bytes.limit(end).position(start);
            breakOff(nonsense);
            return 1;
        }
        bytes.limit(bytes.position()).position(start);
        if (count > 0) {
            link.connected();
            if (link.out != null) {
                greeting = true;
                try {
                    link.out.greetFirst();
                } finally {
                    greeting = false;
                }
            }
        } else if (count < 0) {
            end();
            return 1;
        }
        return count;
    }

    /**
     * Whether the peer is greeted in the middle of reading: it may have gone, and what was read is still to tell who it
     * was. For the thread that writes.
     */
    boolean isGreeting() {
        return greeting && reading.isHeldByCurrentThread();
    }

    private void makeRoom() {
        int want = Math.max(in.leastRoom(), 1);
        if (!bytes.hasRemaining()) {
            if (bytes.capacity() > LARGE && want < LARGE) {
                bytes = ByteBuffer.allocateDirect(Math.max(FIRST_ROOM, want));
            }
            bytes.clear().limit(0);
        }
        if (bytes.capacity() - bytes.limit() >= want) {
            return;
        }
        int have = bytes.remaining();
        int capacity = bytes.capacity();
        if (capacity - have < Math.max(want, capacity / 4)) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(capacity * 2, have + want));
            bytes = larger.put(bytes).flip();
        } else {
            bytes.compact().flip();
        }
    }

    private void end() {
        boolean torn = bytes.hasRemaining();
        int have = bytes.remaining();
        PeerInfo who = link.sender();
        link.ended();
        if (torn) {
            broken = new BrokenFrameException(link.bytes.address() + ": " + who
                    + " went away in the middle of a message; the first " + have + " bytes of it are dropped");
            bytes.limit(0);
        }
        finish();
    }

    private void finish() {
        if (link.values.waitsForPeers()) {
            dropped = false;
        } else {
            ended = true;
        }
    }

    @Override
    public PeerInfo lastSender() {
        return lastSender;
    }

    @Override
    public Port beneath() {
        return in;
    }

    @Override
    public Readiness readiness() {
        return readiness;
    }

    /** Tells a sender that receipts may have come. */
    Readiness receiptReadiness() {
        return receiptReadiness;
    }

    @Override
    public void idle() {
        in.idle();
        if (link.out != null) {
            link.out.greet();
        }
        link.settle(false);
        readAhead();
    }

    /** Reads ahead into free room, so that greetings and departures are seen even if nobody receives. */
    private void readAhead() {
        if (!closed && reading.tryLock()) {
            try {
                if (reading.getHoldCount() == 1 && ahead.isEmpty()) {
                    step(NOBODY, true);
                }
            } finally {
                reading.unlock();
            }
        }
    }

    @Override
    public void close() {
        if (link.role == Role.RECEIVER && link.out != null) {
            link.out.close();
        } else {
            if (link.role == Role.BOTH) {
                link.closeHalf();
            }
            closePort();
        }
    }

    void closePort() {
        closed = true;
        in.close();
    }

    @Override
    public long depthBytes() {
        return in.depthBytes();
    }

    @Override
    public long capacityBytes() {
        return in.capacityBytes();
    }

    /** Wakes those who wait for receipts: when bytes come, unless another thread reads them anyway. */
    private final class ReceiptReadiness implements Readiness {
        @Override
        public boolean isReady() {
            return false;
        }

        @Override
        public boolean canSpin() {
            return false;
        }

        @Override
        public void sleep(long nanos) {
            if (isOthersTurn()) {
                // Bytes that only the receiver may take would end the sleep at once, again and again.
                LockSupport.parkNanos(Math.min(nanos, 1_000_000));
            } else {
                in.readiness().sleep(nanos);
            }
        }

        @Override
        public void wakeUp() {
            in.readiness().wakeUp();
        }

        @Override
        public Registration arm(Runnable callback) {
            return isOthersTurn() ? Background.after(1, callback) : in.readiness().arm(callback);
        }

        private boolean isOthersTurn() {
            return reading.isLocked() || aheadBytes >= AHEAD_BYTES || ended;
        }
    }
}
