package org.jvmipc.posix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.NoSpaceException;

/**
 * Makes and opens files that processes of one user map together. A file is made by exactly one process, belongs to its
 * user alone (mode 0600 whatever the umask), and has every page backed by memory before anybody maps it: touching a
 * page that cannot be backed would kill a JVM. It is never truncated, only unlinked. All methods may be called from any
 * thread.
 *
 * <p>The file stands under its name before it has its size. Who opens it at that moment finds it too short: he passes 0
 * as the least size, waits for {@link FileChannel#size}, and then for what the creator writes last.
 */
public final class SharedFiles {

    private static final int CHUNK = 1 << 16;

    private SharedFiles() {
    }

    /**
     * Makes a file, backing it by {@code posix_fallocate}.
     *
     * @param path where
     * @param size in bytes, more than 0
     * @return a channel to it, closed in children; the file is all zeros
     * @throws FileAlreadyExistsException if something stands there, also a symbolic link
     * @throws NoSpaceException if the file system has not enough space, or the process may make no file so large
     *         ({@link FileSizeLimit}); the file is gone again
     * @throws NativeCallException if a system call fails otherwise; the file is gone again
     * @throws UnsupportedOperationException if native calls do not work here: use {@link #createPlain}
     * @throws IOException if the directory does not exist or the file cannot be opened
     */
    public static FileChannel create(Path path, long size) throws IOException {
        checkSpace(path, size);
        String name = path.toString();
        int fd = FileCalls.open(name, FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_EXCL | FileCalls.O_NOFOLLOW
                | FileCalls.O_CLOEXEC, 0600);
        if (fd == -Errno.EEXIST || fd == -Errno.ELOOP) {
            throw new FileAlreadyExistsException(name);
        }
        if (fd == -Errno.ENOENT) {
            throw new NoSuchFileException(name);
        }
        NativeCallException.check(fd, "open", name + ", O_CREAT|O_EXCL");
        boolean done = false;
        try {
            NativeCallException.check(FileCalls.fchmod(fd, 0600), "fchmod", name + ", 0600");
            int error;
            do {
                error = FileCalls.posixFallocate(fd, 0, size);
            } while (error == -Errno.EINTR);
            if (error == -Errno.ENOSPC || error == -Errno.EDQUOT) {
                throw new NoSpaceException(name, size, free(path));
            }
            if (error == -Errno.EFBIG) {
                FileSizeLimit.check(path, size);
            }
            NativeCallException.check(error, "posix_fallocate", name + ", 0, " + size);
            // The file just made and no other, whatever happens to its name meanwhile.
            FileChannel channel = FileChannel.open(Path.of("/proc/self/fd/" + fd),
                    StandardOpenOption.READ, StandardOpenOption.WRITE);
            done = true;
            return channel;
        } finally {
            if (!done) {
                FileCalls.unlink(name);
            }
            FileCalls.close(fd);
        }
    }

    /**
     * Makes a file, backing it by writing zeros. Plain Java, and slower: about 1 ms for 1 or 2 MiB.
     *
     * @param path where
     * @param size in bytes, more than 0
     * @return a channel to it; the file is all zeros
     * @throws FileAlreadyExistsException if something stands there, also a symbolic link
     * @throws NoSpaceException if the file system has not enough space, or the process may make no file so large
     *         ({@link FileSizeLimit}); the file is gone again
     * @throws IOException if the file cannot be made otherwise
     */
    public static FileChannel createPlain(Path path, long size) throws IOException {
        checkSpace(path, size);
        FileChannel channel = FileChannel.open(path,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        boolean done = false;
        try {
            // The umask may have taken bits away from the owner.
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            fill(channel, size);
            channel.position(0);
            done = true;
            return channel;
        } catch (IOException e) {
            FileSizeLimit.check(path, size);
            long free = free(path);
            if (free >= 0 && free < size) {
                throw new NoSpaceException(path.toString(), size, free);
            }
            throw e;
        } finally {
            if (!done) {
                channel.close();
                Files.deleteIfExists(path);
            }
        }
    }

    /**
     * Opens a file for mapping, refusing everything that another user can have had a hand in. Plain Java.
     *
     * @param path the file
     * @param leastSize in bytes
     * @return a channel to it, for reading and writing
     * @throws AccessRefusedException if it is a symbolic link or not a regular file, belongs to another user, is open
     *         to others, has a second name, or is shorter than {@code leastSize}
     * @throws NoSuchFileException if it does not exist
     * @throws IOException if it cannot be opened
     */
    public static FileChannel open(Path path, long leastSize) throws IOException {
        Object before = check(path, leastSize);
        FileChannel channel = FileChannel.open(path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS));
        boolean done = false;
        try {
            if (!before.equals(check(path, leastSize))) {
                throw new NoSuchFileException(path.toString(), null, "replaced while it was opened");
            }
            if (channel.size() < leastSize) {
                throw tooShort(path, channel.size(), leastSize);
            }
            done = true;
            return channel;
        } finally {
            if (!done) {
                channel.close();
            }
        }
    }

    /** Returns what identifies the file. */
    private static Object check(Path path, long leastSize) throws IOException {
        Map<String, Object> status = Files.readAttributes(path, "unix:mode,uid,nlink,size,dev,ino,isRegularFile",
                LinkOption.NOFOLLOW_LINKS);
        if (!(boolean) status.get("isRegularFile")) {
            throw new AccessRefusedException(path + " is not a regular file. Remove it, or use another name");
        }
        int uid = (int) status.get("uid");
        if (uid != ProcessIdentity.effectiveUid()) {
            throw new AccessRefusedException(path + " belongs to user " + uid + " and not to "
                    + ProcessIdentity.effectiveUid() + ". Run both sides as the same user");
        }
        int mode = (int) status.get("mode") & 07777;
        if ((mode & 077) != 0) {
            throw new AccessRefusedException(path + " is open to others (mode 0" + Integer.toOctalString(mode)
                    + "). Run: chmod 600 " + path + ", once you know who changed it");
        }
        int links = (int) status.get("nlink");
        if (links != 1) {
            throw new AccessRefusedException(path + " has " + links + " names. Remove it, or use another name");
        }
        long size = (long) status.get("size");
        if (size < leastSize) {
            throw tooShort(path, size, leastSize);
        }
        return status.get("dev") + ":" + status.get("ino");
    }

    private static AccessRefusedException tooShort(Path path, long size, long leastSize) {
        return new AccessRefusedException(path + " has " + size + " bytes and must have at least " + leastSize
                + ". It is not a file of this kind, or somebody truncated it: remove it");
    }

    private static void fill(FileChannel channel, long size) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(CHUNK, size));
        long left = size;
        while (left > 0) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), left));
            left -= channel.write(zeros);
        }
    }

    /** Not only politeness: on tmpfs, filling up the last page first would starve everybody else on the machine. */
    private static void checkSpace(Path path, long size) {
        if (size <= 0) {
            throw new IllegalArgumentException("The size must be more than 0, not " + size);
        }
        long free = free(path);
        if (free >= 0 && free < size) {
            throw new NoSpaceException(path.toString(), size, free);
        }
    }

    private static long free(Path path) {
        Path directory = path.toAbsolutePath().getParent();
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            return -1;
        }
    }
}
