package org.jvmipc.demos.philosophers;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the philosophers come by their forks. */
enum Way {
    /** Each takes the left fork and then waits for the right one, until a detector tells one of them to give way. */
    DEADLOCK("each takes the left fork, and wants the right one when all have done so; a detector breaks it"),
    /** Each takes the fork with the lower number first. */
    ORDER("each takes the fork with the lower number first; a detector looks whether that is a deadlock ever"),
    /** Each takes the left fork and then the right one, if the banker lets it. */
    BANKER("each takes the left fork and then the right one, from a banker, who lends none if that might end badly");

    private final String description;

    Way(String description) {
        this.description = description;
    }

    String description() {
        return description;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one that is called so, or all. */
    static List<Way> of(String name) {
        List<Way> found = Arrays.stream(values()).filter(way -> name.equals("all") || name.equals(way.toString()))
                .toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException("--mode is \"" + name + "\"; give one of "
                    + Arrays.stream(values()).map(Way::toString).collect(Collectors.joining(", ")) + ", all");
        }
        return found;
    }
}
