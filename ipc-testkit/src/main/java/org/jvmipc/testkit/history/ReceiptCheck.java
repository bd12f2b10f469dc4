package org.jvmipc.testkit.history;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jvmipc.testkit.history.Violation.Rule;

/** Goes through the logs of receivers, in the order in which they began. */
final class ReceiptCheck {
    private final Delivery delivery;
    private final Map<Integer, SentMessages> sent;
    private final List<Violation> found;
    private final Losses losses;
    /** Those which a process had received last when it died, and how many times that happened. */
    private final Map<Stamp, Integer> inHand = new HashMap<>();
    /** How many may be lost as their receivers died between taking and telling. */
    private int taken;
    /** How many may come late as their receivers died with them in hand, before they had written them down. */
    private int unwritten;
    /** The last number of each sender, in this log; and in all of them, where they follow each other. */
    private final Map<Integer, Long> lastHere = new HashMap<>();
    private final Map<Integer, Long> last = new HashMap<>();

    ReceiptCheck(Delivery delivery, Map<Integer, SentMessages> sent, List<Violation> found, Losses losses) {
        this.losses = losses;
        this.delivery = delivery;
        this.sent = sent;
        this.found = found;
    }

    /** Before any log is read: a successor may have begun before the one that died. */
    void findInHand(Collection<List<Event>> logs) {
        for (List<Event> events : logs) {
            unwritten += isEnded(events) || sends(events) ? 0 : 1;
            if (!events.isEmpty() && events.get(events.size() - 1).kind() == Event.Kind.TAKING) {
                taken++;
                continue;
            }
            Stamp latest = null;
            for (Event event : events) {
                latest = event.kind() == Event.Kind.RECEIVED ? new Stamp(event.source(), event.number()) : latest;
            }
            if (latest != null && !isEnded(events)) {
                inHand.merge(latest, 1, Integer::sum);
            }
        }
    }

    private static boolean isEnded(List<Event> events) {
        return events.stream().anyMatch(event -> event.kind() == Event.Kind.ENDED);
    }

    private static boolean sends(List<Event> events) {
        return events.stream().anyMatch(event -> event.kind() == Event.Kind.INVOKED);
    }

    private void report(Rule rule, String what, Path log) {
        found.add(new Violation(rule, what + ", " + log.getFileName()));
    }

    void read(Path log, List<Event> events) {
        lastHere.clear();
        if (delivery != Delivery.TO_THE_ONE) {
            last.clear();
        }
        if (!delivery.isToOne()) {
            sent.values().forEach(SentMessages::forgetReceipts);
        }
        Map<Integer, Long> first = new HashMap<>();
        for (Event event : events) {
            if (event.kind() == Event.Kind.DAMAGED) {
                report(Rule.INVENTED, "something of " + event.number() + " bytes was received that nobody sent", log);
            } else if (event.kind() == Event.Kind.RECEIVED) {
                first.putIfAbsent(event.source(), event.number());
                receive(log, event, new Stamp(event.source(), event.number()));
            }
        }
        if (delivery == Delivery.TO_EACH) {
            sent.values().forEach(source ->
                    checkAll(log, events, source, first.get(source.source()), isEnded(events)));
        }
    }

    private void receive(Path log, Event event, Stamp stamp) {
        SentMessages source = sent.get(stamp.source());
        String name = "message " + stamp.number() + " of " + stamp.source();
        if (source == null || !source.has(stamp.number())) {
            report(Rule.INVENTED, name + " was received and never sent", log);
            return;
        }
        if (source.isRefused(stamp.number())) {
            report(Rule.INVENTED, name + " was received although its sender was told that it was not sent", log);
        }
        if (event.time() < source.invokedAt(stamp.number())) {
            report(Rule.INVENTED, name + " was received before it was sent", log);
        }
        Long before = last.get(stamp.source());
        Long beforeHere = lastHere.put(stamp.source(), stamp.number());
        last.merge(stamp.source(), stamp.number(), Math::max);
        boolean wasInHand = delivery.isToOne() && inHand.getOrDefault(stamp, 0) > 0;
        if (source.receive(stamp.number()) > 1) {
            boolean here = beforeHere != null && beforeHere == stamp.number();
            if (here || !wasInHand) {
                report(Rule.DOUBLED, name + " was received again", log);
            } else {
                inHand.merge(stamp, -1, Integer::sum);
            }
        } else if (before != null && before > stamp.number() && !mayBeLate(wasInHand)) {
            report(Rule.REORDERED, name + " was received after message " + before, log);
        }
    }

    /** Where others go on meanwhile, they have received later ones before they get what a dead one had in hand. */
    private boolean mayBeLate(boolean wasInHand) {
        return delivery == Delivery.TO_ANY && (wasInHand || unwritten-- > 0);
    }

    /** All from the first on that this receiver must see. */
    private void checkAll(Path log, List<Event> events, SentMessages source, Long first, boolean ended) {
        long opened = events.stream().filter(event -> event.kind() == Event.Kind.OPENED).mapToLong(Event::time)
                .findFirst().orElse(Long.MAX_VALUE);
        long lastEvent = events.isEmpty() ? 0 : events.get(events.size() - 1).time();
        long end = ended ? source.count() : lastHere.getOrDefault(source.source(), -1L) + 1;
        for (long number = 0; number < end; number++) {
            boolean due = first != null && number >= first || source.invokedAt(number) > opened;
            if (due && source.isAccepted(number) && source.receipts(number) == 0
                    && source.invokedAt(number) < lastEvent) {
                report(Rule.LOST, "message " + number + " of " + source.source() + " was accepted and not received",
                        log);
            }
        }
    }

    /** After all logs. */
    void end() {
        if (!delivery.isToOne()) {
            return;
        }
        for (SentMessages source : sent.values()) {
            for (long number = 0; number < source.count(); number++) {
                if (source.isAccepted(number) && source.receipts(number) == 0
                        && !losses.mayBeLost(source.source(), number, source.invokedAt(number)) && taken-- <= 0) {
                    found.add(new Violation(Rule.LOST, "message " + number + " of " + source.source()
                            + " was accepted and never received"));
                }
            }
        }
    }
}
