package org.jvmipc.cli;

import java.util.List;
import java.util.Map;

/** Values as JSON, in ASCII. */
final class JsonText {
    private static final String HEX = "0123456789abcdef";

    private JsonText() {
    }

    /** Of maps, lists, numbers, truth values, nulls, and the text of anything else. */
    static String of(Object value) {
        StringBuilder out = new StringBuilder();
        append(value, out);
        return out.toString();
    }

    private static void append(Object value, StringBuilder out) {
        if (value == null || value instanceof Boolean || value instanceof Number number && isFinite(number)) {
            out.append(value);
        } else if (value instanceof Map<?, ?> map) {
            out.append('{');
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(out.charAt(out.length() - 1) == '{' ? "" : ",");
                quote(String.valueOf(entry.getKey()), out);
                out.append(':');
                append(entry.getValue(), out);
            }
            out.append('}');
        } else if (value instanceof List<?> list) {
            out.append('[');
            for (Object element : list) {
                out.append(out.charAt(out.length() - 1) == '[' ? "" : ",");
                append(element, out);
            }
            out.append(']');
        } else if (value instanceof Number) {
            out.append("null");
        } else {
            quote(value.toString(), out);
        }
    }

    private static boolean isFinite(Number number) {
        return !(number instanceof Double || number instanceof Float) || Double.isFinite(number.doubleValue());
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c == '\n') {
                out.append("\\n");
            } else if (c < ' ' || c > '~') {
                out.append("\\u").append(HEX.charAt(c >> 12)).append(HEX.charAt(c >> 8 & 15))
                        .append(HEX.charAt(c >> 4 & 15)).append(HEX.charAt(c & 15));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
