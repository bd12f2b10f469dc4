package org.jvmipc.internal;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jvmipc.PeerInfo;
import org.jvmipc.spi.Flight;

/**
 * The events of the flight recorder. The module {@code jdk.jfr} may be missing: then this class cannot be loaded.
 * {@link Flight} sees to it that nobody tries.
 */
public final class FlightRecorder {
    private static final String CATEGORY = "jvm-ipc";

    private FlightRecorder() {
    }

    /** A call that sends has waited. */
    @Name("org.jvmipc.SendBlocked")
    @Label("Send Blocked")
    @Description("A call that sends waited for room in the channel, or for the receipt of a transfer")
    @Category(CATEGORY)
    @Threshold("20 ms")
    static final class SendBlocked extends Event implements Flight.Span {
        @Label("Channel")
        String channel;

        @Override
        public void end(String subject) {
            end();
            if (shouldCommit()) {
                channel = subject;
                commit();
            }
        }
    }

    /** A call that receives has waited. */
    @Name("org.jvmipc.ReceiveIdle")
    @Label("Receive Idle")
    @Description("A call that receives waited for a message")
    @Category(CATEGORY)
    @Threshold("20 ms")
    static final class ReceiveIdle extends Event implements Flight.Span {
        @Label("Channel")
        String channel;

        @Override
        public void end(String subject) {
            end();
            if (shouldCommit()) {
                channel = subject;
                commit();
            }
        }
    }

    /** A thread has waited for a lock. */
    @Name("org.jvmipc.LockContended")
    @Label("Lock Contended")
    @Description("A thread waited for a lock between processes, or for permits, an event, others at a barrier")
    @Category(CATEGORY)
    @Threshold("20 ms")
    static final class LockContended extends Event implements Flight.Span {
        @Label("Lock")
        @Description("Which lock, or other means of synchronization")
        String lock;

        @Override
        public void end(String subject) {
            end();
            if (shouldCommit()) {
                lock = subject;
                commit();
            }
        }
    }

    /** A peer was found dead. */
    @Name("org.jvmipc.PeerDied")
    @Label("Peer Died")
    @Description("A process at the other end of a channel was found dead")
    @Category(CATEGORY)
    @StackTrace(false)
    static final class PeerDied extends Event {
        @Label("Channel")
        String channel;
        @Label("Process Id")
        long pid;
        @Label("Name")
        String name;
    }

    /** Something was put in order. */
    @Name("org.jvmipc.Recovery")
    @Label("Recovery")
    @Description("What a dead process had left was put in order")
    @Category(CATEGORY)
    @StackTrace(false)
    static final class Recovery extends Event {
        @Label("Subject")
        String subject;
        @Label("What")
        String what;
    }

    /**
     * See {@link Flight#begin}.
     *
     * @param kind what begins
     * @return null if it is not recorded
     */
    public static Flight.Span begin(Flight.Kind kind) {
        return switch (kind) {
            case SEND_BLOCKED -> begun(new SendBlocked());
            case RECEIVE_IDLE -> begun(new ReceiveIdle());
            case LOCK_CONTENDED -> begun(new LockContended());
        };
    }

    private static <E extends Event & Flight.Span> Flight.Span begun(E event) {
        if (!event.isEnabled()) {
            return null;
        }
        event.begin();
        return event;
    }

    /**
     * See {@link Flight#peerDied}.
     *
     * @param channel the channel's address
     * @param peer who it was
     */
    public static void peerDied(String channel, PeerInfo peer) {
        PeerDied event = new PeerDied();
        if (event.isEnabled()) {
            event.channel = channel;
            event.pid = peer.pid();
            event.name = peer.name();
            event.commit();
        }
    }

    /**
     * See {@link Flight#recovered}.
     *
     * @param subject what it was done to
     * @param what was done
     */
    public static void recovered(String subject, String what) {
        Recovery event = new Recovery();
        if (event.isEnabled()) {
            event.subject = subject;
            event.what = what;
            event.commit();
        }
    }
}
