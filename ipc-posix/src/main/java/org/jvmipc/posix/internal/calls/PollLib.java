package org.jvmipc.posix.internal.calls;

/** Waiting for descriptors. */
@SuppressWarnings("checkstyle:MethodName") // the names are those of C
public interface PollLib {

    /** {@code ppoll(2)}. */
    int ppoll(long descriptors, long count, long timeout, long signalMask);

    /** {@code eventfd(2)}. */
    int eventfd(int initial, int flags);

    /** {@code epoll_create1(2)}. */
    int epoll_create1(int flags);

    /** {@code epoll_ctl(2)}. */
    int epoll_ctl(int epoll, int operation, int fd, long event);

    /** {@code epoll_wait(2)}. */
    int epoll_wait(int epoll, long events, int capacity, int timeoutMillis);
}
