package org.jvmipc.demos.launcher;

import java.nio.ByteBuffer;
import org.jvmipc.Sender;
import org.jvmipc.process.ProcessContext;

/** Produces the numbers from 1 on. */
final class Producer {
    private Producer() {
    }

    public static void main(String[] args) throws InterruptedException {
        int items = Integer.parseInt(args[0]);
        ByteBuffer item = ByteBuffer.allocate(Integer.BYTES);
        try (Sender out = ProcessContext.current().sender("items")) {
            for (int i = 1; i <= items; i++) {
                out.send(item.putInt(0, i).rewind());
            }
        }
    }
}
