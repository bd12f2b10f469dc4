package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jvmipc.Address;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.ChannelStatus;
import org.jvmipc.Claim;
import org.jvmipc.PeerGoneException;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.TransferResult;
import org.jvmipc.observe.ChannelStats;
import org.jvmipc.spi.AfterAcceptance;
import org.jvmipc.spi.Counting;
import org.jvmipc.spi.MessageOut;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Peers;
import org.jvmipc.spi.Port;
import org.jvmipc.spi.Waiter;

/** The sending end over any port: waiting, deadlines, overflow, transfer; the asynchronous forms are {@link Outbox}. */
final class PortSender extends PortEndpoint implements Sender, PortHolder {
    private static final long NOT_ACCEPTED = -1;

    private final MessageOut out;
    private final OverflowPolicy overflow;
    private final Peers peers;
    private final int maxMessage;
    private final boolean settles;
    private final boolean rendezvous;
    private final boolean waitsForPeers;
    private Outbox outbox;
    private final ClaimSlot slot = new ClaimSlot(this);
    private boolean claimed;
    private int claimedBytes;
    private final Undelivered undelivered;
    private final AtomicLong dropped = new AtomicLong();
    private boolean lost;

    PortSender(Address address, MessageOut out, Peers peers, OptionValues values) {
        super(address, out, peers, new Waiter(values.waitStrategy()), !out.singleThreaded(), ChannelStats.End.SENDER);
        this.out = out;
        this.peers = peers;
        this.maxMessage = out.maxMessage();
        this.settles = out.settles();
        this.rendezvous = out.rendezvous();
        this.waitsForPeers = values.waitsForPeers();
        this.overflow = OverflowPolicy.of(values);
        this.undelivered = new Undelivered(address, out, peers, counters);
        counters.begin(this);
    }

    @Override
    public Port sending() {
        return out;
    }

    @Override
    public Port receiving() {
        return null;
    }

    @Override
    public SendResult trySend(ByteBuffer message) {
        int length = message.remaining();
        boolean direct = isPlain() && !claimed && length <= maxMessage;
        SendResult result;
        if (direct && settles) {
            result = out.offer(message); // plain ends have no outbox
            if (result == SendResult.SENT) {
                count(1, length);
                return result;
            }
        } else {
            result = direct ? offerAndFlush(message) : trySendGuarded(message);
        }
        if (result != SendResult.SENT) {
            tellIfDue();
            idleIfDue();
        }
        return result;
    }

    private SendResult trySendGuarded(ByteBuffer message) {
        checkSize(message.remaining());
        enter();
        try {
            refuseClaimed();
            return isClosed() ? SendResult.CLOSED : offerAndFlush(message);
        } finally {
            leave();
        }
    }

    @Override
    public int trySend(ByteBuffer[] messages, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, messages.length);
        long bytes = 0;
        for (int i = offset; i < offset + length; i++) {
            checkSize(messages[i].remaining());
            bytes += messages[i].remaining();
        }
        return out.lends() ? publish(null, messages, offset, length, bytes)
                : Batch.sendEach(this, messages, offset, length);
    }

    @Override
    public int trySend(ByteBuffer messages, int size) {
        int wanted = Batch.count(messages, size);
        checkSize(size);
        return out.lends() ? publish(messages, null, size, wanted, messages.remaining())
                : Batch.sendEach(this, messages, size);
    }

    /** Sends those of a size in a block, or else those of an array from an offset. */
    private int publish(ByteBuffer block, ByteBuffer[] messages, int sizeOrOffset, int wanted, long bytes) {
        int count = MessageOut.GONE;
        enter();
        try {
            refuseClaimed();
            if (!isClosed()) {
                if (wanted == 0 || sendsLater()) {
                    count = 0;
                } else {
                    count = Batch.offer(this, out, block, messages, sizeOrOffset, wanted, bytes);
                }
            }
        } finally {
            leave();
        }
        if (count < wanted) {
            idleIfDue();
        }
        return count;
    }

    private SendResult offerAndFlush(ByteBuffer message) {
        int start = message.position();
        SendResult result = offer(message, false);
        if (result == SendResult.SENT) {
            try {
                flushLater();
            } catch (PeerGoneException lost) {
                // The peer has gone with the first part only, so that the message cannot arrive any more.
                count(-1, start - message.limit());
                message.position(start);
                return SendResult.CLOSED;
            }
        }
        return result;
    }

    /** Under the guard. */
    private SendResult offer(ByteBuffer message, boolean receipt) {
        if (sendsLater()) {
            return SendResult.FULL;
        }
        int length = message.remaining();
        try {
            SendResult result = receipt ? out.offerForReceipt(message) : out.offer(message);
            if (result == SendResult.SENT) {
                count(1, length);
            }
            return result;
        } catch (RuntimeException broken) {
            if (broken instanceof AfterAcceptance) {
                count(1, length);
            }
            throw broken;
        }
    }

    /** Whether asynchronous sends come first. */
    private boolean sendsLater() {
        return outbox != null && !outbox.isDrained();
    }

    private void refuseClaimed() {
        if (claimed) {
            throw new IllegalStateException("a claim is open on this sender; commit or abort it first");
        }
    }

    @Override
    public void send(ByteBuffer message) throws InterruptedException {
        send(message, Long.MAX_VALUE);
    }

    @Override
    public void send(ByteBuffer message, Duration timeout) throws InterruptedException {
        send(message, Waiter.deadline(timeout));
    }

    private void send(ByteBuffer message, long deadline) throws InterruptedException {
        checkSize(message.remaining());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (rendezvous) {
            // Unconfirmed is sent, too: a receiver has it in hand.
            if (handOver(message, deadline) == TransferResult.NOT_SENT) {
                throw undelivered.timedOut();
            }
            return;
        }
        if (accept(message, deadline, false) == NOT_ACCEPTED) {
            throw undelivered.timedOut();
        }
    }

    /** Waits until the message is accepted and tells its ticket, or NOT_ACCEPTED if the deadline passed. */
    private long accept(ByteBuffer message, long deadline, boolean receipt) throws InterruptedException {
        int start = message.position();
        Pause pause = null;
        try {
            for (int attempt = 0;; attempt++) {
                SendResult result;
                long ticket = 0;
                checkOpen();
                if (!enter(deadline)) {
                    return NOT_ACCEPTED;
                }
                try {
                    checkOpen();
                    refuseClaimed();
                    result = offer(message, receipt);
                    ticket = receipt && result == SendResult.SENT ? out.lastTicket() : 0;
                } finally {
                    leave();
                }
                if (result == SendResult.SENT) {
                    finishFlush(message, start, deadline);
                    return ticket;
                }
                tellIfDue();
                if (result == SendResult.CLOSED) {
                    throw goneOrClosed("nothing more can be sent");
                }
                if (result == SendResult.FULL && overflow == OverflowPolicy.DROP_NEWEST && !receipt) {
                    counters.dropped(dropped.incrementAndGet() + out.dropped());
                    message.position(message.limit());
                    return 0;
                }
                if (result == SendResult.FULL && overflow == OverflowPolicy.FAIL) {
                    throw undelivered.full();
                }
                pause = pausing(pause);
                if (!(result == SendResult.FULL ? await(deadline) : awaitReceiver(attempt, deadline))) {
                    return NOT_ACCEPTED;
                }
            }
        } finally {
            Pause.end(pause);
        }
    }

    /** The peers have gone, or this end was closed: what to tell those who wait. */
    RuntimeException goneOrClosed(String what) {
        return undelivered.goneOrClosed(isClosed(), what);
    }

    /** After acceptance: stays until the rest is on its way, or the deadline passed, or an interrupt came. */
    private void finishFlush(ByteBuffer message, int start, long deadline) {
        try {
            try {
                while (!flush() && !isClosed() && await(deadline)) {
                    continue;
                }
            } catch (InterruptedException accepted) {
                Thread.currentThread().interrupt();
            }
            flushLater();
        } catch (PeerGoneException inTheMiddle) {
            takeBack(message, start);
            throw inTheMiddle;
        }
    }

    private boolean flush() {
        enter();
        try {
            return out.flush();
        } finally {
            leave();
        }
    }

    /** Lets the background write what the kernel has not taken of a message that was accepted. */
    private void flushLater() {
        if (!out.flush()) {
            outbox().pumpWhenReady();
        }
    }

    @Override
    public void transfer(ByteBuffer message) throws InterruptedException {
        checkSize(message.remaining());
        undelivered.checkConfirms();
        handOver(message, Long.MAX_VALUE);
    }

    @Override
    public TransferResult transfer(ByteBuffer message, Duration timeout) throws InterruptedException {
        checkSize(message.remaining());
        undelivered.checkConfirms();
        return handOver(message, Waiter.deadline(timeout));
    }

    private TransferResult handOver(ByteBuffer message, long deadline) throws InterruptedException {
        int start = message.position();
        long ticket = accept(message, deadline, true);
        if (ticket == NOT_ACCEPTED) {
            return TransferResult.NOT_SENT;
        }
        Pause pause = null;
        try {
            while (!out.isTaken(ticket)) {
                checkOpen();
                pause = pausing(pause);
                if (!waiter.await(out.takenReadiness(), deadline)) {
                    return unless(ticket, message, start);
                }
                out.idle();
            }
            return TransferResult.TAKEN;
        } catch (InterruptedException interrupted) {
            TransferResult result = unless(ticket, message, start);
            if (result == TransferResult.TAKEN || rendezvous && result == TransferResult.UNCONFIRMED) {
                Thread.currentThread().interrupt();
                return result;
            }
            throw interrupted;
        } catch (ChannelClosedException | PeerGoneException ended) {
            if (out.withdraw(ticket)) {
                takeBack(message, start);
            }
            // Closing from this side may look like the peer's going for a moment.
            throw isClosed() ? goneOrClosed("") : ended;
        } finally {
            Pause.end(pause);
        }
    }

    /** What has become of a message whose sender does not wait any longer. */
    private TransferResult unless(long ticket, ByteBuffer message, int start) {
        boolean taken = out.isTaken(ticket);
        if (out.withdraw(ticket) && !taken) {
            takeBack(message, start);
            return TransferResult.NOT_SENT;
        }
        return taken ? TransferResult.TAKEN : TransferResult.UNCONFIRMED;
    }

    /** The message was not sent after all. */
    private void takeBack(ByteBuffer message, int start) {
        enter();
        count(-1, start - message.limit());
        leave();
        message.position(start);
    }

    @Override
    public CompletableFuture<Void> sendAsync(ByteBuffer message) {
        checkSize(message.remaining());
        return isClosed() ? undelivered.failed() : outbox().add(message, rendezvous);
    }

    @Override
    public CompletableFuture<Void> transferAsync(ByteBuffer message) {
        checkSize(message.remaining());
        undelivered.checkConfirms();
        return isClosed() ? undelivered.failed() : outbox().add(message, true);
    }

    private synchronized Outbox outbox() {
        if (outbox == null) {
            guard();
            outbox = new Outbox(this, out);
        }
        return outbox;
    }

    /** Something that was accepted went down with the peer, and the outbox was told; under the guard. */
    void lose() {
        lost = true;
    }

    @Override
    public Claim tryClaim(int length) {
        checkSize(length);
        checkOpen();
        Claim claim;
        enter();
        try {
            refuseClaimed();
            claim = sendsLater() ? null : slot.open(out, length);
            claimed = claim != null;
            claimedBytes = length;
        } finally {
            leave();
        }
        if (claim == null) {
            idleIfDue();
            if (isClosed() || !waitsForPeers && peers != null && peers.haveGone()) {
                throw goneOrClosed("nothing more can be sent");
            }
        }
        return claim;
    }

    /** The claim has ended. */
    void unclaim(boolean counts) {
        claimed = false;
        if (counts) {
            count(1, claimedBytes);
        }
    }

    /** Sends what a claim without memory of its own holds. */
    void sendClaimed(ByteBuffer message) throws InterruptedException {
        claimed = false;
        accept(message, Long.MAX_VALUE, false);
    }

    private void checkSize(int length) {
        if (length < 0 || length > maxMessage) {
            throw undelivered.badSize(length);
        }
    }

    @Override
    public int maxMessage() {
        return maxMessage;
    }

    @Override
    public ChannelStatus status() {
        return new ChannelStatus(address.toString(), out.depthMessages(), out.depthBytes(), out.capacityBytes(),
                Counting.ON ? messages() : ChannelStatus.UNKNOWN, 0, dropped(), peersAlive(), isClosed());
    }

    @Override
    long dropped() {
        return dropped.get() + out.dropped();
    }

    @Override
    public boolean close(Duration linger) throws InterruptedException {
        try {
            return linger(Waiter.deadline(linger));
        } finally {
            close();
        }
    }

    /** Waits until all that was accepted is handed over; false if the deadline passed or the rest is lost. */
    boolean linger(long deadline) throws InterruptedException {
        for (int attempt = 0; !isClosed(); attempt++) {
            try {
                if (isHandedOver()) {
                    return !lost;
                }
            } catch (PeerGoneException gone) {
                return false;
            }
            if (!Waiter.pause(attempt, deadline)) {
                return false;
            }
        }
        return true;
    }

    private boolean isHandedOver() {
        enter();
        try {
            return !sendsLater() && out.flush();
        } finally {
            leave();
        }
    }

    @Override
    void beforePortCloses() {
        Outbox pending = outbox;
        if (pending != null) {
            pending.close(new ChannelClosedException(address + " was closed before the message was accepted"));
        }
    }

    @Override
    void wakeOthers() {
        if (out.confirms()) {
            out.takenReadiness().wakeUp();
        }
    }
}
