package org.jvmipc.mq.internal;

import org.jvmipc.Address;
import org.jvmipc.spi.Options;

/** What the queues of the kernel have in common. */
final class QueueOptions {
    private QueueOptions() {
    }

    static Options common() {
        return Options.common()
                .refuse("peerDeath", "the kernel does not tell who uses a queue, so that senders and receivers always"
                        + " wait for others; shm:, unix: (stream or seqpacket), fifo: and pipe: know their peers")
                .refuse("typeHash", "a queue of the kernel has no place for the type of its messages; use shm:, or put"
                        + " TypedSender.over and TypedReceiver.over on ends without type, which then compare nothing");
    }

    static UnsupportedOperationException noConnections(Address address) {
        return new UnsupportedOperationException(address + ": queues of the kernel have no connections; use two of"
                + " them, one for each direction, or unix: or shm:, which have");
    }
}
