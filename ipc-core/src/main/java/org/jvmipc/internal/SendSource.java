package org.jvmipc.internal;

import java.time.Duration;
import java.util.function.Supplier;
import org.jvmipc.SendResult;
import org.jvmipc.spi.Port;
import org.jvmipc.spi.Readiness;

/** Room for one message or value, which is sent when there is some. */
final class SendSource<T> implements SelectSource<T> {
    private final Port port;
    private final T message;
    private final Supplier<SendResult> trySend;
    private final Sending send;

    /** The form of sending that tells by an exception why nothing more can be sent. */
    @FunctionalInterface
    interface Sending {
        void send(Duration timeout) throws InterruptedException;
    }

    SendSource(Port port, T message, Supplier<SendResult> trySend, Sending send) {
        this.port = port;
        this.message = message;
        this.trySend = trySend;
        this.send = send;
    }

    @Override
    public boolean attempt() {
        switch (trySend.get()) {
            case SENT -> {
                return true;
            }
            case CLOSED -> {
                try {
                    send.send(Duration.ZERO);
                    return true;
                } catch (InterruptedException beforeSending) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            case NO_RECEIVER -> {
                port.idle();
                return false;
            }
            default -> {
                return false;
            }
        }
    }

    @Override
    public T outcome() {
        return message;
    }

    @Override
    public boolean isOver() {
        return true;
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
