package org.jvmipc.benchmarks;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All that can be measured, by name. */
final class Contestants {
    private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);
    private static final Set<Kind> PAIRWISE = EnumSet.of(Kind.THROUGHPUT, Kind.ROUND_TRIP);
    private static final Set<Kind> TO_ONE =
            EnumSet.of(Kind.THROUGHPUT, Kind.ROUND_TRIP, Kind.FAN_IN, Kind.FAN_IN_ONE);

    private static final List<String> AGRONA_FLAGS = List.of(
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dagrona.disable.bounds.checks=true",
            "-Daeron.disable.bounds.checks=true");

    /** The transports between JVMs. The first one is the subject unless another one is wanted. */
    private static final List<JavaContestant.Traits> JAVA = List.of(
            new JavaContestant.Traits("shm", "jvm-ipc shm:, Sender.trySend and Receiver.poll", "shm", ALL, true,
                    List.of()),
            new JavaContestant.Traits("shm-claim", "jvm-ipc shm:, Sender.tryClaim", "shm-claim", ALL, true, List.of()),
            new JavaContestant.Traits("aeron", "Aeron IPC, tryClaim", "aeron-claim", ALL, false, AGRONA_FLAGS),
            new JavaContestant.Traits("aeron-offer", "Aeron IPC, offer", "aeron-offer", PAIRWISE, false,
                    AGRONA_FLAGS),
            new JavaContestant.Traits("agrona", "Agrona ring buffers, tryClaim", "agrona-claim", TO_ONE, true,
                    AGRONA_FLAGS),
            new JavaContestant.Traits("agrona-write", "Agrona ring buffers, write", "agrona-write", TO_ONE, true,
                    AGRONA_FLAGS));

    /** Who takes part unless others are wanted: each once, as it is fastest. */
    private static final List<String> USUAL = List.of("aeron", "agrona", "c");

    private final Map<String, Contestant> byName = new LinkedHashMap<>();

    /** All but the C programs if there is no compiler: {@code c} is null then. */
    Contestants(CompareOptions options, CContestant c) {
        JAVA.forEach(traits -> byName.put(traits.name(), new JavaContestant(traits, options)));
        if (c != null) {
            byName.put(c.name(), c);
        }
    }

    /** The names that may be given. */
    static List<String> names() {
        List<String> names = new ArrayList<>();
        JAVA.forEach(traits -> names.add(traits.name()));
        names.add("c");
        return names;
    }

    static List<String> usual() {
        return USUAL;
    }

    static String usualSubject() {
        return JAVA.get(0).name();
    }

    /** A contestant; null if it is not to be had on this machine. */
    Contestant get(String name) {
        return byName.get(name);
    }
}
