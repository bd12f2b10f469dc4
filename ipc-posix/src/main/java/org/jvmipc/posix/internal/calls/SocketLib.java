package org.jvmipc.posix.internal.calls;

/** Sockets. All structures are passed by address. */
public interface SocketLib {

    /** {@code socket(2)}. */
    int socket(int domain, int type, int protocol);

    /** {@code socketpair(2)}. */
    int socketpair(int domain, int type, int protocol, long pair);

    /** {@code bind(2)}. */
    int bind(int fd, long address, int length);

    /** {@code listen(2)}. */
    int listen(int fd, int backlog);

    /** {@code accept4(2)}. */
    int accept4(int fd, long address, long length, int flags);

    /** {@code connect(2)}. */
    int connect(int fd, long address, int length);

    /** {@code shutdown(2)}. */
    int shutdown(int fd, int how);

    /** {@code send(2)}. */
    long send(int fd, long address, long length, int flags);

    /** {@code recv(2)}. */
    long recv(int fd, long address, long length, int flags);

    /** {@code sendmsg(2)}. */
    long sendmsg(int fd, long message, int flags);

    /** {@code recvmsg(2)}. */
    long recvmsg(int fd, long message, int flags);

    /** {@code getsockopt(2)}. */
    int getsockopt(int fd, int level, int option, long value, long length);

    /** {@code setsockopt(2)}. */
    int setsockopt(int fd, int level, int option, long value, int length);

    /** {@code getsockname(2)}. */
    int getsockname(int fd, long address, long length);

    /** {@code getpeername(2)}. */
    int getpeername(int fd, long address, long length);
}
