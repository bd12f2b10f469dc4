package org.jvmipc.posix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jvmipc.AccessRefusedException;

/**
 * The directory of this user's life files and registry entries: system property {@code ipc.home}, else the environment
 * variable {@code IPC_HOME}, else {@code /dev/shm/jvmipc-<uid>}. Plain Java; all methods may be called from any thread.
 *
 * <p>It belongs to the user alone (mode 0700), is made when it is first needed, and the default one is removed when it
 * is empty. As another process may remove it just after it was made here, whoever makes a file in it tries again.
 */
public final class IpcHome {

    private static final int OTHERS = 077;
    /** What EROFS is to the JDK, which has no exception for it. */
    private static final String READ_ONLY = "Read-only file system";
    /** The numbers of devices without hardware, as tmpfs is one, are small. */
    private static final int DEVICE_SHIFT = 40;

    private IpcHome() {
    }

    /**
     * Returns where the directory is, or would be.
     *
     * @return an absolute path
     */
    public static Path path() {
        String chosen = chosen();
        return chosen == null ? base().resolve("jvmipc-" + ProcessIdentity.effectiveUid())
                : Path.of(chosen).toAbsolutePath();
    }

    /**
     * Makes the directory if it is missing, and checks that nobody else can have put it or anything in it there.
     *
     * @return its path
     * @throws AccessRefusedException if it is not a directory, belongs to somebody else, is open to others, or this
     *     user may not make it
     * @throws UncheckedIOException if it cannot be made for another reason
     */
    public static Path open() {
        Path path = path();
        while (true) {
            try {
                check(path);
                return path;
            } catch (NoSuchFileException e) {
                create(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * Returns a number that tells this directory from all others on the machine that are in use, whatever their paths:
     * containers have directories of the same path, and each in its own {@code /dev/shm} of the same inode, too. It
     * stays the same while a life sign of this process is in the directory.
     *
     * @return the number of its device, rotated to the left by 40 bits, XOR its inode
     * @throws UncheckedIOException if it does not exist or cannot be read
     */
    public static long identity() {
        try {
            Map<String, Object> status = Files.readAttributes(path(), "unix:dev,ino");
            long device = ((Number) status.get("dev")).longValue();
            return Long.rotateLeft(device, DEVICE_SHIFT) ^ ((Number) status.get("ino")).longValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes the directory if it is the default one and empty; otherwise does nothing. */
    public static void removeIfEmpty() {
        if (chosen() != null) {
            return;
        }
        try {
            Files.deleteIfExists(path());
        } catch (DirectoryNotEmptyException e) {
            return; // others are still there
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String chosen() {
        String property = System.getProperty("ipc.home");
        String chosen = property != null ? property : System.getenv("IPC_HOME");
        return chosen == null || chosen.isEmpty() ? null : chosen;
    }

    private static Path base() {
        Path shm = Path.of("/dev/shm");
        return Files.isDirectory(shm) ? shm : Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static void create(Path path) {
        try {
            Files.createDirectory(path,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            // The umask may have taken bits away from the owner.
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        } catch (FileAlreadyExistsException e) {
            return; // somebody was faster; it is checked next
        } catch (NoSuchFileException e) {
            if (!Files.isDirectory(path.getParent())) {
                throw new UncheckedIOException(e);
            }
        } catch (FileSystemException e) {
            if (e instanceof AccessDeniedException || READ_ONLY.equals(e.getReason())) {
                throw new AccessRefusedException("User " + ProcessIdentity.effectiveUid() + " may not make " + path
                        + ". Mount " + path.getParent() + " writable for all (mode 1777), or set IPC_HOME to a"
                        + " directory of your own");
            }
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void check(Path path) throws IOException {
        Map<String, Object> status = Files.readAttributes(path, "unix:mode,uid,isDirectory", LinkOption.NOFOLLOW_LINKS);
        if (!(boolean) status.get("isDirectory")) {
            throw new AccessRefusedException(path + " is not a directory. Remove it, or set IPC_HOME to another place");
        }
        int uid = (int) status.get("uid");
        if (uid != ProcessIdentity.effectiveUid()) {
            throw new AccessRefusedException(path + " belongs to user " + uid + " and not to "
                    + ProcessIdentity.effectiveUid() + ". Set IPC_HOME to a directory of your own");
        }
        int mode = (int) status.get("mode") & 0777;
        if ((mode & OTHERS) != 0) {
            throw new AccessRefusedException(path + " is open to others (mode 0" + Integer.toOctalString(mode)
                    + "). Run: chmod 700 " + path);
        }
    }
}
