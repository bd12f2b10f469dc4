package org.jvmipc.demos.launcher;

import java.nio.ByteBuffer;
import org.jvmipc.Sender;
import org.jvmipc.demos.Demos;
import org.jvmipc.process.ProcessContext;

/** Consumes numbers, and passes their sum on. */
final class Consumer {
    private long count;
    private long sum;

    private Consumer() {
    }

    public static void main(String[] args) throws InterruptedException {
        ProcessContext context = ProcessContext.current();
        Consumer consumer = new Consumer();
        context.forEach(message -> {
            consumer.count++;
            consumer.sum += message.getInt();
        });
        Demos.say("%d items", consumer.count);
        try (Sender out = context.sender("sums")) {
            out.send(ByteBuffer.allocate(2 * Long.BYTES).putLong(consumer.count).putLong(consumer.sum).flip());
        }
    }
}
