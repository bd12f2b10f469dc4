package org.jvmipc.cli.demo;

import java.io.PrintWriter;

/** One line for each row that has ended, for log files. */
public final class LineProgress implements Progress {
    private final PrintWriter err;

    /**
     * Makes one.
     *
     * @param err where the lines go
     */
    public LineProgress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void update(String row, String state) {
        // a log needs the outcome only
    }

    @Override
    public void finish(String row, String outcome) {
        err.println(row + ": " + outcome);
        err.flush();
    }
}
