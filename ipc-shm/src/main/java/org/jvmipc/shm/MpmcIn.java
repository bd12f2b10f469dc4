package org.jvmipc.shm;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jvmipc.MessageHandler;
import org.jvmipc.posix.FutexReadiness;

/** A consumer of {@code ring=mpmc}. */
final class MpmcIn implements InRing {
    private final ByteBuffer segment;
    private final int capacity;
    private final int bell;
    private final MpmcPlaces places;
    private final MpmcConsumer consumer;
    /** Whether there may be room that senders were not told of. */
    private boolean freed;
    private boolean signals;

    MpmcIn(Segment segment) {
        this.segment = segment.memory();
        this.capacity = segment.capacity();
        this.bell = segment.geometry().bell(Side.PRODUCER, 0);
        this.places = new MpmcPlaces(segment);
        this.consumer = new MpmcConsumer(places.ring, segment.place());
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        try {
            return consumer.poll(handler, limit);
        } finally {
            freed |= consumer.hasFreed();
        }
    }

    @Override
    public boolean peek(MessageHandler handler) {
        try {
            return consumer.peek(handler);
        } finally {
            freed |= consumer.hasFreed();
        }
    }

    @Override
    public boolean hasFreed() {
        return freed;
    }

    @Override
    public void wakeSenders() {
        freed = false;
        if (signals) {
            VarHandle.fullFence();
            FutexReadiness.signal(segment, bell, bell + Integer.BYTES);
        }
    }

    @Override
    public void othersChanged(Crowd senders) {
        signals = senders.maySleep();
        places.changed();
    }

    @Override
    public boolean hasMessage() {
        return consumer.hasRecord();
    }

    @Override
    public int lastSource() {
        return consumer.lastSource();
    }

    @Override
    public long position() {
        return consumer.position();
    }

    @Override
    public long published(int place) {
        // Behind the beginning of the last claim, whosever that is.
        return places.ring.lastClaim() + 1;
    }

    @Override
    public boolean isHandling() {
        return consumer.isHandling();
    }

    @Override
    public void stop() {
        consumer.stop();
    }

    @Override
    public void check() {
        places.ring.check();
    }

    @Override
    public void idle() {
        consumer.lookBack();
    }

    @Override
    public String heldUpBy(Crowd senders) {
        long word = places.ring.holdsUpConsumers();
        return word == 0 ? senders.present() : places.name(word);
    }

    @Override
    public long depthMessages() {
        return places.ring.depthMessages();
    }

    @Override
    public long depthBytes() {
        return places.ring.depthBytes();
    }

    @Override
    public long capacityBytes() {
        return capacity;
    }
}
