package org.jvmipc.posix;

import org.jvmipc.posix.internal.calls.PollLib;

/**
 * System calls that wait for descriptors. Errors are returned as {@code -errno}. Blocking calls belong on platform
 * threads. Each method throws {@link UnsupportedOperationException} where native calls do not work.
 */
public final class PollCalls {

    /** There is something to read, or the end. */
    public static final int POLLIN = 1;
    /** Something can be written. */
    public static final int POLLOUT = 4;
    /** The descriptor is in error; always reported. */
    public static final int POLLERR = 8;
    /** The other side is gone; always reported. */
    public static final int POLLHUP = 16;
    /** Not a descriptor; always reported. */
    public static final int POLLNVAL = 32;
    /** The other side of a socket sends nothing more. */
    public static final int POLLRDHUP = 0x2000;
    /** {@link #eventfd}: closed in children. */
    public static final int EFD_CLOEXEC = 02000000;
    /** {@link #eventfd}: calls return {@code EAGAIN} instead of blocking. */
    public static final int EFD_NONBLOCK = 04000;
    /** {@link #epollControl}: add a descriptor. */
    public static final int EPOLL_CTL_ADD = 1;
    /** {@link #epollControl}: remove a descriptor. */
    public static final int EPOLL_CTL_DEL = 2;
    /** {@link #epollControl}: change the events of a descriptor. */
    public static final int EPOLL_CTL_MOD = 3;
    /** Report once, then wait for {@link #EPOLL_CTL_MOD}. */
    public static final int EPOLLONESHOT = 1 << 30;

    private PollCalls() {
    }

    /**
     * Waits for descriptors, {@code ppoll(2)} without a signal mask.
     *
     * @param descriptors the address of {@code count} {@code struct pollfd} (int fd, short events, short revents)
     * @param count how many
     * @param timespec the address of the time to wait (long seconds, long nanoseconds), or 0 for ever
     * @return how many are ready, 0 after the timeout, or {@code -errno}
     */
    public static int poll(long descriptors, int count, long timespec) {
        return NativeLibrary.result(lib().ppoll(descriptors, count, timespec, 0));
    }

    /**
     * Makes a counter that can be waited for, {@code eventfd(2)}.
     *
     * @param initial its first value
     * @param flags {@code EFD_} bits
     * @return a descriptor or {@code -errno}
     */
    public static int eventfd(int initial, int flags) {
        return NativeLibrary.result(lib().eventfd(initial, flags));
    }

    /**
     * Makes an epoll instance that is closed in children, {@code epoll_create1(2)}.
     *
     * @return a descriptor or {@code -errno}
     */
    public static int epollCreate() {
        return NativeLibrary.result(lib().epoll_create1(EFD_CLOEXEC));
    }

    /**
     * Changes what an epoll instance watches, {@code epoll_ctl(2)}.
     *
     * @param epoll the instance
     * @param operation an {@code EPOLL_CTL_} number
     * @param fd the descriptor to watch
     * @param event the address of a {@code struct epoll_event}: events at 0, data at {@link #epollDataOffset()}
     * @return 0 or {@code -errno}
     */
    public static int epollControl(int epoll, int operation, int fd, long event) {
        return NativeLibrary.result(lib().epoll_ctl(epoll, operation, fd, event));
    }

    /**
     * Waits for what an epoll instance watches, {@code epoll_wait(2)}.
     *
     * @param epoll the instance
     * @param events the address of {@code capacity} structures of {@link #epollEventSize()} bytes
     * @param capacity how many
     * @param timeoutMillis how long, or -1 for ever
     * @return how many were filled, or {@code -errno}
     */
    public static int epollWait(int epoll, long events, int capacity, int timeoutMillis) {
        return NativeLibrary.result(lib().epoll_wait(epoll, events, capacity, timeoutMillis));
    }

    /**
     * Returns the size of a {@code struct epoll_event}, which is packed on x86-64 only.
     *
     * @return in bytes
     */
    public static int epollEventSize() {
        return NativeLibrary.isX86() ? 12 : 16;
    }

    /**
     * Returns where the 8 bytes of user data stand in a {@code struct epoll_event}.
     *
     * @return an offset in bytes
     */
    public static int epollDataOffset() {
        return epollEventSize() - 8;
    }

    private static PollLib lib() {
        PollLib lib = Holder.LIB;
        return lib != null ? lib : NativeLibrary.load(PollLib.class);
    }

    private static final class Holder {
        static final PollLib LIB = NativeLibrary.loadOrNull(PollLib.class);
    }
}
