package org.jvmipc.benchmarks.transports;

import java.nio.file.Path;

/**
 * Where two ends meet, and how.
 *
 * @param place a directory of their own in memory, which goes afterwards with all that is in it
 * @param channel the name of the channel in there
 * @param isFirst whether this process was started first, and brings what all need
 * @param shape how many ends there are
 * @param capacity bytes of a ring; a power of two
 * @param waiting what the threads do while there is nothing to do
 * @param address the address of a channel of this project, with {@code {name}}, {@code {capacity}}, {@code {ring}} and
 *     {@code {wait}} to be filled in
 */
public record Setup(Path place, String channel, boolean isFirst, Shape shape, int capacity, Waiting waiting,
        String address) {
    /** How many ends there are. */
    public enum Shape {
        /** One producer, one consumer. */
        ONE_TO_ONE(1, 1, "spsc"),
        /** One producer, one consumer, and there might be more producers. */
        ONE_OF_MANY(1, 1, "mpsc"),
        /** Two producers, one consumer. */
        TWO_TO_ONE(2, 1, "mpsc"),
        /** One producer, two consumers which see all. */
        ONE_TO_TWO(1, 2, "broadcast");

        private final int producers;
        private final int consumers;
        private final String ring;

        Shape(int producers, int consumers, String ring) {
            this.producers = producers;
            this.consumers = consumers;
            this.ring = ring;
        }

        /**
         * How many send.
         *
         * @return their number
         */
        public int producers() {
            return producers;
        }

        /**
         * How many receive.
         *
         * @return their number
         */
        public int consumers() {
            return consumers;
        }

        /**
         * How many processes there are.
         *
         * @return their number
         */
        public int sides() {
            return producers + consumers;
        }
    }

    /** What a thread does while there is nothing to do. */
    public enum Waiting {
        /** Keeps its CPU. */
        SPIN("spin"),
        /** Offers its CPU to others. */
        YIELD("yield"),
        /** Sleeps. */
        BLOCK("block");

        private final String option;

        Waiting(String option) {
            this.option = option;
        }

        /** Between two attempts. */
        public void idle() {
            if (this == YIELD) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /**
     * The same for another channel.
     *
     * @param other its name
     * @return its setup
     */
    public Setup withChannel(String other) {
        return new Setup(place, other, isFirst, shape, capacity, waiting, address);
    }

    /** The address of the channel, filled in. */
    String filledAddress() {
        return address.replace("{name}", place.getFileName() + "-" + channel)
                .replace("{capacity}", Integer.toString(capacity))
                .replace("{ring}", shape.ring)
                .replace("{wait}", waiting.option);
    }

    /** A file of the channel. */
    Path file() {
        return place.resolve(channel);
    }
}
