package org.jvmipc.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** Reads one flat JSON object, of which the members with texts are of interest. */
final class JsonLine {
    private final String line;
    private int at;

    private JsonLine(String line) {
        this.line = line;
    }

    /**
     * The members that are texts; others are passed over.
     *
     * @throws IllegalArgumentException if it is no object of texts, numbers, truth values and nulls
     */
    static Map<String, String> strings(String line) {
        JsonLine json = new JsonLine(line);
        try {
            return json.object();
        } catch (StringIndexOutOfBoundsException cut) {
            throw json.wrong();
        }
    }

    private IllegalArgumentException wrong() {
        return new IllegalArgumentException("at character " + (at + 1) + " this is not JSON of the form {\"text\":"
                + "\"...\"}: " + line);
    }

    private Map<String, String> object() {
        Map<String, String> members = new LinkedHashMap<>();
        expect('{');
        while (next() != '}') {
            String name = string();
            expect(':');
            if (next() == '"') {
                members.put(name, string());
            } else {
                skipWord();
            }
            if (next() != '}') {
                expect(',');
            }
        }
        at++;
        if (!line.substring(at).isBlank()) {
            throw wrong();
        }
        return members;
    }

    private char next() {
        while (line.charAt(at) == ' ' || line.charAt(at) == '\t') {
            at++;
        }
        return line.charAt(at);
    }

    private void expect(char wanted) {
        if (next() != wanted) {
            throw wrong();
        }
        at++;
    }

    private void skipWord() {
        int start = at;
        while (",} ".indexOf(line.charAt(at)) < 0) {
            at++;
        }
        if (!line.substring(start, at).matches("true|false|null|-?[0-9][0-9.eE+-]*")) {
            throw wrong();
        }
    }

    private String string() {
        expect('"');
        StringBuilder text = new StringBuilder();
        while (line.charAt(at) != '"') {
            char c = line.charAt(at++);
            text.append(c == '\\' ? escaped() : c);
        }
        at++;
        return text.toString();
    }

    private char escaped() {
        char c = line.charAt(at++);
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case '"', '\\', '/' -> c;
            case 'u' -> {
                at += 4;
                yield (char) Integer.parseInt(line.substring(at - 4, at), 16);
            }
            default -> throw wrong();
        };
    }
}
