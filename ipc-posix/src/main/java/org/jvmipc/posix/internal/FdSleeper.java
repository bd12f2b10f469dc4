package org.jvmipc.posix.internal;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.PollCalls;

/**
 * One thread that waits for a descriptor or a wake-up: an event counter and the structures for {@code poll}. All but
 * {@link #poll} is called under the lock of the owner.
 */
public final class FdSleeper implements AutoCloseable {

    private static final int TIMESPEC = 16;
    private static final int COUNTER = 32;

    /** Two {@code struct pollfd} of 8 bytes, a timespec, and room for the counter's value. */
    private final NativeBuffer memory = new NativeBuffer(48);
    private final int event;
    private boolean woken;

    /**
     * Makes the event counter.
     *
     * @throws NativeCallException if there are too many open files
     */
    public FdSleeper() {
        event = NativeCallException.check(
                PollCalls.eventfd(0, PollCalls.EFD_CLOEXEC | PollCalls.EFD_NONBLOCK), "eventfd", "0");
    }

    /**
     * Blocks until the descriptor is ready, {@link #wake} was called, or the time has passed; or a signal came.
     *
     * @param fd what to wait for
     * @param events {@code POLL} bits
     * @param nanos how long at most
     * @throws NativeCallException if the kernel has no memory
     */
    public void poll(int fd, int events, long nanos) {
        ByteBuffer b = memory.buffer();
        b.putInt(0, fd).putShort(4, (short) events).putShort(6, (short) 0);
        b.putInt(8, event).putShort(12, (short) PollCalls.POLLIN).putShort(14, (short) 0);
        int result = PollCalls.poll(memory.address(), 2, memory.putTimespec(TIMESPEC, nanos));
        Reference.reachabilityFence(this);
        if (result < 0 && result != -Errno.EINTR && result != -Errno.EAGAIN) {
            throw new NativeCallException("ppoll", fd + ", " + event, result);
        }
    }

    /** Makes the thread in {@link #poll}, or the next to enter it, return. */
    public void wake() {
        if (!woken) {
            woken = true;
            memory.buffer().putLong(COUNTER, 1);
            FileCalls.write(event, memory.address() + COUNTER, 8);
        }
    }

    /** Makes it usable again after a wake-up. */
    public void reset() {
        if (woken) {
            woken = false;
            FileCalls.read(event, memory.address() + COUNTER, 8);
        }
    }

    /** Gives the event counter back; nobody may be in {@link #poll}. */
    @Override
    public void close() {
        FileCalls.close(event);
    }
}
