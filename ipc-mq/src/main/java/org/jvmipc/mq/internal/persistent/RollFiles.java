package org.jvmipc.mq.internal.persistent;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.TreeMap;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.RollingResourcesCache;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.Wires;
import org.jvmipc.NoSpaceException;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.FileSizeLimit;
import org.jvmipc.posix.NativeCallException;

/**
 * The files of a queue, one for each roll cycle. They are made here before Chronicle opens them, so that they have the
 * right mode, and every page that is about to be written is backed by space before: where Chronicle meets a page that
 * the file system cannot back, the JVM dies. Used by one thread at a time.
 */
final class RollFiles implements AutoCloseable {
    private static final int OWNER_ONLY = 0600;
    private static final long STEP = 1 << 20;
    /** In memory it is finding and clearing each page that takes the time, for which one message would wait. */
    private static final long STEP_IN_MEMORY = 32 << 10;
    /** For headers, the end mark and what they are aligned by. */
    private static final long MARGIN = 64 << 10;

    private final Path directory;
    private final RollCycle rollCycle;
    private final RollingResourcesCache names;
    private final long slack;
    /** By which Chronicle makes a file larger, and how far beyond. */
    private final long part;
    private final long overlap;
    /** The part of the open file up to which it may grow, as far as known. */
    private long allowedPart = -1;
    /** How much is backed at a time; 0 if that is not known yet. */
    private long step;
    private Fd fd;
    private int fdCycle = -1;
    private FileChannel channel;
    private int channelCycle = -1;

    RollFiles(Path directory, SingleChronicleQueue queue) {
        this.directory = directory;
        this.rollCycle = queue.rollCycle();
        this.names = names(directory, rollCycle, queue.epoch());
        // Within one append, the table of indexes and a first index of as many entries may be written, too.
        this.slack = MARGIN + 3L * Long.BYTES * queue.indexCount();
        this.part = queue.blockSize();
        this.overlap = queue.overlapSize();
    }

    private static RollingResourcesCache names(Path directory, RollCycle rollCycle, long epoch) {
        return new RollingResourcesCache(rollCycle, epoch,
                name -> new File(directory.toFile(), name + SingleChronicleQueue.SUFFIX),
                file -> file.getName().substring(0, file.getName().length() - SingleChronicleQueue.SUFFIX.length()));
    }

    /** The cycle for which a file is by its name; -1 if it is for none. */
    static int cycleOf(Path file, RollCycle rollCycle) {
        try {
            RollingResourcesCache names = names(file.getParent(), rollCycle, 0);
            int cycle = Math.toIntExact(names.toLong(file.toFile()));
            return names.resourceFor(cycle).path.equals(file.toFile()) ? cycle : -1;
        } catch (RuntimeException noTime) {
            return -1;
        }
    }

    /** The name of the file of a cycle. */
    static String nameOf(int cycle, RollCycle rollCycle) {
        return names(Path.of("."), rollCycle, 0).resourceFor(cycle).path.getName();
    }

    /** A roll cycle by how it names its files; null if there is none. */
    static RollCycle byFormat(String format) {
        for (RollCycle known : RollCycles.all()) {
            if (RollCycleNames.ALL.contains(known.toString()) && known.format().equals(format)) {
                return known;
            }
        }
        return null;
    }

    /** The roll cycle whose files have such names, most of them; null if there is none. */
    static RollCycle byNames(Collection<Path> files) {
        RollCycle best = null;
        long most = 0;
        for (RollCycle known : RollCycles.all()) {
            long count = RollCycleNames.ALL.contains(known.toString())
                    ? files.stream().filter(file -> cycleOf(file, known) >= 0).count() : 0;
            if (count > most) {
                best = known;
                most = count;
            }
        }
        return best;
    }

    /** How much may be written beyond a message, within one append. */
    long slack() {
        return slack;
    }

    Path path(int cycle) {
        return names.resourceFor(cycle).path.toPath();
    }

    /** All that there are, by their cycles. */
    TreeMap<Integer, Path> list() {
        TreeMap<Integer, Path> found = new TreeMap<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(directory, "*" + SingleChronicleQueue.SUFFIX)) {
            for (Path file : files) {
                found.put(Math.toIntExact(names.toLong(file.toFile())), file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return found;
    }

    /**
     * Sees to it that an append cannot run out of space.
     *
     * @param cycle whose file is written; it is made if there is none
     * @param from where the append begins, about
     * @param length of what is appended
     * @param backedTo up to where the file is backed as far as known
     * @return up to where it is now
     * @throws NoSpaceException if the file system has not enough, or the process may make no file so large
     */
    long back(int cycle, long from, long length, long backedTo) {
        long needed = from + length + slack;
        if (needed <= backedTo && fdCycle == cycle) {
            return backedTo;
        }
        if (backedTo == 0) {
            // What was open may have been deleted when the queue was put in order.
            closeFd();
        }
        int number = fd(cycle);
        boolean done = false;
        try {
            long end = needed <= backedTo ? backedTo : extend(cycle, number, backedTo, needed);
            done = true;
            return end;
        } finally {
            fd.release();
            if (!done && backedTo == 0) {
                dropUnlessBegun(path(cycle));
            }
        }
    }

    /** Returns up to where the file is backed then. */
    private long extend(int cycle, int number, long backedTo, long needed) {
        checkLimit(cycle, needed);
        long wanted = (needed + step() - 1) / step() * step();
        int error = allocate(number, backedTo, wanted);
        if (error == -Errno.ENOSPC || error == -Errno.EDQUOT) {
            wanted = needed;
            error = allocate(number, backedTo, wanted);
        }
        if (error == -Errno.ENOSPC || error == -Errno.EDQUOT) {
            throw new NoSpaceException(path(cycle).toString(), needed - backedTo, free());
        }
        NativeCallException.check(error, "posix_fallocate", path(cycle) + ", " + backedTo + ", " + wanted);
        return wanted;
    }

    /** Chronicle makes a file larger by a part at a time, and does not say why if that is not allowed. */
    private void checkLimit(int cycle, long end) {
        long last = end / part;
        if (last > allowedPart) {
            Path path = path(cycle);
            long size = (last + 1) * part + overlap;
            if (path.toFile().length() < size) {
                FileSizeLimit.check(path, size);
            }
            allowedPart = last;
        }
    }

    private long step() {
        if (step == 0) {
            try {
                step = Files.getFileStore(directory).type().equals("tmpfs") ? STEP_IN_MEMORY : STEP;
            } catch (IOException unknown) {
                step = STEP;
            }
        }
        return step;
    }

    /** Whether a file is more than made: its first document, which describes it, is finished. */
    static boolean isBegun(Path file) {
        ByteBuffer word = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        boolean interrupted = Thread.interrupted();
        try (FileChannel bytes = FileChannel.open(file, StandardOpenOption.READ)) {
            return bytes.read(word, 0) == Integer.BYTES && word.getInt(0) != Wires.NOT_INITIALIZED
                    && !Wires.isNotComplete(word.getInt(0));
        } catch (NoSuchFileException gone) {
            return false;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Deletes a file that nobody can have read anything from, as Chronicle would wait for whoever began it. By whoever
     * has the lock.
     *
     * @return whether it was deleted
     */
    static boolean dropUnlessBegun(Path file) {
        try {
            return !isBegun(file) && Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static int allocate(int number, long from, long to) {
        int error;
        do {
            error = FileCalls.posixFallocate(number, from, to - from);
        } while (error == -Errno.EINTR);
        return error;
    }

    /** Borrowed, to be released. */
    private int fd(int cycle) {
        if (fdCycle != cycle) {
            Path path = path(cycle);
            boolean isNew = !Files.exists(path);
            // Not the channel: another thread may be syncing what was written before.
            closeFd();
            fd = Fd.open(path.toString(), FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_NOFOLLOW, OWNER_ONLY);
            fdCycle = cycle;
            if (isNew) {
                int number = fd.acquire();
                // The umask can only have taken permissions away; the owner's are given back.
                NativeCallException.check(FileCalls.fchmod(number, OWNER_ONLY), "fchmod", path.toString());
                return number;
            }
        }
        return fd.acquire();
    }

    private long free() {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException unknown) {
            return -1;
        }
    }

    /** Has the kernel write to the disk what was written to a file. */
    void sync(int cycle) {
        boolean interrupted = Thread.interrupted();
        try {
            while (!trySync(cycle)) {
                interrupted |= Thread.interrupted();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(path(cycle) + ": " + failed.getMessage(), failed);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** False if the thread was interrupted over it, which says nothing of the disk. */
    private boolean trySync(int cycle) throws IOException {
        try {
            if (channelCycle != cycle || !channel.isOpen()) {
                closeChannel();
                channel = FileChannel.open(path(cycle), StandardOpenOption.READ, StandardOpenOption.WRITE);
                channelCycle = cycle;
                syncDirectory();
            }
            channel.force(false);
            return true;
        } catch (ClosedByInterruptException again) {
            return false;
        }
    }

    /** So that a new file is found again. */
    private void syncDirectory() throws IOException {
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    private void closeChannel() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException harmless) {
            channelCycle = -1;
        }
        channel = null;
        channelCycle = -1;
    }

    private void closeFd() {
        if (fd != null) {
            fd.close();
        }
        fd = null;
        fdCycle = -1;
        allowedPart = -1;
    }

    @Override
    public void close() {
        closeFd();
        closeChannel();
    }
}
