package org.jvmipc.shm;

import java.io.UncheckedIOException;
import org.jvmipc.posix.IpcHome;
import org.jvmipc.posix.KernelLocks;
import org.jvmipc.posix.Life;
import org.jvmipc.posix.LifeInspector;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.posix.ProcessWatch;
import org.jvmipc.spi.InspectedPeer;

/**
 * Tells for tools whether participants live, without native code and without becoming known to anybody; as {@link
 * Liveness} does for participants.
 */
final class PeerLives {
    private final KernelLocks locks;
    private final long namespace = ProcessIdentity.ownPidNamespace();
    private final long home = home();

    PeerLives(KernelLocks locks) {
        this.locks = locks;
    }

    private static long home() {
        try {
            return IpcHome.identity();
        } catch (UncheckedIOException | UnsupportedOperationException none) {
            return -1;
        }
    }

    /** Whether a participant lives, as far as can be seen. */
    Life life(Participant who) {
        Life sign = !who.life().isEmpty() && who.lifeHome() == home ? locks.life(who.life()) : Life.UNKNOWN;
        if (who.pidNamespace() != namespace || namespace == 0 || who.pid() <= 0) {
            return sign;
        }
        if (sign == Life.ALIVE) {
            return sign;
        }
        // A missing file may have been removed by a person: only a process that is gone, too, is dead.
        try (ProcessWatch watch = new ProcessWatch(who.pid(), who.startTicks())) {
            return watch.look();
        }
    }

    /** A participant as tools show it. */
    InspectedPeer peer(String role, Participant who, long lag, String note) {
        boolean here = who.pidNamespace() == namespace;
        return new InspectedPeer(role, who.pid(), SharedHeader.printable(who.name()),
                SegmentView.text(who.pid(), who.pidNamespace(), who.startTicks()),
                LifeInspector.presence(life(who), here ? who.pid() : -1), -1, lag, -1, note);
    }
}
