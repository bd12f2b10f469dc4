package org.jvmipc.cli.demo;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.Sender;

/**
 * The producer's end of the channel to the consumer.
 *
 * @param address what the consumer opens
 * @param out where records go
 * @param channel what is to be closed
 */
record Outgoing(Address address, RecordOut out, Closeable channel) implements Closeable {
    static Outgoing open(Assignment assignment) {
        if (assignment.stream()) {
            WritableByteChannel channel = Ipc.sink(assignment.oneWay());
            return new Outgoing(Ipc.addressOf(channel), RecordOut.over(channel, assignment.load().size()), channel);
        }
        Sender sender = Ipc.sender(assignment.oneWay());
        return new Outgoing(sender.address(), RecordOut.over(sender), () -> Exchange.flush(sender));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
