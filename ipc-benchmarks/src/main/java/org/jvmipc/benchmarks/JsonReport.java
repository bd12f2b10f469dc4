package org.jvmipc.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All results as one JSON object: the medians and their ratios, and all pairs. */
final class JsonReport {
    private JsonReport() {
    }

    static String of(CompareOptions options, Map<String, String> machine, List<Duel> duels) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("machine", machine);
        all.put("options", options.byName());
        all.put("duels", duels.stream().map(JsonReport::duel).toList());
        return Json.of(all) + "\n";
    }

    private static Map<String, Object> duel(Duel duel) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("kind", duel.kind().option());
        all.put("size", duel.size());
        all.put("subject", duel.subject().name());
        all.put("peer", duel.peer().name());
        all.put("skipped", duel.skipped().isEmpty() ? null : duel.skipped());
        all.put("pairs", duel.bouts().size());
        all.put("pairsThatCount", duel.counted().size());
        List<Map<String, Object>> measures = new ArrayList<>();
        for (Measure measure : duel.hasResult() ? duel.kind().measures() : List.<Measure>of()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("key", measure.key());
            one.put("title", measure.title());
            one.put("unit", measure.unit());
            one.put("moreIsBetter", measure.moreIsBetter());
            one.put("subject", duel.subjectMedian(measure.key()));
            one.put("peer", duel.peerMedian(measure.key()));
            one.put("ratio", duel.ratio(measure));
            measures.add(one);
        }
        all.put("measures", measures);
        all.put("runs", duel.bouts().stream().map(JsonReport::bout).toList());
        return all;
    }

    private static Map<String, Object> bout(Bout bout) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("counts", bout.counts());
        all.put("disturbance", bout.disturbance());
        all.put("floor", List.of(bout.floorBefore(), bout.floorAfter()));
        all.put("subjectFirst", bout.subjectFirst());
        all.put("subject", bout.subject().byName());
        all.put("peer", bout.peer().byName());
        return all;
    }
}
