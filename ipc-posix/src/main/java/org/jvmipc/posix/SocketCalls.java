package org.jvmipc.posix;

import java.nio.ByteBuffer;
import org.jvmipc.posix.internal.NativeBuffer;
import org.jvmipc.posix.internal.NativeBufferPool;
import org.jvmipc.posix.internal.UnixAddress;
import org.jvmipc.posix.internal.calls.SocketLib;

/**
 * System calls on Unix-domain sockets. An address is a path, or {@code @name} for one in the abstract name space.
 * Errors are returned as {@code -errno}; sockets are made non-blocking and closed in children, so nothing here blocks.
 * All methods may be called from any thread. Each throws {@link UnsupportedOperationException} where native calls do
 * not work.
 */
public final class SocketCalls {

    /** A stream of bytes. */
    public static final int SOCK_STREAM = 1;
    /** Messages without a connection. */
    public static final int SOCK_DGRAM = 2;
    /** Messages over a connection. */
    public static final int SOCK_SEQPACKET = 5;
    /** {@link #shutdown}: no more reading. */
    public static final int SHUT_RD = 0;
    /** {@link #shutdown}: no more writing. */
    public static final int SHUT_WR = 1;
    /** {@link #shutdown}: neither. */
    public static final int SHUT_RDWR = 2;
    /** Look at a message without taking it. */
    public static final int MSG_PEEK = 2;
    /** A message was cut off; asked for, a receive returns the true length. */
    public static final int MSG_TRUNC = 0x20;
    /** Ancillary data was cut off. */
    public static final int MSG_CTRUNC = 8;
    /** Option: the type of the socket. */
    public static final int SO_TYPE = 3;
    /** Option: the pending error of a socket, for example of a connect. */
    public static final int SO_ERROR = 4;
    /** Option: the send buffer in bytes; the kernel doubles what is set. */
    public static final int SO_SNDBUF = 7;
    /** Option: the receive buffer in bytes. */
    public static final int SO_RCVBUF = 8;
    /** Option: receive the sender's credentials with each message. */
    public static final int SO_PASSCRED = 16;
    /** Option: set the send buffer beyond the system's limit, with {@code CAP_NET_ADMIN}. */
    public static final int SO_SNDBUFFORCE = 32;

    static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int AF_UNIX = 1;
    private static final int NONBLOCK_CLOEXEC = FileCalls.O_NONBLOCK | FileCalls.O_CLOEXEC;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x4000_0000;
    private static final NativeBufferPool STRUCTS = new NativeBufferPool(4, 128, 128);

    private SocketCalls() {
    }

    /**
     * Makes a socket, {@code socket(2)}.
     *
     * @param type a {@code SOCK_} number
     * @return a descriptor or {@code -errno}
     */
    public static int socket(int type) {
        return NativeLibrary.result(lib().socket(AF_UNIX, type | NONBLOCK_CLOEXEC, 0));
    }

    /**
     * Makes two connected sockets, {@code socketpair(2)}.
     *
     * @param type a {@code SOCK_} number
     * @param ends receives both descriptors
     * @return 0 or {@code -errno}
     */
    public static int socketpair(int type, int[] ends) {
        NativeBuffer pair = STRUCTS.take(8);
        try {
            int result = NativeLibrary.result(lib().socketpair(AF_UNIX, type | NONBLOCK_CLOEXEC, 0, pair.address()));
            if (result == 0) {
                ends[0] = pair.buffer().getInt(0);
                ends[1] = pair.buffer().getInt(4);
            }
            return result;
        } finally {
            STRUCTS.give(pair);
        }
    }

    /**
     * Gives a socket its address, {@code bind(2)}. For a path this makes a file, with permissions reduced by the umask.
     *
     * @param fd a socket
     * @param address a path or {@code @name}
     * @return 0 or {@code -errno}
     * @throws IllegalArgumentException if the address is empty or longer than 107 bytes
     */
    public static int bind(int fd, String address) {
        NativeBuffer struct = STRUCTS.take(UnixAddress.SIZE);
        try {
            int length = UnixAddress.put(struct.buffer(), address);
            return NativeLibrary.result(lib().bind(fd, struct.address(), length));
        } finally {
            STRUCTS.give(struct);
        }
    }

    /**
     * Connects, {@code connect(2)}. For a stream or seqpacket socket {@code -EAGAIN} says that the listener's queue is
     * full: repeat it later. For a datagram socket it sets the address to send to.
     *
     * @param fd a socket
     * @param address a path or {@code @name}
     * @return 0 or {@code -errno}
     * @throws IllegalArgumentException if the address is empty or longer than 107 bytes
     */
    public static int connect(int fd, String address) {
        NativeBuffer struct = STRUCTS.take(UnixAddress.SIZE);
        try {
            int length = UnixAddress.put(struct.buffer(), address);
            return NativeLibrary.result(lib().connect(fd, struct.address(), length));
        } finally {
            STRUCTS.give(struct);
        }
    }

    /**
     * Makes a bound socket take connections, {@code listen(2)}.
     *
     * @param fd a socket
     * @param backlog how many may wait
     * @return 0 or {@code -errno}
     */
    public static int listen(int fd, int backlog) {
        return NativeLibrary.result(lib().listen(fd, backlog));
    }

    /**
     * Takes a connection, {@code accept4(2)}.
     *
     * @param fd a listening socket
     * @return the descriptor of the connection, {@code -EAGAIN} if there is none, or another {@code -errno}
     */
    public static int accept(int fd) {
        return NativeLibrary.result(lib().accept4(fd, 0, 0, NONBLOCK_CLOEXEC));
    }

    /**
     * Ends one or both directions, {@code shutdown(2)}.
     *
     * @param fd a connected socket
     * @param how a {@code SHUT_} number
     * @return 0 or {@code -errno}
     */
    public static int shutdown(int fd, int how) {
        return NativeLibrary.result(lib().shutdown(fd, how));
    }

    /**
     * Sends without blocking and without a signal, {@code send(2)}.
     *
     * @param fd a connected socket
     * @param address where from
     * @param length how many bytes; 0 sends an empty datagram
     * @param flags more {@code MSG_} bits
     * @return how many bytes were taken, or {@code -errno}
     */
    public static long send(int fd, long address, long length, int flags) {
        return NativeLibrary.result(lib().send(fd, address, length, flags | MSG_DONTWAIT | MSG_NOSIGNAL));
    }

    /**
     * Receives without blocking, {@code recv(2)}.
     *
     * @param fd a socket
     * @param address where to
     * @param length how many bytes at most
     * @param flags {@link #MSG_PEEK}, {@link #MSG_TRUNC}
     * @return how many bytes, 0 at the end or for an empty datagram, or {@code -errno}
     */
    public static long receive(int fd, long address, long length, int flags) {
        return NativeLibrary.result(lib().recv(fd, address, length, flags | MSG_DONTWAIT));
    }

    /**
     * Reads an option of the socket level that is an {@code int}.
     *
     * @param fd a socket
     * @param option an {@code SO_} number
     * @return its value, not negative, or {@code -errno}
     */
    public static int getOption(int fd, int option) {
        NativeBuffer struct = STRUCTS.take(16);
        try {
            struct.buffer().putInt(8, 4);
            int result = NativeLibrary.result(
                    lib().getsockopt(fd, SOL_SOCKET, option, struct.address(), struct.address() + 8));
            return result < 0 ? result : struct.buffer().getInt(0);
        } finally {
            STRUCTS.give(struct);
        }
    }

    /**
     * Sets an option of the socket level that is an {@code int}.
     *
     * @param fd a socket
     * @param option an {@code SO_} number
     * @param value its value
     * @return 0 or {@code -errno}
     */
    public static int setOption(int fd, int option, int value) {
        NativeBuffer struct = STRUCTS.take(4);
        try {
            struct.buffer().putInt(0, value);
            return NativeLibrary.result(lib().setsockopt(fd, SOL_SOCKET, option, struct.address(), 4));
        } finally {
            STRUCTS.give(struct);
        }
    }

    /**
     * Tells who connected a stream or seqpacket socket's other end, as of that moment ({@code SO_PEERCRED}).
     *
     * @param fd a connected socket
     * @param result receives the credentials
     * @return 0 or {@code -errno}
     */
    public static int peerCredentials(int fd, PeerCredentials result) {
        NativeBuffer struct = STRUCTS.take(24);
        try {
            ByteBuffer b = struct.buffer();
            b.putInt(16, 12);
            int error = NativeLibrary.result(
                    lib().getsockopt(fd, SOL_SOCKET, SO_PEERCRED, struct.address(), struct.address() + 16));
            if (error == 0) {
                result.set(b.getInt(0), b.getInt(4), b.getInt(8));
            }
            return error;
        } finally {
            STRUCTS.give(struct);
        }
    }

    /**
     * Returns the address a socket is bound to.
     *
     * @param fd a socket
     * @return a path, {@code @name}, or {@code ""} if it has none
     * @throws NativeCallException if it is not a socket
     */
    public static String localAddress(int fd) {
        return address("getsockname", fd);
    }

    /**
     * Returns the address the other end of a connected socket is bound to.
     *
     * @param fd a socket
     * @return a path, {@code @name}, or {@code ""} if it has none
     * @throws NativeCallException if it is not a connected socket
     */
    public static String peerAddress(int fd) {
        return address("getpeername", fd);
    }

    /** Sends with ancillary data; {@link SocketMessage} knows the layout. */
    static long sendMessage(int fd, long message) {
        return NativeLibrary.result(lib().sendmsg(fd, message, MSG_DONTWAIT | MSG_NOSIGNAL));
    }

    /** Receives with ancillary data; descriptors that come are closed in children. */
    static long receiveMessage(int fd, long message, int flags) {
        return NativeLibrary.result(lib().recvmsg(fd, message, flags | MSG_DONTWAIT | MSG_CMSG_CLOEXEC));
    }

    private static String address(String call, int fd) {
        NativeBuffer struct = STRUCTS.take(UnixAddress.SIZE + 8);
        try {
            ByteBuffer b = struct.buffer();
            b.putInt(UnixAddress.SIZE + 2, UnixAddress.SIZE);
            long length = struct.address() + UnixAddress.SIZE + 2;
            NativeCallException.check(NativeLibrary.result(call.equals("getsockname")
                    ? lib().getsockname(fd, struct.address(), length)
                    : lib().getpeername(fd, struct.address(), length)), call, Integer.toString(fd));
            return UnixAddress.get(b, b.getInt(UnixAddress.SIZE + 2));
        } finally {
            STRUCTS.give(struct);
        }
    }

    private static SocketLib lib() {
        SocketLib lib = Holder.LIB;
        return lib != null ? lib : NativeLibrary.load(SocketLib.class);
    }

    private static final class Holder {
        static final SocketLib LIB = NativeLibrary.loadOrNull(SocketLib.class);
    }
}
