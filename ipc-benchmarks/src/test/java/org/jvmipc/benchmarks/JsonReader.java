package org.jvmipc.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON strictly enough to find out what is none. */
final class JsonReader {
    private final String text;
    private int at;

    JsonReader(String text) {
        this.text = text.strip();
    }

    Object read() {
        Object value = value();
        if (at != text.length()) {
            throw wrong("the end");
        }
        return value;
    }

    private Object value() {
        switch (text.charAt(at)) {
            case '{':
                return map();
            case '[':
                return list();
            case '"':
                return string();
            default:
                return word();
        }
    }

    private Map<String, Object> map() {
        Map<String, Object> map = new LinkedHashMap<>();
        expect('{');
        while (text.charAt(at) != '}') {
            if (!map.isEmpty()) {
                expect(',');
            }
            String name = string();
            expect(':');
            if (map.containsKey(name)) {
                throw wrong("another name than " + name);
            }
            map.put(name, value());
        }
        at++;
        return map;
    }

    private List<Object> list() {
        List<Object> list = new ArrayList<>();
        expect('[');
        while (text.charAt(at) != ']') {
            if (!list.isEmpty()) {
                expect(',');
            }
            list.add(value());
        }
        at++;
        return list;
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        expect('"');
        for (char c; (c = text.charAt(at++)) != '"'; ) {
            if (c < ' ') {
                throw wrong("no control character");
            }
            if (c == '\\') {
                char escaped = text.charAt(at++);
                if (escaped == 'u') {
                    c = (char) Integer.parseInt(text.substring(at, at + 4), 16);
                    at += 4;
                } else if (escaped == '"' || escaped == '\\') {
                    c = escaped;
                } else {
                    throw wrong("an escape");
                }
            }
            string.append(c);
        }
        return string.toString();
    }

    private Object word() {
        int from = at;
        while (at < text.length() && ",]}".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(from, at);
        return switch (word) {
            case "null" -> null;
            case "true" -> true;
            case "false" -> false;
            default -> Double.valueOf(word);
        };
    }

    private void expect(char c) {
        if (text.charAt(at++) != c) {
            throw wrong("" + c);
        }
    }

    private IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException(expected + " was expected before: " + text.substring(at));
    }
}
