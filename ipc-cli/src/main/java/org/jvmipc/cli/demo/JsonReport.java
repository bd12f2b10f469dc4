package org.jvmipc.cli.demo;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The results as JSON, one object per line, each as soon as it is there. */
final class JsonReport implements Report {
    private final PrintWriter out;

    JsonReport(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void row(RowResult result) {
        Speed speed = result.speed();
        Faults faults = result.faults();
        out.println("{" + String.join(",", List.of(
                text("scheme", result.variant().scheme()),
                text("type", result.variant().type()),
                text("framing", result.variant().framing()),
                "\"messages\":" + result.messages(),
                "\"bytes\":" + result.bytes(),
                number("messagesPerSecond", speed.messagesPerSecond()),
                number("bytesPerSecond", speed.bytesPerSecond()),
                number("roundTripMedianMicros", speed.medianMicros()),
                number("roundTripP99Micros", speed.p99Micros()),
                "\"lost\":" + faults.lost(),
                "\"changed\":" + faults.changed(),
                "\"outOfOrder\":" + faults.disordered(),
                "\"verified\":" + result.isVerified(),
                "\"problems\":" + result.problems().stream().map(JsonReport::quote)
                        .collect(Collectors.joining(",", "[", "]")))) + (result.isSkipped()
                                ? "," + text("skipped", result.skipped()) : "") + "}");
        out.flush();
    }

    @Override
    public void end() {
        out.flush();
    }

    private static String text(String name, String value) {
        return quote(name) + ":" + quote(value);
    }

    private static String number(String name, double value) {
        return quote(name) + ":" + (Double.isNaN(value) ? "null" : String.format(Locale.ROOT, "%.3f", value));
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
