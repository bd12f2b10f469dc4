package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.jvmipc.SendResult;
import org.jvmipc.spi.ByteOut;
import org.jvmipc.spi.MessageOut;
import org.jvmipc.spi.Port;
import org.jvmipc.spi.Readiness;
import org.jvmipc.spi.Role;

/**
 * Frames messages into bytes. A message counts as accepted as soon as its first byte was written; the rest is kept and
 * written by whatever call comes next.
 *
 * <p>Receipts need no number on the wire: both sides count, as frames neither get lost nor overtake. A ticket is the
 * connection's number in its upper half and the count in its lower one.
 */
final class FrameOut implements MessageOut {
    private static final int SMALL = 64 << 10;

    private final FrameLink link;
    private final ByteOut out;
    private final int maxMessage;
    private final ReentrantLock writing = new ReentrantLock();
    /** From position to limit: what was accepted and not yet written. */
    private ByteBuffer rest = ByteBuffer.allocateDirect(8 << 10).limit(0);
    /** Whether the rest is of a message, not of a greeting or receipt. */
    private boolean restIsMessage;
    /** A message that went in part to a peer that has gone, for the next one. */
    private ByteBuffer again;
    private int connection;
    private boolean greeted;
    private int receiptsDue;
    private int ticketsGiven;
    /** Guarded by this object, as is the connection's number. */
    private long taken;
    private long takenBefore = -1;
    private volatile boolean closed;

    FrameOut(FrameLink link) {
        this.link = link;
        this.out = link.bytes.out();
        this.maxMessage = Math.min(link.values.maxMessage(), out.atomicLimit() - FrameFormat.HEADER);
    }

    @Override
    public SendResult offer(ByteBuffer message) {
        return offer(message, FrameFormat.DATA);
    }

    @Override
    public SendResult offerForReceipt(ByteBuffer message) {
        return offer(message, FrameFormat.DATA_FOR_RECEIPT);
    }

    private SendResult offer(ByteBuffer message, int kind) {
        link.check();
        writing.lock();
        try {
            SendResult drained = drain();
            if (drained != SendResult.SENT) {
                return drained;
            }
            stage(message, kind);
            SendResult result = write();
            if (result == SendResult.SENT || result == SendResult.FULL && rest.position() > 0) {
                message.position(message.limit());
                if (kind == FrameFormat.DATA_FOR_RECEIPT) {
                    ticketsGiven++;
                }
                return SendResult.SENT;
            }
            rest.limit(0);
            if (result == SendResult.CLOSED) {
                // What made the peer go may have been read only now.
                link.check();
            }
            return result;
        } finally {
            writing.unlock();
        }
    }

    private void stage(ByteBuffer message, int kind) {
        int length = message.remaining();
        int size = FrameFormat.HEADER + length;
        if (rest.capacity() < size || rest.capacity() > SMALL && size <= SMALL) {
            rest = size <= SMALL ? ByteBuffer.allocateDirect(SMALL) : ByteBuffer.allocate(size);
        }
        rest.clear().putInt(FrameFormat.header(kind, length));
        rest.put(message.duplicate()).flip();
        restIsMessage = true;
    }

    /** Writes the rest; SENT if nothing rests. */
    private SendResult write() {
        while (rest.hasRemaining()) {
            int written = out.write(rest);
            if (written == ByteOut.GONE) {
                // The peer may have said good-bye before it went.
                if (link.in != null) {
                    link.in.pump();
                }
                // Who reads comes to the end by itself.
                if (link.in == null || !link.in.isGreeting()) {
                    link.lost();
                }
                return link.isGone() ? SendResult.CLOSED : SendResult.NO_RECEIVER;
            }
            if (written == ByteOut.NO_PEER) {
                return SendResult.NO_RECEIVER;
            }
            if (written == 0) {
                return SendResult.FULL;
            }
            link.connected();
        }
        return SendResult.SENT;
    }

    /** Writes what must go before the next message: the rest of the last one, the greeting, receipts. */
    private SendResult drain() {
        if (closed || link.isGone()) {
            return SendResult.CLOSED;
        }
        if (connection != link.connection()) {
            reset();
        }
        SendResult result = write();
        if (result == SendResult.SENT && !greeted) {
            rest = put(FrameFormat.hello(Self.info(), link.type(), KnownTypes.describe(link.type())));
            result = write();
            greeted = result == SendResult.SENT || rest.position() > 0;
            if (!greeted) {
                rest.limit(0);
            }
        }
        if (result == SendResult.SENT && again != null) {
            rest = again;
            again = null;
            restIsMessage = true;
            result = write();
        }
        while (result == SendResult.SENT && receiptsDue > 0) {
            rest = put(FrameFormat.receipt());
            result = write();
            if (result == SendResult.SENT || rest.position() > 0) {
                receiptsDue--;
            } else {
                rest.limit(0);
            }
        }
        return result;
    }

    private ByteBuffer put(ByteBuffer frame) {
        restIsMessage = false;
        // That of a message which is sent again is as large as the message.
        boolean fits = rest.capacity() <= SMALL && rest.capacity() >= frame.remaining();
        ByteBuffer room = fits ? rest : ByteBuffer.allocateDirect(Math.max(SMALL, frame.remaining()));
        return room.clear().put(frame).flip();
    }

    /** Begins with the next connection. What the last peer got in part, it has not delivered: the next one gets it. */
    private void reset() {
        synchronized (this) {
            connection = link.connection();
            takenBefore = taken;
            taken = (long) connection << 32;
        }
        ticketsGiven = 0;
        receiptsDue = 0;
        greeted = false;
        if (restIsMessage && rest.hasRemaining()) {
            int length = rest.limit() - FrameFormat.HEADER;
            again = ByteBuffer.allocate(rest.limit()).put(rest.rewind()).flip();
            again.putInt(0, FrameFormat.header(FrameFormat.DATA, length));
        }
        rest.limit(0);
    }

    /** A message that wants a receipt was handed over; it came by the connection of this number. */
    void owe(int cameBy) {
        writing.lock();
        try {
            if (connection != link.connection()) {
                reset();
            }
            if (cameBy == connection) {
                receiptsDue++;
            }
            drain();
        } finally {
            writing.unlock();
        }
    }

    /** The peer confirmed the oldest message that is not confirmed; called by the one who reads. */
    synchronized void receipted() {
        taken++;
    }

    @Override
    public boolean confirms() {
        return link.in != null;
    }

    @Override
    public long lastTicket() {
        return ((long) connection << 32) + ticketsGiven;
    }

    @Override
    public boolean isTaken(long ticket) {
        if (link.in != null) {
            link.in.pump();
        }
        long now;
        long before;
        int present;
        synchronized (this) {
            now = taken;
            before = takenBefore;
            present = connection;
        }
        if (now >>> 32 == ticket >>> 32) {
            if (now >= ticket) {
                return true;
            }
            if (!link.isGone() && present == link.connection()) {
                return false;
            }
        } else if (before >>> 32 == ticket >>> 32 && before >= ticket) {
            return true;
        }
        throw link.goneException(link.bytes.address() + ": the message was sent, and nobody confirmed it");
    }

    @Override
    public Readiness takenReadiness() {
        return link.in == null ? readiness() : link.in.receiptReadiness();
    }

    @Override
    public boolean flush() {
        writing.lock();
        try {
            if (closed || !isBehind() || drain() == SendResult.SENT) {
                return true;
            }
            if (link.isGone()) {
                boolean torn = restIsMessage && rest.hasRemaining();
                rest.limit(0);
                receiptsDue = 0;
                if (torn) {
                    throw link.goneException(link.bytes.address() + ": a message was written only in part and is lost");
                }
            } else if (connection != link.connection()) {
                reset();
            }
            return !isBehind();
        } finally {
            writing.unlock();
        }
    }

    private boolean isBehind() {
        return rest.hasRemaining() || receiptsDue > 0 || again != null;
    }

    @Override
    public int maxMessage() {
        return maxMessage;
    }

    @Override
    public String limitAdvice() {
        return out.limitAdvice();
    }

    @Override
    public Port beneath() {
        return out;
    }

    @Override
    public Readiness readiness() {
        return out.readiness();
    }

    @Override
    public void idle() {
        out.idle();
        if (link.in != null && link.role == Role.SENDER) {
            link.in.pump();
        }
        greet();
        link.settle(false);
    }

    /** Greets a peer that has just been heard, who otherwise could not tell our death from a foreign program's end. */
    void greetFirst() {
        if (!greeted || connection != link.connection()) {
            greet();
        }
    }

    /** Greets if that has not been done and somebody is there; does nothing while another thread writes. */
    void greet() {
        if (writing.tryLock()) {
            try {
                drain();
            } finally {
                writing.unlock();
            }
        }
    }

    /** Without it, the peer would take us for dead. A full channel is made larger for it, if it can be. */
    private void sayGoodBye(boolean last) {
        SendResult drained = drain();
        if (drained == SendResult.FULL) {
            out.makeRoom();
            drained = drain();
        }
        if (drained == SendResult.SENT) {
            rest = put(FrameFormat.bye(Self.info(), last));
            if (write() == SendResult.FULL) {
                out.makeRoom();
                write();
            }
        }
    }

    @Override
    public void close() {
        writing.lock();
        try {
            if (closed) {
                return;
            }
            boolean last = link.closeHalf();
            sayGoodBye(last);
            closed = true;
            out.close();
            if (last && link.in != null) {
                link.in.closePort();
            }
        } finally {
            writing.unlock();
        }
    }

    @Override
    public long depthBytes() {
        return out.depthBytes();
    }

    @Override
    public long capacityBytes() {
        return out.capacityBytes();
    }

    @Override
    public String heldUpBy() {
        return link.sender().pid() < 0 ? "" : link.sender().toString();
    }
}
