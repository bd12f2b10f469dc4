package org.jvmipc.posix;

/** Who is at the other end of a socket, as the kernel tells it. Filled by {@link SocketCalls}; not thread-safe. */
public final class PeerCredentials {

    private int pid;
    private int uid;
    private int gid;

    /** Creates an empty description. */
    public PeerCredentials() {
    }

    void set(int pid, int uid, int gid) {
        this.pid = pid;
        this.uid = uid;
        this.gid = gid;
    }

    /**
     * Returns the process.
     *
     * @return a process id in the PID namespace of the caller, 0 if it is not visible there
     */
    public int pid() {
        return pid;
    }

    /**
     * Returns the effective user.
     *
     * @return a user id
     */
    public int uid() {
        return uid;
    }

    /**
     * Returns the effective group.
     *
     * @return a group id
     */
    public int gid() {
        return gid;
    }

    @Override
    public String toString() {
        return "pid " + pid + ", uid " + uid + ", gid " + gid;
    }
}
