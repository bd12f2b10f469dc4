package org.jvmipc.pipes.internal;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.IpcException;

/**
 * The file of a bound socket, from its making to its removal.
 *
 * <p>A socket is bound under a name in a private directory (0700), gets its mode (0600) there, and is then linked to
 * the name that others know. So there is no moment at which others could connect to a socket with a mode that the umask
 * left too wide, and no moment at which the name leads to a socket that does not listen yet; and as a link never
 * replaces a file, nothing at that name is lost by mistake.
 */
final class SocketFile {
    /** The name of the socket that only asks whether somebody listens; listeners hang up on it. */
    static final String PROBE = "probe";
    /** What a socket is bound to, if the path is too long for {@link #BOUND_AS}. */
    private static final String BOUND = "s";
    /** Otherwise this and the name that others know: the kernel goes on to tell the bound name. */
    private static final String BOUND_AS = "s.";
    /** The way by which a directory is reached whose own name is too long. */
    private static final String WAY = "d";
    private static final int ATTEMPTS = 100;

    private final FileEntry entry;
    private final boolean keep;

    /** Makes a socket that listens at a path which does not exist yet. */
    interface Binder<T extends AutoCloseable> {
        T bind(Path path) throws IOException;
    }

    /** Asks whether somebody listens at a path; may bind a socket at the second one to do so. */
    interface Probe {
        boolean isAlive(Path target, Path own) throws IOException;
    }

    /**
     * A socket with its file.
     *
     * @param socket the socket
     * @param file its file
     */
    record Bound<T>(T socket, SocketFile file) {
    }

    /**
     * What to do with the file.
     *
     * @param keep whether it stays when the socket is closed
     * @param others whether other users may connect, to be let in or not by who they are
     */
    record Policy(boolean keep, boolean others) {
    }

    private SocketFile(FileEntry entry, boolean keep) {
        this.entry = entry;
        this.keep = keep;
    }

    /**
     * Binds a socket to a path, in place of a dead one if need be.
     *
     * @param target the path
     * @param policy what to do with the file
     * @param binder makes the socket
     * @param probe tells the living from the dead
     * @return the socket
     */
    static <T extends AutoCloseable> Bound<T> bind(
            Path target, Policy policy, Binder<T> binder, Probe probe) {
        // Binding does not wait for others, so an interrupt is for what the thread does next; but it closes locks.
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return bindOnce(target, policy, binder, probe);
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <T extends AutoCloseable> Bound<T> bindOnce(
            Path target, Policy policy, Binder<T> binder, Probe probe) throws ClosedByInterruptException {
        try {
            requireReplaceable(target);
            Room room = Room.beside(target);
            try {
                T socket = binder.bind(room.nearby(room.bound()));
                try {
                    Files.setPosixFilePermissions(room.real(room.bound()), PosixFilePermissions.fromString(
                            policy.others() ? "rw-rw-rw-" : "rw-------"));
                    FileEntry entry = FileEntry.at(room.real(room.bound()));
                    publish(room, target, probe);
                    return new Bound<>(socket, new SocketFile(entry.movedTo(target), policy.keep()));
                } catch (IOException | RuntimeException e) {
                    closeQuietly(socket);
                    throw e;
                }
            } finally {
                room.close();
            }
        } catch (NoSuchFileException e) {
            throw noDirectory(target);
        } catch (java.nio.file.AccessDeniedException e) {
            throw new AccessRefusedException("unix:" + target + ": this user may not create files in "
                    + target.getParent() + "; use another directory");
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            // JDKs tell differently of something else in the directory's place.
            throw Files.isDirectory(target.getParent())
                    ? new IpcException("cannot bind a socket to " + target + ": " + e.getMessage(), e)
                    : noDirectory(target);
        }
    }

    private static ChannelNotFoundException noDirectory(Path target) {
        return new ChannelNotFoundException("unix:" + target + ": there is no directory " + target.getParent()
                + "; create it first, with mode 0700");
    }

    /**
     * The name that others know a socket by.
     *
     * @param boundTo what the kernel tells
     * @return the same if it was not bound here, or the path is too long to tell
     */
    static String known(String boundTo) {
        int name = boundTo.lastIndexOf('/') + 1;
        int room = boundTo.lastIndexOf('/', Math.max(0, name - 2)) + 1;
        return name > 1 && room > 0 && boundTo.startsWith(".", room) && boundTo.startsWith(BOUND_AS, name)
                ? boundTo.substring(0, room) + boundTo.substring(name + BOUND_AS.length()) : boundTo;
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception nothingToDo) {
            // The descriptor is given back all the same.
        }
    }

    private static void publish(Room room, Path target, Probe probe) throws IOException {
        for (int i = 0; i < ATTEMPTS; i++) {
            try {
                Files.createLink(target, room.real(room.bound()));
                return;
            } catch (FileAlreadyExistsException somebody) {
                removeDead(room, target, probe);
            }
        }
        throw new ChannelExistsException("unix:" + target + ": other processes keep binding and leaving this path");
    }

    private static void removeDead(Room room, Path target, Probe probe) throws IOException {
        TakeoverLock lock = TakeoverLock.take(target);
        try {
            FileEntry found = requireReplaceable(target);
            if (found == null) {
                return;
            }
            Path own = room.nearby(PROBE);
            boolean alive = probe.isAlive(target, own);
            Files.deleteIfExists(room.real(PROBE));
            if (alive) {
                throw new ChannelExistsException("unix:" + target
                        + ": another process receives there; close it, or use another path");
            }
            if (found.isSameFile(FileEntry.at(target))) {
                Files.delete(target);
            }
        } finally {
            lock.close();
        }
    }

    private static FileEntry requireReplaceable(Path target) {
        FileEntry found = FileEntry.at(target);
        if (found != null) {
            found.requireSocket("unix:" + target, Set.of());
        }
        return found;
    }

    /** Removes the name if it still is this socket's; before the socket is closed, as a dead one is anybody's. */
    void remove() {
        try {
            if (!keep && entry.isSameFile(FileEntry.at(entry.path()))) {
                Files.deleteIfExists(entry.path());
            }
        } catch (IOException stays) {
            System.getLogger("org.jvmipc.pipes").log(System.Logger.Level.WARNING,
                    "the socket file " + entry.path() + " stays behind", stays);
        }
    }

    /** Whether a path, which may be anything, leads into an {@link OwnDirectory}. */
    static boolean isInRoom(String path) {
        String[] names = path.split("/", -1);
        int last = names.length - 2;
        return last >= 0 && OwnDirectory.isName(names[last])
                || last >= 1 && names[last].equals(WAY) && OwnDirectory.isName(names[last - 1]);
    }

    /** Whether a file in an {@link OwnDirectory} is one that {@link Room} makes there. */
    static boolean isMadeInRoom(String name, BasicFileAttributes what) {
        return what.isOther() && (name.equals(PROBE) || name.equals(BOUND) || name.startsWith(BOUND_AS))
                || what.isSymbolicLink() && name.equals(WAY)
                || what.isRegularFile() && name.equals(OwnDirectory.LOCK);
    }

    /**
     * The private directory, and a way to it that is short enough for a socket's name.
     *
     * @param directory where the files are
     * @param detour where the way is, or null if there is none
     * @param bound the name of the socket in it
     */
    private record Room(OwnDirectory directory, OwnDirectory detour, String bound) {
        static Room beside(Path target) throws IOException {
            Leftovers.sweep(target.getParent());
            OwnDirectory directory = OwnDirectory.in(target.getParent());
            if (SocketName.length(directory.path() + "/" + PROBE) <= SocketName.LONGEST) {
                String name = BOUND_AS + target.getFileName();
                return new Room(directory, null,
                        SocketName.length(directory.path() + "/" + name) <= SocketName.LONGEST ? name : BOUND);
            }
            Room room = null;
            try {
                room = new Room(directory, detour(directory.path()), BOUND);
                return room;
            } finally {
                if (room == null) {
                    directory.close();
                }
            }
        }

        private static OwnDirectory detour(Path directory) throws IOException {
            Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
            Leftovers.sweep(temporary);
            OwnDirectory detour = OwnDirectory.in(temporary);
            boolean done = false;
            try {
                Files.createSymbolicLink(detour.path().resolve(WAY), directory.toAbsolutePath());
                done = true;
                return detour;
            } finally {
                if (!done) {
                    detour.close();
                }
            }
        }

        Path real(String name) {
            return directory.path().resolve(name);
        }

        Path nearby(String name) {
            return (detour == null ? directory.path() : detour.path().resolve(WAY)).resolve(name);
        }

        void close() {
            delete(real(PROBE));
            delete(real(bound));
            directory.close();
            if (detour != null) {
                delete(detour.path().resolve(WAY));
                detour.close();
            }
        }

        private static void delete(Path file) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException stays) {
                // Then its directory does, and says so.
                return;
            }
        }
    }
}
