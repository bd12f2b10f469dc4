package org.jvmipc.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.NoSpaceException;
import org.jvmipc.posix.FileSizeLimit;
import org.jvmipc.posix.ProcessIdentity;

/**
 * The file of a segment, open for a short time to one who creates it, attaches to it or leaves it. Plain Java.
 *
 * <p>Those three exclude each other by a lock on the file, which the kernel drops when its owner dies. It is a lock of
 * {@link FileChannel}, which this process would lose by closing another channel to the same file: that is why a channel
 * is never open here without a lock of this JVM around it, and is not kept.
 */
final class SegmentFile implements Backing.Handle {
    private static final Set<OpenOption> CREATE = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> OPEN =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(OWNER_ONLY);
    private static final int S_IFMT = 0170000;
    private static final int S_IFREG = 0100000;
    private static final int OTHERS = 077;
    private static final int CHUNK = 1 << 18;

    private final Path path;
    private final PathLock alone;
    private final FileChannel channel;
    private final Inode inode;

    /**
     * Which file a name stands for. A file that is open or mapped keeps its number to itself.
     *
     * @param device the device
     * @param number the number on it
     */
    record Inode(Object device, Object number) {
    }

    private SegmentFile(Path path, PathLock alone, FileChannel channel, Inode inode) {
        this.path = path;
        this.alone = alone;
        this.channel = channel;
        this.inode = inode;
    }

    /**
     * Opens a file that exists, for this user alone, or makes one.
     *
     * @return null if it does not exist, or if it was to be created and exists
     * @throws IpcTimeoutException if other threads are busy with it until the deadline
     */
    static SegmentFile open(Path path, boolean create, long deadline) throws IOException {
        PathLock alone;
        try {
            alone = PathLock.take(path, deadline);
        } catch (InterruptedException again) {
            throw new FileLockInterruptionException();
        }
        if (alone == null) {
            throw new IpcTimeoutException(path + " is being created, attached to or left by another thread of this "
                    + "process, which has not finished in time");
        }
        SegmentFile file = null;
        try {
            while (file == null) {
                file = tryOpen(path, create, alone);
            }
            return file;
        } catch (NoSuchFileException | FileAlreadyExistsException otherwise) {
            return null;
        } finally {
            if (file == null) {
                alone.release();
            }
        }
    }

    /** Null if the file was replaced between looking at its name and opening it. */
    private static SegmentFile tryOpen(Path path, boolean create, PathLock alone) throws IOException {
        Inode before = create ? null : check(path);
        FileChannel channel = create ? FileChannel.open(path, CREATE, PRIVATE) : FileChannel.open(path, OPEN);
        boolean opened = false;
        try {
            if (create) {
                // The umask may have taken bits away from the owner.
                Files.setPosixFilePermissions(path, OWNER_ONLY);
            }
            Inode after = check(path);
            opened = create || after.equals(before);
            return opened ? new SegmentFile(path, alone, channel, after) : null;
        } finally {
            if (!opened) {
                channel.close();
            }
        }
    }

    /** Refuses what somebody else may have put there or may change. */
    private static Inode check(Path path) throws IOException {
        Map<String, Object> status =
                Files.readAttributes(path, "unix:mode,uid,nlink,ino,dev", LinkOption.NOFOLLOW_LINKS);
        int mode = (int) status.get("mode");
        int uid = (int) status.get("uid");
        int links = ((Number) status.get("nlink")).intValue();
        if ((mode & S_IFMT) != S_IFREG) {
            throw new AccessRefusedException(path + " is not a regular file (mode 0" + Integer.toOctalString(mode)
                    + "); remove it, or choose another name");
        }
        if (uid != ProcessIdentity.effectiveUid()) {
            throw new AccessRefusedException(path + " belongs to user " + uid + ", this process is user "
                    + ProcessIdentity.effectiveUid() + "; a segment is shared by processes of one user");
        }
        if ((mode & OTHERS) != 0) {
            throw new AccessRefusedException(path + " is open to others (mode 0" + Integer.toOctalString(mode & 0777)
                    + "), 0600 is needed; remove it if you did not make it");
        }
        if (links > 1) {
            throw new AccessRefusedException(path + " has " + links + " names, 1 is allowed; remove it");
        }
        return new Inode(status.get("dev"), status.get("ino"));
    }

    /**
     * Takes the lock of the file; it ends with {@link #close}.
     *
     * @throws IpcTimeoutException if another process has it until the deadline, and gets on with nothing
     */
    @Override
    public void lock(long deadline) throws IOException {
        if (!tryLock()) {
            LockWait wait = new LockWait(path, channel, deadline);
            do {
                wait.pause();
            } while (!tryLock());
        }
    }

    private boolean tryLock() throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException otherClassLoader) {
            // Another copy of this class in this JVM: as another process.
            return false;
        }
    }

    /** Whether the name still stands for this file. */
    @Override
    public boolean isCurrent() throws IOException {
        try {
            return check(path).equals(inode);
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    Inode inode() {
        return inode;
    }

    @Override
    public boolean isBlank() throws IOException {
        return channel.size() == 0;
    }

    @Override
    public Object identity() {
        return inode;
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    /** The first bytes, as many as there are. */
    ByteBuffer readHeader() throws IOException {
        return read(SegmentLayout.HEADER_SIZE);
    }

    @Override
    public ByteBuffer read(int bytes) throws IOException {
        return read(channel, bytes);
    }

    static ByteBuffer read(FileChannel channel, int bytes) throws IOException {
        ByteBuffer header = ByteBuffer.allocateDirect(bytes);
        while (header.hasRemaining() && channel.read(header, header.position()) >= 0) {
            continue;
        }
        return header.flip().order(ByteOrder.nativeOrder());
    }

    /** As {@link #back(long, byte[])}, with zeros alone. */
    void back(long size) throws IOException {
        back(size, new byte[0]);
    }

    /**
     * Gives the file its size, with every page backed, so that no later access can fail for want of memory.
     *
     * @throws NoSpaceException if the file system has not that much, or the process may make no file so large; the
     *         file is removed
     */
    @Override
    public void back(long size, byte[] first) throws IOException {
        long free = free();
        try {
            if (free < size) {
                throw new NoSpaceException(path.toString(), size, free);
            }
            ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(CHUNK, size));
            zeros.put(0, first);
            for (long at = 0; at < size; ) {
                zeros.clear().limit((int) Math.min(zeros.capacity(), size - at));
                at += channel.write(zeros, at);
                zeros.put(0, new byte[first.length]);
            }
        } catch (NoSpaceException full) {
            unlink();
            throw full;
        } catch (ClosedChannelException interrupted) {
            throw interrupted;
        } catch (IOException full) {
            unlink();
            FileSizeLimit.check(path, size);
            NoSpaceException noSpace = new NoSpaceException(path.toString(), size,
                    Files.getFileStore(path.getParent()).getUsableSpace());
            noSpace.initCause(full);
            throw noSpace;
        }
    }

    /** Memory that looks like a file counts as memory: beyond a control group's limit the process would be ended. */
    private long free() throws IOException {
        FileStore store = Files.getFileStore(path);
        long usable = store.getUsableSpace();
        return store.type().equals("tmpfs") ? Math.min(usable, CgroupMemory.available()) : usable;
    }

    MappedByteBuffer map(long size) throws IOException {
        return channel.map(FileChannel.MapMode.READ_WRITE, 0, size);
    }

    @Override
    public ByteBuffer[] map(Windows windows) throws IOException {
        return windows.map(channel);
    }

    /** Removes the name; to be called with the lock, if the name still stands for this file. */
    @Override
    public void unlink() throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            alone.release();
        }
    }
}
