package org.jvmipc.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows in columns as wide as they need to be. The last column is not filled up. */
final class Table {
    private static final String GAP = "  ";

    private final List<String[]> rows = new ArrayList<>();
    private final List<Painter> painters = new ArrayList<>();

    /** Paints a cell that has been filled up already. */
    interface Painter {
        String paint(int column, String cell);
    }

    Table(Style style, String... head) {
        row(new Painter() {
            @Override
            public String paint(int column, String cell) {
                return style.head(cell);
            }
        }, head);
    }

    void row(Painter painter, String... cells) {
        rows.add(cells);
        painters.add(painter);
    }

    void print(PrintWriter out) {
        print(out, Integer.MAX_VALUE);
    }

    /** Prints it, cut off at the right edge of a screen. */
    void print(PrintWriter out, int width) {
        int columns = rows.get(0).length;
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        for (int r = 0; r < rows.size(); r++) {
            StringBuilder line = new StringBuilder();
            int at = 0;
            for (int i = 0; i < columns; i++) {
                String cell = rows.get(r)[i];
                int fill = i < columns - 1 ? widths[i] - cell.length() : 0;
                String cut = cell.length() > width - at ? cell.substring(0, Math.max(0, width - at)) : cell;
                line.append(painters.get(r).paint(i, cut));
                if (i < columns - 1) {
                    line.append(" ".repeat(fill)).append(GAP);
                }
                at += cell.length() + fill + GAP.length();
            }
            out.println(line);
        }
    }
}
