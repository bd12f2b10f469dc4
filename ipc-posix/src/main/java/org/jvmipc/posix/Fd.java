package org.jvmipc.posix;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jvmipc.posix.internal.NativeBuffer;
import org.jvmipc.posix.internal.NativeBufferPool;

/**
 * A file descriptor that this object owns: non-blocking, closed in children, and never used after it was closed.
 *
 * <p>All methods may be called from any thread, also virtual ones, as none blocks. {@link #close} may run at any time
 * while others use the descriptor: a running call keeps the number until it returns, so that the kernel cannot give it
 * to another file in the meantime, and later calls return {@link #CLOSED}.
 */
public final class Fd implements AutoCloseable {

    /** Result of {@link #read}: the end, no more bytes will come. */
    public static final int EOF = -1;
    /** Result of {@link #read} and {@link #write}: nothing can be moved now. */
    public static final int WOULD_BLOCK = -2;
    /** Result of {@link #read}, {@link #write} and {@link #acquire}: this descriptor was closed. */
    public static final int CLOSED = -3;

    private static final int CLOSED_BIT = 1 << 30;
    /** Heap buffers with more than this are moved in parts. Far above any datagram the kernel takes by default. */
    private static final int LARGEST_COPY = 8 << 20;
    private static final NativeBufferPool COPIES = new NativeBufferPool(8, 64 << 10, 1 << 20);

    private final int number;
    private final String name;
    private final AtomicInteger state = new AtomicInteger(1);
    private final List<Runnable> closeHooks = new ArrayList<>(2);

    private Fd(int number, String name) {
        this.number = number;
        this.name = name;
    }

    /**
     * Takes over a descriptor and makes it non-blocking and closed in children. If this fails the descriptor is closed.
     *
     * @param number the descriptor; from now on only this object may close it
     * @param name what it is, for messages, for example a path
     * @return its owner
     * @throws NativeCallException if it is not an open descriptor
     * @throws UnsupportedOperationException if native calls do not work here
     */
    public static Fd own(int number, String name) {
        int flags = FileCalls.fcntl(number, FileCalls.F_GETFL, 0);
        int error = flags;
        if (flags >= 0 && (flags & FileCalls.O_NONBLOCK) == 0) {
            error = FileCalls.fcntl(number, FileCalls.F_SETFL, flags | FileCalls.O_NONBLOCK);
        }
        if (error >= 0) {
            error = FileCalls.fcntl(number, FileCalls.F_SETFD, FileCalls.FD_CLOEXEC);
        }
        if (error < 0) {
            FileCalls.close(number);
            throw new NativeCallException("fcntl", number + " (" + name + ")", error);
        }
        return new Fd(number, name);
    }

    /**
     * Opens a file without blocking; {@link FileCalls#O_NONBLOCK} and {@link FileCalls#O_CLOEXEC} are added.
     *
     * @param path the file
     * @param flags {@code O_} bits
     * @param mode permission bits if it is created
     * @return the owner of the new descriptor
     * @throws NativeCallException if it cannot be opened; {@link NativeCallException#errno} tells why
     * @throws UnsupportedOperationException if native calls do not work here
     */
    public static Fd open(String path, int flags, int mode) {
        int all = flags | FileCalls.O_NONBLOCK | FileCalls.O_CLOEXEC;
        int result;
        do {
            result = FileCalls.open(path, all, mode);
        } while (result == -Errno.EINTR);
        NativeCallException.check(result, "open", path + ", 0" + Integer.toOctalString(all));
        return new Fd(result, path);
    }

    /**
     * Reads what is there into the buffer, advancing its position.
     *
     * @param target a direct or heap buffer
     * @return how many bytes (0 only if the buffer has no room), {@link #EOF}, {@link #WOULD_BLOCK} or {@link #CLOSED}.
     *         A datagram of no bytes looks like the end
     * @throws NativeCallException if the system call fails otherwise, for example with {@code ECONNRESET}
     */
    public int read(ByteBuffer target) {
        if (target.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        int room = target.remaining();
        if (room == 0) {
            return isOpen() ? 0 : CLOSED;
        }
        int fd = acquire();
        if (fd == CLOSED) {
            return CLOSED;
        }
        try {
            if (target.isDirect()) {
                long got = readOnce(fd, MemoryCalls.address(target) + target.position(), room);
                return got > 0 ? advance(target, (int) got) : outcome("read", got);
            }
            NativeBuffer copy = COPIES.take(Math.min(room, LARGEST_COPY));
            try {
                long got = readOnce(fd, copy.address(), Math.min(room, copy.buffer().capacity()));
                if (got > 0) {
                    target.put(copy.buffer().limit((int) got));
                }
                return got > 0 ? (int) got : outcome("read", got);
            } finally {
                COPIES.give(copy);
            }
        } finally {
            release();
        }
    }

    /**
     * Writes from the buffer as much as is accepted now, advancing its position.
     *
     * @param source a direct or heap buffer; one of no bytes writes nothing
     * @return how many bytes, {@link #WOULD_BLOCK} or {@link #CLOSED}
     * @throws NativeCallException if the system call fails otherwise, for example with {@code EPIPE} when nobody reads
     */
    public int write(ByteBuffer source) {
        int length = source.remaining();
        int fd = acquire();
        if (fd == CLOSED) {
            return CLOSED;
        }
        try {
            if (length == 0) {
                return 0;
            }
            if (source.isDirect()) {
                long put = writeOnce(fd, MemoryCalls.address(source) + source.position(), length);
                return put >= 0 ? advance(source, (int) put) : outcome("write", put);
            }
            NativeBuffer copy = COPIES.take(Math.min(length, LARGEST_COPY));
            try {
                int part = Math.min(length, copy.buffer().capacity());
                copy.buffer().put(source.duplicate().limit(source.position() + part));
                long put = writeOnce(fd, copy.address(), part);
                return put >= 0 ? advance(source, (int) put) : outcome("write", put);
            } finally {
                COPIES.give(copy);
            }
        } finally {
            release();
        }
    }

    /**
     * Takes, changes or gives back a lock on the open file, {@code flock(2)}, if nobody is in the way. The kernel drops
     * it when the file is closed or its holder dies. A change that fails has given up what was held before.
     *
     * @param operation {@link FileCalls#LOCK_SH}, {@link FileCalls#LOCK_EX} or {@link FileCalls#LOCK_UN}
     * @return whether it was done; false also if this is closed
     * @throws NativeCallException if the call fails for another reason
     */
    public boolean tryFlock(int operation) {
        int fd = acquire();
        if (fd == CLOSED) {
            return false;
        }
        try {
            int result = FileCalls.flock(fd, operation);
            if (result < 0 && result != -Errno.EAGAIN && result != -Errno.EINTR) {
                throw new NativeCallException("flock", number + " (" + name + ")", result);
            }
            return result == 0;
        } finally {
            release();
        }
    }

    /**
     * Borrows the number for a system call of the caller's own. Each successful call is followed by one
     * {@link #release}, in a {@code finally}; until then the kernel cannot give the number to another file.
     *
     * @return the number, or {@link #CLOSED}
     */
    public int acquire() {
        int s;
        do {
            s = state.get();
            if ((s & CLOSED_BIT) != 0) {
                return CLOSED;
            }
        } while (!state.compareAndSet(s, s + 1));
        return number;
    }

    /** Gives the number back; only after a successful {@link #acquire}. */
    public void release() {
        if (state.decrementAndGet() == CLOSED_BIT) {
            FileCalls.close(number);
        }
    }

    /**
     * Tells whether it is open.
     *
     * @return false after {@link #close}
     */
    public boolean isOpen() {
        return (state.get() & CLOSED_BIT) == 0;
    }

    /**
     * Closes the descriptor: wakes all who wait for it (see {@link FdReadiness}), makes later calls return
     * {@link #CLOSED}, and gives the number back as soon as no call uses it any more. Idempotent.
     */
    @Override
    public void close() {
        int before = state.getAndUpdate(s -> s | CLOSED_BIT);
        if ((before & CLOSED_BIT) != 0) {
            return;
        }
        List<Runnable> hooks;
        synchronized (closeHooks) {
            hooks = new ArrayList<>(closeHooks);
            closeHooks.clear();
        }
        try {
            hooks.forEach(Runnable::run);
        } finally {
            release();
        }
    }

    /**
     * Adds what {@link #close} is to run once, in the closing thread, while the number is still valid.
     *
     * @param hook must neither block nor throw
     * @return false, and the hook is not run, if this is closed already
     */
    public boolean onClose(Runnable hook) {
        synchronized (closeHooks) {
            if (!isOpen()) {
                return false;
            }
            closeHooks.add(hook);
            return true;
        }
    }

    /**
     * Returns what this is.
     *
     * @return the name given to it, for messages
     */
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return "Fd[" + number + " " + name + (isOpen() ? "]" : ", closed]");
    }

    private static long readOnce(int fd, long address, int length) {
        long got;
        do {
            got = FileCalls.read(fd, address, length);
        } while (got == -Errno.EINTR);
        return got;
    }

    private static long writeOnce(int fd, long address, int length) {
        long put;
        do {
            put = FileCalls.write(fd, address, length);
        } while (put == -Errno.EINTR);
        return put;
    }

    private static int advance(ByteBuffer buffer, int count) {
        buffer.position(buffer.position() + count);
        return count;
    }

    private int outcome(String call, long result) {
        if (result == 0) {
            return EOF;
        }
        if (result == -Errno.EAGAIN) {
            return WOULD_BLOCK;
        }
        throw new NativeCallException(call, number + " (" + name + ")", (int) result);
    }
}
