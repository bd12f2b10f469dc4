package org.jvmipc.pipes.internal;

import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jvmipc.pipes.UnixCredentials;

/** Lets only some users in, and says so once when it turns somebody away. */
final class UidFilter {
    private final String channel;
    private final Set<Integer> allowed;
    private final AtomicBoolean told = new AtomicBoolean();

    UidFilter(String channel, Set<Integer> allowed) {
        this.channel = channel;
        this.allowed = allowed;
    }

    boolean admits(UnixCredentials peer) {
        if (allowed.contains(peer.uid())) {
            return true;
        }
        if (told.compareAndSet(false, true)) {
            System.getLogger("org.jvmipc.pipes").log(System.Logger.Level.WARNING, channel + " turned away uid "
                    + peer.uid() + " (pid " + peer.pid() + "); allowed are " + allowed
                    + ". Further ones are turned away without a word.");
        }
        return false;
    }
}
