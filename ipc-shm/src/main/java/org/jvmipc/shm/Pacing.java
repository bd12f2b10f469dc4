package org.jvmipc.shm;

/**
 * Sees when a stream of messages is taken as fast as it comes, and lets the consumer wait for a moment then. A consumer
 * that finds each message alone looks at the very word that the producer is about to write, and both take its cache
 * line away from each other for every message; after less than a microsecond there are several messages, and both get
 * on faster ({@code docs/decisions/0005-the-way-of-a-message.md}).
 *
 * <p>It is no such stream if the consumer looks in vain a few times between two messages: whoever waits for a reply
 * never waits longer. On a single processor there is no such moment. Used by one thread at a time.
 */
final class Pacing {
    /** So many messages at once are no trickle. */
    private static final int FEW = 8;
    /** A message that comes before so many looks in vain follows the one before it closely. */
    private static final int LOOKS = 3;
    /** So many times in a row, and it is a stream. */
    private static final int STREAM = 16;
    /** About a third of a microsecond to one, as processors differ. */
    private static final int PAUSES = 20;

    private final int pauses;
    private int vain;
    private int close;

    Pacing() {
        this(Runtime.getRuntime().availableProcessors());
    }

    Pacing(int processors) {
        this.pauses = processors == 1 ? 0 : PAUSES;
    }

    /** What was found; true if it is to be looked for again now, as the moment has passed. */
    boolean isToRepeat(int count) {
        if (count > 0) {
            if (count < FEW) {
                close = vain >= LOOKS ? 0 : close < STREAM ? close + 1 : STREAM;
            }
            vain = 0;
            return false;
        }
        return vain++ == 0 && close == STREAM && pause();
    }

    private boolean pause() {
        for (int i = 0; i < pauses; i++) {
            Thread.onSpinWait();
        }
        return pauses > 0;
    }
}
