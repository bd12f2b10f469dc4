package org.jvmipc.cli.demo;

import java.io.PrintWriter;

/** Where results go. */
public interface Report {
    /**
     * A report of all rows.
     *
     * @param json whether as JSON, one object per line; else as a table
     * @param colour whether the table may have colours
     * @param out where it goes
     * @return the report
     */
    static Report of(boolean json, boolean colour, PrintWriter out) {
        return json ? new JsonReport(out) : new TableReport(out, colour);
    }

    /**
     * Takes a row.
     *
     * @param result what came out of it
     */
    void row(RowResult result);

    /** All rows were given. */
    void end();
}
