package org.jvmipc.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jvmipc.benchmarks.transports.Setup;

/** What can be measured. */
enum Kind {
    /** Messages a second in one direction. */
    THROUGHPUT("throughput", "one direction, one producer and one consumer", Setup.Shape.ONE_TO_ONE,
            List.of(32, 256, 4096, 65536), List.of(Measure.RATE)),
    /** Nanoseconds to and fro. */
    ROUND_TRIP("roundtrip", "round trips, one after the other and at a fixed rate", Setup.Shape.ONE_TO_ONE,
            List.of(32), List.of(Measure.BATCHED, Measure.MEDIAN, Measure.P999, Measure.RATE_MEDIAN,
                    Measure.RATE_P999)),
    /** Two producers, one consumer. */
    FAN_IN("fanin", "two producers, one consumer", Setup.Shape.TWO_TO_ONE, List.of(32), List.of(Measure.RATE)),
    /** One producer through what is made for several. */
    FAN_IN_ONE("fanin1", "one producer through a channel for several", Setup.Shape.ONE_OF_MANY, List.of(32),
            List.of(Measure.RATE)),
    /** One producer, two consumers that see all. */
    FAN_OUT("fanout", "one producer, two consumers that both see all", Setup.Shape.ONE_TO_TWO, List.of(32),
            List.of(Measure.RATE)),
    /** How soon a sleeping receiver has a message. */
    WAKE_UP("wakeup", "from sending to receiving, when the receiver has slept for 1 ms", Setup.Shape.ONE_TO_ONE,
            List.of(32), List.of(Measure.WAKE_MEDIAN, Measure.WAKE_P99)),
    /** What a sleeping receiver costs. */
    IDLE("idle", "CPU time of a process whose receiver sleeps", Setup.Shape.ONE_TO_ONE, List.of(32),
            List.of(Measure.IDLE));

    private final String option;
    private final String title;
    private final Setup.Shape shape;
    private final List<Integer> sizes;
    private final List<Measure> measures;

    Kind(String option, String title, Setup.Shape shape, List<Integer> sizes, List<Measure> measures) {
        this.option = option;
        this.title = title;
        this.shape = shape;
        this.sizes = sizes;
        this.measures = measures;
    }

    static Kind of(String option) {
        return Arrays.stream(values()).filter(kind -> kind.option.equals(option)).findFirst().orElseThrow(
                () -> new IllegalArgumentException("--only names \"" + option + "\", allowed is "
                        + Arrays.stream(values()).map(Kind::option).collect(Collectors.joining(", "))));
    }

    /** Whether both sides sleep in the kernel rather than spin. */
    boolean sleeps() {
        return this == WAKE_UP || this == IDLE;
    }

    /** How many pairs make sense: what idling costs differs by more than runs do, and takes long to measure. */
    int mostPairs() {
        return this == IDLE ? 1 : Integer.MAX_VALUE;
    }

    String option() {
        return option;
    }

    String title() {
        return title;
    }

    Setup.Shape shape() {
        return shape;
    }

    /** The sizes of messages if no others are wanted. */
    List<Integer> sizes() {
        return sizes;
    }

    /** What is compared; the first is what it is about. */
    List<Measure> measures() {
        return measures;
    }
}
