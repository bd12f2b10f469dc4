package org.jvmipc.shm.sync;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.SysvSemaphoreCalls;
import org.jvmipc.spi.Waiter;

/**
 * A semaphore set of System V, {@code sysvipc(7)}, which {@code ipcs -s} shows: some numbers from 0 to 32,767, of which
 * several are changed at once or not at all, and of which the kernel takes back what a process has changed when it
 * ends, however it does ({@code SEM_UNDO}). For what is shared with programs that have such a set, and where permits of
 * dead processes must come back by themselves.
 *
 * <pre>{@code
 * SysvSemaphoreSet set = SysvSemaphoreSet.openOrCreate(0x4a49, 4, 1);
 * set.perform(Step.take(0, 2).undone(), Step.take(1, 1).undone());
 * ...
 * set.perform(Step.give(0, 2).undone(), Step.give(1, 1).undone());
 * }</pre>
 *
 * <p>The set stays until it is {@linkplain #remove removed} or the machine starts anew; there is nothing to close.
 *
 * <p><b>Waiting.</b> A thread waits in {@code semtimedop} for 1 to 16 ms at a time, and heeds interrupts in between. A
 * virtual thread tries again in that rhythm.
 *
 * <p>All methods may be called from any thread. Linux on x86-64 or arm64 is needed; elsewhere opening throws {@link
 * UnsupportedOperationException}.
 */
public final class SysvSemaphoreSet {
    private static final int MODE = 0600;
    private static final int COUNT_MAX = 250;
    private static final long READY_SECONDS = 1;

    private final int id;
    private final int size;

    private SysvSemaphoreSet(int id) {
        this.id = id;
        this.size = (int) check(SysvSemaphoreCalls.count(id), "semctl", id + ", IPC_STAT");
    }

    /**
     * One change of one semaphore of a set.
     *
     * @param index which, from 0
     * @param change what to add; negative waits until there is so much; 0 waits until it is 0
     * @param undo whether the kernel takes it back when the process ends
     */
    public record Step(int index, int change, boolean undo) {

        /**
         * Creates a step.
         *
         * @param index which, from 0
         * @param change what to add; negative waits until there is so much; 0 waits until it is 0
         * @param undo whether the kernel takes it back when the process ends
         * @throws IllegalArgumentException if a number is out of range
         */
        public Step {
            if (index < 0 || Math.abs((long) change) > SysvSemaphoreCalls.VALUE_MAX) {
                throw new IllegalArgumentException("no change by " + change + " of semaphore " + index
                        + ": indices begin with 0, changes are -32767 to 32767");
            }
        }

        /**
         * Takes permits.
         *
         * @param index which semaphore
         * @param permits how many
         * @return the step
         */
        public static Step take(int index, int permits) {
            return new Step(index, -permits, false);
        }

        /**
         * Gives permits.
         *
         * @param index which semaphore
         * @param permits how many
         * @return the step
         */
        public static Step give(int index, int permits) {
            return new Step(index, permits, false);
        }

        /**
         * Waits until there are none.
         *
         * @param index which semaphore
         * @return the step
         */
        public static Step awaitZero(int index) {
            return new Step(index, 0, false);
        }

        /**
         * The same, to be taken back when the process ends.
         *
         * @return the step
         */
        public Step undone() {
            return new Step(index, change, true);
        }
    }

    private static long check(long result, String call, String arguments) {
        if (result == -Errno.EIDRM || result == -Errno.EINVAL) {
            throw new ChannelClosedException("the semaphore set was removed, or never there: " + call + "(" + arguments
                    + ")");
        }
        if (result < 0) {
            throw new NativeCallException(call, arguments, (int) result);
        }
        return result;
    }

    private static String text(int key) {
        return "0x" + Integer.toHexString(key);
    }

    /**
     * Creates a set that only this user may use.
     *
     * @param key by which others find it; {@link SysvSemaphoreCalls#IPC_PRIVATE} for none
     * @param initial the first value of each of its semaphores, 0 to 32,767
     * @return the new set
     * @throws ChannelExistsException if there is one with this key
     * @throws IllegalArgumentException if there are no values, more than 250, or one out of range
     */
    public static SysvSemaphoreSet create(int key, int... initial) {
        if (initial.length == 0 || initial.length > COUNT_MAX
                || Arrays.stream(initial).anyMatch(v -> v < 0 || v > SysvSemaphoreCalls.VALUE_MAX)) {
            throw new IllegalArgumentException("a set has 1 to " + COUNT_MAX + " semaphores with values from 0 to "
                    + SysvSemaphoreCalls.VALUE_MAX + ", not " + Arrays.toString(initial));
        }
        int id = SysvSemaphoreCalls.get(key, initial.length,
                SysvSemaphoreCalls.IPC_CREAT | SysvSemaphoreCalls.IPC_EXCL | MODE);
        if (id == -Errno.EEXIST) {
            throw new ChannelExistsException("there is a semaphore set " + text(key)
                    + " already; open it, or remove it first (ipcrm -S " + text(key) + ")");
        }
        NativeCallException.check(id, "semget", text(key) + ", " + initial.length + ", IPC_CREAT|IPC_EXCL|0600");
        for (int i = 0; i < initial.length; i++) {
            NativeCallException.check(SysvSemaphoreCalls.setValue(id, i, initial[i]), "semctl", id + ", SETVAL");
        }
        SysvSemaphoreSet set = new SysvSemaphoreSet(id);
        // Whoever opens it waits for the first operation, which sets its time: before, values may be missing.
        int change = initial[0] == SysvSemaphoreCalls.VALUE_MAX ? -1 : 1;
        if (!set.tryPerform(new Step(0, change, false), new Step(0, -change, false))) {
            throw new IllegalStateException("somebody used the semaphore set " + text(key) + " before it was ready");
        }
        return set;
    }

    /**
     * Opens a set that is there. If nobody has ever changed it, its creator may not be ready: then this waits for up to
     * a second. (A set is created first, and gets its values and its first operation after that; so its time tells. The
     * rule is that of W. R. Stevens, "UNIX Network Programming" 2, 1999, 11.2.)
     *
     * @param key by which it is found
     * @return the set
     * @throws ChannelNotFoundException if there is none
     * @throws IpcTimeoutException if nobody has changed it by then: its creator died before it was ready, and it has
     *         not got its values; or it makes no operation, for which there is {@link #openAsIs}
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public static SysvSemaphoreSet open(int key) throws InterruptedException {
        int id = find(key);
        long deadline = Deadline.in(READY_SECONDS, TimeUnit.SECONDS);
        int attempts = 0;
        while (SysvSemaphoreCalls.lastOperation(id) == 0) {
            if (!Waiter.pause(attempts++, deadline)) {
                throw new IpcTimeoutException("nobody has ever changed the semaphore set " + text(key)
                        + ": its creator has died, or has not come so far in " + READY_SECONDS
                        + " s; remove it (ipcrm -S " + text(key)
                        + "), or use openAsIs if its creator sets the values and does no operation");
            }
        }
        return new SysvSemaphoreSet(id);
    }

    /**
     * Opens a set that is there, ready or not: for one whose creator gives it its values and does no operation.
     *
     * @param key by which it is found
     * @return the set
     * @throws ChannelNotFoundException if there is none
     */
    public static SysvSemaphoreSet openAsIs(int key) {
        return new SysvSemaphoreSet(find(key));
    }

    private static int find(int key) {
        int id = SysvSemaphoreCalls.get(key, 0, 0);
        if (key == SysvSemaphoreCalls.IPC_PRIVATE || id == -Errno.ENOENT) {
            throw new ChannelNotFoundException("there is no semaphore set " + text(key) + "; create it first");
        }
        return NativeCallException.check(id, "semget", text(key) + ", 0, 0");
    }

    /**
     * Opens a set that is there, or creates one.
     *
     * @param key by which it is found
     * @param initial the first value of each of its semaphores, if this creates it
     * @return the set
     * @throws IncompatibleChannelException if there is one with another number of semaphores
     * @throws IpcTimeoutException as {@link #open}
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public static SysvSemaphoreSet openOrCreate(int key, int... initial) throws InterruptedException {
        while (true) {
            try {
                return create(key, initial);
            } catch (ChannelExistsException exists) {
                SysvSemaphoreSet set = openIfThere(key);
                if (set != null) {
                    set.checkSize(initial.length);
                    return set;
                }
            }
        }
    }

    /** Null if somebody has removed it meanwhile. */
    private static SysvSemaphoreSet openIfThere(int key) throws InterruptedException {
        try {
            return open(key);
        } catch (ChannelNotFoundException | ChannelClosedException gone) {
            return null;
        }
    }

    private void checkSize(int wanted) {
        if (size != wanted) {
            throw new IncompatibleChannelException("the semaphore set with the number " + id + " has " + size
                    + " semaphores, wanted are " + wanted + "; give as many values, or remove it (ipcrm -s " + id
                    + ")");
        }
    }

    /**
     * Does all the steps at once; waits until that can be done.
     *
     * @param steps what to change
     * @throws InterruptedException if the thread is interrupted, before or meanwhile; nothing was changed
     * @throws ChannelClosedException if the set is removed, before or meanwhile
     * @throws IllegalArgumentException if there are no steps, or one names a semaphore that the set does not have
     */
    public void perform(Step... steps) throws InterruptedException {
        perform(Long.MAX_VALUE, steps);
    }

    /**
     * Does all the steps at once; waits for a while until that can be done.
     *
     * @param timeout how long at most; zero or less does not wait
     * @param unit of what
     * @param steps what to change
     * @return false if the time has passed; nothing was changed
     * @throws InterruptedException if the thread is interrupted, before or meanwhile; nothing was changed
     * @throws ChannelClosedException if the set is removed, before or meanwhile
     * @throws IllegalArgumentException if there are no steps, or one names a semaphore that the set does not have
     */
    public boolean tryPerform(long timeout, TimeUnit unit, Step... steps) throws InterruptedException {
        Objects.requireNonNull(unit, "unit");
        return perform(Deadline.in(timeout, unit), steps);
    }

    private boolean perform(long deadline, Step... steps) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return new KernelWait(() -> operate(0, true, steps), nanos -> operate(nanos, false, steps))
                .take(deadline, true);
    }

    /**
     * Does all the steps at once, if that can be done now.
     *
     * @param steps what to change
     * @return whether it could
     * @throws ChannelClosedException if the set was removed
     * @throws IllegalArgumentException if there are no steps, or one names a semaphore that the set does not have
     */
    public boolean tryPerform(Step... steps) {
        return operate(0, true, steps);
    }

    private boolean operate(long nanos, boolean now, Step... steps) {
        int[] indices = new int[steps.length];
        int[] changes = new int[steps.length];
        int[] flags = new int[steps.length];
        for (int i = 0; i < steps.length; i++) {
            indices[i] = checkIndex(steps[i].index());
            changes[i] = steps[i].change();
            flags[i] = (now ? SysvSemaphoreCalls.IPC_NOWAIT : 0)
                    | (steps[i].undo() ? SysvSemaphoreCalls.SEM_UNDO : 0);
        }
        if (steps.length == 0) {
            throw new IllegalArgumentException("no steps; at least one is needed");
        }
        int result = SysvSemaphoreCalls.operate(id, indices, changes, flags, nanos);
        if (result == -Errno.EAGAIN || result == -Errno.EINTR) {
            return false;
        }
        if (result == -Errno.ERANGE) {
            throw new Error("Maximum permit count exceeded");
        }
        return check(result, "semtimedop", id + ", " + Arrays.toString(steps)) == 0;
    }

    private int checkIndex(int index) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("semaphore " + index + " of a set of " + size
                    + "; indices are 0 to " + (size - 1));
        }
        return index;
    }

    /**
     * Reads a semaphore, for people: it may have changed already.
     *
     * @param index which
     * @return its value
     * @throws ChannelClosedException if the set was removed
     */
    public int value(int index) {
        return (int) check(SysvSemaphoreCalls.value(id, checkIndex(index)), "semctl", id + ", GETVAL");
    }

    /**
     * Who changed a semaphore last.
     *
     * @param index which
     * @return a process number, 0 if nobody
     * @throws ChannelClosedException if the set was removed
     */
    public int lastPid(int index) {
        return (int) check(SysvSemaphoreCalls.lastPid(id, checkIndex(index)), "semctl", id + ", GETPID");
    }

    /**
     * How many threads of all processes wait to take of a semaphore; virtual ones are not counted.
     *
     * @param index which
     * @return how many
     * @throws ChannelClosedException if the set was removed
     */
    public int waiting(int index) {
        return (int) check(SysvSemaphoreCalls.waiting(id, checkIndex(index)), "semctl", id + ", GETNCNT");
    }

    /**
     * What there is to be known of one semaphore. Who has permits is known to nobody but the kernel.
     *
     * @param value how many permits there are
     * @param lastPid which process changed it last, 0 if none
     * @param waiting how many threads of all processes wait to take of it; virtual ones are not counted
     * @param waitingForZero how many wait until it is 0
     */
    public record Status(int value, int lastPid, int waiting, int waitingForZero) {
    }

    /**
     * What there is to be known of the set, for people and tools: one semaphore after the other, while others go on.
     *
     * @return of each semaphore
     * @throws ChannelClosedException if the set was removed
     */
    public List<Status> status() {
        return IntStream.range(0, size).mapToObj(index -> new Status(value(index), lastPid(index), waiting(index),
                (int) check(SysvSemaphoreCalls.waitingForZero(id, index), "semctl", id + ", GETZCNT"))).toList();
    }

    /**
     * How many semaphores there are.
     *
     * @return from 1 on
     */
    public int size() {
        return size;
    }

    /**
     * The number that {@code ipcs -s} shows.
     *
     * @return its id
     */
    public int id() {
        return id;
    }

    /**
     * Removes the set. Those who wait for it get {@link ChannelClosedException}.
     *
     * @return whether it was there
     * @throws NativeCallException if this user may not
     */
    public boolean remove() {
        int result = SysvSemaphoreCalls.remove(id);
        if (result == -Errno.EINVAL || result == -Errno.EIDRM) {
            return false;
        }
        NativeCallException.check(result, "semctl", id + ", IPC_RMID");
        return true;
    }

    @Override
    public String toString() {
        return "System V semaphore set " + id + " of " + size;
    }
}
