package org.jvmipc.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** The points of a distribution that are told: from the least to the most, closer together towards the end. */
final class Percentiles {
    /** Their names behind the p, as the C programs print them, too. */
    static final List<String> POINTS = List.of("0", "10", "25", "50", "75", "90", "95", "99", "99.5", "99.9", "99.95",
            "99.99", "99.999", "100");

    private Percentiles() {
    }

    /** A line of name=number; the names begin with a prefix. */
    static String line(String prefix, Histogram histogram) {
        return POINTS.stream()
                .map(point -> String.format(Locale.ROOT, "%s%s=%d", prefix, point, at(histogram, point)))
                .collect(Collectors.joining(" "));
    }

    private static long at(Histogram histogram, String point) {
        return switch (point) {
            case "0" -> histogram.getMinValue();
            case "100" -> histogram.getMaxValue();
            default -> histogram.getValueAtPercentile(Double.parseDouble(point));
        };
    }
}
