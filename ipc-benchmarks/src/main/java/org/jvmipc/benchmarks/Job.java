package org.jvmipc.benchmarks;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jvmipc.benchmarks.transports.Setup;

/**
 * What a child has to do, as it stands on its command line: words of name=value.
 *
 * @param byName the values
 */
record Job(Map<String, String> byName) {
    static final String TRANSPORT = "transport";
    static final String ROLE = "role";
    static final String PLACE = "place";
    static final String SHAPE = "shape";
    static final String WAITING = "waiting";
    static final String ADDRESS = "address";
    /** Bytes of a ring. */
    static final String CAPACITY = "capacity";
    /** Which of several producers or consumers this is, from 0. */
    static final String INDEX = "index";
    /** Whether this child is started before the others. */
    static final String FIRST = "first";
    /** Milliseconds before anything is measured. */
    static final String WARMUP = "warmup";
    /** Milliseconds of a measurement. */
    static final String MILLIS = "millis";
    /** After so many messages a measurement is over, whatever the time. */
    static final String MESSAGES = "messages";
    /** How many messages between two looks at the clock; a power of two. */
    static final String STRIDE = "stride";
    /** Round trips a second in the part with intended start times. */
    static final String RATE = "rate";

    /** What a child does. */
    enum Role {
        /** Sends as fast as it can. */
        PRODUCE,
        /** Receives, and measures throughput. */
        CONSUME,
        /** Measures round trips. */
        PING,
        /** Sends back what comes. */
        PONG,
        /** Sends to somebody who sleeps, and then is silent. */
        RING,
        /** Sleeps, and measures how soon it wakes or what it costs. */
        SLEEP,
        /** Copies memory, alone. */
        COPY
    }

    static Job parse(String... args) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("\"" + arg + "\" is no name=value");
            }
            values.put(arg.substring(0, equals), arg.substring(equals + 1));
        }
        return new Job(values);
    }

    Job with(String name, Object value) {
        Map<String, String> more = new LinkedHashMap<>(byName);
        more.put(name, value.toString());
        return new Job(more);
    }

    List<String> args() {
        return byName.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList();
    }

    String get(String name) {
        String value = byName.get(name);
        if (value == null) {
            throw new IllegalArgumentException("there is no " + name + " in " + byName);
        }
        return value;
    }

    int number(String name) {
        return Integer.parseInt(get(name));
    }

    Role role() {
        return Role.valueOf(get(ROLE));
    }

    Setup setup(String channel) {
        return new Setup(Path.of(get(PLACE)), channel, Boolean.parseBoolean(get(FIRST)),
                Setup.Shape.valueOf(get(SHAPE)), number(CAPACITY), Setup.Waiting.valueOf(get(WAITING)), get(ADDRESS));
    }
}
