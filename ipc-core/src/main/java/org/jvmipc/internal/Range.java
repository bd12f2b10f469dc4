package org.jvmipc.internal;

import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.EndOfChannelException;

/** What comes out of a channel, until it ends or is closed. */
public final class Range<T> implements Iterator<T> {
    private final Source<T> source;
    private T next;
    private boolean over;

    /** Waits for the next value. */
    public interface Source<T> {
        T receive() throws InterruptedException;
    }

    public Range(Source<T> source) {
        this.source = source;
    }

    @Override
    public boolean hasNext() {
        if (next == null && !over) {
            try {
                next = source.receive();
            } catch (EndOfChannelException | ChannelClosedException end) {
                over = true;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                InterruptedIOException told = new InterruptedIOException("interrupted while waiting for a value");
                told.initCause(interrupted);
                throw new UncheckedIOException(told);
            }
        }
        return next != null;
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the channel has ended");
        }
        T value = next;
        next = null;
        return value;
    }
}
