package org.jvmipc.mq.internal.group;

/**
 * A message that one member has, until it acknowledges it, gives it back or dies, or its time is over.
 *
 * @param place in the window; -1 if nothing is kept there, as it is delivered at most once
 * @param word as it stands there
 * @param index of the message
 */
public record Claim(int place, long word, long index) {
    /**
     * How often the message was delivered.
     *
     * @return 1 the first time
     */
    public int deliveries() {
        return GroupLayout.deliveries(word);
    }

    boolean isMoving() {
        return GroupLayout.state(word) == GroupLayout.MOVING;
    }
}
