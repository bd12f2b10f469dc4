package org.jvmipc.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** All results as one page that needs nothing else: tables, ratios as bars, distributions as curves. */
final class HtmlReport {
    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1c1f23; --soft: #667; --paper: #fff; --rule: #d9dce1;
              --better: #2a7f62; --worse: #b3541e;
              --c0: #0b62c4; --c1: #c0392b; --c2: #1e8449; --c3: #8e44ad; --c4: #b9770e; --c5: #117a8b;
              --c6: #c2185b; --c7: #5d6d7e; }
            @media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --soft: #9aa3ad; --paper: #16181c;
              --rule: #33383f; --better: #4fbf97; --worse: #e08a52;
              --c0: #6db3ff; --c1: #ff8a7a; --c2: #66cf8e; --c3: #cf9bea; --c4: #f0b64f; --c5: #5fcbdc;
              --c6: #ff86b3; --c7: #aab7c4; } }
            body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
              max-width: 60em; margin: 2em auto; padding: 0 1em; }
            h1 { font-size: 1.5em; } h2 { font-size: 1.2em; margin-top: 2.2em; } h3 { font-size: 1em; }
            table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
            th, td { text-align: right; padding: .2em .6em; border-bottom: 1px solid var(--rule); }
            th { color: var(--soft); font-weight: 500; } .name { text-align: left; }
            .wide { overflow-x: auto; } dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1em; }
            dt { color: var(--soft); } dd { margin: 0; } p.note { color: var(--soft); }
            svg { width: 100%; height: auto; font: 12px system-ui, sans-serif; }
            svg text { fill: var(--ink); } svg .tick { fill: var(--soft); font-size: 11px; }
            .better { fill: var(--better); } .worse { fill: var(--worse); }
            td.better { color: var(--better); } td.worse { color: var(--worse); }
            .axis { stroke: var(--ink); } .grid { stroke: var(--rule); }
            .line { fill: none; stroke-width: 2; } .dashed { stroke-dasharray: 5 3; }
            """;

    private final StringBuilder out = new StringBuilder();

    private HtmlReport() {
    }

    static String of(CompareOptions options, Map<String, String> machine, List<Duel> duels) {
        HtmlReport report = new HtmlReport();
        report.head(options, machine);
        Map<String, List<Duel>> groups = new LinkedHashMap<>();
        for (Duel duel : duels) {
            groups.computeIfAbsent(duel.kind() + " " + duel.size(), none -> new ArrayList<>()).add(duel);
        }
        groups.values().forEach(report::section);
        report.out.append("</body>\n</html>\n");
        return report.out.toString();
    }

    private void head(CompareOptions options, Map<String, String> machine) {
        out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
                .append("<title>").append(escaped(options.subject())).append(" and its peers</title>\n<style>\n")
                .append(STYLE);
        for (int i = 0; i < 8; i++) {
            out.append(".c%1$d { stroke: var(--c%1$d); } svg .t%1$d { fill: var(--c%1$d); }\n".formatted(i));
        }
        out.append("</style>\n</head>\n<body>\n<h1>").append(escaped(options.subject()))
                .append(" and its peers</h1>\n<dl>\n");
        Map<String, Object> facts = new LinkedHashMap<>(machine);
        facts.putAll(options.byName());
        facts.forEach((name, value) -> out.append("<dt>").append(escaped(name)).append("</dt><dd>")
                .append(escaped(String.valueOf(value))).append("</dd>\n"));
        out.append("</dl>\n<p class=\"note\">Each ratio is the median over pairs of runs next to each other, the ")
                .append("subject's number over the peer's. Pairs during which the machine changed do not count. ")
                .append("The figures belong to this machine and this hour.</p>\n");
    }

    private void section(List<Duel> duels) {
        Kind kind = duels.get(0).kind();
        out.append(String.format(Locale.ROOT, "<h2>%s, %d bytes</h2>%n<p>%s</p>%n", escaped(kind.option()),
                duels.get(0).size(), escaped(kind.title())));
        Measure first = kind.measures().get(0);
        out.append("<div class=\"wide\">").append(Svg.bars(duels, first)).append("</div>\n");
        for (Map.Entry<String, String> curves : new TreeMap<>(Map.of("p", "one after the other", "r",
                "at a fixed rate, from the intended start", "w", "from sending to receiving")).entrySet()) {
            List<Curve> drawn = Curve.of(duels, curves.getKey());
            if (!drawn.isEmpty()) {
                out.append("<h3>").append(escaped(curves.getValue())).append("</h3>\n<div class=\"wide\">")
                        .append(Svg.curves(drawn)).append("</div>\n");
            }
        }
        table(duels);
    }

    private void table(List<Duel> duels) {
        out.append("<div class=\"wide\"><table>\n<thead><tr><th class=\"name\">peer</th>")
                .append("<th class=\"name\">measure</th><th>").append(escaped(duels.get(0).subject().name()))
                .append("</th><th>peer</th>")
                .append("<th>ratio</th><th>pairs</th></tr></thead>\n<tbody>\n");
        for (Duel duel : duels) {
            if (!duel.hasResult()) {
                String reason = duel.skipped().isEmpty() ? "all " + duel.bouts().size() + " pairs were thrown away"
                        : "skipped: " + duel.skipped();
                out.append("<tr><td class=\"name\">").append(escaped(duel.peer().name()))
                        .append("</td><td class=\"name\" colspan=\"5\">").append(escaped(reason))
                        .append("</td></tr>\n");
                continue;
            }
            for (Measure measure : duel.kind().measures()) {
                row(duel, measure);
            }
        }
        out.append("</tbody></table></div>\n");
    }

    private void row(Duel duel, Measure measure) {
        double ratio = duel.ratio(measure);
        boolean better = measure.moreIsBetter() ? ratio >= 1 : ratio <= 1;
        out.append(String.format(Locale.ROOT, "<tr><td class=\"name\" title=\"%s\">%s</td>"
                + "<td class=\"name\">%s, %s</td><td>%s</td><td>%s</td><td class=\"%s\">%.2f</td>"
                + "<td>%d of %d</td></tr>%n",
                escaped(duel.peer().title()), escaped(duel.peer().name()), escaped(measure.title()), measure.unit(),
                TextReport.number(duel.subjectMedian(measure.key())),
                TextReport.number(duel.peerMedian(measure.key())), better ? "better" : "worse", ratio,
                duel.counted().size(), duel.bouts().size()));
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
