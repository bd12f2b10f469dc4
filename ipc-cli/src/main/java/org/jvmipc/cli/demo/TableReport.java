package org.jvmipc.cli.demo;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The results as a table, once all are there. */
final class TableReport implements Report {
    private static final List<String> HEAD = List.of("scheme", "framing", "messages", "MB", "messages/s", "MB/s",
            "median us", "p99 us", "verified");
    /** The columns before this one are text and go to the left. */
    private static final int FIRST_NUMBER = 2;
    private static final double MEGA = 1e6;
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String PLAIN = "\u001b[0m";

    private final PrintWriter out;
    private final boolean colour;
    private final List<List<String>> rows = new ArrayList<>();

    TableReport(PrintWriter out, boolean colour) {
        this.out = out;
        this.colour = colour;
        rows.add(HEAD);
    }

    @Override
    public void row(RowResult result) {
        Variant variant = result.variant();
        Speed speed = result.speed();
        rows.add(List.of((variant.scheme() + " " + variant.type()).strip(), variant.framing(),
                number(result.messages(), 0), number(result.bytes() / MEGA, 1),
                number(speed.messagesPerSecond(), 0), number(speed.bytesPerSecond() / MEGA, 1),
                number(speed.medianMicros(), 2), number(speed.p99Micros(), 2),
                result.isSkipped() ? "skipped" : result.isVerified() ? "yes" : "NO"));
    }

    @Override
    public void end() {
        int[] widths = new int[HEAD.size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                String pad = " ".repeat(widths[column] - row.get(column).length());
                String gap = column == 0 ? "" : "  ";
                line.append(gap).append(column < FIRST_NUMBER
                        ? row.get(column) + pad : pad + coloured(row.get(column)));
            }
            out.println(line);
        }
        out.flush();
    }

    private String coloured(String cell) {
        if (!colour) {
            return cell;
        }
        return switch (cell) {
            case "yes" -> GREEN + cell + PLAIN;
            case "NO" -> RED + cell + PLAIN;
            default -> cell;
        };
    }

    private static String number(double value, int digits) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
}
