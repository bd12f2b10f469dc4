package org.jvmipc.posix;

/** What the kernel tells about shared memory of System V. Filled by {@link SysvShmCalls#stat}; not thread-safe. */
public final class SysvShmStatus {

    private static final int SHM_DEST = 01000;

    private int key;
    private int uid;
    private int creatorUid;
    private int mode;
    private long size;
    private int creatorPid;
    private long attached;

    /** Creates an empty description. */
    public SysvShmStatus() {
    }

    void set(int key, int uid, int creatorUid, int mode, long size, int creatorPid, long attached) {
        this.key = key;
        this.uid = uid;
        this.creatorUid = creatorUid;
        this.mode = mode;
        this.size = size;
        this.creatorPid = creatorPid;
        this.attached = attached;
    }

    /**
     * Returns the key by which it can be found.
     *
     * @return 0 if it has none, or has it no more
     */
    public int key() {
        return key;
    }

    /**
     * Returns the owner.
     *
     * @return a user id
     */
    public int uid() {
        return uid;
    }

    /**
     * Returns who created it, and may change and remove it as well as the owner.
     *
     * @return a user id
     */
    public int creatorUid() {
        return creatorUid;
    }

    /**
     * Returns the permission bits.
     *
     * @return for example 0600
     */
    public int permissions() {
        return mode & 0777;
    }

    /**
     * Tells whether it was removed, and only those who have it mapped still use it.
     *
     * @return whether it will vanish when the last of them unmaps it
     */
    public boolean isRemoved() {
        return (mode & SHM_DEST) != 0;
    }

    /**
     * Returns the size asked for at its creation.
     *
     * @return in bytes
     */
    public long size() {
        return size;
    }

    /**
     * Returns the process that created it.
     *
     * @return a process id
     */
    public int creatorPid() {
        return creatorPid;
    }

    /**
     * Returns how many mappings of it there are.
     *
     * @return 0 if nobody has it mapped
     */
    public long attached() {
        return attached;
    }
}
