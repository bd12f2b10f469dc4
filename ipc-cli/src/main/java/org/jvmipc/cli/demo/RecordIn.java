package org.jvmipc.cli.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.MessageHandler;
import org.jvmipc.Received;
import org.jvmipc.Receiver;

/** Where records come from, whatever the framing. Used by one thread. */
interface RecordIn {
    /**
     * Waits for records and hands over those that are there.
     *
     * @return false at the end of the channel
     */
    boolean take(MessageHandler handler) throws IOException, InterruptedException;

    /** One message is one record. */
    static RecordIn over(Receiver receiver) {
        int most = 256;
        return handler -> {
            int count = receiver.poll(handler, most);
            if (count != 0) {
                return count > 0;
            }
            Received received = receiver.receive(RecordOut.PATIENCE);
            switch (received.kind()) {
                case MESSAGE -> handler.onMessage(received.message().payload());
                case END -> {
                    return false;
                }
                default -> throw new IpcTimeoutException(
                        "no message came for " + RecordOut.PATIENCE.toSeconds() + " s");
            }
            return true;
        };
    }

    /** Records follow each other in a stream of bytes. What is left of the last one at the end is a message, too. */
    static RecordIn over(ReadableByteChannel channel, int size) {
        ByteBuffer block = ByteBuffer.allocateDirect(Blocks.length(size));
        return handler -> {
            boolean open = channel.read(block) >= 0;
            block.flip();
            while (block.remaining() >= size || !open && block.hasRemaining()) {
                int length = Math.min(size, block.remaining());
                handler.onMessage(block.slice(block.position(), length));
                block.position(block.position() + length);
            }
            block.compact();
            return open;
        };
    }
}
