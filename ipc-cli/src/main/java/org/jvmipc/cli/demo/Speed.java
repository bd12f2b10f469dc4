package org.jvmipc.cli.demo;

/**
 * How fast a row was; NaN where it was too short to tell.
 *
 * @param messagesPerSecond rate at the consumer after warming up
 * @param bytesPerSecond the same in bytes of messages
 * @param medianMicros half of the round trips took at most so long, in microseconds
 * @param p99Micros 99 % of the round trips took at most so long, in microseconds
 */
public record Speed(double messagesPerSecond, double bytesPerSecond, double medianMicros, double p99Micros) {
    static Speed of(Arrival arrival, int size, double medianMicros, double p99Micros) {
        double seconds = arrival.nanos() / 1e9;
        double rate = arrival.measured() > 0 && seconds > 0 ? arrival.measured() / seconds : Double.NaN;
        return new Speed(rate, rate * size, medianMicros, p99Micros);
    }
}
