package org.jvmipc.pipes.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What processes have left that were killed while they bound a socket: an {@link OwnDirectory}, the file of a {@link
 * TakeoverLock}. Removes those of this user whose locks are free, as the process that held them is dead then.
 *
 * <p>Follows no symbolic link, and leaves a directory alone that has anything else in it. Who makes such a directory
 * just now and does not hold its lock yet loses it at most, and makes another one.
 */
final class Leftovers {
    private static final Set<OpenOption> WRITE = Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private Leftovers() {
    }

    /** Removes all that were left in a directory, if this user may; says nothing of what stays. */
    static void sweep(Path directory) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, OwnDirectory.PREFIX + "*")) {
            if (all instanceof SecureDirectoryStream<Path> here) {
                for (Path each : here) {
                    remove(here, each.getFileName());
                }
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            return;
        }
    }

    /**
     * Removes one.
     *
     * @param path where it is
     * @return whether it is gone
     */
    static boolean remove(Path path) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(path.getParent(), entry -> false)) {
            if (all instanceof SecureDirectoryStream<Path> here) {
                remove(here, path.getFileName());
            }
        } catch (IOException unreadable) {
            return false;
        }
        return !Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static void remove(SecureDirectoryStream<Path> here, Path name) {
        String text = name.toString();
        try {
            if (TakeoverLock.isName(text)) {
                removeLock(here, name);
            } else if (OwnDirectory.isName(text) && !OwnDirectory.isOfThisProcess(text) && clear(here, name)) {
                here.deleteDirectory(name);
            }
        } catch (IOException | OverlappingFileLockException stays) {
            return;
        }
    }

    private static void removeLock(SecureDirectoryStream<Path> here, Path name) throws IOException {
        // While this process holds such a lock it must not open the file, as closing it would end the lock.
        if (!isOwnFile(here, name) || !TakeoverLock.IN_THIS_PROCESS.tryLock()) {
            return;
        }
        try (SeekableByteChannel channel = here.newByteChannel(name, WRITE)) {
            if (isFree(channel)) {
                here.deleteFile(name);
            }
        } finally {
            TakeoverLock.IN_THIS_PROCESS.unlock();
        }
    }

    /** Removes what is in an abandoned directory; false if it is not abandoned, or none of ours. */
    private static boolean clear(SecureDirectoryStream<Path> here, Path name) throws IOException {
        // Some JDKs keep the descriptor of what they were to list and is no directory.
        if (!here.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS).readAttributes()
                .isDirectory()) {
            return false;
        }
        try (SecureDirectoryStream<Path> inside = here.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            if (!isOfThisUser(inside.getFileAttributeView(PosixFileAttributeView.class).readAttributes().owner())) {
                return false;
            }
            Path file = Path.of(OwnDirectory.LOCK);
            if (!isOwnFile(inside, file)) {
                return false;
            }
            try (SeekableByteChannel channel = inside.newByteChannel(file, WRITE)) {
                return isFree(channel) && clear(inside);
            }
        } catch (NoSuchFileException noLockYetOrAnyMore) {
            // Then there is nothing in it, or it is none of ours and stays, as only an empty one can be deleted.
            return true;
        }
    }

    private static boolean clear(SecureDirectoryStream<Path> inside) throws IOException {
        List<Path> known = new ArrayList<>();
        for (Path each : inside) {
            Path name = each.getFileName();
            BasicFileAttributes what = inside.getFileAttributeView(
                    name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS).readAttributes();
            if (!SocketFile.isMadeInRoom(name.toString(), what)) {
                return false;
            }
            known.add(name);
        }
        for (Path name : known) {
            inside.deleteFile(name);
        }
        inside.deleteFile(Path.of(OwnDirectory.LOCK));
        return true;
    }

    private static boolean isFree(SeekableByteChannel channel) throws IOException {
        return channel instanceof FileChannel file && file.tryLock() != null;
    }

    /** Whether there is a regular file of this user. */
    private static boolean isOwnFile(SecureDirectoryStream<Path> here, Path name) throws IOException {
        PosixFileAttributes found = here.getFileAttributeView(
                name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS).readAttributes();
        return found.isRegularFile() && isOfThisUser(found.owner());
    }

    private static boolean isOfThisUser(UserPrincipal owner) throws IOException {
        return owner.equals(Files.getOwner(Path.of("/proc/self")));
    }
}
