package org.jvmipc.posix;

import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/**
 * Lines of {@code /proc}, taken apart without regular expressions: these, and lambda expressions, would be half of the
 * time that a command takes which does nothing but read such lines.
 */
public final class ProcFields {
    private ProcFields() {
    }

    /**
     * Takes a line apart at its blanks and tabs.
     *
     * @param line any line
     * @return what stands between them, without anything empty
     */
    public static String[] of(String line) {
        StringTokenizer words = new StringTokenizer(line);
        String[] fields = new String[words.countTokens()];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = words.nextToken();
        }
        return fields;
    }

    /**
     * Takes a line apart that ends with something in which blanks may be, such as a path.
     *
     * @param line a line that does not begin with a blank
     * @param most how many fields it has at most: what follows is part of the last one
     * @return the fields
     */
    public static String[] of(String line, int most) {
        List<String> fields = new ArrayList<>();
        int from = 0;
        while (from < line.length() && fields.size() < most - 1) {
            int blank = line.indexOf(' ', from);
            int end = blank < 0 ? line.length() : blank;
            fields.add(line.substring(from, end));
            from = end;
            while (from < line.length() && line.charAt(from) == ' ') {
                from++;
            }
        }
        if (from < line.length()) {
            fields.add(line.substring(from));
        }
        return fields.toArray(new String[0]);
    }

    /**
     * Tells whether a text is made of decimal digits only.
     *
     * @param text any text
     * @param most how many digits it may have
     * @return false also if it is empty
     */
    public static boolean isNumber(String text, int most) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= most;
    }
}
