package org.jvmipc.testkit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The search for one kind of debris. What was there when the object was made does not count. */
interface DebrisCheck {

    DebrisKind kind();

    /** What is there now, one text for each thing. */
    List<String> leftovers();

    /** Does away with what is there now, as far as that is possible from outside. */
    void remove();

    /** What {@code now} holds more often than {@code before}. */
    static List<String> added(List<String> before, List<String> now, Predicate<String> counts) {
        Map<String, Integer> known = new HashMap<>();
        before.forEach(item -> known.merge(item, 1, Integer::sum));
        return now.stream()
                .filter(counts)
                .filter(item -> known.merge(item, -1, Integer::sum) < 0)
                .toList();
    }
}
