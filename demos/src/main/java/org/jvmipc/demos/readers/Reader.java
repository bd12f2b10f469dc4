package org.jvmipc.demos.readers;

import org.jvmipc.demos.Demos;

/** Reads as long as somebody writes. */
final class Reader {
    private Reader() {
    }

    public static void main(String[] args) {
        int writers = Integer.parseInt(args[3]);
        try (Page page = new Page(args[0], Boolean.parseBoolean(args[1]))) {
            int times = 0;
            int torn = 0;
            page.readerIsReady();
            while (!page.areWritersDone(writers)) {
                torn += page.isWhole() ? 0 : 1;
                times++;
            }
            page.addTorn(torn);
            Demos.say("  reader %s (pid %d) read %,d times, %,d pages were torn", args[2],
                    ProcessHandle.current().pid(), times, torn);
        }
    }
}
