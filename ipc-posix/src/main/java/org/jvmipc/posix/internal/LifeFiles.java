package org.jvmipc.posix.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.FileStatus;
import org.jvmipc.posix.IpcHome;
import org.jvmipc.posix.Life;
import org.jvmipc.posix.LifeSign.Owner;
import org.jvmipc.posix.LockCalls;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.NativeLibrary;
import org.jvmipc.posix.ProcFields;
import org.jvmipc.posix.ProcessIdentity;

/**
 * The files behind {@link org.jvmipc.posix.LifeSign}.
 *
 * <p>A file is removed only by who holds a lock on it: the owner, at its end, the exclusive one, or sweepers, when the
 * owner is dead, a shared one. To who asks, only the exclusive lock means life, so a sweeper that is stopped in the
 * middle does not make the dead look alive. A sweeper may catch a new file before its owner has locked it; the owner
 * notices, as it cannot get the lock or the file has no name any more, and makes another under another name.
 */
public final class LifeFiles {

    /** How the names of life files begin. */
    public static final String PREFIX = "life-";

    /** How the names of the files of counters begin; the rest is that of the life file. */
    public static final String COUNTERS_PREFIX = "counters-";

    private static final int PID_DIGITS = 10;
    private static final int RANDOM_DIGITS = 16;
    private static final int OPEN = FileCalls.O_NOFOLLOW | FileCalls.O_CLOEXEC | FileCalls.O_NONBLOCK;
    private static final int MAX_TEXT = 2000;
    private static final int MAX_PEERS = 512;
    private static final int MAX_ATTEMPTS = 1000;
    private static final Map<String, Fd> PEERS = new ConcurrentHashMap<>();

    /** Its descriptor is never closed: the kernel does that when the process has ended. */
    private static volatile String ownPath;

    private LifeFiles() {
    }

    /**
     * Makes and locks the file of this process. Called once.
     *
     * @return its name
     * @throws NativeCallException if it cannot be made
     */
    public static String create() {
        byte[] text = ("jvmipc-life 1\nidentity=" + ProcessIdentity.current() + "\nmain=" + mainClass() + "\n")
                .getBytes(StandardCharsets.UTF_8);
        int error = -Errno.EAGAIN;
        for (int i = 0; i < MAX_ATTEMPTS; i++) {
            String name = PREFIX + ProcessIdentity.current().pid() + "-"
                    + HexFormat.of().toHexDigits(new SecureRandom().nextLong());
            String path = IpcHome.open().resolve(name).toString();
            int fd = FileCalls.open(path, FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_EXCL | OPEN, 0600);
            if (fd >= 0) {
                error = claim(fd, path, text);
                if (error == 0) {
                    ownPath = path;
                    return name;
                }
                FileCalls.close(fd);
            } else {
                error = fd;
            }
            boolean again = error == -Errno.EAGAIN || error == -Errno.EACCES && fd >= 0 || error == -Errno.ENOENT
                    || error == -Errno.EEXIST || error == -Errno.EINTR;
            if (!again) {
                throw new NativeCallException("open", path, error);
            }
        }
        throw new NativeCallException("open", IpcHome.path() + "/" + PREFIX + "...", error);
    }

    private static int claim(int fd, String path, byte[] text) {
        int error = FileCalls.fchmod(fd, 0600); // whatever the umask
        if (error == 0) {
            error = LockCalls.tryLock(fd);
        }
        if (error != 0) {
            return error;
        }
        FileStatus mine = new FileStatus();
        FileStatus named = new FileStatus();
        FileCalls.stat(fd, mine);
        if (FileCalls.lstat(path, named) != 0 || !named.isSameFile(mine)) {
            return -Errno.ENOENT; // a sweeper was faster
        }
        NativeBuffer copy = new NativeBuffer(text.length);
        copy.buffer().put(text);
        long written = FileCalls.write(fd, copy.address(), text.length);
        if (written > 0 && written < text.length) {
            // The disk is full, or the file may not be so large: this one says which.
            long rest = FileCalls.write(fd, copy.address() + written, text.length - written);
            written = rest < 0 ? rest : written + rest;
        }
        if (written == text.length) {
            return 0;
        }
        FileCalls.unlink(path);
        return written < 0 ? (int) written : -Errno.ENOSPC;
    }

    /** Removes the file of this process, if it has one, and its counters. The lock stays. */
    public static synchronized void removeOwn() {
        if (ownPath != null) {
            removeCounters(ownPath);
            FileCalls.unlink(ownPath);
            ownPath = null;
        }
    }

    /**
     * Makes something beside the file of this process that is to be removed with it.
     *
     * @param maker gets the path of the life file; called only while that file is there
     * @return what was made, or null if this process has no life file
     * @throws IOException as the maker does
     */
    static synchronized <T> T beside(Maker<T> maker) throws IOException {
        return ownPath == null ? null : maker.make(ownPath);
    }

    /** See {@link #beside}. */
    interface Maker<T> {
        T make(String lifeFile) throws IOException;
    }

    /**
     * Returns where the counters of a process are, if it has any.
     *
     * @param path of its life file
     * @param number which of its files, from 1 on
     * @return the path of a file that may not exist
     */
    static String counters(String path, int number) {
        int name = path.lastIndexOf('/') + 1;
        return path.substring(0, name) + COUNTERS_PREFIX + path.substring(name + PREFIX.length())
                + (number == 1 ? "" : "." + number);
    }

    /** The life sign that a file of counters belongs to; null if it does not have the name of one. */
    static String signOf(String file) {
        if (!file.startsWith(COUNTERS_PREFIX)) {
            return null;
        }
        // counters-123-0123456789abcdef, and that with .2 and so on behind it.
        int dot = file.indexOf('.');
        String sign = PREFIX + file.substring(COUNTERS_PREFIX.length(), dot < 0 ? file.length() : dot);
        boolean numbered = dot < 0 || ProcFields.isNumber(file.substring(dot + 1), 2);
        return numbered && isName(sign) ? sign : null;
    }

    /** There is none after one that is missing. */
    private static void removeCounters(String path) {
        int number = 1;
        while (FileCalls.unlink(counters(path, number)) == 0) {
            number++;
        }
    }

    /**
     * Tells whether a process lives.
     *
     * @param name its life sign
     * @return what is known
     * @throws IllegalArgumentException if this cannot be the name of a life sign
     */
    public static Life check(String name) {
        Fd known;
        int number;
        do { // again if another thread has just closed it: the process is dead, or the table was full
            known = PEERS.get(name);
            if (known == null) {
                require(name);
                if (!NativeLibrary.isAvailable()) {
                    return checkPlain(name);
                }
                int opened = open(name, FileCalls.O_RDONLY);
                if (opened < 0) {
                    return opened == -Errno.ENOENT ? Life.DEAD : Life.UNKNOWN;
                }
                known = remember(name, Fd.own(opened, name));
            }
            number = known.acquire();
        } while (number == Fd.CLOSED);
        int locked;
        try {
            locked = LockCalls.isLocked(number);
        } finally {
            known.release();
        }
        if (locked == 0) {
            PEERS.remove(name, known);
            known.close();
            remove(name);
            return Life.DEAD;
        }
        return locked > 0 ? Life.ALIVE : Life.UNKNOWN;
    }

    /**
     * Tells whether a process lives, without keeping anything open and without removing anything.
     *
     * @param name its life sign
     * @return what is known
     * @throws IllegalArgumentException if this cannot be the name of a life sign
     */
    public static Life look(String name) {
        require(name);
        if (!NativeLibrary.isAvailable()) {
            return checkPlain(name);
        }
        int fd = open(name, FileCalls.O_RDONLY);
        if (fd < 0) {
            return fd == -Errno.ENOENT ? Life.DEAD : Life.UNKNOWN;
        }
        try {
            int locked = LockCalls.isLocked(fd);
            return locked == 0 ? Life.DEAD : locked > 0 ? Life.ALIVE : Life.UNKNOWN;
        } finally {
            FileCalls.close(fd);
        }
    }

    /**
     * Closes what is kept open for asking again.
     *
     * @param name a life sign
     */
    public static void forget(String name) {
        Fd known = PEERS.remove(name);
        if (known != null) {
            known.close();
        }
    }

    private static Fd remember(String name, Fd fd) {
        if (PEERS.size() >= MAX_PEERS) {
            PEERS.values().removeIf(old -> {
                old.close();
                return true;
            });
        }
        Fd before = PEERS.putIfAbsent(name, fd);
        if (before != null) {
            fd.close();
            return before;
        }
        return fd;
    }

    /** Without native calls a lock cannot be seen; what the process wrote about itself must do. */
    private static Life checkPlain(String name) {
        Path file = IpcHome.path().resolve(name);
        Optional<Owner> owner = owner(name);
        if (owner.isPresent()) {
            return owner.get().identity().life();
        }
        return Files.exists(file) ? Life.UNKNOWN : Life.DEAD;
    }

    /**
     * Removes the file of a process that has died, and its counters.
     *
     * @param name its life sign
     * @return whether this call removed it
     */
    public static boolean remove(String name) {
        require(name);
        if (!NativeLibrary.isAvailable()) {
            return false;
        }
        int fd = open(name, FileCalls.O_RDONLY);
        if (fd < 0) {
            return false;
        }
        try {
            if (LockCalls.tryLockShared(fd) != 0) {
                return false;
            }
            // Its owner cannot take it any more; but look at the name again before removing what stands there.
            String path = IpcHome.path().resolve(name).toString();
            // First, as nobody looks for counters without a life sign. Names are never used again.
            removeCounters(path);
            return removeIfSame(fd, path);
        } finally {
            FileCalls.close(fd);
        }
    }

    /**
     * Removes counters beside which no life sign stands. They are made while it is there and go before it does, so
     * these are left of a process whose life sign was removed by somebody who knows nothing of counters.
     */
    public static void removeOrphans() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(IpcHome.path(), COUNTERS_PREFIX + "*")) {
            for (Path file : files) {
                String sign = signOf(file.getFileName().toString());
                if (sign != null && Files.notExists(file.resolveSibling(sign), LinkOption.NOFOLLOW_LINKS)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException nobodyWasHere) {
            return;
        } catch (IOException | DirectoryIteratorException notNow) {
            // They stay for the next one who sweeps.
            return;
        }
    }

    /**
     * Removes a name, if it still stands for the file that was opened by it.
     *
     * @param fd the open file
     * @param path the name
     * @return whether this call removed it
     */
    public static boolean removeIfSame(int fd, String path) {
        FileStatus opened = new FileStatus();
        FileStatus named = new FileStatus();
        return FileCalls.stat(fd, opened) == 0 && FileCalls.lstat(path, named) == 0 && named.isSameFile(opened)
                && FileCalls.unlink(path) == 0;
    }

    /**
     * Reads what a process wrote about itself.
     *
     * @param name its life sign
     * @return who it is or was
     */
    public static Optional<Owner> owner(String name) {
        require(name);
        Path file = IpcHome.path().resolve(name);
        try {
            if (Files.size(file) > MAX_TEXT) {
                return Optional.empty();
            }
            String identity = "";
            String main = "";
            for (String line : Files.readString(file, StandardCharsets.UTF_8).split("\n")) {
                if (line.startsWith("identity=")) {
                    identity = line.substring("identity=".length());
                } else if (line.startsWith("main=")) {
                    main = line.substring("main=".length());
                }
            }
            Optional<ProcessIdentity> parsed = ProcessIdentity.parse(identity);
            return parsed.isPresent() ? Optional.of(new Owner(parsed.get(), main)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Tells whether a text has the form of a name: {@code life-}, a process number, a dash, and 16 hexadecimal digits.
     *
     * @param text any text
     * @return whether it has
     */
    public static boolean isName(String text) {
        // Asked too often to allocate.
        int length = text.length();
        int dash = length - RANDOM_DIGITS - 1;
        int digits = dash - PREFIX.length();
        if (digits < 1 || digits > PID_DIGITS || !text.startsWith(PREFIX) || text.charAt(dash) != '-') {
            return false;
        }
        for (int i = PREFIX.length(); i < length; i++) {
            char c = text.charAt(i);
            boolean fits = c >= '0' && c <= '9' || i == dash || i > dash && c >= 'a' && c <= 'f';
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the process number in a name.
     *
     * @param name a life sign
     * @return a process id
     * @throws IllegalArgumentException if this cannot be the name of a life sign
     */
    public static long pid(String name) {
        require(name);
        return Long.parseLong(name.substring(PREFIX.length(), name.length() - RANDOM_DIGITS - 1));
    }

    private static void require(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException("Not the name of a life sign: \"" + name + "\"");
        }
    }

    private static int open(String name, int mode) {
        return FileCalls.open(IpcHome.path().resolve(name).toString(), mode | OPEN, 0);
    }

    private static String mainClass() {
        String command = System.getProperty("sun.java.command", "");
        String main = command.isBlank() ? "" : command.split("\\s", 2)[0];
        return main.length() > 200 ? main.substring(main.length() - 200) : main;
    }
}
