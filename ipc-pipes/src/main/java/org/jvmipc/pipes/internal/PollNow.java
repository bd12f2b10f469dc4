package org.jvmipc.pipes.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.MemoryCalls;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.PollCalls;

/** Asks what a descriptor is ready for, without waiting; for one thread at a time. */
final class PollNow {
    private static final int POLLFD = 8;
    private static final int TIMESPEC = 16;

    /** A {@code struct pollfd} and a {@code struct timespec} of zero. */
    private final ByteBuffer memory = ByteBuffer.allocateDirect(POLLFD + TIMESPEC).order(ByteOrder.nativeOrder());

    /** The {@code POLL} bits that are set of those asked for, and those that are always told. */
    int events(int number, String name, int wanted) {
        memory.putInt(0, number).putShort(4, (short) wanted).putShort(6, (short) 0);
        long address = MemoryCalls.address(memory);
        int result = PollCalls.poll(address, 1, address + POLLFD);
        if (result < 0 && result != -Errno.EINTR) {
            throw new NativeCallException("poll", name, result);
        }
        return memory.getShort(6);
    }
}
