package org.jvmipc.pipes.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * A private directory (0700) for as long as a socket is being bound. Its maker holds the lock on a file in it, which
 * the kernel drops when it dies; so others tell one that is in use, also by a process that is stopped or in another PID
 * namespace, from one that was left, and {@link Leftovers} removes that.
 *
 * <p>A process must not open the lock's file once more, as closing it would end the lock; so the name of the directory
 * tells a process its own ones.
 */
final class OwnDirectory implements AutoCloseable {
    /** What names begin with; {@link SocketFile#known} relies on the dot. Short, as names of sockets have few bytes. */
    static final String PREFIX = ".ipc-";
    static final String LOCK = "lock";
    private static final Pattern NAME = Pattern.compile("\\.ipc-[0-9a-z]{12}");
    private static final int PROCESS_DIGITS = 5;
    private static final int RANDOM_DIGITS = 7;
    private static final int RADIX = 36;
    private static final int ATTEMPTS = 100;
    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<?> LOCK_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path path;
    private final FileChannel channel;

    private OwnDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Makes one in another directory. */
    static OwnDirectory in(Path parent) throws IOException {
        String process = processDigits();
        for (int i = 0; i < ATTEMPTS; i++) {
            String name = PREFIX + process + digits(ThreadLocalRandom.current().nextLong(), RANDOM_DIGITS);
            OwnDirectory made = make(parent.resolve(name));
            if (made != null) {
                return made;
            }
        }
        throw new IOException("somebody removes directories in " + parent + " as soon as they are made");
    }

    /** Null if the name is taken, or somebody removed the directory before the lock was held. */
    private static OwnDirectory make(Path path) throws IOException {
        try {
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(MODE));
        } catch (FileAlreadyExistsException taken) {
            return null;
        }
        Path lock = path.resolve(LOCK);
        FileChannel channel = null;
        boolean done = false;
        try {
            // The umask can only have taken permissions away.
            Files.setPosixFilePermissions(path, MODE);
            channel = FileChannel.open(
                    lock, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), LOCK_MODE);
            done = channel.tryLock() != null && Files.exists(lock, LinkOption.NOFOLLOW_LINKS);
            return done ? new OwnDirectory(path, channel) : null;
        } catch (NoSuchFileException removed) {
            return null;
        } finally {
            if (!done) {
                remove(path, channel);
            }
        }
    }

    private static void remove(Path path, FileChannel channel) {
        try (channel) {
            Files.deleteIfExists(path.resolve(LOCK));
            Files.deleteIfExists(path);
        } catch (IOException stays) {
            System.getLogger("org.jvmipc.pipes").log(System.Logger.Level.WARNING, path + " stays behind", stays);
        }
    }

    /** Whether a directory of this name is for this. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Whether it is this process that has made one of this name, or may have. */
    static boolean isOfThisProcess(String name) {
        return name.startsWith(PREFIX + processDigits());
    }

    /** The same for all classes of this name in a process. */
    private static String processDigits() {
        ProcessHandle self = ProcessHandle.current();
        long start = self.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return digits(self.pid() * 1_000_003 + start, PROCESS_DIGITS);
    }

    private static String digits(long number, int count) {
        char[] digits = new char[count];
        long rest = number;
        for (int i = 0; i < count; i++) {
            digits[i] = Character.forDigit((int) Long.remainderUnsigned(rest, RADIX), RADIX);
            rest = Long.divideUnsigned(rest, RADIX);
        }
        return new String(digits);
    }

    Path path() {
        return path;
    }

    /** Removes it; whatever else is in it has to be gone. */
    @Override
    public void close() {
        remove(path, channel);
    }
}
