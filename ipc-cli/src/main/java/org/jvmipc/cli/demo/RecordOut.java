package org.jvmipc.cli.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import org.jvmipc.Sender;

/** Where records go, whatever the framing. Used by one thread. */
interface RecordOut {
    /** How long to wait for room: longer than a busy machine may take, shorter than a person waits. */
    Duration PATIENCE = Duration.ofSeconds(15);

    /** Sends a record; it may stay in a block until {@link #flush}. */
    void put(ByteBuffer record) throws IOException, InterruptedException;

    /** Sends what stays in a block. */
    void flush() throws IOException;

    /** One record is one message. */
    static RecordOut over(Sender sender) {
        return new RecordOut() {
            @Override
            public void put(ByteBuffer record) throws InterruptedException {
                sender.send(record, PATIENCE);
            }

            @Override
            public void flush() {
                // nothing is kept back
            }
        };
    }

    /** Records follow each other in a stream of bytes, written in blocks. */
    static RecordOut over(WritableByteChannel channel, int size) {
        ByteBuffer block = ByteBuffer.allocateDirect(Blocks.length(size));
        return new RecordOut() {
            @Override
            public void put(ByteBuffer record) throws IOException {
                if (block.remaining() < record.remaining()) {
                    flush();
                }
                block.put(record);
            }

            @Override
            public void flush() throws IOException {
                block.flip();
                channel.write(block);
                block.clear();
            }
        };
    }
}
