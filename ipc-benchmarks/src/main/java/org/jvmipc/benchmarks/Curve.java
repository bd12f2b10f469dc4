package org.jvmipc.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A distribution to be drawn.
 *
 * @param name whose it is
 * @param points the values at the points of {@link Percentiles}, in their order
 */
record Curve(String name, Map<String, Double> points) {
    /** The curves of some duels about the same: the subject's, from all their pairs, and the peers'. */
    static List<Curve> of(List<Duel> duels, String prefix) {
        Map<String, Curve> curves = new LinkedHashMap<>();
        for (Duel duel : duels) {
            if (duel.hasResult() && duel.subjectHas(prefix + "50") && duel.peerHas(prefix + "50")) {
                Map<String, Double> subject = new LinkedHashMap<>();
                Map<String, Double> peer = new LinkedHashMap<>();
                for (String point : Percentiles.POINTS) {
                    subject.put(point, median(duels, prefix + point));
                    peer.put(point, duel.peerMedian(prefix + point));
                }
                curves.put(duel.subject().name(), new Curve(duel.subject().name(), subject));
                curves.put(duel.peer().name(), new Curve(duel.peer().name(), peer));
            }
        }
        return List.copyOf(curves.values());
    }

    private static double median(List<Duel> duels, String key) {
        return Numbers.median(duels.stream()
                .flatMap(duel -> duel.counted().stream())
                .map(bout -> bout.subject().byName().get(key))
                .filter(value -> value != null)
                .toList());
    }
}
