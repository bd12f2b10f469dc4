package org.jvmipc.benchmarks;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one run has measured: numbers by name, as printed by the programs in a line of name=number.
 *
 * @param byName the numbers
 */
record Numbers(Map<String, Double> byName) {
    static final String RATE = "rate";
    /** Which part of the time the sides had their CPUs; the lower of the two. */
    static final String BUSY = "busy";

    /** Bytes that the receiving thread allocates on the heap for each message. */
    static final String ALLOCATED = "allocated";
    /** Bytes that the sending thread allocates on the heap for each message. */
    static final String ALLOCATED_SENDING = "allocatedSending";

    static Numbers parse(String line) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (String word : line.trim().split("\\s+")) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw new IllegalStateException("\"" + line + "\" is no line of name=number");
            }
            numbers.put(word.substring(0, equals), Double.valueOf(word.substring(equals + 1)));
        }
        return new Numbers(numbers);
    }

    double get(String name) {
        Double number = byName.get(name);
        if (number == null) {
            throw new IllegalStateException("there is no " + name + " in " + byName);
        }
        return number;
    }

    /** Adds millions of messages a second to the numbers of a throughput run. */
    Numbers withRate() {
        if (get("messages") <= 0 || get("nanos") <= 0) {
            throw new IllegalStateException("nothing was measured, as the run ended within the warm-up: " + byName);
        }
        return with(RATE, get("messages") * 1e3 / get("nanos"));
    }

    /** Has the lower of the two sides' shares of their CPUs. */
    Numbers withBusyOf(Numbers other) {
        return with(BUSY, Math.min(get(BUSY), other.get(BUSY)));
    }

    Numbers with(String name, double number) {
        Map<String, Double> more = new LinkedHashMap<>(byName);
        more.put(name, number);
        return new Numbers(more);
    }

    /** The middle of some numbers. */
    static double median(List<Double> numbers) {
        double[] sorted = numbers.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
