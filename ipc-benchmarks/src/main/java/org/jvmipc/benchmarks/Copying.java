package org.jvmipc.benchmarks;

import java.nio.ByteBuffer;
import org.jvmipc.benchmarks.transports.Payload;

/** Copies messages within one thread and its caches: about the most that a copying transport can reach on one CPU. */
final class Copying {
    private static final int ROOM = 1 << 18;

    private Copying() {
    }

    /** Copies for a time, and prints how often. */
    static void copy(Job job) {
        ByteBuffer message = ByteBuffer.allocateDirect(Payload.SIZE);
        ByteBuffer room = ByteBuffer.allocateDirect(Math.max(ROOM, Payload.SIZE));
        int slots = room.capacity() / Payload.SIZE;
        Window window = new Window(job);
        int mask = job.number(Job.STRIDE) - 1;
        long count = 0;
        int slot = 0;
        do {
            message.putLong(0, count);
            room.put(slot * Payload.SIZE, message, 0, Payload.SIZE);
            slot = slot + 1 == slots ? 0 : slot + 1;
            count++;
        } while ((count & mask) != 0 || !window.look(count));
        if (room.getLong((slots - 1) * Payload.SIZE) == 0) {
            throw new IllegalStateException("nothing was copied");
        }
        Peer.say(window.toString());
    }
}
