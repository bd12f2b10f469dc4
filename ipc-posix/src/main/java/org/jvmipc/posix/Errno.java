package org.jvmipc.posix;

import java.util.HashMap;
import java.util.Map;

/**
 * The error numbers of Linux (x86-64, arm64 and all others that use the generic table), with their names, what they
 * mean and what a user can do about them.
 *
 * <p>Native calls of this module return an error as {@code -errno}, so a caller compares with {@code -Errno.EAGAIN}.
 */
public final class Errno {

    /** Operation not permitted. */
    public static final int EPERM = 1;
    /** No such file or directory. */
    public static final int ENOENT = 2;
    /** No such process. */
    public static final int ESRCH = 3;
    /** Interrupted by a signal. */
    public static final int EINTR = 4;
    /** Input/output error. */
    public static final int EIO = 5;
    /** No such device or address; for a FIFO opened for writing: nobody reads. */
    public static final int ENXIO = 6;
    /** Argument list too long; for a message: longer than the room for it. */
    public static final int E2BIG = 7;
    /** Bad file descriptor. */
    public static final int EBADF = 9;
    /** No child process. */
    public static final int ECHILD = 10;
    /** Try again: the call would block. */
    public static final int EAGAIN = 11;
    /** Out of memory. */
    public static final int ENOMEM = 12;
    /** Permission denied. */
    public static final int EACCES = 13;
    /** Bad address. */
    public static final int EFAULT = 14;
    /** Busy. */
    public static final int EBUSY = 16;
    /** File exists. */
    public static final int EEXIST = 17;
    /** Not a directory. */
    public static final int ENOTDIR = 20;
    /** Is a directory. */
    public static final int EISDIR = 21;
    /** Invalid argument. */
    public static final int EINVAL = 22;
    /** Too many open files in the system. */
    public static final int ENFILE = 23;
    /** Too many open files in this process. */
    public static final int EMFILE = 24;
    /** File too large. */
    public static final int EFBIG = 27;
    /** No space left on device. */
    public static final int ENOSPC = 28;
    /** Illegal seek. */
    public static final int ESPIPE = 29;
    /** Read-only file system. */
    public static final int EROFS = 30;
    /** Broken pipe: nobody reads any more. */
    public static final int EPIPE = 32;
    /** Numerical result out of range. */
    public static final int ERANGE = 34;
    /** Deadlock avoided. */
    public static final int EDEADLK = 35;
    /** File name too long. */
    public static final int ENAMETOOLONG = 36;
    /** The kernel does not have this call. */
    public static final int ENOSYS = 38;
    /** Directory not empty. */
    public static final int ENOTEMPTY = 39;
    /** Too many symbolic links; or a symbolic link where none may be followed. */
    public static final int ELOOP = 40;
    /** No message of this type. */
    public static final int ENOMSG = 42;
    /** The object was removed. */
    public static final int EIDRM = 43;
    /** Value too large. */
    public static final int EOVERFLOW = 75;
    /** Not a socket. */
    public static final int ENOTSOCK = 88;
    /** Message too long. */
    public static final int EMSGSIZE = 90;
    /** Operation not supported. */
    public static final int EOPNOTSUPP = 95;
    /** Address already in use. */
    public static final int EADDRINUSE = 98;
    /** Connection reset by peer. */
    public static final int ECONNRESET = 104;
    /** No buffer space. */
    public static final int ENOBUFS = 105;
    /** Already connected. */
    public static final int EISCONN = 106;
    /** Not connected. */
    public static final int ENOTCONN = 107;
    /** Timed out. */
    public static final int ETIMEDOUT = 110;
    /** Connection refused. */
    public static final int ECONNREFUSED = 111;
    /** In progress. */
    public static final int EINPROGRESS = 115;
    /** Disk quota exceeded. */
    public static final int EDQUOT = 122;
    /** The owner of a lock died. */
    public static final int EOWNERDEAD = 130;

    private static final Map<Integer, String[]> TABLE = new HashMap<>();

    static {
        describe();
        describeDescriptors();
        describeSockets();
    }

    private Errno() {
    }

    /**
     * Returns the symbolic name.
     *
     * @param errno the error number, positive or as {@code -errno}
     * @return for example {@code "EAGAIN"}; {@code "errno 1234"} for one that is not in the table
     */
    public static String name(int errno) {
        String[] row = TABLE.get(Math.abs(errno));
        return row == null ? "errno " + Math.abs(errno) : row[0];
    }

    /**
     * Returns what the error means.
     *
     * @param errno the error number, positive or as {@code -errno}
     * @return a short text, never {@code null}
     */
    public static String text(int errno) {
        String[] row = TABLE.get(Math.abs(errno));
        return row == null ? "unknown error" : row[1];
    }

    /**
     * Returns what to do about the error.
     *
     * @param errno the error number, positive or as {@code -errno}
     * @return one line, never {@code null}
     */
    public static String advice(int errno) {
        String[] row = TABLE.get(Math.abs(errno));
        return row == null ? "Look up the errors of this call in its manual page (section 2)." : row[2];
    }

    /**
     * Returns the number for a symbolic name.
     *
     * @param name for example {@code "EAGAIN"}
     * @return the positive error number, or 0 if the name is not known
     */
    public static int number(String name) {
        for (Map.Entry<Integer, String[]> row : TABLE.entrySet()) {
            if (row.getValue()[0].equals(name)) {
                return row.getKey();
            }
        }
        return 0;
    }

    private static void row(int errno, String name, String text, String advice) {
        TABLE.put(errno, new String[] {name, text, advice});
    }

    private static void describe() {
        row(EPERM, "EPERM", "operation not permitted",
                "Run as the owner of the object, or allow the call in the container's seccomp profile.");
        row(ENOENT, "ENOENT", "no such file or directory", "Check the path; start the side that creates it first.");
        row(ESRCH, "ESRCH", "no such process", "The process has ended, or lives in another PID namespace.");
        row(EINTR, "EINTR", "interrupted by a signal", "Repeat the call.");
        row(EIO, "EIO", "input/output error", "Look for disk errors in the kernel log (dmesg).");
        row(ENXIO, "ENXIO", "no such device or address", "Start the reading side of the FIFO first.");
        row(E2BIG, "E2BIG", "too long", "Give more room, or send less.");
        row(ECHILD, "ECHILD", "no child process", "Only the parent can wait for a process.");
        row(EAGAIN, "EAGAIN", "would block", "Wait until the descriptor is ready and repeat the call.");
        row(ENOMEM, "ENOMEM", "out of memory", "Raise the memory limit of the machine or container.");
        row(EACCES, "EACCES", "permission denied",
                "Run as the user who created the object; check the mode of it and of its directories.");
        row(EFAULT, "EFAULT", "bad address", "The memory is no longer mapped or its file was truncated.");
        row(EBUSY, "EBUSY", "busy", "Wait until the other user has released it.");
        row(EEXIST, "EEXIST", "file exists", "Attach instead of creating, or remove the old one.");
        row(ENOTDIR, "ENOTDIR", "not a directory", "Check the path.");
        row(EISDIR, "EISDIR", "is a directory", "Check the path.");
        row(EINVAL, "EINVAL", "invalid argument", "Check the arguments against the limits of the kernel.");
        row(EFBIG, "EFBIG", "file too large", "Ask for less, or raise the file size limit (ulimit -f).");
        row(ENOSPC, "ENOSPC", "no space left", "Free space on the file system, or ask for less.");
        row(EROFS, "EROFS", "read-only file system", "Use a directory on a writable file system.");
        row(ERANGE, "ERANGE", "out of range", "Check the arguments against the limits of the kernel.");
        row(EDEADLK, "EDEADLK", "deadlock avoided", "Take the locks in one order everywhere.");
        row(ENAMETOOLONG, "ENAMETOOLONG", "name too long", "Use a shorter name or directory.");
        row(ENOSYS, "ENOSYS", "not implemented by this kernel", "Use a newer kernel, or another scheme.");
        row(ENOTEMPTY, "ENOTEMPTY", "directory not empty", "Remove what is in it first.");
        row(ELOOP, "ELOOP", "a symbolic link where none may be", "Remove the link; check who put it there.");
        row(ENOMSG, "ENOMSG", "no message of this type", "Wait for one.");
        row(EIDRM, "EIDRM", "the object was removed", "Create it again on both sides.");
        row(EOVERFLOW, "EOVERFLOW", "value too large", "Check the arguments against the limits of the kernel.");
        row(EDQUOT, "EDQUOT", "disk quota exceeded", "Free space, or raise the quota.");
        row(EOWNERDEAD, "EOWNERDEAD", "the owner died", "Check the state it protected, then mark it consistent.");
    }

    private static void describeDescriptors() {
        row(EBADF, "EBADF", "bad file descriptor", "The descriptor was closed, or was opened for the other direction.");
        row(ENFILE, "ENFILE", "too many open files in the system", "Raise fs.file-max (sysctl).");
        row(EMFILE, "EMFILE", "too many open files in this process",
                "Close channels that are not needed, or raise the limit (ulimit -n).");
        row(ESPIPE, "ESPIPE", "not seekable", "Read and write pipes and sockets without an offset.");
        row(EPIPE, "EPIPE", "broken pipe", "The other side has closed or died; wait for it to come back.");
    }

    private static void describeSockets() {
        row(ENOTSOCK, "ENOTSOCK", "not a socket", "Another file stands at this path; use another path.");
        row(EMSGSIZE, "EMSGSIZE", "message too long", "Send smaller messages, or raise the send buffer (SO_SNDBUF).");
        row(EOPNOTSUPP, "EOPNOTSUPP", "operation not supported", "Use another file system or socket type.");
        row(EADDRINUSE, "EADDRINUSE", "address already in use",
                "Another process listens there; stop it, or remove the socket file if its owner is dead.");
        row(ECONNRESET, "ECONNRESET", "connection reset by peer", "The other side has closed or died; connect again.");
        row(ENOBUFS, "ENOBUFS", "no buffer space", "Wait until the receiver has caught up.");
        row(EISCONN, "EISCONN", "already connected", "Use a new socket.");
        row(ENOTCONN, "ENOTCONN", "not connected", "Connect first.");
        row(ETIMEDOUT, "ETIMEDOUT", "timed out", "Wait longer, or find out what holds up the other side.");
        row(ECONNREFUSED, "ECONNREFUSED", "connection refused", "Nobody listens there; start the listening side.");
        row(EINPROGRESS, "EINPROGRESS", "in progress", "Wait until the descriptor is writable.");
    }
}
