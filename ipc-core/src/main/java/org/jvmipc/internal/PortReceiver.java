package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jvmipc.Address;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.ChannelStatus;
import org.jvmipc.EndOfChannelException;
import org.jvmipc.HandlerRegistration;
import org.jvmipc.Message;
import org.jvmipc.MessageHandler;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.observe.ChannelStats;
import org.jvmipc.spi.CounterStore;
import org.jvmipc.spi.Counting;
import org.jvmipc.spi.MessageIn;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Patrol;
import org.jvmipc.spi.Peers;
import org.jvmipc.spi.Port;
import org.jvmipc.spi.Waiter;

/** The receiving end over any port: waiting, deadlines, the end. Others read through {@link Inbox} and {@link Push}. */
final class PortReceiver extends PortEndpoint implements Receiver, PortHolder {
    private final MessageIn in;
    private final AtomicReference<String> otherUse = new AtomicReference<>();
    private final Copier copier = new Copier();
    private final Counter counter = new Counter();
    private Inbox inbox;
    private Message putBack;
    /** Messages that the port handed over and does not count by itself. */
    private long counted;
    private long countedBytes;
    private final boolean counts;
    /** Sees to it that a loop of empty polls notices a dead peer, too. */
    private final Patrol patrol = new Patrol(16);
    /** A handler is at work on a message in place. */
    private boolean handing;

    /** Copies the one message that it is given. */
    private final class Copier implements MessageHandler {
        private Message copy;
        /** How many dropped messages were told. */
        private long told;

        @Override
        public void onMessage(ByteBuffer message) {
            long dropped = in.dropped();
            copy = in.message(ByteBuffer.allocate(message.remaining()).put(message).flip(), dropped - told);
            told = dropped;
        }
    }

    /** Counts what it hands on, also what the handler refuses by throwing. */
    private final class Counter implements MessageHandler {
        private MessageHandler handler;
        private boolean keepsOthersOut;

        Counter of(MessageHandler next, boolean alone) {
            if (handler != next) {
                handler = next;
            }
            keepsOthersOut = alone;
            return this;
        }

        @Override
        public void onMessage(ByteBuffer message) {
            counted++;
            countedBytes += message.remaining();
            if (keepsOthersOut) {
                handling(true);
                try {
                    handler.onMessage(message);
                } finally {
                    handling(false);
                }
            } else {
                handler.onMessage(message);
            }
        }
    }

    PortReceiver(Address address, MessageIn in, Peers peers, OptionValues values) {
        super(address, in, peers, new Waiter(values.waitStrategy()), !in.singleThreaded(), ChannelStats.End.RECEIVER);
        this.in = in;
        this.counts = Counting.ON && in.handedOver() < 0;
        counters.begin(this);
    }

    @Override
    public Port sending() {
        return null;
    }

    @Override
    public Port receiving() {
        return in;
    }

    @Override
    public Received receive() throws InterruptedException {
        Received received = receive(Long.MAX_VALUE);
        if (received.kind() == Received.Kind.END) {
            throw new EndOfChannelException(
                    address + " has ended: all senders have gone and all they sent was received");
        }
        return received;
    }

    @Override
    public Received receive(Duration timeout) throws InterruptedException {
        return receive(Waiter.deadline(timeout));
    }

    private Received receive(long deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Pause pause = null;
        try {
            while (true) {
                if (!enter(deadline)) {
                    return Received.TIMED_OUT;
                }
                Received received;
                try {
                    checkUse(null);
                    received = take();
                } finally {
                    leave();
                }
                if (received != Received.EMPTY) {
                    return received;
                }
                pause = pausing(pause);
                if (!await(deadline)) {
                    return Received.TIMED_OUT;
                }
            }
        } finally {
            Pause.end(pause);
        }
    }

    @Override
    public Received tryReceive() {
        if (!tryEnter()) {
            return Received.EMPTY;
        }
        try {
            checkUse(null);
            Received received = take();
            if (received == Received.EMPTY) {
                countEmpty();
            }
            return received;
        } finally {
            leave();
        }
    }

    /** Takes a copy of one message, if there is one; under the guard. */
    Received take() {
        checkOpen();
        refuseNested();
        Message message = putBack;
        if (message != null) {
            putBack = null;
            return Received.of(message);
        }
        int count = pollOne();
        if (count <= 0) {
            return count == 0 ? Received.EMPTY : Received.END;
        }
        message = copier.copy;
        copier.copy = null;
        if (counts) {
            counted++;
            countedBytes += message.payload().remaining();
        }
        moved(1);
        return Received.of(message);
    }

    private int pollOne() {
        try {
            return in.poll(copier, 1);
        } catch (RuntimeException broken) {
            counters.count(CounterStore.FAILURES);
            throw broken;
        }
    }

    @Override
    public long messages() {
        return counts ? counted : in.handedOver();
    }

    @Override
    public long bytes() {
        return counts ? countedBytes : in.handedOverBytes();
    }

    /** Gives back a message that could not be delivered; the next receive takes it. Under the guard. */
    void putBack(Message message) {
        putBack = message;
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        Objects.requireNonNull(handler, "handler");
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + ", at least 1 is needed");
        }
        if (isPlain() && !handing) {
            // Nobody else reads, and nothing was put back.
            int count = hand(counts ? counter.of(handler, false) : handler, limit);
            if (count == 0) {
                countEmpty();
            }
            return count;
        }
        if (!tryEnter()) {
            return 0;
        }
        try {
            checkOpen();
            refuseNested();
            checkUse(null);
            return pollGuarded(handler, limit);
        } finally {
            leave();
        }
    }

    private int pollGuarded(MessageHandler handler, int limit) {
        int first = 0;
        if (putBack != null) {
            ByteBuffer message = putBack.payload();
            int length = message.remaining();
            putBack = null;
            first = 1;
            handing = true;
            try {
                counter.of(handler, isGuarded()).onMessage(message);
            } finally {
                counted--;
                countedBytes -= length;
                handing = false;
            }
        }
        int count = first < limit ? hand(counter.of(handler, isGuarded()), limit - first) : 0;
        if (count > 0) {
            return first + count;
        }
        if (count == 0) {
            countEmpty();
            return first;
        }
        return first > 0 ? first : count;
    }

    /** Has the port hand messages to a handler. */
    private int hand(MessageHandler handler, int limit) {
        handing = true;
        int count = 1;
        try {
            count = in.poll(handler, limit);
            return count;
        } finally {
            handing = false;
            // Also after a handler that threw, as what it refused is counted.
            if (count > 0) {
                moved(count);
            }
        }
    }

    @Override
    public int peek(MessageHandler handler) {
        Objects.requireNonNull(handler, "handler");
        if (!in.peeks()) {
            throw new UnsupportedOperationException(address + ": a message cannot be looked at here without taking it; "
                    + "mem:, shm:, pipe:, fifo:, unix:, and queue: without lanes= can show one");
        }
        if (!tryEnter()) {
            return 0;
        }
        try {
            checkOpen();
            refuseNested();
            checkUse(null);
            int count = 1;
            handing = true;
            handling(isGuarded());
            try {
                if (putBack != null) {
                    handler.onMessage(putBack.payload());
                } else {
                    count = in.peek(handler);
                }
            } finally {
                handling(false);
                handing = false;
            }
            if (count == 0) {
                countEmpty();
            }
            return count;
        } finally {
            leave();
        }
    }

    /** Reading on would overwrite the very message that the handler has in place. */
    private void refuseNested() {
        if (handing) {
            throw new IllegalStateException(address + ": a handler must not receive from the receiver that called it; "
                    + "let it return first");
        }
    }

    private void countEmpty() {
        if (patrol.pass()) {
            tellIfDue();
            idleIfDue();
        }
    }

    private void checkUse(String mine) {
        String use = otherUse.get();
        if (use != null && !use.equals(mine)) {
            throw new IllegalStateException(address + " is being read by " + use + "; end that first");
        }
    }

    /** Reserves the receiver for one way of reading. */
    void reserve(String use) {
        while (!otherUse.compareAndSet(null, use) && !use.equals(otherUse.get())) {
            checkUse(use);
        }
    }

    /** As {@link #reserve}, and refuses a second one of the same kind. */
    void reserveAlone(String use) {
        while (!otherUse.compareAndSet(null, use)) {
            checkUse(null);
        }
    }

    /** Frees it again. */
    void free(String use) {
        otherUse.compareAndSet(use, null);
    }

    @Override
    public CompletableFuture<Received> receiveAsync() {
        checkOpen();
        synchronized (this) {
            if (inbox == null) {
                guard();
                inbox = new Inbox(this, in);
            }
        }
        return inbox.add();
    }

    @Override
    public HandlerRegistration onMessage(MessageHandler handler, Executor executor) {
        Objects.requireNonNull(handler, "handler");
        Objects.requireNonNull(executor, "executor");
        checkOpen();
        guard();
        return Push.toHandler(this, in, handler, executor);
    }

    @Override
    public Flow.Publisher<Message> publisher() {
        guard();
        return subscriber -> Push.toSubscriber(this, in, subscriber);
    }

    private long received() {
        return Counting.ON ? messages() - (putBack == null ? 0 : 1) : ChannelStatus.UNKNOWN;
    }

    @Override
    public ChannelStatus status() {
        return new ChannelStatus(address.toString(), in.depthMessages(), in.depthBytes(), in.capacityBytes(), 0,
                received(), in.dropped(), peersAlive(), isClosed());
    }

    @Override
    long dropped() {
        return in.dropped();
    }

    @Override
    public boolean close(Duration linger) {
        close();
        return true;
    }

    @Override
    void beforePortCloses() {
        Inbox pending;
        synchronized (this) {
            pending = inbox;
        }
        if (pending != null) {
            pending.close(new ChannelClosedException(address + " was closed"));
        }
    }
}
