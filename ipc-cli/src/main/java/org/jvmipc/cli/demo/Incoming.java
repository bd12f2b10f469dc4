package org.jvmipc.cli.demo;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;

/**
 * The consumer's end of the channel from the producer.
 *
 * @param in where records come from
 * @param channel what is to be closed
 */
record Incoming(RecordIn in, Closeable channel) implements Closeable {
    static Incoming open(String address, boolean stream, int size) {
        if (stream) {
            ReadableByteChannel channel = Ipc.source(address);
            return new Incoming(RecordIn.over(channel, size), channel);
        }
        Receiver receiver = Ipc.receiver(address);
        return new Incoming(RecordIn.over(receiver), receiver::close);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
