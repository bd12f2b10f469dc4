package org.jvmipc.process.internal;

import java.util.ArrayList;
import java.util.List;

/** Splits a line at blanks, but for those between quotation marks; {@code #} begins a comment. */
final class Words {
    private Words() {
    }

    static List<String> of(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        boolean begun = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
                begun = true;
            } else if (!quoted && Character.isWhitespace(c)) {
                if (begun) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                begun = false;
            } else if (!quoted && !begun && c == '#') {
                break;
            } else {
                word.append(c);
                begun = true;
            }
        }
        if (quoted) {
            throw new IllegalArgumentException("a quotation mark is missing; they come in pairs, within a line");
        }
        if (begun) {
            words.add(word.toString());
        }
        return words;
    }
}
