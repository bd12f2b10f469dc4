package org.jvmipc.pipes.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.IpcException;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.NativeCallException;

/**
 * A FIFO's file, from its making to its removal.
 *
 * <p>Whoever has an end open holds a shared lock ({@code flock}) on it; whoever closes one tries for the exclusive
 * lock, and if it gets that, nobody else is there and it removes the name. An opener that does not get its shared lock,
 * or finds another file at the name after it, has met that moment and tries again; but what a writer that has left put
 * into a FIFO that a reader had just opened is read first. The kernel drops the locks of the dead.
 */
final class FifoFile implements PipeWire.Attendant {
    /** How to open a FIFO that another process is to make. */
    static final String AWAIT = "await";
    private static final int ATTEMPTS = 1000;
    private static final long PAUSE_NANOS = 1_000_000;
    private static final int OWNER_ONLY = 0600;

    private final String channel;
    private final Path path;
    private final Policy policy;
    private boolean everSeen;
    private volatile boolean made;

    /**
     * What to do with the file.
     *
     * @param open the option of that name: create, attach or createOrAttach; or await
     * @param removes whether the last one who closes removes it
     * @param replaces whether it may be exchanged for another one under the same name
     * @param capacity what the pipe is to hold in bytes, or 0 for what it does
     */
    record Policy(String open, boolean removes, boolean replaces, int capacity) {
    }

    FifoFile(String channel, Path path, Policy policy) {
        this.channel = channel;
        this.path = path;
        this.policy = policy;
    }

    /**
     * Opens an end.
     *
     * @param flags {@code O_RDONLY} or {@code O_WRONLY}
     * @return the end, or null if nobody reads, or the file has gone and is not to be made
     */
    Fd open(int flags) {
        Fd fd = openOnce(flags);
        for (int i = 0; i < ATTEMPTS && fd != null; i++) {
            if (!fd.tryFlock(FileCalls.LOCK_SH)) {
                LockSupport.parkNanos(PAUSE_NANOS);
            } else if (!isOrphan(fd) || flags == FileCalls.O_RDONLY && PipeWire.available(fd) > 0) {
                return fd;
            } else {
                fd.close();
                fd = openOnce(flags);
            }
        }
        if (fd == null) {
            return null;
        }
        fd.close();
        throw new AccessRefusedException(channel + ": another process holds a lock on the FIFO and does not give it"
                + " back; find it with fuser " + path);
    }

    /**
     * Opens an end, unless a lock is in the way.
     *
     * @param flags {@code O_RDONLY} or {@code O_WRONLY}
     * @param operation the lock to take, or 0 for none
     * @return the end, or null
     */
    Fd tryOpen(int flags, int operation) {
        Fd fd = openOnce(flags);
        if (fd != null && (operation != 0 && !fd.tryFlock(operation) || isOrphan(fd))) {
            fd.close();
            return null;
        }
        return fd;
    }

    /**
     * Opens an end without any lock.
     *
     * @param flags {@code O_RDONLY} or {@code O_WRONLY}
     * @return the end, or null if nobody reads, or the file has gone and is not to be made
     */
    Fd openOnce(int flags) {
        while (ensure()) {
            try {
                Fd fd = Fd.open(path.toString(), flags | FileCalls.O_NOFOLLOW, 0);
                size(fd);
                return fd;
            } catch (NativeCallException e) {
                switch (e.errno()) {
                    case Errno.ENXIO:
                        return null;
                    case Errno.ENOENT:
                        continue;
                    case Errno.EACCES, Errno.ELOOP:
                        throw new AccessRefusedException(channel + " is refused: " + e.getMessage());
                    default:
                        throw e;
                }
            }
        }
        return null;
    }

    /** Sees to it that there is a FIFO; false if there is none and none is to be made. */
    boolean ensure() {
        FileEntry entry = FileEntry.at(path);
        if (entry == null && policy.open().equals(AWAIT)) {
            return false;
        }
        if (entry == null && policy.open().equals("attach")) {
            if (!everSeen) {
                throw new ChannelNotFoundException(channel + ": there is no FIFO; start the side that creates it first,"
                        + " or leave open=attach out");
            }
            return false;
        }
        if (entry != null && policy.open().equals("create") && !everSeen) {
            throw new ChannelExistsException(channel + ": the FIFO exists; leave open=create out, or remove it");
        }
        if (entry == null) {
            make();
            entry = FileEntry.at(path);
        }
        if (entry != null) {
            entry.requireFifo(channel);
        }
        everSeen = true;
        return true;
    }

    private void make() {
        int result = FileCalls.mkfifo(path.toString(), OWNER_ONLY);
        switch (-result) {
            case 0:
                made = true;
                allowOwner();
                return;
            case Errno.EEXIST:
                return;
            case Errno.ENOENT, Errno.ENOTDIR:
                throw new ChannelNotFoundException(channel + ": there is no directory " + path.getParent()
                        + "; create it first, with mode 0700");
            case Errno.EACCES, Errno.EPERM, Errno.EROFS:
                throw new AccessRefusedException(channel + ": this user may not create files in " + path.getParent()
                        + "; use another directory");
            default:
                throw new NativeCallException("mkfifo", path.toString(), result);
        }
    }

    /** The umask can only have taken permissions away; the owner's are given back. */
    private void allowOwner() {
        FileEntry made = FileEntry.at(path);
        if (made != null && made.isFifo() && (made.mode() & OWNER_ONLY) != OWNER_ONLY) {
            try {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            } catch (IOException e) {
                throw new IpcException("cannot set the mode of " + path + ": " + e.getMessage(), e);
            }
        }
    }

    @Override
    public boolean isOrphan(Fd fd) {
        FileEntry opened = FileEntry.of(fd);
        return opened != null && !opened.isSameFile(FileEntry.at(path));
    }

    private void size(Fd fd) {
        if (policy.capacity() > 0) {
            PipeWire.setCapacity(fd, policy.capacity());
        }
    }

    @Override
    public void leave(Fd end) {
        if (!end.isOpen()) {
            return;
        }
        if (policy.removes() && end.tryFlock(FileCalls.LOCK_EX) && !isOrphan(end)) {
            remove();
        }
        end.close();
    }

    /**
     * Gives the present FIFO up to its writers, whose writes fail from now on, for a new one under the same name: at
     * once if the name is to stay, else when an end is opened next.
     */
    @Override
    public void turnAway(Fd end) {
        if (policy.replaces() && !isOrphan(end)) {
            remove();
            if (!policy.removes()) {
                make();
            }
        }
    }

    /**
     * The channel is closed, and this side never had an end open, as nobody read: removes a FIFO that this side made
     * and still nobody reads. Another writer that waits for a reader makes a new one.
     */
    void abandon() {
        if (policy.removes() && made) {
            try {
                Fd.open(path.toString(), FileCalls.O_WRONLY | FileCalls.O_NOFOLLOW, 0).close();
            } catch (NativeCallException e) {
                if (e.errno() == Errno.ENXIO) {
                    remove();
                }
            }
        }
    }

    /** Removes the name. */
    void remove() {
        FileCalls.unlink(path.toString());
    }
}
