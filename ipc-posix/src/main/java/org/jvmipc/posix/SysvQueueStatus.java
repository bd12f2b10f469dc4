package org.jvmipc.posix;

/** What the kernel tells about a message queue of System V. Filled by {@link SysvQueueCalls#status}; not thread-safe. */
public final class SysvQueueStatus {

    private int key;
    private int uid;
    private int mode;
    private long bytes;
    private long messages;
    private long maxBytes;
    private int lastSender;
    private int lastReceiver;

    /** Creates an empty description. */
    public SysvQueueStatus() {
    }

    void set(int key, int uid, int mode, long bytes, long messages, long maxBytes, int lastSender, int lastReceiver) {
        this.key = key;
        this.uid = uid;
        this.mode = mode;
        this.bytes = bytes;
        this.messages = messages;
        this.maxBytes = maxBytes;
        this.lastSender = lastSender;
        this.lastReceiver = lastReceiver;
    }

    /**
     * Returns the key by which it can be found.
     *
     * @return 0 if it has none
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
     * Returns the permission bits.
     *
     * @return for example 0600
     */
    public int permissions() {
        return mode & 0777;
    }

    /**
     * Returns how many bytes are in it.
     *
     * @return without the kernel's own
     */
    public long bytes() {
        return bytes;
    }

    /**
     * Returns how many messages are in it.
     *
     * @return 0 if it is empty
     */
    public long messages() {
        return messages;
    }

    /**
     * Returns how many bytes it holds at most, and how many messages: {@code msg_qbytes}.
     *
     * @return in bytes
     */
    public long maxBytes() {
        return maxBytes;
    }

    /**
     * Returns who sent last.
     *
     * @return a process id, 0 if nobody has sent yet
     */
    public int lastSender() {
        return lastSender;
    }

    /**
     * Returns who received last.
     *
     * @return a process id, 0 if nobody has received yet
     */
    public int lastReceiver() {
        return lastReceiver;
    }
}
