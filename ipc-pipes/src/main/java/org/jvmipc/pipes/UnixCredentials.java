package org.jvmipc.pipes;

/**
 * Who is at the other end of a Unix-domain socket, as the kernel tells it: not what the peer says, and as of the moment
 * when it connected or, for a peer that was connected to, began to listen.
 *
 * @param pid the process, in this process's PID namespace; 0 if it is not visible there
 * @param uid its effective user
 * @param gid its effective group
 */
public record UnixCredentials(int pid, int uid, int gid) {
    @Override
    public String toString() {
        return "pid " + pid + ", uid " + uid + ", gid " + gid;
    }
}
