package org.jvmipc.shm;

import java.nio.file.Path;
import java.util.Set;

/**
 * What a participant wants of a segment.
 *
 * @param backing what its memory is made of
 * @param address the channel, for messages
 * @param open {@code create}, {@code attach} or {@code createOrAttach}
 * @param ring what the segment holds
 * @param options how it takes part
 */
record SegmentSpec(Backing backing, String address, String open, Ring ring, Options options) {
    /** In a file. */
    SegmentSpec(Path path, String address, String open, Ring ring, Options options) {
        this(new FileBacking(path), address, open, ring, options);
    }

    /**
     * What a segment holds.
     *
     * @param geometry what to create; an existing one must be of its kind
     * @param fixed the options that must be the same in an existing one: of {@code capacity}, {@code producers},
     *     {@code readers} and {@code consumers}
     * @param typeHash the type of its messages, 0 for untyped
     * @param fragments whether its records are parts of messages
     * @param typeText what the type's hash stands for, empty if unknown
     */
    record Ring(Geometry geometry, Set<String> fixed, long typeHash, boolean fragments, String typeText) {
        /** Whose type is not described. */
        Ring(Geometry geometry, Set<String> fixed, long typeHash, boolean fragments) {
            this(geometry, fixed, typeHash, fragments, "");
        }

        /** Whose records are messages. */
        Ring(Geometry geometry, Set<String> fixed, long typeHash) {
            this(geometry, fixed, typeHash, false);
        }
    }

    /**
     * How a participant takes part.
     *
     * @param side what it is
     * @param maySleep whether it sleeps in the kernel
     * @param keeps whether it leaves the file when it is the last to go
     * @param patienceNanos how long it waits for others who create, attach or leave
     */
    record Options(Side side, boolean maySleep, boolean keeps, long patienceNanos) {
    }

    boolean creates() {
        return !"attach".equals(open);
    }

    boolean attaches() {
        return !"create".equals(open);
    }
}
