package org.jvmipc.mq.internal.persistent;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.Sender;
import org.jvmipc.mq.internal.group.DeadLetters;

/** Dead letters that go to another queue. */
final class QueueDeadLetters implements DeadLetters {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Sender sender;

    QueueDeadLetters(Sender sender) {
        this.sender = sender;
    }

    @Override
    public void append(ByteBuffer message) {
        boolean interrupted = Thread.interrupted();
        try {
            sender.send(message, PATIENCE);
        } catch (InterruptedException again) {
            interrupted = true;
            throw new IpcTimeoutException(sender.address() + ": interrupted while a message was to go there");
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        sender.close();
    }
}
