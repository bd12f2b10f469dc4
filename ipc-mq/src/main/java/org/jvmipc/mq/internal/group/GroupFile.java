package org.jvmipc.mq.internal.group;

import static org.jvmipc.mq.internal.group.GroupLayout.BOOT;
import static org.jvmipc.mq.internal.group.GroupLayout.BYTE_ORDER;
import static org.jvmipc.mq.internal.group.GroupLayout.BYTE_ORDER_MARK;
import static org.jvmipc.mq.internal.group.GroupLayout.COMMITTED;
import static org.jvmipc.mq.internal.group.GroupLayout.FILE_SIZE;
import static org.jvmipc.mq.internal.group.GroupLayout.LAYOUT_VERSION;
import static org.jvmipc.mq.internal.group.GroupLayout.LOCK;
import static org.jvmipc.mq.internal.group.GroupLayout.MAGIC;
import static org.jvmipc.mq.internal.group.GroupLayout.MAGIC_BYTES;
import static org.jvmipc.mq.internal.group.GroupLayout.MAX_WINDOW;
import static org.jvmipc.mq.internal.group.GroupLayout.MIN_WINDOW;
import static org.jvmipc.mq.internal.group.GroupLayout.NEXT;
import static org.jvmipc.mq.internal.group.GroupLayout.STATE;
import static org.jvmipc.mq.internal.group.GroupLayout.STATE_READY;
import static org.jvmipc.mq.internal.group.GroupLayout.VERSION;
import static org.jvmipc.mq.internal.group.GroupLayout.WINDOW;
import static org.jvmipc.mq.internal.group.GroupLayout.fileSize;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.IpcException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.NoSpaceException;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.FileSizeLimit;
import org.jvmipc.posix.FileStatus;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.posix.SharedFiles;

/**
 * Makes and opens the file of a group. Whoever makes it or takes a place has a lock on the file
 * meanwhile, which the kernel drops when its owner dies; one that is not ready then is made anew by the next. The file
 * stays when all have left, as what it says is needed by whoever comes next.
 */
final class GroupFile {
    static final String SUFFIX = ".group";

    private static final int OWNER_ONLY = 0600;
    private static final long PATIENCE_NANOS = 2_000_000_000;
    private static final long RETRY_NANOS = 1_000_000;

    private GroupFile() {
    }

    /**
     * The file of a group.
     *
     * @param directory of the queue
     * @param group its name
     * @return a path
     */
    static Path path(Path directory, String group) {
        return directory.resolve(group + SUFFIX);
    }

    /**
     * Opens a file, or makes it, and takes a place in it.
     *
     * @param path the file
     * @param window how many messages can be in flight
     * @param given whether that was asked for, so that another one is refused
     * @param start where a new group begins
     * @return what is in it, to be left
     */
    static GroupParts join(Path path, int window, boolean given, LongSupplier start) {
        return uninterrupted(path, () -> tryJoin(path, window, given, start));
    }

    private static GroupParts tryJoin(Path path, int window, boolean given, LongSupplier start) throws IOException {
        try (Fd fd = openLocked(path)) {
            try (FileChannel channel = SharedFiles.open(path, 0)) {
                ByteBuffer memory = isFinished(channel) ? map(channel, path) : make(fd, channel, path, window, start);
                if (given && memory.getInt(WINDOW) != window) {
                    throw new IncompatibleChannelException(path + " has a window of " + memory.getInt(WINDOW)
                            + " messages, wanted are " + window + "; ask for that, or remove the file, which begins"
                            + " the group anew");
                }
                startAfterBoot(memory, path);
                MappedWords words = new MappedWords(memory);
                MemberTable members = new MemberTable(words);
                members.join(path.toString());
                return new GroupParts(path, memory.getInt(WINDOW), memory, words, members, members::leave,
                        words::close, GroupFile::now);
            }
        }
    }

    /** By CLOCK_MONOTONIC, which all processes share; what was noted before it began anew goes with the boot. */
    private static long now() {
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime());
    }

    /** What is done with a file. */
    private interface FileWork<T> {
        T run() throws IOException;
    }

    /** Files are closed under the hands of a thread that is interrupted; then it is done again. */
    private static <T> T uninterrupted(Path path, FileWork<T> work) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return work.run();
                } catch (ClosedByInterruptException again) {
                    interrupted |= Thread.interrupted();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": " + e.getMessage(), e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Fd openLocked(Path path) {
        while (true) {
            Fd fd = Fd.open(path.toString(), FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_NOFOLLOW, OWNER_ONLY);
            boolean current = false;
            try {
                lock(fd, path);
                FileStatus status = new FileStatus();
                NativeCallException.check(FileCalls.stat(fd.acquire(), status), "statx", path.toString());
                fd.release();
                // One who could not make it has removed it again.
                current = status.links() > 0;
                if (current) {
                    return fd;
                }
            } finally {
                if (!current) {
                    fd.close();
                }
            }
        }
    }

    /** Whether somebody has finished making it; whoever died over that has left it empty, or not ready. */
    private static boolean isFinished(FileChannel channel) throws IOException {
        ByteBuffer header = read(channel);
        if (header.limit() < STATE + Long.BYTES) {
            return !header.equals(ByteBuffer.allocate(header.limit()));
        }
        return header.getLong(STATE) != 0 || header.getLong(MAGIC) != 0 && !hasMagic(header);
    }

    private static ByteBuffer read(FileChannel channel) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(GroupLayout.MEMBERS).order(ByteOrder.nativeOrder());
        while (header.hasRemaining() && channel.read(header, header.position()) >= 0) {
            continue;
        }
        return header.flip();
    }

    private static boolean hasMagic(ByteBuffer header) {
        if (header.limit() < MAGIC_BYTES.length) {
            return false;
        }
        byte[] magic = new byte[MAGIC_BYTES.length];
        header.get(MAGIC, magic);
        return Arrays.equals(magic, MAGIC_BYTES);
    }

    private static void lock(Fd fd, Path path) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!fd.tryFlock(FileCalls.LOCK_EX)) {
            if (deadline - System.nanoTime() <= 0) {
                throw new IpcTimeoutException(path + " is being opened by another process, which has not finished in"
                        + " time; if it is stopped, let it go on or end it");
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }

    private static ByteBuffer make(Fd fd, FileChannel channel, Path path, int window, LongSupplier start)
            throws IOException {
        int size = fileSize(window);
        boolean done = false;
        int number = fd.acquire();
        try {
            // Nobody has mapped what was not finished.
            channel.truncate(0);
            int error;
            do {
                error = FileCalls.posixFallocate(number, 0, size);
            } while (error == -Errno.EINTR);
            if (error == -Errno.ENOSPC || error == -Errno.EDQUOT) {
                throw new NoSpaceException(path.toString(), size, Files.getFileStore(path).getUsableSpace());
            }
            if (error == -Errno.EFBIG) {
                FileSizeLimit.check(path, size);
            }
            NativeCallException.check(error, "posix_fallocate", path + ", 0, " + size);
            NativeCallException.check(FileCalls.fchmod(number, OWNER_ONLY), "fchmod", path + ", 0600");
            ByteBuffer memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, size).order(ByteOrder.nativeOrder());
            memory.put(MAGIC, MAGIC_BYTES);
            memory.putInt(LAYOUT_VERSION, VERSION);
            memory.putInt(WINDOW, window);
            memory.putLong(BYTE_ORDER, BYTE_ORDER_MARK);
            memory.putLong(FILE_SIZE, size);
            Words words = new MappedWords(memory);
            long first = start.getAsLong();
            words.set(NEXT, first);
            words.set(COMMITTED, first);
            putBoot(words);
            words.set(STATE, STATE_READY);
            done = true;
            return memory;
        } finally {
            fd.release();
            if (!done) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static ByteBuffer map(FileChannel channel, Path path) throws IOException {
        check(read(channel), channel.size(), path);
        return channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size()).order(ByteOrder.nativeOrder());
    }

    private static void check(ByteBuffer header, long size, Path path) {
        if (!hasMagic(header)) {
            throw new IncompatibleChannelException(path + " does not begin as the file of a group does, with "
                    + new String(MAGIC_BYTES, StandardCharsets.US_ASCII) + "; choose another name");
        }
        if (header.limit() < GroupLayout.MEMBERS) {
            throw new SegmentCorruptedException(path + " has " + size + " bytes, and the file of a group at least "
                    + fileSize(MIN_WINDOW) + "; somebody has truncated it, remove it");
        }
        if (header.getLong(BYTE_ORDER) != BYTE_ORDER_MARK) {
            throw new IncompatibleChannelException(path + " was made on a machine with another byte order");
        }
        if (header.getInt(LAYOUT_VERSION) != VERSION) {
            throw new IncompatibleChannelException(path + " has version " + header.getInt(LAYOUT_VERSION)
                    + " of its layout, wanted is " + VERSION);
        }
        int window = header.getInt(WINDOW);
        if (header.getLong(STATE) != STATE_READY || window < MIN_WINDOW || window > MAX_WINDOW
                || header.getLong(FILE_SIZE) != size || fileSize(window) != size) {
            throw new SegmentCorruptedException(path + " contradicts itself: it has " + size + " bytes, says "
                    + header.getLong(FILE_SIZE) + ", and a window of " + window + "; somebody has changed it,"
                    + " remove it");
        }
    }

    /** After the machine went down nobody knows which of the last stores had reached the disk, but for COMMITTED. */
    private static void startAfterBoot(ByteBuffer memory, Path path) {
        Words words = new MappedWords(memory);
        UUID boot = boot();
        if (words.get(BOOT) == boot.getMostSignificantBits()
                && words.get(BOOT + Long.BYTES) == boot.getLeastSignificantBits()) {
            return;
        }
        new GroupState(words, path.toString(), memory.getInt(WINDOW)).reset();
        words.set(LOCK, 0);
        putBoot(words);
    }

    private static void putBoot(Words words) {
        UUID boot = boot();
        words.set(BOOT, boot.getMostSignificantBits());
        words.set(BOOT + Long.BYTES, boot.getLeastSignificantBits());
    }

    private static UUID boot() {
        String id = ProcessIdentity.current().bootId();
        return id.isEmpty() ? new UUID(0, 0) : UUID.fromString(id);
    }

    /**
     * How far the groups of a queue have got, for those who remove old messages.
     *
     * @param directory of the queue
     * @return all messages below are done with by all of them; empty if there is no group
     */
    static OptionalLong leastCommitted(Path directory) {
        List<OptionalLong> found = new ArrayList<>();
        for (Path file : files(directory)) {
            found.add(committed(file));
        }
        return found.stream().flatMapToLong(OptionalLong::stream).min();
    }

    /**
     * How far that group has got which has got furthest, as far as their files can be read.
     *
     * @param directory of the queue
     * @return it is done with all messages below; empty if there is no group
     */
    static OptionalLong greatestCommitted(Path directory) {
        List<OptionalLong> found = new ArrayList<>();
        for (Path file : files(directory)) {
            try {
                found.add(committed(file));
            } catch (IpcException damaged) {
                found.add(OptionalLong.empty());
            }
        }
        return found.stream().flatMapToLong(OptionalLong::stream).max();
    }

    private static List<Path> files(Path directory) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            files.forEach(found::add);
        } catch (NoSuchFileException gone) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(directory + ": " + e.getMessage(), e);
        }
        return found;
    }

    /** Empty if the file is not ready, and so nothing was taken. */
    static OptionalLong committed(Path path) {
        return uninterrupted(path, () -> readCommitted(path));
    }

    private static OptionalLong readCommitted(Path path) throws IOException {
        try (FileChannel channel = SharedFiles.open(path, 0)) {
            if (!isFinished(channel)) {
                return OptionalLong.empty();
            }
            ByteBuffer header = read(channel);
            check(header, channel.size(), path);
            return OptionalLong.of(header.getLong(COMMITTED));
        } catch (NoSuchFileException gone) {
            return OptionalLong.empty();
        }
    }
}
