package org.jvmipc.pipes;

import java.nio.channels.Channel;
import java.util.OptionalInt;
import org.jvmipc.pipes.internal.NativeWires;

/**
 * What Unix-domain sockets can beyond other channels. Each method takes an endpoint as {@link org.jvmipc.Ipc} or a
 * listener gives it: a sender, receiver, duplex or stream of a {@code unix:} address. All may be called by any thread.
 *
 * <p>These are native sockets: {@code type=seqpacket}, abstract names, and {@code type=stream} with {@code allow=} or
 * {@code descriptors=true}. A plain {@code unix:/path} goes through the JDK, which loads no native code and cannot do
 * any of this.
 */
public final class UnixSockets {
    private UnixSockets() {
    }

    /**
     * Tells who is at the other end of a connection; not what it says, but what the kernel knows.
     *
     * @param endpoint an endpoint of a native {@code unix:} connection
     * @return the peer's process, user and group
     * @throws IllegalStateException if nobody is connected
     * @throws UnsupportedOperationException if the channel is not such a connection; the message says which is
     */
    public static UnixCredentials credentials(Channel endpoint) {
        return NativeWires.credentials(endpoint);
    }

    /**
     * Lets copies of open descriptors of this process go to the peer ({@code SCM_RIGHTS}). They go with whatever is
     * sent next, so that the peer can take them, in the order of the calls, once it has received that. Both sides need
     * {@code descriptors=true}.
     *
     * <p>The descriptors are copied at once and may be closed after the call. Copies that cannot be sent are closed
     * with the connection.
     *
     * @param endpoint what sends: a sender, duplex or stream of a native {@code unix:} connection
     * @param descriptors numbers of open descriptors, such as {@code org.jvmipc.posix.FileCalls.open} returns them
     * @throws IllegalStateException if nobody is connected
     * @throws UnsupportedOperationException if the channel passes no descriptors; the message says which does
     * @throws org.jvmipc.IpcException if a number is no open descriptor
     */
    public static void attachDescriptors(Channel endpoint, int... descriptors) {
        NativeWires.attach(endpoint, descriptors);
    }

    /**
     * Takes the next descriptor that the peer has sent. It is a new number in this process for what the peer had open,
     * closed in children, and belongs to the caller: close it, for example by
     * {@code org.jvmipc.posix.Fd.own(number, "name").close()}. What is a file can be read and mapped through
     * {@code FileChannel.open(Path.of("/proc/self/fd/" + number))}.
     *
     * <p>At most 64 are kept until they are taken; what comes beyond is closed, as are those not taken when the
     * connection ends.
     *
     * @param endpoint what receives: a receiver, duplex or stream of a native {@code unix:} connection
     * @return the number, or empty if none has come with what was received so far
     * @throws IllegalStateException if nobody is connected
     * @throws UnsupportedOperationException if the channel passes no descriptors; the message says which does
     */
    public static OptionalInt takeDescriptor(Channel endpoint) {
        int number = NativeWires.take(endpoint);
        return number < 0 ? OptionalInt.empty() : OptionalInt.of(number);
    }
}
