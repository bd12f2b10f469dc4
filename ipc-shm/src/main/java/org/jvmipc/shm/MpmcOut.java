package org.jvmipc.shm;

import java.nio.ByteBuffer;

/** A producer of {@code ring=mpmc}. */
final class MpmcOut implements OutRing {
    private final MpmcPlaces places;
    private final MpmcProducer producer;

    MpmcOut(Segment segment) {
        this.places = new MpmcPlaces(segment);
        this.producer = new MpmcProducer(places.ring, segment.place());
    }

    @Override
    public int maxMessage() {
        return places.ring.layout.maxMessage();
    }

    @Override
    public boolean offer(ByteBuffer message) {
        return producer.offer(message);
    }

    @Override
    public ByteBuffer tryClaim(int length) {
        return producer.tryClaim(length);
    }

    @Override
    public void commitClaim() {
        producer.commitClaim();
    }

    @Override
    public void abortClaim() {
        producer.abortClaim();
    }

    @Override
    public long position() {
        return producer.position();
    }

    @Override
    public boolean isTaken(long position) {
        return places.ring.isTaken(position);
    }

    @Override
    public boolean mayOffer() {
        return producer.hasAwaitedRoom();
    }

    @Override
    public void othersChanged(Crowd receivers) {
        places.changed();
    }

    @Override
    public String heldUpBy(Crowd receivers) {
        long word = places.ring.holdsUpProducers();
        return word == 0 ? receivers.present() : places.name(word);
    }

    @Override
    public long depthMessages() {
        return places.ring.depthMessages();
    }

    @Override
    public long depthBytes() {
        return places.ring.depthBytes();
    }
}
