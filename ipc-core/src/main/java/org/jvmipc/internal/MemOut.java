package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jvmipc.ChannelFullException;
import org.jvmipc.SendResult;
import org.jvmipc.spi.MessageOut;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Readiness;

/** The sending port of a {@link MemChannel}. */
final class MemOut implements MessageOut {
    private final MemChannel channel;
    private final MemEnd end;
    private final int maxMessage;
    private final boolean dropsOldest;
    private final Map<Long, MemMessage> unconfirmed = new ConcurrentHashMap<>();
    /** How many of them are taken or dropped. */
    private final AtomicInteger settled = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private long lastTicket;

    MemOut(MemChannel channel, MemEnd end, OptionValues values) {
        this.channel = channel;
        this.end = end;
        this.maxMessage = values.maxMessage();
        this.dropsOldest = "dropOldest".equals(values.overflow());
        end.receiptsWhen(this::hasReceipt);
    }

    private boolean hasReceipt() {
        // Not by a look at each of them: a thousand threads that wait would ask for a thousand messages.
        return settled.get() > 0 || channel.senderIsAlone(end);
    }

    private MemMessage forget(long ticket) {
        MemMessage message = unconfirmed.remove(ticket);
        if (message != null) {
            message.forget();
        }
        return message;
    }

    MemEnd end() {
        return end;
    }

    boolean dropsOldest() {
        return dropsOldest;
    }

    void countDropped() {
        dropped.incrementAndGet();
    }

    @Override
    public SendResult offer(ByteBuffer message) {
        return offer(message, false);
    }

    @Override
    public SendResult offerForReceipt(ByteBuffer message) {
        return offer(message, true);
    }

    private SendResult offer(ByteBuffer message, boolean wantsReceipt) {
        ByteBuffer payload = MemChannel.copy(message);
        MemMessage copy = wantsReceipt ? new MemMessage(payload, end.receipts(), settled) : new MemMessage(payload);
        SendResult result = channel.add(copy, this);
        if (result == SendResult.SENT) {
            message.position(message.limit());
            if (wantsReceipt) {
                lastTicket = copy.number();
                unconfirmed.put(lastTicket, copy);
            }
        }
        return result;
    }

    @Override
    public boolean confirms() {
        return true;
    }

    @Override
    public boolean confirmsInOrder() {
        return false;
    }

    @Override
    public long lastTicket() {
        return lastTicket;
    }

    @Override
    public boolean isTaken(long ticket) {
        MemMessage message = unconfirmed.get(ticket);
        if (message == null || message.isTaken()) {
            forget(ticket);
            return true;
        }
        if (message.isDropped()) {
            forget(ticket);
            throw new ChannelFullException("the message was sent, and dropped to make room for a newer one, as "
                    + "overflow=dropOldest says");
        }
        if (channel.senderIsAlone(end) && !message.isTaken()) {
            throw end.peers().goneException("the message was sent, and nobody took it");
        }
        return false;
    }

    @Override
    public boolean withdraw(long ticket) {
        // Only a rendezvous gives messages back: elsewhere they have been accepted and may be delivered.
        MemMessage message = forget(ticket);
        return message != null && channel.isRendezvous() && channel.withdraw(message);
    }

    @Override
    public boolean rendezvous() {
        return channel.isRendezvous();
    }

    @Override
    public Readiness takenReadiness() {
        return end.receipts();
    }

    @Override
    public int maxMessage() {
        return maxMessage;
    }

    @Override
    public String limitAdvice() {
        return "raise the option maxMessage, or send it in parts";
    }

    @Override
    public Readiness readiness() {
        return end.readiness();
    }

    @Override
    public void close() {
        channel.leave(end);
    }

    @Override
    public long depthMessages() {
        return channel.depth();
    }

    @Override
    public long depthBytes() {
        return channel.bytes();
    }

    @Override
    public long dropped() {
        return dropped.get();
    }
}
