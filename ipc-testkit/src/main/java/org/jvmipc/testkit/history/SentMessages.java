package org.jvmipc.testkit.history;

import java.util.Arrays;

/** What is known of the messages of one sender. */
final class SentMessages {
    private static final byte OPEN = 0;
    private static final byte ACCEPTED = 1;
    private static final byte REFUSED = 2;

    private final int source;
    private long[] invoked = new long[1024];
    private byte[] outcome = new byte[1024];
    private int[] receipts = new int[1024];
    private int count;

    SentMessages(int source) {
        this.source = source;
    }

    int source() {
        return source;
    }

    int count() {
        return count;
    }

    boolean has(long number) {
        return number >= 0 && number < count;
    }

    /** The first try counts for the time, the last one for the outcome. */
    void invoke(long number, long time) {
        if (number == count) {
            if (count == invoked.length) {
                invoked = Arrays.copyOf(invoked, 2 * count);
                outcome = Arrays.copyOf(outcome, 2 * count);
                receipts = Arrays.copyOf(receipts, 2 * count);
            }
            invoked[count++] = time;
        } else if (!has(number) || outcome[(int) number] != REFUSED) {
            throw new IllegalArgumentException("sender " + source + " logs message " + number + " of " + count
                    + "; numbers go up by one, and only what was refused may be tried again");
        }
        outcome[(int) number] = OPEN;
    }

    void end(long number, boolean accepted) {
        if (!has(number) || outcome[(int) number] != OPEN) {
            throw new IllegalArgumentException("sender " + source + " logs the end of a call that it did not begin: "
                    + "message " + number + " of " + count);
        }
        outcome[(int) number] = accepted ? ACCEPTED : REFUSED;
    }

    boolean isAccepted(long number) {
        return outcome[(int) number] == ACCEPTED;
    }

    boolean isRefused(long number) {
        return outcome[(int) number] == REFUSED;
    }

    long invokedAt(long number) {
        return invoked[(int) number];
    }

    /** Counts a receipt and tells how many there are. */
    int receive(long number) {
        return ++receipts[(int) number];
    }

    int receipts(long number) {
        return receipts[(int) number];
    }

    void forgetReceipts() {
        Arrays.fill(receipts, 0);
    }
}
