package org.jvmipc.mq.internal;

import java.util.concurrent.locks.LockSupport;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.FileStatus;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.PosixQueueCalls;
import org.jvmipc.posix.PosixQueueStatus;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.spi.OptionValues;

/**
 * A POSIX queue that one endpoint has open, from its making to its removal.
 *
 * <p>Whoever has it open holds a shared lock ({@code flock}) on it; whoever closes tries for the exclusive lock, and if
 * it gets that, nobody else is there and it removes the name. An opener that does not get its shared lock, or has got
 * one on a queue without a name, has met that moment and tries again. The kernel drops the locks of the dead.
 */
final class PosixQueue {
    private static final int ATTEMPTS = 1000;
    private static final long PAUSE_NANOS = 1_000_000;
    private static final int OWNER_ONLY = 0600;
    private static final int OTHERS_MAY_WRITE = 0022;
    private static final int FLAGS = FileCalls.O_RDWR | FileCalls.O_NONBLOCK | FileCalls.O_CLOEXEC;

    private final String channel;
    private final String name;
    private final Fd fd;
    private final boolean removes;
    private final long maxMessages;
    private final int messageSize;

    private PosixQueue(String channel, String name, Fd fd, boolean removes, PosixQueueStatus status) {
        this.channel = channel;
        this.name = name;
        this.fd = fd;
        this.removes = removes;
        this.maxMessages = status.maxMessages();
        this.messageSize = Math.toIntExact(status.messageSize());
    }

    /**
     * Opens or makes a queue.
     *
     * @param channel the address, for messages
     * @param name as the kernel has it
     * @param values the address's options
     * @return the queue
     */
    static PosixQueue open(String channel, String name, OptionValues values) {
        String open = values.text("open");
        for (int i = 0; i < ATTEMPTS; i++) {
            Fd fd = open.equals("create") ? null : find(channel, name);
            if (fd == null) {
                if (open.equals("attach")) {
                    throw new ChannelNotFoundException(channel + ": there is no queue " + name + "; start the side that"
                            + " creates it first, or leave open=attach out");
                }
                fd = create(channel, name, values);
            }
            if (fd == null && open.equals("create")) {
                throw new ChannelExistsException(channel + ": the queue " + name + " exists; leave open=create out, or"
                        + " remove it");
            }
            if (fd != null && fd.tryFlock(FileCalls.LOCK_SH) && hasName(fd)) {
                return new PosixQueue(channel, name, fd, !values.flag("keep") && !open.equals("attach"),
                        checked(channel, fd, values));
            }
            if (fd != null) {
                fd.close();
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw new AccessRefusedException(channel + ": another process holds a lock on the queue and does not give it"
                + " back; find it with fuser");
    }

    /** Null if there is none. */
    private static Fd find(String channel, String name) {
        int result = PosixQueueCalls.open(name, FLAGS);
        switch (-result) {
            case Errno.ENOENT:
                return null;
            case Errno.EACCES:
                throw new AccessRefusedException(channel + " is refused: the queue " + name + " belongs to another user"
                        + " or may not be read and written; use another name");
            default:
                if (result < 0) {
                    throw PosixQueueLimits.failure(channel, "mq_open(" + name + ")", result, 0, 0);
                }
                return Fd.own(result, channel);
        }
    }

    /** Null if there is one. */
    private static Fd create(String channel, String name, OptionValues values) {
        long messages = values.isGiven("maxMessages") ? values.size("maxMessages") : PosixQueueLimits.defaultMessages();
        long size = values.isGiven("messageSize") ? values.size("messageSize") : PosixQueueLimits.defaultSize();
        int result = PosixQueueCalls.create(name, FLAGS, OWNER_ONLY, messages, size);
        if (result == -Errno.EEXIST) {
            return null;
        }
        if (result < 0) {
            throw PosixQueueLimits.failure(channel, "mq_open(" + name + ")", result, messages, size);
        }
        Fd fd = Fd.own(result, channel);
        // The umask can only have taken permissions away; the owner's are given back.
        NativeCallException.check(FileCalls.fchmod(result, OWNER_ONLY), "fchmod", channel);
        return fd;
    }

    private static boolean hasName(Fd fd) {
        return status(fd).links() > 0;
    }

    private static FileStatus status(Fd fd) {
        FileStatus status = new FileStatus();
        int number = fd.acquire();
        try {
            NativeCallException.check(FileCalls.stat(number, status), "statx", fd.name());
            return status;
        } finally {
            fd.release();
        }
    }

    /** Closes it if it is not to be used. */
    private static PosixQueueStatus checked(String channel, Fd fd, OptionValues values) {
        boolean good = false;
        try {
            FileStatus file = status(fd);
            if (file.uid() != ProcessIdentity.effectiveUid() || (file.permissions() & OTHERS_MAY_WRITE) != 0) {
                throw new AccessRefusedException(channel + " is refused: the queue belongs to uid " + file.uid()
                        + " and has mode 0" + Integer.toOctalString(file.permissions()) + ", where it must belong to"
                        + " uid " + ProcessIdentity.effectiveUid() + ", and others must not write; remove it or use"
                        + " another name");
            }
            PosixQueueStatus status = new PosixQueueStatus();
            int number = fd.acquire();
            try {
                NativeCallException.check(PosixQueueCalls.status(number, status), "mq_getattr", channel);
            } finally {
                fd.release();
            }
            compare(channel, values, "maxMessages", status.maxMessages());
            compare(channel, values, "messageSize", status.messageSize());
            good = true;
            return status;
        } finally {
            if (!good) {
                fd.close();
            }
        }
    }

    private static void compare(String channel, OptionValues values, String option, long found) {
        if (values.isGiven(option) && values.size(option) != found) {
            throw new IncompatibleChannelException(channel + " wants " + option + "=" + values.size(option)
                    + ", the queue has " + option + "=" + found + "; leave the option out, or remove the queue");
        }
    }

    String channel() {
        return channel;
    }

    Fd fd() {
        return fd;
    }

    int messageSize() {
        return messageSize;
    }

    long maxMessages() {
        return maxMessages;
    }

    /** How many messages are in it; negative if unknown. */
    long depth() {
        int number = fd.acquire();
        if (number == Fd.CLOSED) {
            return -1;
        }
        try {
            PosixQueueStatus status = new PosixQueueStatus();
            return PosixQueueCalls.status(number, status) < 0 ? -1 : status.messages();
        } finally {
            fd.release();
        }
    }

    long capacityBytes() {
        return maxMessages * messageSize;
    }

    /** Closes it, and removes its name if nobody else has it open; idempotent. */
    synchronized void leave() {
        if (!fd.isOpen()) {
            return;
        }
        // Not left to closing: a child that is just being started has a copy for a moment.
        if (fd.tryFlock(removes ? FileCalls.LOCK_EX : FileCalls.LOCK_UN) && removes && hasName(fd)) {
            PosixQueueCalls.unlink(name);
        }
        fd.close();
    }
}
