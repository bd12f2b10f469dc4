package org.jvmipc.shm;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jvmipc.NoSpaceException;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.MemoryCalls;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.SysvShmCalls;
import org.jvmipc.posix.SysvShmStatus;

/**
 * Memory of System V, while it is being created, attached to, left or removed. As such memory cannot be locked, there
 * is a file beside it in {@code /dev/shm}, only as long as somebody is doing that.
 */
final class SysvHandle implements Backing.Handle {
    private static final int NONE = -1;
    private static final Cleaner CLEANER = Cleaner.create();

    private final SysvBacking backing;
    private int id;
    private SegmentFile lock;
    private boolean locked;
    private long deadline;

    /**
     * Opens it.
     *
     * @param backing how to find it
     * @param id its number, or -1 if it is to be created
     * @param lockName what to lock, or null if nobody can find it yet
     */
    SysvHandle(SysvBacking backing, int id, String lockName, long deadline) throws IOException {
        this.backing = backing;
        this.id = id;
        this.deadline = deadline;
        this.lock = lockName == null ? null : openLock(lockName, deadline);
    }

    private static SegmentFile openLock(String name, long deadline) throws IOException {
        // No name of a segment begins with a plus.
        Path path = PosixNames.DIRECTORY.resolve(PosixNames.prefix() + "+sysv-" + name);
        SegmentFile file = null;
        while (file == null) {
            file = SegmentFile.open(path, false, deadline);
            if (file == null) {
                file = SegmentFile.open(path, true, deadline);
            }
        }
        return file;
    }

    @Override
    public void lock(long until) throws IOException {
        deadline = until;
        if (lock != null) {
            lock.lock(until);
            locked = true;
        }
    }

    @Override
    public boolean isCurrent() throws IOException {
        if (lock != null && !lock.isCurrent()) {
            return false;
        }
        return (backing.find() == null ? NONE : backing.systemVId()) == id;
    }

    @Override
    public Object identity() {
        return id;
    }

    private SysvShmStatus status() {
        SysvShmStatus status = new SysvShmStatus();
        NativeCallException.check(SysvShmCalls.stat(id, status), "shmctl", id + ", IPC_STAT");
        return status;
    }

    @Override
    public long size() {
        return id == NONE ? 0 : status().size();
    }

    @Override
    public long mappings() {
        return id == NONE ? 0 : status().attached();
    }

    @Override
    public boolean isBlank() {
        return id == NONE || status().attached() == 0 && onlyZeros();
    }

    /** Its creator dies here before it has written the first word, or it is somebody's who has not begun, either. */
    private boolean onlyZeros() {
        long size = size();
        long address = attach(SysvShmCalls.SHM_RDONLY);
        try {
            for (long at = 0; at < size; at += Windows.STRIDE) {
                ByteBuffer part = MemoryCalls.wrap(address + at, (int) Math.min(Windows.STRIDE, size - at));
                ByteBuffer zeros = ByteBuffer.allocate(Windows.PAGE);
                while (part.hasRemaining()) {
                    byte[] page = new byte[Math.min(part.remaining(), Windows.PAGE)];
                    part.get(page);
                    if (!ByteBuffer.wrap(page).equals(zeros.limit(page.length))) {
                        return false;
                    }
                }
            }
            return true;
        } finally {
            SysvShmCalls.detach(address);
        }
    }

    private long attach(int flags) {
        long address = SysvShmCalls.attach(id, flags);
        if (address < 0) {
            throw new NativeCallException("shmat", id + ", 0" + Integer.toOctalString(flags), (int) address);
        }
        return address;
    }

    @Override
    public ByteBuffer read(int bytes) {
        ByteBuffer header = ByteBuffer.allocateDirect((int) Math.min(bytes, size())).order(ByteOrder.nativeOrder());
        if (header.hasRemaining()) {
            long address = attach(SysvShmCalls.SHM_RDONLY);
            header.put(MemoryCalls.wrap(address, header.capacity()));
            SysvShmCalls.detach(address);
        }
        return header.flip();
    }

    @Override
    public void back(long size, byte[] first) throws IOException {
        SystemMemory.check(backing.name(), size);
        int flags = SysvShmCalls.IPC_CREAT | SysvShmCalls.IPC_EXCL | 0600;
        int created = SysvShmCalls.get(backing.key(), size, flags);
        if (created == -Errno.ENOSPC || created == -Errno.ENOMEM || created == -Errno.EINVAL) {
            throw new NoSpaceException(backing.name(), size, SystemMemory.available());
        }
        NativeCallException.check(created, "shmget", "0x" + Integer.toHexString(backing.key()) + ", " + size
                + ", IPC_CREAT|IPC_EXCL|0600");
        id = created;
        backing.created(created);
        if (lock == null) {
            // From now on it can be found by its number; until it is ready, who finds it waits.
            lock = openLock("id-" + id, deadline);
            lock(deadline);
        }
        long address = attach(0);
        try {
            MemoryCalls.wrap(address, first.length).put(first);
            int error = MemoryCalls.advise(address, size, MemoryCalls.MADV_POPULATE_WRITE);
            if (error == -Errno.EINVAL) {
                touch(address, size);
            } else if (error < 0) {
                unlink();
                throw new NoSpaceException(backing.name(), size, SystemMemory.available());
            }
        } finally {
            SysvShmCalls.detach(address);
        }
    }

    /** Where the kernel has no call for it. */
    private static void touch(long address, long size) {
        for (long at = Windows.PAGE; at < size; at += Windows.PAGE) {
            MemoryCalls.wrap(address + at, 1).put((byte) 0);
        }
    }

    @Override
    public ByteBuffer[] map(Windows windows) {
        long address = attach(0);
        ByteBuffer[] mapped = new ByteBuffer[windows.count()];
        AtomicInteger used = new AtomicInteger(mapped.length);
        // A view of a window keeps that one reachable; when none is, nobody can touch the memory any more.
        Runnable unmap = () -> {
            if (used.decrementAndGet() == 0) {
                SysvShmCalls.detach(address);
            }
        };
        for (int i = 0; i < mapped.length; i++) {
            mapped[i] = MemoryCalls.wrap(address + windows.start(i), windows.length(i));
            CLEANER.register(mapped[i], unmap);
        }
        return mapped;
    }

    @Override
    public void unlink() {
        if (id != NONE) {
            int error = SysvShmCalls.remove(id);
            if (error != -Errno.EINVAL && error != -Errno.EIDRM) {
                NativeCallException.check(error, "shmctl", id + ", IPC_RMID");
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (lock == null) {
            return;
        }
        try (SegmentFile held = lock) {
            if (locked && held.isCurrent()) {
                held.unlink();
            }
        }
    }
}
