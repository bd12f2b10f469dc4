package org.jvmipc.observe;

import java.time.Instant;
import java.util.Optional;

/**
 * What one end of a channel has done since it was opened. The numbers are read one after the other while the end
 * goes on: each was true at some moment during the call. None of them goes down, but for {@code messages} and
 * {@code bytes} of a sender that took a message back.
 *
 * @param address the end's address; its first 320 bytes if it was read from outside
 * @param end which end of the channel it is
 * @param number which of the process's ends it is, counted from 1 in the order of opening; no other gets it
 * @param opened when it was opened
 * @param open whether it is open; it is not known to be closed if its process died
 * @param messages messages sent, or received
 * @param bytes bytes of these messages, as the user sees them
 * @param waits calls that had to wait: a sender for room or for the receipt of a transfer, a receiver for a message
 * @param wakeUps how often those who waited woke up, be it for nothing; with {@code wait=spin}, how often they looked
 *     up
 * @param dropped messages that were dropped as there was no room, or that a receiver missed; looked up some five times
 *     a second at most, and at closing
 * @param failures calls that did not do what they were asked to: the deadline of a sender passed, its channel was
 *     full with {@code overflow=fail}, the peers had gone, or the channel was broken
 * @param waitingSince since when a call has been waiting that waits now, if it has done so for more than about 0.2 s
 */
public record ChannelStats(
        String address,
        End end,
        long number,
        Instant opened,
        boolean open,
        long messages,
        long bytes,
        long waits,
        long wakeUps,
        long dropped,
        long failures,
        Optional<Instant> waitingSince) {

    /** The two ends of a direction. */
    public enum End {
        /** Where messages are sent. */
        SENDER,
        /** Where messages are received. */
        RECEIVER
    }
}
