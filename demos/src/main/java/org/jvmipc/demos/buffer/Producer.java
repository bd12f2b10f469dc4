package org.jvmipc.demos.buffer;

import org.jvmipc.demos.Demos;

/** Puts its share of the items. */
final class Producer {
    private Producer() {
    }

    public static void main(String[] args) throws InterruptedException {
        int items = Integer.parseInt(args[1]);
        int index = Integer.parseInt(args[2]);
        try (Buffer buffer = new Buffer(args[0], items * BoundedBuffer.CREWS)) {
            for (int i = 0; i < items; i++) {
                buffer.put(index * items + i);
            }
            Demos.say("  producer %d (pid %d) put %,d, and waited %,d times for a free place",
                    index + 1, ProcessHandle.current().pid(), items, buffer.waits());
        }
    }
}
