package org.jvmipc.cli;

/** Colours, or none. */
final class Style {
    private static final String RESET = "\u001b[0m";

    private final boolean coloured;

    Style(boolean coloured) {
        this.coloured = coloured;
    }

    private String in(String code, String text) {
        return coloured && !text.isEmpty() ? "\u001b[" + code + "m" + text + RESET : text;
    }

    String head(String text) {
        return in("1", text);
    }

    String good(String text) {
        return in("32", text);
    }

    String warning(String text) {
        return in("33", text);
    }

    String bad(String text) {
        return in("31", text);
    }

    String faint(String text) {
        return in("2", text);
    }
}
