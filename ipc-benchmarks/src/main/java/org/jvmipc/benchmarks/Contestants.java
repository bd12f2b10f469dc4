package org.jvmipc.benchmarks;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jvmipc.benchmarks.JavaContestant.Traits;

/** All that can be measured, by name. */
final class Contestants {
    private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);
    private static final Set<Kind> PAIRWISE = EnumSet.of(Kind.THROUGHPUT, Kind.ROUND_TRIP);
    private static final Set<Kind> TO_ONE =
            EnumSet.of(Kind.THROUGHPUT, Kind.ROUND_TRIP, Kind.FAN_IN, Kind.FAN_IN_ONE);

    private static final Set<Kind> STREAMS =
            EnumSet.of(Kind.THROUGHPUT, Kind.ROUND_TRIP, Kind.WAKE_UP, Kind.IDLE);
    private static final Set<Kind> SLEEPS = EnumSet.of(Kind.WAKE_UP, Kind.IDLE);
    private static final Set<Kind> QUEUES = EnumSet.complementOf(EnumSet.of(Kind.FAN_OUT));
    private static final Set<Kind> SPINS =
            EnumSet.complementOf(EnumSet.of(Kind.WAKE_UP, Kind.IDLE));

    /** What a queue of the kernel carries by default, in bytes. */
    static final int LARGEST_IN_QUEUE = 8192;
    static final Set<String> QUEUES_OF_KERNEL = Set.of("posixmq", "sysvmq");
    private static final List<String> NO_FLAGS = List.of();
    private static final List<String> AGRONA_FLAGS = List.of(
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dagrona.disable.bounds.checks=true",
            "-Daeron.disable.bounds.checks=true");
    /** What a JVM needs for Chronicle Queue. */
    static final List<String> CHRONICLE_FLAGS = List.of(
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dchronicle.analytics.disable=true",
            "-Dslf4j.internal.verbosity=ERROR");
    /** What a run of a transport that keeps all messages may take of the memory. */
    private static final long KEPT = 2L << 30;

    /** The transports between JVMs. The first one is the subject unless another one is wanted. */
    private static final List<Traits> JAVA = List.of(
            new Traits("shm", "jvm-ipc shm:, trySend and poll", "shm", ALL, true, 0, NO_FLAGS),
            new Traits("shm-batch", "jvm-ipc shm:, trySend of many and poll", "shm-batch", SPINS, true, 0, NO_FLAGS),
            new Traits("shm-claim", "jvm-ipc shm:, tryClaim and poll", "shm-claim", SPINS, true, 0, NO_FLAGS),
            new Traits("raw", "the ring below jvm-ipc shm:", "raw", PAIRWISE, true, 0, NO_FLAGS),
            new Traits("aeron", "Aeron IPC, tryClaim", "aeron-claim", SPINS, false, 0, AGRONA_FLAGS),
            new Traits("aeron-offer", "Aeron IPC, offer", "aeron-offer", PAIRWISE, false, 0, AGRONA_FLAGS),
            new Traits("agrona", "Agrona's ring buffers, tryClaim", "agrona-claim", TO_ONE, true, 0, AGRONA_FLAGS),
            new Traits("agrona-write", "Agrona's ring buffers, write", "agrona-write", TO_ONE, true, 0, AGRONA_FLAGS),
            sleeping("aeron-sleep", "Aeron IPC, SleepingIdleStrategy"),
            sleeping("aeron-sleep-ms", "Aeron IPC, SleepingMillisIdleStrategy"),
            sleeping("aeron-backoff", "Aeron IPC, BackoffIdleStrategy"),
            sleeping("agrona-sleep", "Agrona's ring buffers, SleepingIdleStrategy"),
            sleeping("agrona-sleep-ms", "Agrona's ring buffers, SleepingMillisIdleStrategy"),
            sleeping("agrona-backoff", "Agrona's ring buffers, BackoffIdleStrategy"),
            new Traits("chronicle", "Chronicle Queue, in memory", "chronicle", SPINS, false, KEPT, CHRONICLE_FLAGS),
            new Traits("queue", "jvm-ipc queue:, trySend and poll, in memory", "queue", TO_ONE, false, KEPT,
                    CHRONICLE_FLAGS),
            new Traits("unix", "Unix-domain sockets of the JDK, buffered", "unix", STREAMS, false, 0, NO_FLAGS),
            new Traits("pipe", "named pipes by the JDK, buffered", "pipe", STREAMS, false, 0, NO_FLAGS),
            new Traits("posixmq", "jvm-ipc posixmq:, send and poll", "posixmq", STREAMS, false, 0, NO_FLAGS),
            new Traits("sysvmq", "jvm-ipc sysvmq:, send and poll", "sysvmq", STREAMS, false, 0, NO_FLAGS),
            new Traits("jeromq", "JeroMQ, TCP on the loopback interface", "jeromq", QUEUES, false, 0, NO_FLAGS),
            new Traits("memcpy", "a copy in memory by a ByteBuffer", "", EnumSet.of(Kind.THROUGHPUT), true, 0,
                    NO_FLAGS));
    private static final List<String> C = List.of("memcpy-c", "c", "posixmq-c", "sysvmq-c");

    /** Who takes part unless others are wanted: each once, as it is fastest. */
    private static final List<String> USUAL = List.of("raw", "aeron", "agrona", "aeron-sleep", "aeron-sleep-ms",
            "agrona-sleep", "agrona-sleep-ms", "chronicle", "unix", "pipe", "jeromq", "memcpy", "c");

    private final Map<String, Contestant> byName = new LinkedHashMap<>();

    private static Traits sleeping(String name, String title) {
        return new Traits(name, title, name, SLEEPS, false, 0, AGRONA_FLAGS);
    }

    /** All that is in Java, and some that is in C. */
    Contestants(CompareOptions options, List<Contestant> others) {
        JAVA.forEach(traits -> byName.put(traits.name(), new JavaContestant(traits, options)));
        others.forEach(other -> byName.put(other.name(), other));
    }

    /** The names that may be given. */
    static List<String> names() {
        return Stream.concat(JAVA.stream().map(Traits::name), C.stream()).toList();
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
