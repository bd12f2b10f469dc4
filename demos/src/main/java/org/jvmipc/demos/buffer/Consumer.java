package org.jvmipc.demos.buffer;

import org.jvmipc.demos.Demos;

/** Takes as many items as a producer puts. */
final class Consumer {
    private Consumer() {
    }

    public static void main(String[] args) throws InterruptedException {
        int items = Integer.parseInt(args[1]);
        int[] from = new int[BoundedBuffer.CREWS];
        try (Buffer buffer = new Buffer(args[0], items * BoundedBuffer.CREWS)) {
            for (int i = 0; i < items; i++) {
                from[buffer.take() / items]++;
            }
            Demos.say("  consumer %d (pid %d) took %,d from producer 1 and %,d from producer 2, "
                    + "and waited %,d times for an item", Integer.parseInt(args[2]) + 1,
                    ProcessHandle.current().pid(), from[0], from[1], buffer.waits());
        }
    }
}
