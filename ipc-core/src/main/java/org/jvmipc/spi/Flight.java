package org.jvmipc.spi;

import org.jvmipc.PeerInfo;
import org.jvmipc.internal.FlightRecorder;

/**
 * What the JDK's flight recorder is told, where there is one and somebody records. To be called only where time is lost
 * anyway: by who waits, and when somebody has died. Methods may be called by any thread.
 */
public final class Flight {
    /** Whether there is a flight recorder, and this module sees it. */
    private static final boolean PRESENT =
            ModuleLayer.boot().findModule("jdk.jfr").map(Flight.class.getModule()::canRead).orElse(false);

    private Flight() {
    }

    /** What takes time, and is told if it took long. */
    public enum Kind {
        /** A call that sends waits for room, or for a receipt. */
        SEND_BLOCKED,
        /** A call that receives waits for a message. */
        RECEIVE_IDLE,
        /** A lock is held by others, or whatever else {@code org.jvmipc.shm.sync} makes threads wait for. */
        LOCK_CONTENDED
    }

    /** Something that takes time; used by one thread. */
    public interface Span {
        /**
         * It is over.
         *
         * @param subject the channel's address, or the lock's name
         */
        void end(String subject);
    }

    /**
     * Something begins that takes time.
     *
     * @param kind what
     * @return to be told of its end; null if nobody records it
     */
    public static Span begin(Kind kind) {
        return PRESENT ? FlightRecorder.begin(kind) : null;
    }

    /**
     * A peer was found dead.
     *
     * @param channel the channel's address, or an empty string
     * @param peer who it was
     */
    public static void peerDied(String channel, PeerInfo peer) {
        if (PRESENT) {
            FlightRecorder.peerDied(channel, peer);
        }
    }

    /**
     * What a dead process left was put in order. Goes to the {@link Log}, too.
     *
     * @param subject the channel, segment or lock
     * @param what was done to it, as the end of a sentence that begins with the subject
     */
    public static void recovered(String subject, String what) {
        if (PRESENT) {
            FlightRecorder.recovered(subject, what);
        }
        Log.info(subject + ' ' + what);
    }
}
