package org.jvmipc.demos.filters;

import java.nio.charset.StandardCharsets;
import org.jvmipc.demos.Demos;
import org.jvmipc.process.ProcessContext;

/** The last stage: prints the first and the last line, and counts. */
final class Printer {
    private int last;
    private int twice;

    private Printer() {
    }

    public static void main(String[] args) throws InterruptedException {
        Printer printer = new Printer();
        int lines = Integer.parseInt(args[0]);
        ProcessContext.current().forEach(message ->
                printer.print(StandardCharsets.UTF_8.decode(message).toString(), lines));
        Demos.say("%d of %d lines have come, %d of them twice", printer.last, lines, printer.twice);
        if (printer.last != lines) {
            System.exit(1);
        }
    }

    private void print(String line, int lines) {
        int number = Integer.parseInt(line.substring(0, line.indexOf(' ')));
        if (number == last) {
            twice++;
            return;
        }
        if (number != last + 1) {
            throw new IllegalStateException("line " + number + " follows line " + last);
        }
        last = number;
        if (number == 1 || number == lines) {
            System.out.println(line);
        }
    }
}
