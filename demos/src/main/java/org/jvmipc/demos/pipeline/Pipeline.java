package org.jvmipc.demos.pipeline;

import java.nio.file.Path;
import java.util.List;
import org.jvmipc.demos.Demos;

/**
 * Conway's problem of 1963, the classic of coroutines and of CSP: read characters, replace each pair of asterisks by an
 * upward arrow, print lines of equal width. Three processes, each of which knows only its two neighbours:
 *
 * <pre>standard input → Reader ──fifo:, bytes──→ Squasher ──shm:, messages──→ Printer → standard output</pre>
 */
public final class Pipeline {
    private Pipeline() {
    }

    /**
     * Starts the three.
     *
     * @param args the width of a line
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        int width = Demos.number(args, 0, "WIDTH", 80, 1_000_000);
        Path directory = Demos.directory();
        String characters = "fifo:" + directory.resolve("characters") + "?writers=1";
        String squashed = "shm:pipeline-" + ProcessHandle.current().pid();
        List<Process> processes = List.of(
                Demos.start(Printer.class, squashed, width),
                Demos.start(Squasher.class, characters, squashed),
                Demos.start(Reader.class, characters));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> processes.forEach(Process::destroy)));
        int worst = 0;
        for (Process process : processes) {
            worst = Math.max(worst, process.waitFor());
        }
        if (worst != 0) {
            System.exit(worst);
        }
    }
}
