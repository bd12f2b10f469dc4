package org.jvmipc.shm;

import java.io.IOException;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.FileStatus;
import org.jvmipc.posix.MemoryCalls;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.ProcessIdentity;

/**
 * Memory of a file without a name, which a peer gets by its descriptor. It is sealed, so that nobody can truncate it,
 * on purpose or not, and no access to it can fail. One descriptor is kept as long as the segment is open.
 */
final class MemfdBacking implements Backing {
    private static final int NONE = -1;

    private final String label;
    private int fd;

    private MemfdBacking(String label, int fd) {
        this.label = label;
        this.fd = fd;
    }

    /** To be created. */
    static MemfdBacking ofNew(String label) {
        return new MemfdBacking(label, NONE);
    }

    /** Behind a descriptor that remains its owner's. */
    static MemfdBacking ofDescriptor(int descriptor) {
        int copy = NativeCallException.check(FileCalls.dup(descriptor), "fcntl", descriptor + ", F_DUPFD_CLOEXEC");
        return new MemfdBacking("", copy);
    }

    @Override
    public String kind() {
        return "memfd";
    }

    @Override
    public String name() {
        return label.isEmpty() ? "memfd" : "memfd " + label;
    }

    @Override
    public boolean hasName() {
        return false;
    }

    @Override
    public synchronized int descriptor() {
        return fd;
    }

    @Override
    public synchronized Handle open(boolean create, long deadline) throws IOException {
        if (create != (fd == NONE)) {
            return null;
        }
        if (create) {
            fd = NativeCallException.check(MemoryCalls.memfdCreate("jvmipc-" + label,
                    MemoryCalls.MFD_CLOEXEC | MemoryCalls.MFD_ALLOW_SEALING), "memfd_create", label);
            NativeCallException.check(FileCalls.fchmod(fd, 0600), "fchmod", "memfd, 0600");
        } else {
            check();
        }
        // An open file of its own: a lock belongs to that, and a descriptor that was handed over shares it.
        String path = MemfdHandle.path(fd).toString();
        int own = FileCalls.open(path, FileCalls.O_RDWR | FileCalls.O_CLOEXEC, 0);
        return new MemfdHandle(this, NativeCallException.check(own, "open", path + ", O_RDWR"));
    }

    /** Refuses what is no sealed memory of this user. */
    private void check() {
        int seals = FileCalls.fcntl(fd, MemoryCalls.F_GET_SEALS, 0);
        if (seals == -Errno.EINVAL) {
            throw new AccessRefusedException("descriptor " + fd + " is no memfd; to map a file use SharedSegment.file");
        }
        NativeCallException.check(seals, "fcntl", fd + ", F_GET_SEALS");
        if ((seals & MemoryCalls.F_SEAL_SHRINK) == 0) {
            throw new AccessRefusedException("descriptor " + fd + " is a memfd without F_SEAL_SHRINK (seals "
                    + seals + "), which its owner could truncate under this process; seal it before handing it over");
        }
        FileStatus status = new FileStatus();
        NativeCallException.check(FileCalls.stat(fd, status), "statx", "descriptor " + fd);
        if (status.uid() != ProcessIdentity.effectiveUid()) {
            throw new AccessRefusedException("descriptor " + fd + " is a memfd of user " + status.uid()
                    + ", this process is user " + ProcessIdentity.effectiveUid()
                    + "; a segment is shared by processes of one user");
        }
    }

    /** Closes the descriptor. */
    @Override
    public synchronized void release() {
        if (fd != NONE) {
            FileCalls.close(fd);
            fd = NONE;
        }
    }
}
