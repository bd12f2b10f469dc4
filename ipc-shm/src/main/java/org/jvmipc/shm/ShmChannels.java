package org.jvmipc.shm;

import java.nio.channels.Channel;
import org.jvmipc.Address;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.Ipc;

/**
 * What channels in shared memory can beyond others. With {@code backing=memfd} a ring has no name; a peer gets its
 * memory by a descriptor, over a Unix-domain socket, and nobody else can reach it. The memory is sealed: no process can
 * truncate it, and so no access to it can fail.
 *
 * <pre>{@code
 * // The one who makes it:
 * Receiver receiver = Ipc.receiver("shm:orders?backing=memfd");
 * UnixSockets.attachDescriptors(connection, ShmChannels.descriptor(receiver));
 * connection.send(...);
 *
 * // The peer, when it has received that message:
 * int number = UnixSockets.takeDescriptor(connection).orElseThrow();
 * Sender sender = Ipc.sender("shm:orders?backing=memfd&fd=" + number);
 * FileCalls.close(number);
 * }</pre>
 */
public final class ShmChannels {
    private ShmChannels() {
    }

    /**
     * The descriptor of a channel's memory, to be handed to a peer, who opens the other end with
     * {@code backing=memfd&fd=} and the number that it got. The one who made the channel need not be there any more
     * then; what was sent is still in it. Any thread may ask.
     *
     * @param channel an end of a channel with {@code backing=memfd}, of messages or of bytes
     * @return the descriptor, which is closed when that end is closed
     * @throws UnsupportedOperationException if the channel's memory has another backing
     * @throws ChannelClosedException if this end was closed
     */
    public static int descriptor(Channel channel) {
        Address address = Ipc.addressOf(channel);
        String number = address.options().get("fd");
        if (number == null || !"shm".equals(address.scheme())) {
            throw new UnsupportedOperationException(address + " has no descriptor to hand over; shm: with "
                    + "backing=memfd has one");
        }
        if (!channel.isOpen()) {
            throw new ChannelClosedException(address + " was closed");
        }
        return Integer.parseInt(number);
    }
}
