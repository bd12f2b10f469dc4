package org.jvmipc.shm.sync;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongToIntFunction;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.PosixSemaphoreCalls;

/**
 * A named semaphore of POSIX, {@code sem_overview(7)}, for what is shared with programs in other languages: C's
 * {@code sem_open}, Python's {@code posix_ipc}. Between programs on the JVM a {@link SharedSemaphore} does more: it has
 * no lower limit, is fair if you like, shows who waits, and goes away with its last user. This one stays until it is
 * {@linkplain #unlink unlinked} or the machine starts anew.
 *
 * <p><b>Death.</b> One that dies waiting has taken nothing. What a dead process has taken is gone.
 *
 * <p><b>Waiting.</b> A thread waits in {@code sem_clockwait} for 1 to 16 ms at a time, and heeds interrupts and closing
 * in between. (Where the C library does not have that, as glibc before 2.30, it waits in {@code sem_timedwait}; if the
 * wall clock is set back meanwhile, it heeds them later.) A virtual thread tries again in that rhythm.
 *
 * <p>All methods may be called from any thread. Linux on x86-64 or arm64 is needed; elsewhere opening throws {@link
 * UnsupportedOperationException}.
 */
public final class PosixSemaphore implements AutoCloseable {
    /** With {@code sem.} in front it is the name of a file. */
    private static final int NAME_MAX = 251;
    private static final int MODE = 0600;
    private static final int CLOSED = 1 << 31;
    private static final long PAUSE_NANOS = 100_000;

    private final String name;
    private final long address;
    /** How many threads are in native code with the address, and whether it was closed. */
    private final AtomicInteger users = new AtomicInteger();

    private PosixSemaphore(String name, long address) {
        this.name = name;
        this.address = address;
    }

    private static String checkName(String name) {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > NAME_MAX || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("\"" + name + "\" is no name of a semaphore: 1 to " + NAME_MAX
                    + " bytes without a slash; the one in front that C wants is added");
        }
        return name;
    }

    private static PosixSemaphore open(String name, int flags, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(value + " permits; a number from 0 on is needed");
        }
        long address = PosixSemaphoreCalls.open("/" + checkName(name), flags, MODE, value);
        if (address == -Errno.EEXIST) {
            throw new ChannelExistsException("there is a semaphore /" + name + " already; open it, or unlink it first");
        }
        if (address == -Errno.ENOENT) {
            throw new ChannelNotFoundException("there is no semaphore /" + name + "; create it first");
        }
        if (address < 0) {
            throw new NativeCallException("sem_open", "/" + name, (int) address);
        }
        return new PosixSemaphore(name, address);
    }

    /**
     * Opens one that is there.
     *
     * @param name without the slash in front
     * @return the open semaphore
     * @throws ChannelNotFoundException if there is none
     * @throws NativeCallException if it may not be opened
     */
    public static PosixSemaphore open(String name) {
        return open(name, 0, 0);
    }

    /**
     * Creates one that only this user may open.
     *
     * @param name without the slash in front
     * @param permits how many there are at first, from 0 on
     * @return the new semaphore
     * @throws ChannelExistsException if there is one
     */
    public static PosixSemaphore create(String name, int permits) {
        return open(name, PosixSemaphoreCalls.O_CREAT | PosixSemaphoreCalls.O_EXCL, permits);
    }

    /**
     * Opens one that is there, or creates one that only this user may open.
     *
     * @param name without the slash in front
     * @param permits how many there are at first, if this creates it; from 0 on
     * @return the open semaphore
     * @throws NativeCallException if it may not be opened
     */
    public static PosixSemaphore openOrCreate(String name, int permits) {
        return open(name, PosixSemaphoreCalls.O_CREAT, permits);
    }

    /**
     * Removes a name. Who has it open goes on with what it has.
     *
     * @param name without the slash in front
     * @return whether there was one
     * @throws NativeCallException if this user may not
     */
    public static boolean unlink(String name) {
        int error = PosixSemaphoreCalls.unlink("/" + checkName(name));
        if (error != -Errno.ENOENT) {
            NativeCallException.check(error, "sem_unlink", "/" + name);
        }
        return error == 0;
    }

    /** Calls something while the address is good. */
    private int use(LongToIntFunction call) {
        int before;
        do {
            before = users.get();
            if ((before & CLOSED) != 0) {
                throw new ChannelClosedException("the semaphore /" + name + " was closed");
            }
        } while (!users.compareAndSet(before, before + 1));
        try {
            return call.applyAsInt(address);
        } finally {
            users.decrementAndGet();
        }
    }

    /**
     * Takes a permit; waits for it.
     *
     * @throws InterruptedException if the thread is interrupted, before or meanwhile; it has taken none
     * @throws ChannelClosedException if this object is closed, before or meanwhile
     */
    public void acquire() throws InterruptedException {
        acquire(Long.MAX_VALUE);
    }

    /**
     * Takes a permit; waits for it, and does not heed interrupts meanwhile.
     *
     * @throws ChannelClosedException if this object is closed, before or meanwhile
     */
    public void acquireUninterruptibly() {
        try {
            waiting().take(Long.MAX_VALUE, false);
        } catch (InterruptedException never) {
            throw new IllegalStateException(never);
        }
    }

    /**
     * Takes a permit; waits for it for a while.
     *
     * @param timeout how long at most; zero or less does not wait
     * @param unit of what
     * @return false if the time has passed
     * @throws InterruptedException if the thread is interrupted, before or meanwhile; it has taken none
     * @throws ChannelClosedException if this object is closed, before or meanwhile
     */
    public boolean tryAcquire(long timeout, TimeUnit unit) throws InterruptedException {
        Objects.requireNonNull(unit, "unit");
        return acquire(Deadline.in(timeout, unit));
    }

    private boolean acquire(long deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return waiting().take(deadline, true);
    }

    private KernelWait waiting() {
        return new KernelWait(this::tryAcquire, this::acquireWithin);
    }

    private boolean acquireWithin(long nanos) {
        return isTaken(use(semaphore -> PosixSemaphoreCalls.timedWait(semaphore, nanos)), "sem_clockwait");
    }

    private boolean isTaken(int result, String call) {
        if (result == -Errno.EAGAIN || result == -Errno.ETIMEDOUT || result == -Errno.EINTR) {
            return false;
        }
        return NativeCallException.check(result, call, "/" + name) == 0;
    }

    /**
     * Takes a permit if there is one.
     *
     * @return whether there was
     * @throws ChannelClosedException if this object is closed
     */
    public boolean tryAcquire() {
        return isTaken(use(PosixSemaphoreCalls::tryWait), "sem_trywait");
    }

    /**
     * Gives a permit back, or adds one.
     *
     * @throws Error if there are {@link Integer#MAX_VALUE} already
     * @throws ChannelClosedException if this object is closed
     */
    public void release() {
        int error = use(PosixSemaphoreCalls::post);
        if (error == -Errno.EOVERFLOW) {
            throw new Error("Maximum permit count exceeded");
        }
        NativeCallException.check(error, "sem_post", "/" + name);
    }

    /**
     * How many permits there are, for people: it may have changed already.
     *
     * @return how many
     * @throws ChannelClosedException if this object is closed
     */
    public int availablePermits() {
        return NativeCallException.check(use(PosixSemaphoreCalls::value), "sem_getvalue", "/" + name);
    }

    /**
     * What there is to be known of it. Who has permits, and who waits, is known to nobody.
     *
     * @param name without the slash in front
     * @param permits how many there are
     */
    public record Status(String name, int permits) {
    }

    /**
     * What there is to be known of it, for people and tools.
     *
     * @return its name, and how many permits there are
     * @throws ChannelClosedException if this object is closed
     */
    public Status status() {
        return new Status(name, availablePermits());
    }

    /**
     * Its name.
     *
     * @return as it was opened, without the slash in front
     */
    public String name() {
        return name;
    }

    /**
     * Gives it back; the semaphore stays. Threads that wait by this object go on with {@link ChannelClosedException},
     * and this waits for them, some milliseconds. Idempotent.
     */
    @Override
    public void close() {
        int before = users.getAndUpdate(n -> n | CLOSED);
        if ((before & CLOSED) != 0) {
            return;
        }
        while (users.get() != CLOSED) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        NativeCallException.check(PosixSemaphoreCalls.close(address), "sem_close", "/" + name);
    }

    @Override
    public String toString() {
        return "POSIX semaphore /" + name;
    }
}
