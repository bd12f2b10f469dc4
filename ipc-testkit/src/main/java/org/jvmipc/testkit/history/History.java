package org.jvmipc.testkit.history;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jvmipc.testkit.history.Violation.Rule;

/**
 * The logs of all processes that used a channel, and what they say of it. The channel must have been drained: after the
 * last sender had gone, a receiver took what was left and {@linkplain HistoryLog#ended ended} its log.
 *
 * <pre>{@code
 * History history = new History(Delivery.TO_THE_ONE, Duration.ofSeconds(2));
 * logs.forEach(history::add);
 * history.outage(killed, replaced);
 * history.assertSound();
 * }</pre>
 *
 * <p>Linear in the number of events, as what is looked at are queues; see {@link Violation.Rule} for what is. A message
 * whose call did not return, because its process died in it, may have been sent or not. A message that a process had
 * received last when it died may be received once more by another: it was in hand, and not taken.
 *
 * <p>Used by one thread.
 */
public final class History {
    private static final int SHOWN = 20;

    private final Delivery delivery;
    private final long limitNanos;
    private final Outages outages = new Outages();
    private final Map<Path, Outages> outagesOfOne = new LinkedHashMap<>();
    private final Map<Path, List<Event>> logs = new LinkedHashMap<>();
    private final Losses losses = new Losses();
    private long longestStall;

    /**
     * Begins a history without logs.
     *
     * @param delivery who is to receive the messages
     * @param limit how long a call may take, and how long no message may come; somebody must be sending all the time
     */
    public History(Delivery delivery, Duration limit) {
        this.delivery = delivery;
        this.limitNanos = limit.toNanos();
    }

    /**
     * Adds the log of one life of a process.
     *
     * @param log the file
     * @return this
     * @throws IllegalArgumentException if it is not a log
     */
    public History add(Path log) {
        logs.put(log, HistoryLog.read(log));
        return this;
    }

    /**
     * Declares a time in which no progress is expected, because all senders, or a receiver that is needed, were killed
     * or stopped.
     *
     * @param from {@link System#nanoTime} when that was done
     * @param to when they were there again
     * @return this
     */
    public History outage(long from, long to) {
        outages.add(from, to);
        return this;
    }

    /**
     * Declares a time in which one process was stopped, while the others are expected to make progress.
     *
     * @param log the log of that process
     * @param from {@link System#nanoTime} when it was stopped
     * @param to when it could go on
     * @return this
     */
    public History outage(Path log, long from, long to) {
        outagesOfOne.computeIfAbsent(log, key -> new Outages()).add(from, to);
        return this;
    }

    /**
     * Declares that a receiver died of a channel whose kernel buffers go with it: what the dead one had not received
     * of each sender, and was begun to be sent before its successor was there, may be lost. To be called for each death
     * before the history is checked, in any order.
     *
     * @param from {@link System#nanoTime} before it was killed
     * @param to when its successor was there
     * @return this
     */
    public History receiverDied(long from, long to) {
        losses.receiverDied(from, to);
        return this;
    }

    /**
     * Declares that the channel is a stream, which accepts a message with its first byte: what a sender had sent last
     * when it died may have been cut off, and is lost then.
     *
     * @return this
     */
    public History cutsOff() {
        losses.cutsOff();
        return this;
    }

    /**
     * Counts the messages whose sending was confirmed.
     *
     * @return the number
     */
    public long accepted() {
        return count(Event.Kind.ACCEPTED);
    }

    /**
     * Counts the receipts, of all receivers together.
     *
     * @return the number
     */
    public long received() {
        return count(Event.Kind.RECEIVED);
    }

    /**
     * The longest time without progress that {@link #violations} has found, be it allowed or not: of a call, or without
     * any receipt; outages do not count.
     *
     * @return the time; zero before the history was checked
     */
    public Duration longestStall() {
        return Duration.ofNanos(longestStall);
    }

    private long count(Event.Kind kind) {
        return logs.values().stream().flatMap(Collection::stream).filter(event -> event.kind() == kind).count();
    }

    /**
     * Checks the history.
     *
     * @throws AssertionError if there is any violation, with the first of them
     * @throws IllegalArgumentException as {@link #violations}
     */
    public void assertSound() {
        List<Violation> found = violations();
        if (!found.isEmpty()) {
            throw new AssertionError(found.size() + " violations in a history of " + logs.size() + " logs, "
                    + accepted() + " messages:" + found.stream().limit(SHOWN).map(violation -> "\n    " + violation)
                    .collect(Collectors.joining()));
        }
    }

    /**
     * Checks the history.
     *
     * @return what is wrong; empty if all is well
     * @throws IllegalArgumentException if a log is not what its process was asked to write
     */
    public List<Violation> violations() {
        List<Violation> found = new ArrayList<>();
        Map<Integer, SentMessages> sent = new LinkedHashMap<>();
        logs.forEach((log, events) -> readCalls(log, events, sent, found));
        logs.values().forEach(losses::read);
        ReceiptCheck check = new ReceiptCheck(delivery, sent, found, losses);
        check.findInHand(logs.values());
        logs.entrySet().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(History::isReceipt))
                .sorted(Comparator.comparingLong(entry -> entry.getValue().get(0).time()))
                .forEach(entry -> check.read(entry.getKey(), entry.getValue()));
        // Who has received nothing may have missed something.
        logs.forEach((log, events) -> {
            if (events.stream().noneMatch(event -> isReceipt(event) || event.kind() == Event.Kind.INVOKED)) {
                check.read(log, events);
            }
        });
        check.end();
        checkProgress(found);
        return found;
    }

    private static boolean isReceipt(Event event) {
        return event.kind() == Event.Kind.RECEIVED || event.kind() == Event.Kind.DAMAGED;
    }

    private void readCalls(Path log, List<Event> events, Map<Integer, SentMessages> sent, List<Violation> found) {
        Outages excused = new Outages();
        excused.addAll(outages);
        excused.addAll(outagesOfOne.getOrDefault(log, new Outages()));
        Map<Long, Long> calls = new LinkedHashMap<>();
        SentMessages own = null;
        for (Event event : events) {
            switch (event.kind()) {
                case INVOKED -> {
                    if (own == null) {
                        own = new SentMessages(event.source());
                        if (sent.put(event.source(), own) != null) {
                            throw new IllegalArgumentException(log + ": another log has sender " + event.source());
                        }
                    }
                    if (own.source() != event.source()) {
                        throw new IllegalArgumentException(log + ": senders " + own.source() + " and "
                                + event.source() + " in one log");
                    }
                    own.invoke(event.number(), event.time());
                    calls.put(event.number(), event.time());
                }
                case ACCEPTED, REFUSED -> {
                    Long begun = calls.remove(event.number());
                    if (own == null || own.source() != event.source() || begun == null) {
                        throw new IllegalArgumentException(log + ": the end of a call that did not begin: " + event);
                    }
                    own.end(event.number(), event.kind() == Event.Kind.ACCEPTED);
                    long took = excused.without(begun, event.time());
                    longestStall = Math.max(longestStall, took);
                    if (took > limitNanos) {
                        found.add(new Violation(Rule.LATE, "the call for message " + event.number() + " of "
                                + event.source() + " took " + Duration.ofNanos(took) + ", " + log.getFileName()));
                    }
                }
                default -> { }
            }
        }
    }

    private void checkProgress(List<Violation> found) {
        long[] times = logs.values().stream().flatMap(Collection::stream)
                .filter(History::isReceipt).mapToLong(Event::time).sorted().toArray();
        long last = logs.values().stream().flatMap(Collection::stream)
                .filter(event -> event.kind() == Event.Kind.INVOKED).mapToLong(Event::time).min().orElse(0);
        for (long time : times) {
            long gap = outages.without(last, time);
            longestStall = Math.max(longestStall, gap);
            if (gap > limitNanos) {
                found.add(new Violation(Rule.LATE, "nothing was received for " + Duration.ofNanos(gap) + " before "
                        + time));
            }
            last = Math.max(last, time);
        }
    }
}
