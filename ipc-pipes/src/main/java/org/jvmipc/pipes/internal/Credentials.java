package org.jvmipc.pipes.internal;

import org.jvmipc.pipes.UnixCredentials;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.PeerCredentials;
import org.jvmipc.posix.SocketCalls;

/** What the kernel tells of the other end. */
final class Credentials {
    private Credentials() {
    }

    static UnixCredentials ofPeer(Fd socket) {
        PeerCredentials found = new PeerCredentials();
        int number = socket.acquire();
        if (number == Fd.CLOSED) {
            return new UnixCredentials(-1, -1, -1);
        }
        try {
            NativeCallException.check(SocketCalls.peerCredentials(number, found), "getsockopt", socket.name());
        } finally {
            socket.release();
        }
        return new UnixCredentials(found.pid(), found.uid(), found.gid());
    }
}
