package org.jvmipc.mq.internal;

import org.jvmipc.AccessRefusedException;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.IpcException;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.posix.SysvQueueCalls;
import org.jvmipc.posix.SysvQueueStatus;
import org.jvmipc.spi.OptionValues;

/**
 * A System V queue that one endpoint uses. The kernel does not know who uses one; so each holds a {@link Membership},
 * and the last one who leaves removes the queue.
 */
final class SysvQueue {
    private static final String MAX_MESSAGE = "kernel/msgmax";
    private static final String MAX_BYTES = "kernel/msgmnb";
    private static final String MAX_QUEUES = "kernel/msgmni";
    private static final long DEFAULT_MAX_MESSAGE = 8192;
    private static final int OWNER_ONLY = 0600;
    private static final int OTHERS_MAY_WRITE = 0022;

    private final String channel;
    private final int key;
    private final int id;
    private final boolean removes;
    private final Membership membership;
    private final long maxBytes;
    private volatile boolean open = true;

    private SysvQueue(String channel, int key, int id, boolean removes, Membership membership, long maxBytes) {
        this.channel = channel;
        this.key = key;
        this.id = id;
        this.removes = removes;
        this.membership = membership;
        this.maxBytes = maxBytes;
    }

    /**
     * Finds or makes a queue.
     *
     * @param channel the address, for messages
     * @param key its key
     * @param values the address's options
     * @return the queue
     */
    static SysvQueue open(String channel, int key, OptionValues values) {
        boolean attaches = values.text("open").equals("attach");
        if (attaches && SysvQueueCalls.get(key, 0) == -Errno.ENOENT) {
            throw missing(channel, key);
        }
        Membership membership = Membership.join(channel, "sysvmq-" + Integer.toHexString(key));
        boolean removes = !values.flag("keep") && !attaches;
        int id = -1;
        try {
            id = find(channel, key, values);
            SysvQueue queue = new SysvQueue(channel, key, id, removes, membership, checked(channel, id, values));
            membership = null;
            return queue;
        } finally {
            if (membership != null) {
                membership.leave(() -> { });
            }
        }
    }

    private static ChannelNotFoundException missing(String channel, int key) {
        return new ChannelNotFoundException(channel + ": there is no queue with the key " + hex(key)
                + "; start the side that creates it first, or leave open=attach out");
    }

    private static String hex(int key) {
        return "0x" + Integer.toHexString(key);
    }

    private static int find(String channel, int key, OptionValues values) {
        String open = values.text("open");
        while (true) {
            int id = open.equals("create") ? -Errno.ENOENT : SysvQueueCalls.get(key, 0);
            if (id == -Errno.ENOENT && open.equals("attach")) {
                throw missing(channel, key);
            }
            if (id == -Errno.ENOENT) {
                id = create(channel, key, values);
            }
            if (id == -Errno.EEXIST && open.equals("create")) {
                throw new ChannelExistsException(channel + ": the queue with the key " + hex(key) + " exists; leave"
                        + " open=create out, or remove it: ipcrm -Q " + hex(key));
            }
            if (id == -Errno.ENOSYS) {
                throw new UnsupportedOperationException(channel + ": this kernel has no System V queues"
                        + " (CONFIG_SYSVIPC); use posixmq:, unix: with type=dgram, or shm:");
            }
            if (id == -Errno.EACCES) {
                throw new AccessRefusedException(channel + " is refused: the queue with the key " + hex(key)
                        + " belongs to another user; use another key");
            }
            if (id >= 0) {
                return id;
            }
            // Somebody else was faster in making or removing it.
            if (id != -Errno.EEXIST) {
                throw new NativeCallException("msgget", hex(key), id);
            }
        }
    }

    private static int create(String channel, int key, OptionValues values) {
        int id = SysvQueueCalls.get(key, SysvQueueCalls.IPC_CREAT | SysvQueueCalls.IPC_EXCL | OWNER_ONLY);
        if (id == -Errno.ENOSPC) {
            throw new IpcException(channel + ": the system has as many System V queues as it may, "
                    + KernelLimits.text(KernelLimits.system(MAX_QUEUES, KernelLimits.UNKNOWN))
                    + "; remove some (ipcs -q, ipcrm), or raise the limit: sysctl -w kernel.msgmni=<number>");
        }
        if (id >= 0 && values.isGiven("capacity")) {
            int error = SysvQueueCalls.setMaxBytes(id, values.size("capacity"));
            if (error < 0) {
                SysvQueueCalls.remove(id);
                throw error == -Errno.EPERM
                        ? new IllegalArgumentException(channel + " wants capacity=" + values.size("capacity")
                                + ", the limit is " + KernelLimits.text(
                                        KernelLimits.system(MAX_BYTES, KernelLimits.UNKNOWN))
                                + "; ask for less, or raise it: sysctl -w kernel.msgmnb=" + values.size("capacity"))
                        : new NativeCallException("msgctl", id + ", IPC_SET", error);
            }
        }
        return id;
    }

    /** Refuses what is not to be used; tells how many bytes it holds. */
    private static long checked(String channel, int id, OptionValues values) {
        SysvQueueStatus status = new SysvQueueStatus();
        NativeCallException.check(SysvQueueCalls.status(id, status), "msgctl", id + ", IPC_STAT");
        if (status.uid() != ProcessIdentity.effectiveUid() || (status.permissions() & OTHERS_MAY_WRITE) != 0) {
            throw new AccessRefusedException(channel + " is refused: the queue belongs to uid " + status.uid()
                    + " and has mode 0" + Integer.toOctalString(status.permissions()) + ", where it must belong to uid "
                    + ProcessIdentity.effectiveUid() + ", and others must not write; remove it (ipcrm -q " + id
                    + ") or use another key");
        }
        if (values.isGiven("capacity") && values.size("capacity") != status.maxBytes()) {
            throw new IncompatibleChannelException(channel + " wants capacity=" + values.size("capacity")
                    + ", the queue has capacity=" + status.maxBytes()
                    + "; leave the option out, or remove the queue: ipcrm -q " + id);
        }
        return status.maxBytes();
    }

    String channel() {
        return channel;
    }

    int id() {
        return id;
    }

    boolean isOpen() {
        return open;
    }

    /** The largest message that fits. */
    int maxMessage() {
        return (int) Math.min(systemMaxMessage(), maxBytes);
    }

    static long systemMaxMessage() {
        return Math.min(KernelLimits.system(MAX_MESSAGE, DEFAULT_MAX_MESSAGE), Integer.MAX_VALUE - SysvQueueCalls.TEXT);
    }

    /** What the kernel tells, or null if the queue is not there any more. */
    SysvQueueStatus status() {
        SysvQueueStatus status = new SysvQueueStatus();
        return SysvQueueCalls.status(id, status) < 0 ? null : status;
    }

    long capacityBytes() {
        return maxBytes;
    }

    long depthMessages() {
        SysvQueueStatus status = open ? status() : null;
        return status == null ? -1 : status.messages();
    }

    long depthBytes() {
        SysvQueueStatus status = open ? status() : null;
        return status == null ? -1 : status.bytes();
    }

    /** What to throw when a call has failed for good. */
    RuntimeException failure(String call, long error) {
        if (error == -Errno.EIDRM || error == -Errno.EINVAL && status() == null) {
            return new ChannelClosedException(channel + ": the queue with the key " + hex(key)
                    + " was removed, by ipcrm or another program, with all messages in it; close this end and open it"
                    + " again");
        }
        return new NativeCallException(call, channel, (int) error);
    }

    /** Leaves it, and removes it if nobody else uses it; idempotent. */
    synchronized void leave() {
        if (open) {
            open = false;
            membership.leave(() -> {
                if (removes) {
                    SysvQueueCalls.remove(id);
                }
            });
        }
    }
}
