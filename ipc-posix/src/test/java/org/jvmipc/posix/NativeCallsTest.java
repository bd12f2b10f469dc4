package org.jvmipc.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.posix.internal.calls.BasicLib;
import org.jvmipc.posix.internal.calls.FileLib;
import org.jvmipc.posix.internal.calls.MemoryLib;
import org.jvmipc.posix.internal.calls.PollLib;
import org.jvmipc.posix.internal.calls.PosixQueueLib;
import org.jvmipc.posix.internal.calls.PosixSemaphoreLib;
import org.jvmipc.posix.internal.calls.SignalLib;
import org.jvmipc.posix.internal.calls.SocketLib;
import org.jvmipc.posix.internal.calls.SyscallLib;
import org.jvmipc.posix.internal.calls.SysvQueueLib;
import org.jvmipc.posix.internal.calls.SysvSemaphoreLib;
import org.jvmipc.posix.internal.calls.SysvShmLib;

class NativeCallsTest {

    @TempDir
    Path dir;

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(64).order(ByteOrder.nativeOrder());
    private final long address = MemoryCalls.address(bytes);

    @Test
    void noFunctionHasSixParameters() {
        Class<?>[] all = {
            BasicLib.class, FileLib.class, MemoryLib.class, PollLib.class, SocketLib.class, SyscallLib.class,
            SysvShmLib.class, PosixSemaphoreLib.class, SysvSemaphoreLib.class,
            PosixQueueLib.class, SysvQueueLib.class, SignalLib.class};
        for (Class<?> functions : all) {
            for (Method function : functions.getMethods()) {
                assertFalse(function.getParameterCount() == 6, "jnr-ffi passes garbage as the sixth of " + function);
            }
        }
    }

    @Test
    void sixthArgumentOfMmapArrives() throws Exception {
        Path file = Files.write(dir.resolve("map"), new byte[8192]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {42}), 4096);
        }
        int fd = FileCalls.open(file.toString(), FileCalls.O_RDWR | FileCalls.O_CLOEXEC, 0);
        long mapped = MemoryCalls.map(fd, 4096, 4096, MemoryCalls.PROT_READ | MemoryCalls.PROT_WRITE,
                MemoryCalls.MAP_SHARED);
        assertTrue(mapped > 0, Errno.name((int) mapped));
        ByteBuffer view = MemoryCalls.wrap(mapped, 4096);
        assertEquals(mapped, MemoryCalls.address(view));
        assertEquals(42, view.get(0));
        view.put(1, (byte) 43);
        assertEquals(43, Files.readAllBytes(file)[4097]);
        assertEquals(0, MemoryCalls.unmap(mapped, 4096));
        assertEquals(0, FileCalls.close(fd));
    }

    @Test
    void sharedMemoryOfSystemV() {
        int id = SysvShmCalls.get(SysvShmCalls.IPC_PRIVATE, 5000, SysvShmCalls.IPC_CREAT | 0600);
        assertTrue(id >= 0, Errno.name(id));
        try {
            long mapped = SysvShmCalls.attach(id, 0);
            assertTrue(mapped > 0, Errno.name((int) mapped));
            assertEquals(0, MemoryCalls.advise(mapped, 5000, MemoryCalls.MADV_POPULATE_WRITE));
            MemoryCalls.wrap(mapped, 5000).putLong(8, 4711);
            long again = SysvShmCalls.attach(id, SysvShmCalls.SHM_RDONLY);
            assertEquals(4711, MemoryCalls.wrap(again, 5000).getLong(8));
            SysvShmStatus status = new SysvShmStatus();
            assertEquals(0, SysvShmCalls.stat(id, status));
            assertEquals(5000, status.size());
            assertEquals(2, status.attached());
            assertEquals(0600, status.permissions());
            assertEquals(ProcessIdentity.effectiveUid(), status.uid());
            assertEquals(ProcessIdentity.effectiveUid(), status.creatorUid());
            assertEquals(ProcessHandle.current().pid(), status.creatorPid());
            assertEquals(0, status.key());
            assertFalse(status.isRemoved());
            assertEquals(0, SysvShmCalls.detach(again));
            assertEquals(0, SysvShmCalls.remove(id));
            assertEquals(0, SysvShmCalls.stat(id, status));
            assertTrue(status.isRemoved());
            assertEquals(0, SysvShmCalls.detach(mapped));
            assertEquals(-Errno.EINVAL, SysvShmCalls.detach(mapped));
        } finally {
            SysvShmCalls.remove(id);
        }
        assertTrue(SysvShmCalls.stat(id, new SysvShmStatus()) < 0);
        assertEquals(-Errno.ENOENT, SysvShmCalls.get(0x6a76_0001, 0, 0));
    }

    @Test
    void errorsComeAsNegativeNumbers() {
        String missing = dir.resolve("missing").toString();
        assertEquals(-Errno.ENOENT, FileCalls.open(missing, FileCalls.O_RDONLY, 0));
        assertEquals(-Errno.EBADF, FileCalls.close(-1));
        assertEquals(-Errno.EBADF, FileCalls.read(-1, address, 1));
        assertEquals(-Errno.EINVAL, MemoryCalls.unmap(0, 0));
        assertEquals(-Errno.EFAULT, FutexCalls.wake(4, 1));
        assertThrows(IllegalArgumentException.class, () -> FileCalls.open("a\0b", 0, 0));
        assertThrows(IllegalArgumentException.class, () -> MemoryCalls.address(ByteBuffer.allocate(1)));
    }

    @Test
    void exceptionNamesCallArgumentsErrorAndAdvice() {
        NativeCallException e = assertThrows(NativeCallException.class,
                () -> Fd.open(dir.resolve("missing").toString(), FileCalls.O_RDONLY, 0));
        assertEquals(Errno.ENOENT, e.errno());
        assertEquals("open", e.call());
        assertTrue(e.getMessage().contains("missing") && e.getMessage().contains("ENOENT (2)")
                && e.getMessage().endsWith("first."), e.getMessage());
        assertEquals(Errno.EAGAIN, Errno.number(Errno.name(-11)));
        assertEquals("errno 4095", Errno.name(4095));
        assertEquals(0, Errno.number("ENONSENSE"));
    }

    @Test
    void filesAndPipes() {
        String fifo = dir.resolve("fifo").toString();
        assertEquals(0, FileCalls.mkfifo(fifo, 0600));
        assertEquals(-Errno.EEXIST, FileCalls.mkfifo(fifo, 0600));
        FileStatus status = new FileStatus();
        assertEquals(0, FileCalls.lstat(fifo, status));
        assertTrue(status.isFifo() && !status.isRegular() && status.links() == 1);
        assertEquals("FIFO", status.kind());
        assertEquals(-Errno.ENXIO, FileCalls.open(fifo, FileCalls.O_WRONLY | FileCalls.O_NONBLOCK, 0));
        assertEquals(0, FileCalls.unlink(fifo));

        int[] ends = new int[2];
        assertEquals(0, FileCalls.pipe2(ends, FileCalls.O_CLOEXEC | FileCalls.O_NONBLOCK));
        assertEquals(-Errno.EAGAIN, FileCalls.read(ends[0], address, 8));
        assertEquals(8, FileCalls.write(ends[1], address, 8));
        assertEquals(8, FileCalls.available(ends[0]));
        assertEquals(65536, FileCalls.fcntl(ends[0], FileCalls.F_GETPIPE_SZ, 0));
        assertEquals(131072, FileCalls.fcntl(ends[0], FileCalls.F_SETPIPE_SZ, 131072));
        int copy = FileCalls.dup(ends[1]);
        assertEquals(0, FileCalls.close(ends[1]));
        assertEquals(8, FileCalls.read(ends[0], address, 64));
        assertEquals(-Errno.EAGAIN, FileCalls.read(ends[0], address, 8));
        FileCalls.close(copy);
        assertEquals(0, FileCalls.read(ends[0], address, 8));
        FileCalls.close(ends[0]);
    }

    @Test
    void statTellsWhatJavaTells() throws Exception {
        Path file = Files.write(dir.resolve("f"), new byte[77]);
        int fd = FileCalls.open(file.toString(), FileCalls.O_RDWR | FileCalls.O_CLOEXEC, 0);
        assertEquals(0, FileCalls.fchmod(fd, 0640));
        FileStatus status = new FileStatus();
        assertEquals(0, FileCalls.stat(fd, status));
        assertTrue(status.isRegular());
        assertEquals(77, status.size());
        assertEquals(0640, status.permissions());
        assertEquals(Files.getAttribute(file, "unix:uid"), status.uid());
        assertEquals(Files.getAttribute(file, "unix:ino"), status.inode());
        assertEquals(0, FileCalls.posixFallocate(fd, 0, 4096));
        assertEquals(4096, Files.size(file));
        assertEquals(-Errno.EINVAL, FileCalls.posixFallocate(fd, 0, 0));
        assertEquals(0, FileCalls.ftruncate(fd, 10));
        bytes.put(0, (byte) 9);
        assertEquals(1, FileCalls.pwrite(fd, address, 1, 9));
        assertEquals(2, FileCalls.pread(fd, address + 8, 64, 8));
        assertEquals(9, bytes.get(9));
        FileCalls.close(fd);
        Path link = Files.createSymbolicLink(dir.resolve("link"), file);
        assertEquals(0, FileCalls.lstat(link.toString(), status));
        assertEquals("symbolic link", status.kind());
        assertEquals(-Errno.ELOOP, FileCalls.open(link.toString(), FileCalls.O_NOFOLLOW, 0));
        assertEquals(-Errno.ENOTDIR, FileCalls.open(file.toString(), FileCalls.O_DIRECTORY, 0));
    }

    @Test
    void vectors() {
        int[] ends = new int[2];
        assertEquals(0, FileCalls.pipe2(ends, FileCalls.O_CLOEXEC));
        bytes.putLong(0, address + 32).putLong(8, 2).putLong(16, address + 40).putLong(24, 1);
        bytes.put(32, (byte) 1).put(33, (byte) 2).put(40, (byte) 3);
        assertEquals(3, FileCalls.writev(ends[1], address, 2));
        bytes.putLong(0, address + 48).putLong(16, address + 56);
        assertEquals(3, FileCalls.readv(ends[0], address, 2));
        assertArrayEquals(new byte[] {1, 2, 3}, new byte[] {bytes.get(48), bytes.get(49), bytes.get(56)});
        FileCalls.close(ends[0]);
        FileCalls.close(ends[1]);
    }

    @Test
    void locksBelongToTheOpenFile() throws Exception {
        String file = Files.createFile(dir.resolve("lock")).toString();
        int holder = FileCalls.open(file, FileCalls.O_RDWR | FileCalls.O_CLOEXEC, 0);
        int other = FileCalls.open(file, FileCalls.O_RDWR | FileCalls.O_CLOEXEC, 0);
        assertEquals(0, LockCalls.isLocked(other));
        assertEquals(0, LockCalls.tryLock(holder));
        assertEquals(1, LockCalls.isLocked(other));
        assertEquals(-Errno.EAGAIN, LockCalls.tryLock(other));
        FileChannel.open(Path.of(file), StandardOpenOption.READ, StandardOpenOption.WRITE).close();
        assertEquals(1, LockCalls.isLocked(other));
        assertEquals(0, LockCalls.unlock(holder));
        assertEquals(0, LockCalls.tryLock(other));
        FileCalls.close(other);
        assertEquals(0, LockCalls.isLocked(holder));
        FileCalls.close(holder);
    }

    @Test
    void sealedMemoryFile() {
        int fd = MemoryCalls.memfdCreate("test", MemoryCalls.MFD_CLOEXEC | MemoryCalls.MFD_ALLOW_SEALING);
        assertTrue(fd > 0);
        assertEquals(0, FileCalls.ftruncate(fd, 4096));
        assertEquals(0, FileCalls.fcntl(fd, MemoryCalls.F_ADD_SEALS, MemoryCalls.F_SEAL_SHRINK));
        assertEquals(-Errno.EPERM, FileCalls.ftruncate(fd, 0));
        FileCalls.close(fd);
    }

    @Test
    void futexWaits() {
        bytes.putInt(0, 5);
        assertEquals(-Errno.EAGAIN, FutexCalls.await(address, 4, 1_000_000_000L));
        long start = System.nanoTime();
        assertEquals(-Errno.ETIMEDOUT, FutexCalls.await(address, 5, 3_000_000));
        assertTrue(System.nanoTime() - start >= 3_000_000);
        assertEquals(0, FutexCalls.wake(address, 1));
        assertEquals(-Errno.ETIMEDOUT, FutexCalls.await(address, 5, 0));
        if (FutexCalls.canWaitAny()) {
            ByteBuffer vector = ByteBuffer.allocateDirect(48).order(ByteOrder.nativeOrder());
            FutexCalls.putWait(vector, 0, address, 5);
            FutexCalls.putWait(vector, FutexCalls.WAIT_SIZE, address + 4, -1);
            assertEquals(-Errno.EAGAIN, FutexCalls.waitAny(MemoryCalls.address(vector), 2));
        }
    }

    @Test
    void eventCounter() {
        int fd = PollCalls.eventfd(3, PollCalls.EFD_CLOEXEC | PollCalls.EFD_NONBLOCK);
        assertEquals(8, FileCalls.read(fd, address, 8));
        assertEquals(3, bytes.getLong(0));
        assertEquals(-Errno.EAGAIN, FileCalls.read(fd, address, 8));
        FileCalls.close(fd);
    }
}
