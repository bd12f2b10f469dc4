package org.jvmipc.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Drawings for a page: text and lines take the page's colours, so they can be read in light and dark. */
final class Svg {
    private static final int WIDTH = 760;
    private static final int LABELS = 150;
    private static final int FIGURES = 190;
    private static final int BAR = 22;
    private static final int HEIGHT = 360;
    private static final int LEFT = 60;
    private static final int RIGHT = 150;
    private static final int TOP = 12;
    private static final int BOTTOM = 40;
    /** How many colours the page has for lines; beyond, they are dashed. */
    private static final int COLOURS = 8;
    private static final int LABEL_STEP = 13;

    private Svg() {
    }

    /** One bar for each duel: its ratio, from 1 to the right if the subject is better, else to the left. */
    static String bars(List<Duel> duels, Measure measure) {
        List<Duel> drawn = duels.stream().filter(Duel::hasResult)
                .filter(duel -> Double.isFinite(logRatio(duel, measure))).toList();
        if (drawn.isEmpty()) {
            return "";
        }
        double most = Math.max(Math.log(2), drawn.stream().mapToDouble(duel -> Math.abs(logRatio(duel, measure)))
                .max().orElseThrow());
        int height = BAR * drawn.size() + 30;
        double middle = LABELS + (WIDTH - LABELS - FIGURES) / 2.0;
        double half = (WIDTH - LABELS - FIGURES) / 2.0;
        StringBuilder out = open(height, "ratios of " + drawn.get(0).subject().name() + " to its peers");
        for (int i = 0; i < drawn.size(); i++) {
            Duel duel = drawn.get(i);
            double log = logRatio(duel, measure);
            double length = Math.max(1, Math.abs(log) / most * half);
            double y = i * BAR + 4;
            text(out, LABELS - 8, y + 13, "end", "label", duel.peer().name());
            out.append(String.format(Locale.ROOT,
                    "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>",
                    log >= 0 ? "better" : "worse", log >= 0 ? middle : middle - length, y, length, BAR - 6));
            text(out, WIDTH - FIGURES + 8, y + 13, "start", "figure", String.format(Locale.ROOT, "%.2f   (%s / %s %s)",
                    duel.ratio(measure), TextReport.number(duel.subjectMedian(measure.key())),
                    TextReport.number(duel.peerMedian(measure.key())), measure.unit()));
        }
        out.append(String.format(Locale.ROOT, "<line class=\"axis\" x1=\"%.1f\" y1=\"0\" x2=\"%.1f\" y2=\"%d\"/>",
                middle, middle, height - 24));
        text(out, middle, height - 8, "middle", "tick", "1");
        text(out, middle + half, height - 8, "end", "tick", drawn.get(0).subject().name() + " is better");
        text(out, middle - half, height - 8, "start", "tick", "the peer is better");
        return out.append("</svg>").toString();
    }

    /** Above 0 if the subject is better. */
    private static double logRatio(Duel duel, Measure measure) {
        double log = Math.log(duel.ratio(measure));
        return measure.moreIsBetter() ? log : -log;
    }

    /** Times over percentiles, both on logarithmic scales: each step to the right is one in ten of what was left. */
    static String curves(List<Curve> curves) {
        double least = curves.stream().flatMap(curve -> curve.points().values().stream())
                .mapToDouble(value -> Math.max(1, value)).min().orElse(1);
        double most = curves.stream().flatMap(curve -> curve.points().values().stream())
                .mapToDouble(value -> Math.max(1, value)).max().orElse(10);
        int from = (int) Math.floor(Math.log10(least));
        int to = Math.max(from + 1, (int) Math.ceil(Math.log10(most)));
        StringBuilder out = open(HEIGHT, "times over percentiles");
        for (int power = from; power <= to; power++) {
            double y = y(Math.pow(10, power), from, to);
            out.append(String.format(Locale.ROOT, "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>",
                    LEFT, y, WIDTH - RIGHT, y));
            text(out, LEFT - 6, y + 4, "end", "tick", duration(power));
        }
        for (String point : List.of("0", "50", "90", "99", "99.9", "99.99", "99.999", "100")) {
            double x = x(point);
            out.append(String.format(Locale.ROOT, "<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>",
                    x, TOP, x, HEIGHT - BOTTOM));
            text(out, x, HEIGHT - BOTTOM + 16, "middle", "tick", switch (point) {
                case "0" -> "min";
                case "100" -> "max";
                default -> point + " %";
            });
        }
        double[] labels = labels(curves, from, to);
        for (int i = 0; i < curves.size(); i++) {
            StringBuilder points = new StringBuilder();
            for (Map.Entry<String, Double> point : curves.get(i).points().entrySet()) {
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point.getKey()),
                        y(point.getValue(), from, to)));
            }
            out.append(String.format(Locale.ROOT, "<polyline class=\"line c%d%s\" points=\"%s\"/>", i % COLOURS,
                    i < COLOURS ? "" : " dashed", points.toString().trim()));
            text(out, WIDTH - RIGHT + 8, labels[i] + 4, "start", "label t" + i % COLOURS, curves.get(i).name());
        }
        return out.append("</svg>").toString();
    }

    /** Where the names stand: at the ends of the lines, and not one over the other. */
    private static double[] labels(List<Curve> curves, int from, int to) {
        List<Integer> order = IntStream.range(0, curves.size()).boxed()
                .sorted((a, b) -> Double.compare(curves.get(b).points().get("100"), curves.get(a).points().get("100")))
                .toList();
        double[] labels = new double[curves.size()];
        double lowest = TOP - LABEL_STEP;
        for (int place = 0; place < order.size(); place++) {
            double wanted = y(curves.get(order.get(place)).points().get("100"), from, to);
            double latest = HEIGHT - BOTTOM - (double) LABEL_STEP * (order.size() - 1 - place);
            lowest = Math.min(latest, Math.max(wanted, lowest + LABEL_STEP));
            labels[order.get(place)] = lowest;
        }
        return labels;
    }

    private static double y(double value, int from, int to) {
        double part = (Math.log10(Math.max(1, value)) - from) / (to - from);
        return HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP);
    }

    private static double x(String point) {
        // The most stands where one in a million would.
        double rest = point.equals("100") ? 1e-6 : 1 - Double.parseDouble(point) / 100;
        return LEFT - Math.log10(rest) / 6 * (WIDTH - LEFT - RIGHT);
    }

    private static String duration(int power) {
        String[] units = {"ns", "µs", "ms", "s", "ks"};
        return (int) Math.pow(10, power % 3) + " " + units[power / 3];
    }

    private static StringBuilder open(int height, String title) {
        return new StringBuilder(String.format(Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\"><title>%s</title>", WIDTH, height,
                HtmlReport.escaped(title), HtmlReport.escaped(title)));
    }

    private static void text(StringBuilder out, double x, double y, String anchor, String style, String text) {
        out.append(String.format(Locale.ROOT, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                style, x, y, anchor, HtmlReport.escaped(text)));
    }
}
