package org.jvmipc.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jvmipc.benchmarks.transports.Setup;

/**
 * Where the sides run.
 *
 * @param numbers the CPUs, at least two; empty if nothing is pinned
 */
record CpuList(List<Integer> numbers) {
    /** CPUs given as "0,1", or "none". */
    static CpuList parse(String text) {
        if (text.equals("none")) {
            return new CpuList(List.of());
        }
        List<Integer> numbers = new ArrayList<>();
        for (String number : text.split(",", -1)) {
            if (!number.matches("\\d{1,5}") || numbers.contains(Integer.valueOf(number))) {
                numbers.clear();
                break;
            }
            numbers.add(Integer.valueOf(number));
        }
        if (numbers.size() < 2) {
            throw new IllegalArgumentException("--cpus is \"" + text
                    + "\"; two or more different CPUs such as 0,1 are needed, or none");
        }
        return new CpuList(List.copyOf(numbers));
    }

    /** All that this process may use; none if they cannot be told or cannot be pinned to. */
    static CpuList find() {
        return new CpuList(Cpus.allowed());
    }

    boolean isPinned() {
        return !numbers.isEmpty();
    }

    /** The CPU of one of the producers; negative if it is not pinned. */
    int producer(int index, Setup.Shape shape) {
        return isPinned() ? numbers.get(numbers.size() < shape.sides() ? 0 : index) : -1;
    }

    /** The CPU of one of the consumers; negative if it is not pinned. */
    int consumer(int index, Setup.Shape shape) {
        return isPinned() ? numbers.get(numbers.size() < shape.sides() ? 1 : shape.producers() + index) : -1;
    }

    /** How threads wait: they share their CPUs if there are fewer CPUs than threads. */
    Setup.Waiting waiting(Setup.Shape shape) {
        int cpus = isPinned() ? numbers.size() : Runtime.getRuntime().availableProcessors();
        return cpus < shape.sides() ? Setup.Waiting.YIELD : Setup.Waiting.SPIN;
    }

    @Override
    public String toString() {
        return isPinned() ? "pinned to CPUs " + numbers.stream().map(String::valueOf).collect(Collectors.joining(", "))
                : "not pinned";
    }
}
