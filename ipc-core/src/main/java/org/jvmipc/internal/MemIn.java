package org.jvmipc.internal;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jvmipc.MessageHandler;
import org.jvmipc.PeerInfo;
import org.jvmipc.Registration;
import org.jvmipc.spi.MessageIn;
import org.jvmipc.spi.Readiness;
import org.jvmipc.spi.Waking;

/** The receiving port of a {@link MemChannel}. */
final class MemIn implements MessageIn {
    private final MemChannel channel;
    private final MemEnd end;
    private final Readiness readiness = new Waiting();

    MemIn(MemChannel channel, MemEnd end) {
        this.channel = channel;
        this.end = end;
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        int count = 0;
        while (count < limit) {
            boolean over = channel.hasEnded(end);
            MemMessage message = channel.take();
            if (message == null) {
                return count == 0 && over ? END : count;
            }
            count++;
            try {
                handler.onMessage(message.payload());
            } finally {
                message.confirm();
            }
        }
        return count;
    }

    @Override
    public boolean peeks() {
        return true;
    }

    @Override
    public int peek(MessageHandler handler) {
        boolean over = channel.hasEnded(end);
        MemMessage message = channel.first();
        if (message == null) {
            return over ? END : 0;
        }
        handler.onMessage(message.payload());
        return 1;
    }

    @Override
    public PeerInfo lastSender() {
        return Self.info();
    }

    @Override
    public Readiness readiness() {
        return readiness;
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

    /** Readiness that counts who waits, as a rendezvous gives messages to those only. */
    private final class Waiting implements Readiness {
        @Override
        public boolean isReady() {
            return end.readiness().isReady();
        }

        @Override
        public boolean canSpin() {
            return !channel.isRendezvous();
        }

        @Override
        public void sleep(long nanos) {
            channel.waiting(1);
            try {
                end.readiness().sleep(nanos);
            } finally {
                channel.waiting(-1);
            }
        }

        @Override
        public void wakeUp() {
            end.readiness().wakeUp();
        }

        @Override
        public Registration arm(Runnable callback) {
            channel.waiting(1);
            AtomicBoolean over = new AtomicBoolean();
            Runnable ending = () -> {
                if (over.compareAndSet(false, true)) {
                    channel.waiting(-1);
                }
            };
            Runnable both = () -> {
                ending.run();
                callback.run();
            };
            Registration armed = end.readiness().arm(callback instanceof Waking ? (Waking) both::run : both);
            return () -> {
                armed.close();
                ending.run();
            };
        }
    }
}
