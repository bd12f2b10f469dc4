package org.jvmipc.demos.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jvmipc.demos.Demos;
import org.jvmipc.process.GroupEnd;
import org.jvmipc.process.ProcessGroup;

/**
 * A launcher of producers and consumers: as many of each as one likes, described in a file, joined by one ring. A
 * consumer passes on how many items it had and what they sum up to; the total has to be that of what was produced.
 */
public final class ProducerConsumer {
    private static final int DEFAULT_SIDE = 2;
    private static final int MOST_SIDE = 8;
    private static final int DEFAULT_ITEMS = 100_000;
    private static final int MOST_ITEMS = 10_000_000;
    private static final String USAGE = """
            Usage: ipc run producer-consumer [PRODUCERS [CONSUMERS [ITEMS]]]
            Writes a file that describes a group of so many processes (else 2 and 2), runs it, and compares what was
            consumed with what was produced: ITEMS numbers by each producer (else 100000).""";

    private ProducerConsumer() {
    }

    /**
     * Runs it.
     *
     * @param args how many producers, consumers, and items
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        if (Demos.helps(args, USAGE)) {
            return;
        }
        int producers = Demos.number(args, 0, "PRODUCERS", DEFAULT_SIDE, MOST_SIDE);
        int consumers = Demos.number(args, 1, "CONSUMERS", DEFAULT_SIDE, MOST_SIDE);
        int items = Demos.number(args, 2, "ITEMS", DEFAULT_ITEMS, MOST_ITEMS);
        String description = """
                jvm %s
                process producer class=%s args=%d count=%d
                process consumer class=%s count=%d restart=on-failure
                process total    class=%s args="%d %d"
                join producer -> consumer as items by shm:?capacity=64k
                join consumer -> total as sums
                """.formatted(String.join(" ", Demos.SMALL), Producer.class.getName(), items, producers,
                Consumer.class.getName(), consumers, Total.class.getName(), producers, items);
        System.out.print(description);
        Path file = Files.writeString(Demos.directory().resolve("producer-consumer.group"), description);
        try (ProcessGroup group = ProcessGroup.read(file).start()) {
            GroupEnd end = group.await();
            end.exits().forEach((name, exit) -> Demos.say("%s: %s", name, exit));
            if (!end.isClean()) {
                throw new IllegalStateException(end.failure().orElseThrow());
            }
        }
    }
}
