package org.jvmipc.cli.demo;

import java.io.PrintWriter;

/** One line for each row, written over and over on a terminal. */
public final class LiveProgress implements Progress {
    private static final String LINE_START = "\r";
    private static final String CLEAR_TO_END = "\u001b[K";

    private final PrintWriter err;

    /**
     * Makes one.
     *
     * @param err the terminal
     */
    public LiveProgress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void update(String row, String state) {
        err.print(LINE_START + row + ": " + state + CLEAR_TO_END);
        err.flush();
    }

    @Override
    public void finish(String row, String outcome) {
        err.println(LINE_START + row + ": " + outcome + CLEAR_TO_END);
        err.flush();
    }
}
