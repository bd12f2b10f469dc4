package org.jvmipc.mq.internal.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Settles what became of each message, by what consumers have written down, some of them to their death. */
public final class Account {
    /** The numbers of a producer's messages begin at a multiple of this. */
    public static final int PER_SOURCE = 1_000_000;

    private final Map<Integer, Tally> tallies = new HashMap<>();

    /** What was done with a message. */
    private static final class Tally {
        private int taken;
        private int acknowledged;
        private int givenBack;
        /** Taken by one who wrote nothing after that. */
        private int open;

        @Override
        public String toString() {
            return "taken " + taken + " times, acknowledged " + acknowledged + " times, given back " + givenBack
                    + " times, and was with " + open + " who died";
        }
    }

    private Tally tally(int message) {
        return tallies.computeIfAbsent(message, any -> new Tally());
    }

    /** Adds what one consumer has written in one life. */
    public void add(String who, List<Journal.Line> lines) {
        Map<Integer, Integer> latest = new HashMap<>();
        int current = -1;
        for (Journal.Line line : lines) {
            int message = line.message();
            if (line.act() == Journal.Act.TOOK) {
                assertEquals(-1, current, () -> who + " has written " + line + " after another message");
                if (line.deliveries() == 1) {
                    Integer before = latest.put(message / PER_SOURCE, message);
                    assertTrue(before == null || message > before, () -> who + " got " + message + " after " + before);
                }
                tally(message).taken++;
                current = message;
                continue;
            }
            assertEquals(current, message, () -> who + " has written " + line);
            current = -1;
            if (line.act() == Journal.Act.ACKNOWLEDGED) {
                tally(message).acknowledged++;
            } else if (line.act() == Journal.Act.GAVE_BACK) {
                tally(message).givenBack++;
            } else {
                throw new AssertionError(who + " lost message " + message + " while it lived");
            }
        }
        if (current >= 0) {
            tally(current).open++;
        }
    }

    /**
     * All were done once, and came twice only if somebody gave them back or died with them.
     *
     * @param sent what had to come
     * @param unknown what may have been sent, as its producer died meanwhile
     * @param deaths of consumers
     */
    public void check(Set<Integer> sent, Set<Integer> unknown, int deaths) {
        int open = 0;
        for (Map.Entry<Integer, Tally> entry : tallies.entrySet()) {
            Tally tally = entry.getValue();
            assertTrue(sent.contains(entry.getKey()) || unknown.contains(entry.getKey()),
                    () -> entry.getKey() + " was never sent");
            assertTrue(tally.acknowledged <= 1 && tally.acknowledged + tally.open >= 1,
                    () -> entry.getKey() + " was " + tally);
            assertEquals(tally.acknowledged + tally.givenBack + tally.open, tally.taken);
            open += tally.open;
        }
        for (int message : sent) {
            assertTrue(tallies.containsKey(message), () -> message + " was lost");
        }
        assertTrue(open <= deaths, open + " messages were with " + deaths + " who died");
    }
}
