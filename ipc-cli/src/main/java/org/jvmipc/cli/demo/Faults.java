package org.jvmipc.cli.demo;

/**
 * What was wrong with the messages of a row.
 *
 * @param lost messages that did not come
 * @param changed messages whose length or checksum is not right
 * @param disordered messages that came late or twice
 * @param first the first fault in words, empty if there is none
 */
public record Faults(long lost, long changed, long disordered, String first) {
    static final Faults NONE = new Faults(0, 0, 0, "");

    boolean any() {
        return lost + changed + disordered > 0;
    }
}
