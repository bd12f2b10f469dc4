package org.jvmipc.testkit.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which messages may be lost although they were accepted, as what held them died with a process. */
final class Losses {
    private final List<Death> deaths = new ArrayList<>();
    /** The last that was accepted of each sender that died. */
    private final Map<Integer, Long> lastOfDead = new HashMap<>();
    private boolean cutsOff;

    /** Of a receiver, and the last number of each sender that was received before it. */
    private record Death(long from, long to, Map<Integer, Long> received) {
    }

    void receiverDied(long from, long to) {
        deaths.add(new Death(from, to, new HashMap<>()));
    }

    void cutsOff() {
        cutsOff = true;
    }

    /** Takes notice of a log. */
    void read(List<Event> events) {
        Event last = null;
        boolean ended = false;
        for (Event event : events) {
            last = event.kind() == Event.Kind.ACCEPTED ? event : last;
            ended |= event.kind() == Event.Kind.ENDED;
            if (event.kind() == Event.Kind.RECEIVED) {
                for (Death death : deaths) {
                    if (event.time() < death.from) {
                        death.received.merge(event.source(), event.number(), Math::max);
                    }
                }
            }
        }
        if (last != null && !ended) {
            lastOfDead.put(last.source(), last.number());
        }
    }

    boolean mayBeLost(int source, long number, long invokedAt) {
        return cutsOff && lastOfDead.getOrDefault(source, -1L) == number || deaths.stream().anyMatch(death ->
                invokedAt < death.to && number > death.received.getOrDefault(source, -1L));
    }
}
