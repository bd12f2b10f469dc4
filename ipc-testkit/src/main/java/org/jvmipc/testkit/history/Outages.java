package org.jvmipc.testkit.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Times in which nothing is expected to happen, because somebody was killed or stopped. */
final class Outages {
    private final List<long[]> spans = new ArrayList<>();

    void add(long from, long to) {
        if (to < from) {
            throw new IllegalArgumentException("an outage from " + from + " to " + to + " ends before it begins");
        }
        spans.add(new long[] {from, to});
        spans.sort(Comparator.comparingLong(span -> span[0]));
    }

    void addAll(Outages others) {
        others.spans.forEach(span -> add(span[0], span[1]));
    }

    /** How much of the time is left without the outages. */
    long without(long from, long to) {
        long left = to - from;
        long done = from;
        for (long[] span : spans) {
            long begin = Math.max(done, span[0]);
            long end = Math.min(to, span[1]);
            if (end > begin) {
                left -= end - begin;
                done = end;
            }
        }
        return left;
    }
}
