package org.jvmipc.internal;

import java.util.concurrent.CompletableFuture;
import org.jvmipc.Address;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.ChannelFullException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.MessageTooLargeException;
import org.jvmipc.spi.CounterStore;
import org.jvmipc.spi.MessageOut;
import org.jvmipc.spi.Peers;

/** What a sender tells those whose message cannot be sent; counts them, too. */
final class Undelivered {
    private final Address address;
    private final MessageOut out;
    private final Peers peers;
    private final EndCounters counters;

    Undelivered(Address address, MessageOut out, Peers peers, EndCounters counters) {
        this.address = address;
        this.out = out;
        this.peers = peers;
        this.counters = counters;
    }

    IpcTimeoutException timedOut() {
        counters.count(CounterStore.FAILURES);
        String found = peers == null || peers.alive() > 0 ? "no room" : "no receiver or no room";
        return new IpcTimeoutException(address + ": " + found + " by the deadline; nothing was sent" + holder());
    }

    ChannelFullException full() {
        counters.count(CounterStore.FAILURES);
        return new ChannelFullException(address + " is full" + holder() + "; with overflow=block, send waits for room");
    }

    private String holder() {
        return out.heldUpBy().isEmpty() ? "" : "; held up by " + out.heldUpBy();
    }

    RuntimeException goneOrClosed(boolean closed, String what) {
        counters.count(CounterStore.FAILURES);
        return closed || peers == null ? out.ended(address.toString()) : peers.goneException(address + ": " + what);
    }

    RuntimeException badSize(int length) {
        return length < 0 ? new IllegalArgumentException("a message cannot have " + length + " bytes")
                : new MessageTooLargeException(address.toString(), length, out.maxMessage(), out.limitAdvice());
    }

    void checkConfirms() {
        if (!out.confirms()) {
            throw new UnsupportedOperationException(address.scheme() + ": " + out.transferAdvice());
        }
    }

    /** What an asynchronous form returns of an end that was closed. */
    CompletableFuture<Void> failed() {
        return CompletableFuture.failedFuture(new ChannelClosedException(address + " was closed"));
    }
}
