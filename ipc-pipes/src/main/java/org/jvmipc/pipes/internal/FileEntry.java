package org.jvmipc.pipes.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.posix.Fd;

/**
 * What stands at a path, not following a symbolic link there; read without native code of our own.
 *
 * @param path where
 * @param mode kind and permissions, as {@code st_mode}
 * @param uid the owner
 * @param device the file system
 * @param inode the file's number there
 */
record FileEntry(Path path, int mode, int uid, long device, long inode) {
    private static final int KIND = 0170000;
    private static final int FIFO = 0010000;
    private static final int SOCKET = 0140000;
    private static final int OTHERS_MAY_WRITE = 0022;

    /** What is there, or null if nothing is. */
    static FileEntry at(Path path) {
        return read(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static FileEntry read(Path path, LinkOption... options) {
        try {
            Map<String, Object> found = Files.readAttributes(path, "unix:mode,uid,dev,ino", options);
            return new FileEntry(path, (Integer) found.get("mode"), (Integer) found.get("uid"),
                    (Long) found.get("dev"), (Long) found.get("ino"));
        } catch (NoSuchFileException absent) {
            requireDirectory(path); // newer JDKs say the same of something else in its place
            return null;
        } catch (AccessDeniedException e) {
            throw new AccessRefusedException("this user may not look at " + path + ", as it may not enter a directory"
                    + " on the way; use another one");
        } catch (IOException e) {
            requireDirectory(path);
            throw new UncheckedIOException("cannot look at " + path, e);
        }
    }

    private static void requireDirectory(Path path) {
        Path directory = path.getParent();
        if (directory != null && Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new ChannelNotFoundException("there is no directory " + directory + " for " + path
                    + ", but something else");
        }
    }

    /** The file that is open, or null if it is not any more. */
    static FileEntry of(Fd fd) {
        int number = fd.acquire();
        if (number == Fd.CLOSED) {
            return null;
        }
        try {
            return read(Path.of("/proc/self/fd/" + number));
        } finally {
            fd.release();
        }
    }

    /** The user as whom this process makes files. */
    static int self() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell the user of this process; is /proc mounted?", e);
        }
    }

    /** The same file under another name. */
    FileEntry movedTo(Path other) {
        return new FileEntry(other, mode, uid, device, inode);
    }

    boolean isSameFile(FileEntry other) {
        return other != null && inode == other.inode && device == other.device;
    }

    boolean isFifo() {
        return (mode & KIND) == FIFO;
    }

    private boolean isSocket() {
        return (mode & KIND) == SOCKET;
    }

    /** Refuses what is no socket of an owner that is trusted. */
    void requireSocket(String channel, Set<Integer> allowed) {
        if (!isSocket()) {
            throw new AccessRefusedException(channel + " is refused: there is a " + kind() + ", not a socket; remove it"
                    + " or use another path");
        }
        requireOwner(channel, allowed);
    }

    /** Refuses what is no FIFO, of another owner, or open to others. */
    void requireFifo(String channel) {
        if (!isFifo()) {
            throw new AccessRefusedException(channel + " is refused: there is a " + kind() + ", not a FIFO; remove it"
                    + " or use another path");
        }
        requireOwner(channel, Set.of());
        if ((mode & OTHERS_MAY_WRITE) != 0) {
            throw new AccessRefusedException(channel + " is refused: others may write to it (mode 0"
                    + Integer.toOctalString(mode & 07777) + "); run chmod 0600 " + path);
        }
    }

    private void requireOwner(String channel, Set<Integer> allowed) {
        int self = self();
        if (uid != self && !allowed.contains(uid)) {
            throw new AccessRefusedException(channel + " is refused: it belongs to uid " + uid
                    + ", and this process runs as uid " + self + "; remove it or use another path");
        }
    }

    private String kind() {
        return switch (mode & KIND) {
            case 0100000 -> "regular file";
            case 0120000 -> "symbolic link";
            case 0040000 -> "directory";
            case SOCKET -> "socket";
            case FIFO -> "FIFO";
            default -> "device";
        };
    }
}
