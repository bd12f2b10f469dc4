package org.jvmipc.internal;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jvmipc.BrokenFrameException;
import org.jvmipc.MalformedMessageException;
import org.jvmipc.Received;
import org.jvmipc.spi.Port;
import org.jvmipc.spi.Readiness;

/** The messages or values of a receiver. */
final class ReceiveSource<T> implements SelectSource<T> {
    private final Port port;
    private final Supplier<T> tryReceive;
    private final Function<T, Received.Kind> kind;
    private T outcome;
    private boolean over;

    ReceiveSource(Port port, Supplier<T> tryReceive, Function<T, Received.Kind> kind) {
        this.port = port;
        this.tryReceive = tryReceive;
        this.kind = kind;
    }

    @Override
    public boolean attempt() {
        T received = tryReceive.get();
        Received.Kind found = kind.apply(received);
        if (found == Received.Kind.EMPTY) {
            return false;
        }
        outcome = received;
        over = found == Received.Kind.END;
        return true;
    }

    @Override
    public T outcome() {
        T taken = outcome;
        outcome = null;
        return taken;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    /** The channel told what was wrong with a message or a connection, and goes on. */
    @Override
    public boolean survives(RuntimeException thrown) {
        return thrown instanceof BrokenFrameException || thrown instanceof MalformedMessageException;
    }

    @Override
    public Readiness readiness() {
        return port.readiness();
    }

    @Override
    public void idle() {
        port.idle();
    }
}
