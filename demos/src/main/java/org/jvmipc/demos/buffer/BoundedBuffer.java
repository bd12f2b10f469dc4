package org.jvmipc.demos.buffer;

import java.util.List;
import org.jvmipc.demos.Crew;
import org.jvmipc.demos.Demos;

/**
 * Dijkstra's bounded buffer: two processes produce, two consume, and between them is room for eight items. One
 * semaphore counts the places that are free, another one those that are filled, a lock keeps the buffer itself in
 * order.
 */
public final class BoundedBuffer {
    static final int CREWS = 2;

    private static final String USAGE = """
            Usage: ipc run buffer [ITEMS]
            Two processes put ITEMS numbers each (1 to 1000000; else 10000) into a buffer with 8 places in shared
            memory, two others take them. A semaphore of free places lets producers wait while the buffer is full, one
            of filled places lets consumers wait while it is empty. Fails if a number was not taken exactly once.""";
    private static final int DEFAULT_ITEMS = 10_000;
    private static final int MOST_ITEMS = 1_000_000;

    private BoundedBuffer() {
    }

    /**
     * Runs it.
     *
     * @param args how many items each producer makes
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        if (Demos.helps(args, USAGE)) {
            return;
        }
        int items = Demos.number(args, 0, "ITEMS", DEFAULT_ITEMS, MOST_ITEMS);
        String name = Demos.name("buffer");
        Demos.say("a buffer of %d places; %d producers put %,d items each, %d consumers take them",
                Buffer.PLACES, CREWS, items, CREWS);
        try (Buffer buffer = new Buffer(name, items * CREWS); Crew crew = new Crew()) {
            crew.removeLocks(List.of(name + "-lock"));
            for (int i = 0; i < CREWS; i++) {
                crew.start(Producer.class, name, items, i);
                crew.start(Consumer.class, name, items, i);
            }
            crew.join();
            long wrong = buffer.notTakenOnce();
            Demos.say("items that were not taken exactly once: %,d of %,d; places filled at most: %d of %d",
                    wrong, items * CREWS, buffer.fullest(), Buffer.PLACES);
            if (wrong != 0 || buffer.fullest() > Buffer.PLACES) {
                throw new IllegalStateException("the buffer lost or doubled items");
            }
        }
    }
}
