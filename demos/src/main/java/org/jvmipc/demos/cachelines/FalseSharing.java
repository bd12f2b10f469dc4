package org.jvmipc.demos.cachelines;

import java.util.Arrays;
import org.jvmipc.demos.Crew;
import org.jvmipc.demos.Demos;
import org.jvmipc.shm.SharedSegment;

/**
 * Two processes count, each for itself, in words of one segment: words that lie in the same line of the cache, and
 * words in lines of their own. Neither ever touches the other's word, and yet they disturb each other.
 */
public final class FalseSharing {
    static final int PROCESSES = 2;
    static final int LAYOUTS = 3;
    /** Only the first process counts; both, in words next to each other; both, in words far from each other. */
    static final int ALONE = 0;
    static final int TOGETHER = 1;
    static final int APART = 2;
    static final int ROUNDS = 3;

    private static final int DEFAULT_MILLIS = 100;
    private static final int MOST_MILLIS = 10_000;
    private static final int LINE = 128;
    private static final double NANOS = 1e9;
    private static final double MILLION = 1e6;
    private static final String USAGE = """
            Usage: ipc run false-sharing [MILLIS]
            Two processes increment a word each, in one segment of shared memory, for MILLIS (1 to 10000; else 100) at a
            time: words in the same line of the cache, and words 256 bytes apart; three times. Tells how fast they were,
            and why. Fails if an increment was lost.""";

    private FalseSharing() {
    }

    /**
     * Runs it.
     *
     * @param args for how long they count each time
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        if (Demos.helps(args, USAGE)) {
            return;
        }
        int millis = Demos.number(args, 0, "MILLIS", DEFAULT_MILLIS, MOST_MILLIS);
        String name = Demos.name("false-sharing");
        try (SharedSegment segment = SharedSegment.posix(name).create(size()); Crew crew = new Crew()) {
            for (int i = 0; i < PROCESSES; i++) {
                crew.start(Counter.class, name, i, millis);
            }
            crew.join();
            check(segment);
            tell(segment);
        }
    }

    /** Where the word of a process is, in some layout. */
    static int word(int process, int layout) {
        return layout * 4 * LINE + process * (layout == TOGETHER ? Long.BYTES : 2 * LINE);
    }

    /** Where a process notes how many increments it made in a round, and after that in how many nanoseconds. */
    static int note(int process, int layout, int round) {
        return LAYOUTS * 4 * LINE + ((process * LAYOUTS + layout) * ROUNDS + round) * 2 * Long.BYTES;
    }

    private static int size() {
        return note(PROCESSES, 0, 0);
    }

    private static void check(SharedSegment segment) {
        for (int process = 0; process < PROCESSES; process++) {
            for (int layout = 0; layout < LAYOUTS; layout++) {
                long made = 0;
                for (int round = 0; round < ROUNDS; round++) {
                    made += segment.buffer().getLong(note(process, layout, round));
                }
                long counted = segment.longAt(word(process, layout)).get();
                if (made != counted) {
                    throw new IllegalStateException("process " + process + " made " + made
                            + " increments, its word says " + counted);
                }
            }
        }
    }

    /** Millions of increments a second: of a process, the median of the rounds. */
    private static double rate(SharedSegment segment, int process, int layout) {
        double[] rates = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            int note = note(process, layout, round);
            rates[round] = segment.buffer().getLong(note) / MILLION
                    / (segment.buffer().getLong(note + Long.BYTES) / NANOS);
        }
        Arrays.sort(rates);
        return rates[ROUNDS / 2];
    }

    private static void tell(SharedSegment segment) {
        double alone = rate(segment, 0, ALONE);
        double together = (rate(segment, 0, TOGETHER) + rate(segment, 1, TOGETHER)) / 2;
        double apart = (rate(segment, 0, APART) + rate(segment, 1, APART)) / 2;
        Demos.say("""
                two processes, each increments a word of its own; millions of increments a second and process:
                  one process alone                       %8.1f
                  both, words in the same line            %8.1f
                  both, words %d bytes apart             %8.1f
                apart they are %.1f times as fast as in the same line""",
                alone, together, 2 * LINE, apart, apart / together);
        System.out.print(Runtime.getRuntime().availableProcessors() < PROCESSES ? """

                There is only one CPU here: the two took turns on it and shared its cache, so this says nothing.
                """ : """

                Neither process ever reads or writes the other's word. But a CPU's cache keeps memory in lines of 64
                bytes, and to write to one it must have that line for itself: the other's copy is made invalid first
                (the coherence protocol, MESI). With both words in one line the line travels to and fro. 128 bytes or
                more apart (CPUs often fetch lines in pairs) each line stays where it is written, and two are as fast
                as one. A ratio near 1 means that the two ran on one core, with the same cache. So all that different
                processes write stands in lines of its own in the layouts of this project, see docs/formats.
                """);
    }
}
