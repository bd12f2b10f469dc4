package org.jvmipc.shm;

import java.nio.file.Path;

/**
 * What a participant wants of a segment.
 *
 * @param path its file
 * @param address the channel, for messages
 * @param open {@code create}, {@code attach} or {@code createOrAttach}
 * @param ring what the segment holds
 * @param options how it takes part
 */
record SegmentSpec(Path path, String address, String open, Ring ring, Options options) {
    /**
     * What a segment holds.
     *
     * @param kind {@link SegmentLayout#KIND_SPSC} or {@link SegmentLayout#KIND_DOOR}
     * @param capacity the size of the ring to create
     * @param capacityGiven whether an existing ring must have this size
     * @param typeHash the type of its messages, 0 for untyped
     */
    record Ring(int kind, long capacity, boolean capacityGiven, long typeHash) {
    }

    /**
     * How a participant takes part.
     *
     * @param slot where its slot begins
     * @param maySleep whether it sleeps in the kernel
     * @param keeps whether it leaves the file when it is the last to go
     * @param patienceNanos how long it waits for others who create, attach or leave
     */
    record Options(int slot, boolean maySleep, boolean keeps, long patienceNanos) {
    }

    boolean creates() {
        return !"attach".equals(open);
    }

    boolean attaches() {
        return !"create".equals(open);
    }

    /** What stands in the slot, for messages. */
    String role() {
        if (ring.kind == SegmentLayout.KIND_DOOR) {
            return "listener";
        }
        return options.slot == SegmentLayout.PRODUCER_SLOT ? "producer" : "consumer";
    }

    /** The slot of the other side. */
    int otherSlot() {
        return options.slot == SegmentLayout.PRODUCER_SLOT
                ? SegmentLayout.CONSUMER_SLOT : SegmentLayout.PRODUCER_SLOT;
    }
}
