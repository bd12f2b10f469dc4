package org.jvmipc.demos.filters;

import org.jvmipc.demos.Demos;
import org.jvmipc.process.GroupEnd;
import org.jvmipc.process.ProcessGroup;
import org.jvmipc.process.Program;
import org.jvmipc.process.Restart;

/**
 * A pipeline of filters in four processes, each of which knows only its neighbours:
 *
 * <pre>source ──→ upper ──→ reverse ──→ printer</pre>
 *
 * <p>In the middle of the work the second one is killed, with a line in hand that it has sent on already. It is started
 * again and goes on; the printer sees that line twice, and no line is lost.
 */
public final class Filters {
    private static final int DEFAULT_LINES = 1000;
    private static final int MOST_LINES = 1_000_000;
    private static final int LONGEST_PAUSE = 1000;
    private static final String USAGE = """
            Usage: ipc run filters [LINES [MILLIS]]
            Sends LINES lines (else 1000) through four processes, which a ProcessGroup has started with their channels
            connected. The second one is killed by KILL at half of them, and started again. Fails if a line is lost.
            With MILLIS the source pauses so long after each line, and nobody is killed: kill "upper" or "reverse"
            yourself, by kill -9 and its pid.""";

    private Filters() {
    }

    /**
     * Runs it.
     *
     * @param args how many lines, and how long to pause between them
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        if (Demos.helps(args, USAGE)) {
            return;
        }
        int lines = Demos.number(args, 0, "LINES", DEFAULT_LINES, MOST_LINES);
        int pause = Demos.number(args, 1, "MILLIS", 0, LONGEST_PAUSE);
        int killedAt = pause > 0 ? 0 : lines / 2;
        try (ProcessGroup group = ProcessGroup.builder()
                .process("source", Program.of(Source.class).args(lines, pause))
                .process("upper", Program.of(Upper.class).args(killedAt).restart(Restart.onFailure()))
                .process("reverse", Program.of(Reverse.class).restart(Restart.onFailure()))
                .process("printer", Program.of(Printer.class).args(lines))
                .join("source", "upper")
                .join("upper", "reverse")
                .join("reverse", "printer", "shm:?capacity=64k")
                .jvmArgs(Demos.SMALL)
                .listener(System.out::println)
                .start()) {
            GroupEnd end = group.await();
            Demos.say("the group has ended %s", end.isClean() ? "clean" : "as " + end.failure().orElseThrow());
            if (!end.isClean()) {
                throw new IllegalStateException("the pipeline has failed");
            }
        }
    }
}
