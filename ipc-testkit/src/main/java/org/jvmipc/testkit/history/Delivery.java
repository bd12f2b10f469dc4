package org.jvmipc.testkit.history;

/** Who is to receive a message, which decides what is a violation. */
public enum Delivery {
    /** There is one receiver at a time, which gets all messages, or its successor does. */
    TO_THE_ONE,
    /**
     * There are several receivers at a time, each message is for one of them; order is kept for each receiver, but for
     * what another one had in hand when it died.
     */
    TO_ANY,
    /**
     * Each receiver gets all from the first message on that was sent after it had been opened, or from an earlier one;
     * up to the end if its log has ended, otherwise up to the last that it wrote down.
     */
    TO_EACH,
    /** As {@link #TO_EACH}, but a receiver may miss messages, as it does on a channel that drops the oldest. */
    TO_EACH_IN_TIME;

    /** Whether a message is for one receiver only. */
    boolean isToOne() {
        return this == TO_THE_ONE || this == TO_ANY;
    }
}
