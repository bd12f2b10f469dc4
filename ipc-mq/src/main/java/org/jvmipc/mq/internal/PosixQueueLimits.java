package org.jvmipc.mq.internal;

import org.jvmipc.IpcException;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.NativeCallException;

/** The limits of POSIX queues: what is taken if nothing is said, and what to say when they are met. */
final class PosixQueueLimits {
    private static final String DIRECTORY = "fs/mqueue/";
    /** What Linux begins with, for a /proc that does not tell. */
    private static final long MESSAGES = 10;
    private static final long SIZE = 8192;
    /** What the kernel adds to each message, about. */
    private static final long PER_MESSAGE = 64;

    private PosixQueueLimits() {
    }

    static long defaultMessages() {
        return Math.min(KernelLimits.system(DIRECTORY + "msg_default", MESSAGES), maxMessages());
    }

    static long defaultSize() {
        return Math.min(KernelLimits.system(DIRECTORY + "msgsize_default", SIZE), maxSize());
    }

    private static long maxMessages() {
        return KernelLimits.system(DIRECTORY + "msg_max", MESSAGES);
    }

    static long maxSize() {
        return KernelLimits.system(DIRECTORY + "msgsize_max", SIZE);
    }

    /**
     * Why a queue cannot be opened or made, and what to do.
     *
     * @param channel the address
     * @param call the call with its arguments
     * @param error as {@code -errno}
     * @param messages how many messages it was to hold; 0 if it was only to be opened
     * @param size how long they may be
     * @return the exception
     */
    static RuntimeException failure(String channel, String call, int error, long messages, long size) {
        return switch (-error) {
            case Errno.EINVAL -> new IllegalArgumentException(tooLarge(channel, messages, size));
            case Errno.EMFILE -> new IpcException(noRoom(channel, messages, size));
            case Errno.ENOSPC -> new IpcException(channel + ": the system has as many POSIX queues as it may, "
                    + KernelLimits.text(KernelLimits.system(DIRECTORY + "queues_max", KernelLimits.UNKNOWN))
                    + "; remove some, or raise the limit: sysctl -w fs.mqueue.queues_max=<number>");
            case Errno.ENOSYS -> new UnsupportedOperationException(channel + ": this kernel has no POSIX queues"
                    + " (CONFIG_POSIX_MQUEUE); use sysvmq:, unix: with type=dgram, or shm:");
            default -> new NativeCallException("mq_open", call.substring(call.indexOf('(') + 1, call.length() - 1),
                    error);
        };
    }

    private static String tooLarge(String channel, long messages, long size) {
        long mostMessages = maxMessages();
        long mostSize = maxSize();
        StringBuilder text = new StringBuilder(channel).append(": the kernel refuses a queue of ").append(messages)
                .append(" messages of ").append(size).append(" bytes.");
        if (messages > mostMessages) {
            text.append(" The limit is ").append(mostMessages).append(" messages: ask for fewer (maxMessages=),"
                    + " or raise it: sysctl -w fs.mqueue.msg_max=").append(messages).append('.');
        }
        if (size > mostSize) {
            text.append(" The limit is ").append(mostSize).append(" bytes a message: ask for less (messageSize=),"
                    + " or raise it: sysctl -w fs.mqueue.msgsize_max=").append(size).append('.');
        }
        return text.toString();
    }

    /** The kernel says the same of too many descriptors and of too much memory in queues. */
    private static String noRoom(String channel, long messages, long size) {
        int probe = FileCalls.open("/dev/null", FileCalls.O_RDONLY | FileCalls.O_CLOEXEC, 0);
        if (probe == -Errno.EMFILE) {
            return channel + ": this process has too many open files; close channels that are not needed, or raise the"
                    + " limit (ulimit -n)";
        }
        if (probe >= 0) {
            FileCalls.close(probe);
        }
        return channel + ": a queue of " + messages + " messages of " + size + " bytes takes about "
                + messages * (size + PER_MESSAGE) + " bytes, and all POSIX queues of this user may take "
                + KernelLimits.text(KernelLimits.posixQueueBytes()) + " together; ask for less (maxMessages=,"
                + " messageSize=), remove queues that nobody needs, or raise the limit: ulimit -q, LimitMSGQUEUE= of"
                + " systemd, --ulimit msgqueue= of Docker";
    }
}
