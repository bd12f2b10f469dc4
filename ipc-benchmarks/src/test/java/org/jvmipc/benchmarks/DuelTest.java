package org.jvmipc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DuelTest {
    private final CompareOptions options = CompareOptions.parse();
    private final Contestants contestants = new Contestants(options, List.of());
    private final Duel duel =
            new Duel(Kind.THROUGHPUT, 32, contestants.get("shm"), contestants.get("agrona"));

    private static Bout bout(double before, double after, double subject, double peer) {
        return new Bout(before, numbers(subject, 0.99), numbers(peer, 0.99), after, true, true);
    }

    private static Numbers numbers(double rate, double busy) {
        return new Numbers(Map.of(Numbers.RATE, rate, Numbers.BUSY, busy));
    }

    @Test
    void theResultIsTheMedianOfTheRatiosNotTheRatioOfTheMedians() {
        duel.add(bout(120, 120, 30, 10));
        duel.add(bout(500, 510, 8, 8));
        duel.add(bout(120, 119, 20, 10));
        assertEquals(2, duel.ratio(Measure.RATE));
        assertEquals(20, duel.subjectMedian(Numbers.RATE));
        assertEquals(10, duel.peerMedian(Numbers.RATE));
    }

    @Test
    void aPairDuringWhichTheFloorMovedIsThrownAway() {
        duel.add(bout(120, 145, 900, 1));
        assertFalse(duel.hasResult());
        assertEquals("the floor moved", duel.bouts().get(0).disturbance());
        duel.add(bout(120, 143, 30, 10));
        duel.add(bout(143, 119, 900, 1));
        assertEquals(1, duel.counted().size());
        assertEquals(3, duel.ratio(Measure.RATE));
    }

    @Test
    void othersOnTheCpusMatterOnlyIfBothSidesSpin() {
        Numbers robbed = numbers(10, 0.5);
        assertEquals("others had 50 % of a CPU",
                new Bout(120, numbers(30, 1), robbed, 120, true, true).disturbance());
        assertTrue(new Bout(120, numbers(30, 1), robbed, 120, true, false).counts());
    }

    @Test
    void withoutAFloorEveryPairCounts() {
        assertTrue(bout(0, 0, 30, 10).counts());
    }
}
