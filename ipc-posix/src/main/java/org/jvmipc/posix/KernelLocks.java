package org.jvmipc.posix;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jvmipc.spi.Inspection;

/**
 * Which files are locked, as {@code /proc/locks} shows it: life signs without any native call. The kernel shows locks
 * of open file descriptions ({@code F_OFD_SETLK}) of all PID namespaces there, as they belong to no process. A snapshot
 * for tools: who is to act on a death asks {@link LifeSign#check}. Immutable but for what it remembers; not
 * thread-safe.
 */
public final class KernelLocks {
    private static final Path LOCKS = Path.of("/proc/locks");
    private static final int FIELDS_TO_INODE = 6;

    private final Set<String> exclusive = new HashSet<>();
    private final Set<String> whole = new HashSet<>();
    private final Map<String, Long> owners = new HashMap<>();
    private final Map<String, Life> lives = new HashMap<>();
    private boolean readable;

    private KernelLocks() {
    }

    /**
     * Returns what was locked at some moment of a look.
     *
     * @param scope the look
     * @return the same for all who look
     */
    public static KernelLocks of(Inspection scope) {
        return scope.once(KernelLocks.class, new Supplier<>() {
            @Override
            public KernelLocks get() {
                return read();
            }
        });
    }

    /**
     * Reads what is locked now.
     *
     * @return a snapshot
     */
    public static KernelLocks read() {
        KernelLocks locks = new KernelLocks();
        try (BufferedReader lines = Files.newBufferedReader(LOCKS, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                locks.add(line);
            }
            locks.readable = true;
        } catch (IOException hidden) {
            locks.readable = false;
        }
        return locks;
    }

    /** {@code 1: OFDLCK ADVISORY WRITE -1 00:1a:1234 0 EOF}; who waits has {@code ->} behind the number. */
    private void add(String line) {
        String[] field = ProcFields.of(line);
        if (field.length < FIELDS_TO_INODE || field[1].equals("->")) {
            return;
        }
        boolean write = field[3].equals("WRITE");
        if (field[1].equals("OFDLCK") && write) {
            exclusive.add(field[5]);
        }
        if (field[1].equals("FLOCK")) {
            whole.add(field[5]);
        }
        if (field[1].equals("POSIX") && write) {
            owners.put(field[5], Long.parseLong(field[4]));
        }
    }

    /**
     * Tells whether the process of a life sign lives.
     *
     * @param name its life sign
     * @return what is known
     */
    public Life life(String name) {
        Life known = lives.get(name);
        if (known == null) {
            known = LifeSign.isName(name) ? look(IpcHome.path().resolve(name)) : Life.UNKNOWN;
            lives.put(name, known);
        }
        return known;
    }

    private Life look(Path file) {
        try {
            String key = key(file);
            if (!readable) {
                return Life.UNKNOWN;
            }
            return exclusive.contains(key) ? Life.ALIVE : Life.DEAD;
        } catch (NoSuchFileException gone) {
            return Life.DEAD;
        } catch (IOException | UnsupportedOperationException hidden) {
            return Life.UNKNOWN;
        }
    }

    /**
     * Tells whether somebody of this PID namespace holds a lock by {@code flock} on a file.
     *
     * @param file the file
     * @return false also if nobody can tell
     */
    public boolean isFlocked(Path file) {
        try {
            return readable && whole.contains(key(file));
        } catch (IOException | UnsupportedOperationException hidden) {
            return false;
        }
    }

    /**
     * Tells whether somebody holds an exclusive lock of an open file description ({@code F_OFD_SETLK}) on a file.
     *
     * @param file the file
     * @return false also if nobody can tell
     */
    public boolean isLocked(Path file) {
        try {
            return readable && exclusive.contains(key(file));
        } catch (IOException | UnsupportedOperationException hidden) {
            return false;
        }
    }

    /**
     * Tells which process holds an exclusive lock of a process ({@code F_SETLK}, as that of a
     * {@link java.nio.channels.FileChannel}) on a file.
     *
     * @param file the file
     * @return its number; 0 if nobody of this PID namespace does, or nobody can tell
     */
    public long owner(Path file) {
        try {
            return owners.getOrDefault(key(file), 0L);
        } catch (IOException | UnsupportedOperationException hidden) {
            return 0;
        }
    }

    /** Device and inode as the kernel prints them there: {@code %02x:%02x:%lu}. */
    private static String key(Path file) throws IOException {
        Map<String, Object> status = Files.readAttributes(file, "unix:dev,ino");
        long device = (Long) status.get("dev");
        // As glibc's major(3) and minor(3) take st_dev apart.
        long major = device >>> 8 & 0xfff | device >>> 32 & ~0xfffL;
        long minor = device & 0xff | device >>> 12 & ~0xffL;
        return hex(major) + ":" + hex(minor) + ":" + status.get("ino");
    }

    private static String hex(long number) {
        String text = Long.toHexString(number);
        return text.length() < 2 ? "0" + text : text;
    }
}
