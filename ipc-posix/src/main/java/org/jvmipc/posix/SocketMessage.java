package org.jvmipc.posix;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jvmipc.posix.internal.NativeBuffer;

/**
 * Sends and receives over Unix sockets with what goes beside the bytes: descriptors ({@code SCM_RIGHTS}) and the
 * sender's credentials ({@code SCM_CREDENTIALS}, when {@link SocketCalls#SO_PASSCRED} is set on the receiving socket).
 * With {@code SO_PASSCRED} an empty datagram can be told from the end: only a message has credentials.
 *
 * <p>An object is reused for many calls, by one thread at a time. No call blocks. Received descriptors belong to the
 * caller, who closes them or gives them to {@link Fd#own}; those of a message that is thrown away must be closed too,
 * see {@link #closeDescriptors}.
 */
public final class SocketMessage {

    /** How many descriptors one message can carry. */
    public static final int MAX_DESCRIPTORS = 253;

    private static final int SCM_RIGHTS = 1;
    private static final int SCM_CREDENTIALS = 2;
    private static final int HEADER = 16;
    private static final int IOVEC = 56;
    private static final int CONTROL = 72;
    private static final int CONTROL_SIZE = 1088;
    private static final int[] NONE = {};

    /** {@code struct msghdr} of 56 bytes, one {@code struct iovec}, then the ancillary data. */
    private final NativeBuffer memory = new NativeBuffer(CONTROL + CONTROL_SIZE);
    private final PeerCredentials credentials = new PeerCredentials();
    private boolean hasCredentials;
    private int[] descriptors = NONE;
    private int flags;

    /**
     * Creates it.
     *
     * @throws UnsupportedOperationException if native calls do not work here
     */
    public SocketMessage() {
    }

    /**
     * Sends bytes and copies of descriptors. On a stream socket the descriptors go with the first byte.
     *
     * @param fd a connected socket
     * @param address where the bytes are
     * @param length how many; with descriptors on a stream socket at least 1
     * @param passed descriptors, which stay open here
     * @return how many bytes were taken, or {@code -errno}
     * @throws IllegalArgumentException for more than {@link #MAX_DESCRIPTORS}
     */
    public long send(int fd, long address, long length, int... passed) {
        if (passed.length > MAX_DESCRIPTORS) {
            throw new IllegalArgumentException(passed.length + " descriptors in one message, allowed are "
                    + MAX_DESCRIPTORS);
        }
        int data = 4 * passed.length;
        describe(address, length, passed.length == 0 ? 0 : HEADER + align(data));
        if (passed.length > 0) {
            ByteBuffer b = memory.buffer();
            b.putLong(CONTROL, HEADER + data).putInt(CONTROL + 8, SocketCalls.SOL_SOCKET);
            b.putInt(CONTROL + 12, SCM_RIGHTS);
            for (int i = 0; i < passed.length; i++) {
                b.putInt(CONTROL + HEADER + 4 * i, passed[i]);
            }
        }
        long result = SocketCalls.sendMessage(fd, memory.address());
        Reference.reachabilityFence(this);
        return result;
    }

    /**
     * Receives bytes and what goes with them; forgets what came with the message before.
     *
     * @param fd a socket
     * @param address where the bytes go
     * @param length how many at most
     * @param receiveFlags {@link SocketCalls#MSG_PEEK}, {@link SocketCalls#MSG_TRUNC}
     * @return how many bytes, 0 at the end or for an empty datagram, or {@code -errno}
     */
    public long receive(int fd, long address, long length, int receiveFlags) {
        describe(address, length, CONTROL_SIZE);
        descriptors = NONE;
        hasCredentials = false;
        flags = 0;
        long result = SocketCalls.receiveMessage(fd, memory.address(), receiveFlags);
        if (result >= 0) {
            flags = memory.buffer().getInt(48);
            parse((int) memory.buffer().getLong(40));
        }
        Reference.reachabilityFence(this);
        return result;
    }

    /**
     * Returns the descriptors that came with the last message.
     *
     * @return descriptors owned by the caller, perhaps none
     */
    public int[] descriptors() {
        return descriptors.clone();
    }

    /** Closes the descriptors that came with the last message, if they are not wanted. */
    public void closeDescriptors() {
        for (int descriptor : descriptors) {
            FileCalls.close(descriptor);
        }
        descriptors = NONE;
    }

    /**
     * Tells whether the last message came with credentials.
     *
     * @return whether {@link #credentials} is of that message
     */
    public boolean hasCredentials() {
        return hasCredentials;
    }

    /**
     * Returns who sent the last message that had credentials.
     *
     * @return the same object at each call
     */
    public PeerCredentials credentials() {
        return credentials;
    }

    /**
     * Tells whether the last message was longer than the room for it.
     *
     * @return whether bytes are lost
     */
    public boolean isTruncated() {
        return (flags & SocketCalls.MSG_TRUNC) != 0;
    }

    /**
     * Tells whether descriptors were lost, for example because too many files are open.
     *
     * @return whether what goes beside the bytes was cut off
     */
    public boolean isControlTruncated() {
        return (flags & SocketCalls.MSG_CTRUNC) != 0;
    }

    private void describe(long address, long length, int control) {
        ByteBuffer b = memory.buffer();
        b.putLong(0, 0).putLong(8, 0).putLong(16, memory.address() + IOVEC).putLong(24, 1);
        b.putLong(32, control == 0 ? 0 : memory.address() + CONTROL).putLong(40, control).putLong(48, 0);
        b.putLong(IOVEC, address).putLong(IOVEC + 8, length);
    }

    private void parse(int controlLength) {
        ByteBuffer b = memory.buffer();
        int at = CONTROL;
        int end = CONTROL + controlLength;
        while (at + HEADER <= end) {
            int length = (int) b.getLong(at);
            if (length < HEADER || length > end - at) {
                return;
            }
            int type = b.getInt(at + 8) == SocketCalls.SOL_SOCKET ? b.getInt(at + 12) : 0;
            if (type == SCM_RIGHTS) {
                descriptors = new int[(length - HEADER) / 4];
                for (int i = 0; i < descriptors.length; i++) {
                    descriptors[i] = b.getInt(at + HEADER + 4 * i);
                }
            } else if (type == SCM_CREDENTIALS) {
                hasCredentials = true;
                credentials.set(b.getInt(at + 16), b.getInt(at + 20), b.getInt(at + 24));
            }
            at += align(length);
        }
    }

    private static int align(int length) {
        return (length + 7) & ~7;
    }
}
