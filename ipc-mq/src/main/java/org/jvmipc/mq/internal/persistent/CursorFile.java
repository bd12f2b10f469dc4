package org.jvmipc.mq.internal.persistent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.FileStatus;
import org.jvmipc.posix.LockCalls;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.SharedFiles;

/**
 * How far a receiver has come: a file of one page, mapped, so that what is noted there survives the process, whatever
 * ends it. The receiver holds a lock on it ({@code F_OFD_SETLK}) that the kernel drops when the process is gone: so
 * there is one receiver of a name at a time, and others know which cursors live.
 */
final class CursorFile implements AutoCloseable {
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");
    static final String SUFFIX = ".cursor";
    /** In front of the names of those that go with their receivers. No reader can have such a name. */
    static final String PASSING = "+";

    private static final int SIZE = 4096;
    private static final int MAGIC = 0;
    private static final int DONE = 8;
    private static final int PID = 16;
    private static final int HANDED = 24;
    private static final int BEGIN = 32;
    private static final long MAGIC_WORD = 0x317275636370696aL;
    /** Longer than anybody takes to remove a cursor. */
    private static final long PATIENCE_NANOS = 50_000_000;
    private static final long RETRY_NANOS = 500_000;
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final Path path;
    private final Fd lock;
    private ByteBuffer memory;

    private CursorFile(Path path, Fd lock, ByteBuffer memory) {
        this.path = path;
        this.lock = lock;
        this.memory = memory;
    }

    /**
     * Takes a cursor, which is made if there is none.
     *
     * @param channel the address, for messages
     * @param directory of the queue
     * @param reader its name, or an empty string for one that goes with its receiver
     * @param start where a new one begins
     * @return the cursor
     * @throws AccessRefusedException if another receiver has it
     */
    static CursorFile take(String channel, Path directory, String reader, LongSupplier start) {
        String name = reader.isEmpty() ? PASSING + ProcessHandle.current().pid() + "-"
                + HexFormat.of().toHexDigits(new SecureRandom().nextLong()) : reader;
        Path path = directory.resolve(name + SUFFIX);
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        try {
            while (true) {
                create(path);
                CursorFile cursor = open(path, start);
                if (cursor != null) {
                    return cursor;
                }
                // Somebody has it, or is removing it, which does not take long.
                if (System.nanoTime() - deadline > 0) {
                    throw taken(channel, path);
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(channel, failed);
        }
    }

    /**
     * Removes a cursor that no receiver has.
     *
     * @param channel the address, for messages
     * @param path its file
     * @return whether there was one
     * @throws AccessRefusedException if a receiver has it
     */
    static boolean remove(String channel, Path path) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            Boolean removed = tryRemove(path);
            if (removed != null) {
                return removed;
            }
            if (System.nanoTime() - deadline > 0) {
                throw taken(channel, path);
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }

    /** Removes a cursor if no receiver has it; false if there is none, null if one has. */
    static Boolean tryRemove(Path path) {
        try (Fd fd = Fd.open(path.toString(), FileCalls.O_RDWR | FileCalls.O_NOFOLLOW, 0)) {
            if (!lock(fd, path)) {
                // Whoever has locked what is gone already has just removed it.
                return isLinked(fd, path) ? null : Boolean.FALSE;
            }
            // By whoever has the lock, so that nobody can take what is being removed.
            return isLinked(fd, path) && FileCalls.unlink(path.toString()) == 0;
        } catch (NativeCallException gone) {
            if (gone.errno() == Errno.ENOENT) {
                return false;
            }
            throw gone;
        }
    }

    private static boolean lock(Fd fd, Path path) {
        int number = fd.acquire();
        try {
            int error = LockCalls.tryLock(number);
            if (error == -Errno.EAGAIN || error == -Errno.EACCES) {
                return false;
            }
            NativeCallException.check(error, "fcntl", path + ", F_OFD_SETLK");
            return true;
        } finally {
            fd.release();
        }
    }

    /** Whether the file still has its name. Files of cursors are removed by those alone who have them locked. */
    private static boolean isLinked(Fd fd, Path path) {
        FileStatus status = new FileStatus();
        int number = fd.acquire();
        try {
            NativeCallException.check(FileCalls.stat(number, status), "statx", path.toString());
        } finally {
            fd.release();
        }
        return status.links() > 0;
    }

    private static void create(Path path) throws IOException {
        if (!Files.exists(path)) {
            try {
                SharedFiles.create(path, SIZE).close();
            } catch (FileAlreadyExistsException another) {
                return;
            }
        }
    }

    /** Null if somebody has it, or it has just been removed. */
    private static CursorFile open(Path path, LongSupplier start) throws IOException {
        Fd fd;
        try {
            fd = Fd.open(path.toString(), FileCalls.O_RDWR | FileCalls.O_NOFOLLOW, 0);
        } catch (NativeCallException gone) {
            if (gone.errno() == Errno.ENOENT) {
                return null;
            }
            throw gone;
        }
        boolean done = false;
        try {
            if (!lock(fd, path) || !isLinked(fd, path)) {
                return null;
            }
            ByteBuffer memory = map(path);
            if (memory.getLong(MAGIC) != MAGIC_WORD) {
                memory.putLong(DONE, start.getAsLong());
                memory.putLong(HANDED, memory.getLong(DONE));
                memory.putLong(BEGIN, memory.getLong(DONE));
                LONG.setVolatile(memory, MAGIC, MAGIC_WORD);
            }
            LONG.setVolatile(memory, PID, ProcessHandle.current().pid());
            done = true;
            return new CursorFile(path, fd, memory);
        } finally {
            if (!done) {
                fd.close();
            }
        }
    }

    private static ByteBuffer map(Path path) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try (FileChannel channel = SharedFiles.open(path, SIZE)) {
                    return channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE).order(ByteOrder.nativeOrder());
                } catch (ClosedByInterruptException again) {
                    // Nobody waits here, so that the interrupt is for what comes later.
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static AccessRefusedException taken(String channel, Path path) {
        Look look = look(path);
        String name = path.getFileName().toString();
        return new AccessRefusedException(channel + ": " + (look == null ? "somebody" : "pid " + look.pid())
                + " is receiving as reader=" + name.substring(0, name.length() - SUFFIX.length())
                + "; give each receiver a name of its own, or none, and it gets all messages");
    }

    /**
     * Looks at a cursor.
     *
     * @return what there is; null if it is gone, or was never finished
     */
    static Look look(Path path) {
        try (Fd fd = Fd.open(path.toString(), FileCalls.O_RDWR | FileCalls.O_NOFOLLOW, 0)) {
            int number = fd.acquire();
            boolean lives;
            try {
                lives = LockCalls.isLocked(number) == 1;
            } finally {
                fd.release();
            }
            ByteBuffer memory = map(path);
            if ((long) LONG.getVolatile(memory, MAGIC) != MAGIC_WORD) {
                return null;
            }
            String name = path.getFileName().toString();
            return new Look(path, name.substring(0, name.length() - SUFFIX.length()),
                    (long) LONG.getVolatile(memory, DONE), (long) LONG.getVolatile(memory, HANDED),
                    memory.getLong(BEGIN), lives ? memory.getLong(PID) : 0);
        } catch (NativeCallException | IOException gone) {
            return null;
        }
    }

    /**
     * What others see of a cursor.
     *
     * @param path its file
     * @param name of the reader
     * @param done the number of the first message that it has not done with
     * @param handed the number of the first message that the receiver has not been given
     * @param begin where it began
     * @param pid who has it, 0 if nobody
     */
    record Look(Path path, String name, long done, long handed, long begin, long pid) {
        boolean isPassing() {
            return name.startsWith(PASSING);
        }

        boolean lives() {
            return pid != 0;
        }
    }

    /** The number of the first message that the receiver has not done with. */
    long done() {
        return memory.getLong(DONE);
    }

    /**
     * Begins with what comes next if the queue ends before that: when the machine went down it may have lost its end.
     * One that was told to begin with a number that is yet to come waits for that.
     */
    void clamp(long end) {
        if (done() > end && done() != memory.getLong(BEGIN)) {
            done(end);
        }
    }

    /** Notes that, for whoever comes after this process. */
    void done(long number) {
        note(DONE, number);
    }

    /** Notes which message is the first that the receiver has not been given, for those who look. */
    void handed(long number) {
        note(HANDED, number);
    }

    /** Leaves alone what stands there already: a receiver that waits must not have the kernel write to the disk. */
    private void note(int word, long number) {
        if ((long) LONG.getOpaque(memory, word) != number) {
            LONG.setRelease(memory, word, number);
        }
    }

    @Override
    public void close() {
        if (path.getFileName().toString().startsWith(PASSING)) {
            FileCalls.unlink(path.toString());
        }
        // So that it is unmapped although somebody still holds the endpoint.
        memory = null;
        lock.close();
    }
}
