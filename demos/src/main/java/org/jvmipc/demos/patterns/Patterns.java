package org.jvmipc.demos.patterns;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jvmipc.demos.Crew;
import org.jvmipc.demos.Demos;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.sync.SharedBarrier;

/**
 * Four processes compute a reaction of two substances in one segment, each a quarter of the rows, and meet at a barrier
 * after each step, as a step needs the rows of the neighbours from the step before. The result is drawn, and compared
 * bit by bit with what one process computes alone.
 */
public final class Patterns {
    private static final int WORKERS = 4;
    private static final int DEFAULT_SIZE = 192;
    private static final int MOST_SIZE = 1024;
    private static final int DEFAULT_STEPS = 4000;
    private static final int MOST_STEPS = 100_000;
    private static final int PICTURE = 576;
    private static final double NANOS = 1e9;
    private static final String NO_BARRIER = "--no-barrier";
    private static final String USAGE = """
            Usage: ipc run patterns PNG [SIZE [STEPS]] [--no-barrier]
            Computes STEPS steps (else 4000) of the Gray-Scott reaction on SIZE x SIZE cells (else 192), with four
            processes that meet at a SharedBarrier after each step; writes a picture of the result to the file PNG,
            which must not exist; and computes the same in one process. Fails if a single bit differs. With
            --no-barrier the processes do not wait for each other, and it does fail.""";

    private Patterns() {
    }

    /**
     * Runs it.
     *
     * @param args where the picture goes, how many cells on a side, how many steps; whether to do without the barrier
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        if (Demos.helps(args, USAGE)) {
            return;
        }
        List<String> rest = new ArrayList<>(Arrays.asList(args));
        boolean meet = !rest.remove(NO_BARRIER);
        String[] numbers = rest.toArray(String[]::new);
        int size = Demos.number(numbers, 1, "SIZE", DEFAULT_SIZE, MOST_SIZE);
        int steps = Demos.number(numbers, 2, "STEPS", DEFAULT_STEPS, MOST_STEPS);
        if (rest.isEmpty() || rest.size() > 3 || size < WORKERS) {
            throw new IllegalArgumentException("give a file for the picture, a SIZE of " + WORKERS
                    + " at least, STEPS");
        }
        Path picture = Path.of(rest.get(0));
        if (Files.exists(picture)) {
            throw new FileAlreadyExistsException(picture.toString());
        }
        run(picture, size, steps, meet);
    }

    private static void run(Path picture, int size, int steps, boolean meet) throws Exception {
        String name = Demos.name("patterns");
        try (SharedSegment segment = SharedSegment.posix(name).create(Field.bytes(size));
                SharedBarrier barrier = SharedBarrier.named(name + "-step", WORKERS);
                Crew crew = new Crew()) {
            Field field = new Field(size, segment.buffer());
            field.seed();
            Demos.say("%d processes compute %,d steps on %d x %d cells%s", WORKERS, steps, size, size,
                    meet ? ", and meet at " + barrier.name() + " after each" : ", and do not wait for each other");
            for (int i = 0; i < WORKERS; i++) {
                crew.start(Worker.class, name, size, steps, size * i / WORKERS, size * (i + 1) / WORKERS,
                        meet ? WORKERS : 0);
            }
            crew.join();
            field.draw(steps, Math.max(1, PICTURE / size), picture);
            System.out.println("picture: " + picture.toAbsolutePath());
            compare(field, size, steps);
        }
    }

    private static void compare(Field field, int size, int steps) {
        Field alone = new Field(size, ByteBuffer.allocate(Field.bytes(size)).order(ByteOrder.nativeOrder()));
        alone.seed();
        long start = System.nanoTime();
        for (int time = 0; time < steps; time++) {
            alone.step(time, 0, size);
        }
        Demos.say("the same in one process: %.2f s", (System.nanoTime() - start) / NANOS);
        int different = field.differences(alone, steps);
        Demos.say("cells in which a bit differs: %,d of %,d", different, size * size);
        if (different != 0) {
            throw new IllegalStateException("four processes computed something else than one");
        }
    }
}
