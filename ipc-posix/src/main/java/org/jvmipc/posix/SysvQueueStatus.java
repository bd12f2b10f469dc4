package org.jvmipc.posix;

import java.nio.ByteBuffer;

/** What the kernel tells of a message queue of System V. Filled by {@link SysvQueueCalls#status}; not thread-safe. */
public final class SysvQueueStatus {

    static final int MAX_BYTES = 88;

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

    /** Reads a {@code struct msqid_ds} in the layout of the 64-bit Linux ABI, the same on x86-64 and arm64. */
    void set(ByteBuffer struct) {
        key = struct.getInt(0);
        uid = struct.getInt(4);
        mode = struct.getInt(20) & 0xffff;
        bytes = struct.getLong(72);
        messages = struct.getLong(80);
        maxBytes = struct.getLong(MAX_BYTES);
        lastSender = struct.getInt(96);
        lastReceiver = struct.getInt(100);
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
