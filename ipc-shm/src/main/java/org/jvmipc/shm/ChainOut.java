package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jvmipc.SendResult;
import org.jvmipc.spi.MessageOut;
import org.jvmipc.spi.Peers;
import org.jvmipc.spi.Port;
import org.jvmipc.spi.Readiness;

/**
 * Sends messages larger than the ring as a chain of records, {@code fragment=true}. A record's last byte tells whether
 * more follow, and whether it follows one. A chain is accepted with its first record; the rest is kept here and handed
 * on as room comes ({@link #flush}).
 */
final class ChainOut implements MessageOut {
    /** In a record's last byte: more records of this message follow. */
    static final int MORE = 1;
    /** In a record's last byte: it follows others of the same message. */
    static final int CONTINUES = 2;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final long PENDING = Long.MIN_VALUE;

    private final MessageOut out;
    private final Peers peers;
    private final String address;
    private final int maxMessage;
    private final ByteBuffer record;
    private final int most;
    private ByteBuffer rest = NOTHING;
    /** The ticket of the chain whose rest is kept, 0 if nobody asks for it. */
    private long restTicket;
    private long lastTicket;
    /** To the tickets of last records. */
    private final Map<Long, Long> tickets = new ConcurrentHashMap<>();

    /**
     * Creates the port.
     *
     * @param out sends the records
     * @param peers of that port
     * @param address for messages
     * @param maxMessage the largest message
     */
    ChainOut(MessageOut out, Peers peers, String address, int maxMessage) {
        this.out = out;
        this.peers = peers;
        this.address = address;
        this.maxMessage = maxMessage;
        // Several of them fit, so that both sides are at work on a long chain.
        int ring = out.maxMessage();
        this.record = ByteBuffer.allocate(Math.min(ring, Math.max(ring / 4, 64)));
        this.most = record.capacity() - 1;
    }

    @Override
    public SendResult offer(ByteBuffer message) {
        return offer(message, 0);
    }

    private SendResult offer(ByteBuffer message, long ticket) {
        if (!flush()) {
            return SendResult.FULL;
        }
        int start = message.position();
        SendResult result = offerRecord(message, 0, ticket);
        if (result != SendResult.SENT) {
            message.position(start);
            return result;
        }
        if (message.hasRemaining()) {
            rest = ByteBuffer.allocate(message.remaining()).put(message).flip();
            restTicket = ticket;
        }
        return SendResult.SENT;
    }

    /** Sends the next record of a message, and moves its position behind what was tried. */
    private SendResult offerRecord(ByteBuffer message, int flags, long ticket) {
        int length = Math.min(most, message.remaining());
        boolean more = length < message.remaining();
        record.clear().put(0, message, message.position(), length).put(length, (byte) (flags | (more ? MORE : 0)));
        record.limit(length + 1);
        message.position(message.position() + length);
        if (more || ticket == 0) {
            return out.offer(record);
        }
        SendResult result = out.offerForReceipt(record);
        if (result == SendResult.SENT) {
            tickets.replace(ticket, out.lastTicket());
        }
        return result;
    }

    @Override
    public boolean flush() {
        while (rest.hasRemaining()) {
            int start = rest.position();
            SendResult result = offerRecord(rest, CONTINUES, restTicket);
            if (result == SendResult.CLOSED) {
                rest = NOTHING;
                throw peers.goneException(address + ": the message was sent in part only");
            }
            if (result != SendResult.SENT) {
                rest.position(start);
                return false;
            }
        }
        rest = NOTHING;
        return true;
    }

    @Override
    public SendResult offerForReceipt(ByteBuffer message) {
        long ticket = lastTicket + 1;
        tickets.put(ticket, PENDING);
        SendResult result = SendResult.FULL;
        try {
            result = offer(message, ticket);
            return result;
        } finally {
            if (result == SendResult.SENT) {
                lastTicket = ticket;
            } else {
                tickets.remove(ticket);
            }
        }
    }

    @Override
    public long lastTicket() {
        return lastTicket;
    }

    @Override
    public boolean isTaken(long ticket) {
        Long last = tickets.get(ticket);
        boolean taken = last != null && last != PENDING && out.isTaken(last);
        if (taken) {
            tickets.remove(ticket);
        }
        return taken;
    }

    @Override
    public boolean withdraw(long ticket) {
        Long last = tickets.remove(ticket);
        if (last != null && last != PENDING) {
            out.withdraw(last);
        }
        return false;
    }

    @Override
    public boolean confirms() {
        return out.confirms();
    }

    @Override
    public Readiness takenReadiness() {
        return out.takenReadiness();
    }

    @Override
    public int maxMessage() {
        return maxMessage;
    }

    @Override
    public String limitAdvice() {
        return "raise the option maxMessage on both sides, or send it in parts";
    }

    @Override
    public boolean singleThreaded() {
        return out.singleThreaded();
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
    }

    @Override
    public void close() {
        out.close();
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
        return out.heldUpBy();
    }
}
