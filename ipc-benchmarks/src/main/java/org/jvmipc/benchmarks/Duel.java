package org.jvmipc.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** A subject and one peer, measured in one way with messages of one size: their pairs and what follows from them. */
final class Duel {
    private final Kind kind;
    private final int size;
    private final Contestant subject;
    private final Contestant peer;
    private final List<Bout> bouts = new ArrayList<>();
    private String skipped = "";

    Duel(Kind kind, int size, Contestant subject, Contestant peer) {
        this.kind = kind;
        this.size = size;
        this.subject = subject;
        this.peer = peer;
    }

    Kind kind() {
        return kind;
    }

    int size() {
        return size;
    }

    Contestant subject() {
        return subject;
    }

    Contestant peer() {
        return peer;
    }

    void add(Bout bout) {
        bouts.add(bout);
    }

    /** It does not take place. */
    void skip(String reason) {
        skipped = reason;
    }

    /** Why it did not take place; empty if it did. */
    String skipped() {
        return skipped;
    }

    List<Bout> bouts() {
        return bouts;
    }

    /** The pairs that were not thrown away. */
    List<Bout> counted() {
        return bouts.stream().filter(Bout::counts).toList();
    }

    /** Whether there is anything to tell. */
    boolean hasResult() {
        return !counted().isEmpty();
    }

    /** The median over the pairs that count, of each pair's ratio. */
    double ratio(Measure measure) {
        return median(bout -> bout.ratio(measure));
    }

    double subjectMedian(String key) {
        return median(bout -> bout.subject().get(key));
    }

    double peerMedian(String key) {
        return median(bout -> bout.peer().get(key));
    }

    /** Whether all the pairs that count have a number for the peer. */
    boolean peerHas(String key) {
        return counted().stream().allMatch(bout -> bout.peer().byName().containsKey(key));
    }

    /** Whether all the pairs that count have a number for the subject. */
    boolean subjectHas(String key) {
        return counted().stream().allMatch(bout -> bout.subject().byName().containsKey(key));
    }

    private double median(ToDoubleFunction<Bout> number) {
        return Numbers.median(counted().stream().map(number::applyAsDouble).toList());
    }
}
