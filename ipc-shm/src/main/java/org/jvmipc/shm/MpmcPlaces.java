package org.jvmipc.shm;

import static org.jvmipc.shm.MpmcLayout.CLAIMED;

/** The ring of a segment with {@code ring=mpmc}, and those who take part in it. */
final class MpmcPlaces {
    final MpmcRing ring;
    private final Segment segment;
    private final Deaths deaths;

    MpmcPlaces(Segment segment) {
        this.segment = segment;
        this.deaths = new Deaths(segment);
        this.ring = new MpmcRing(new MappedMemory(segment.ring(0)), segment.geometry().mpmc(),
                place -> deaths.isDead(Side.PRODUCER, place), place -> deaths.isDead(Side.CONSUMER, place));
    }

    /** Somebody has come or gone. */
    void changed() {
        deaths.lookAgain();
    }

    /** Whom a header names, for people. */
    String name(long word) {
        MpmcLayout layout = ring.layout;
        Side side = layout.state(word) == CLAIMED ? Side.PRODUCER : Side.CONSUMER;
        return String.valueOf(segment.slot(side, layout.slot(word)).occupant().info());
    }
}
