package org.jvmipc.cli.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jvmipc.mq.PersistentQueues;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.PosixQueueCalls;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.testkit.history.History;

/** What is held against a round that is over: the logs of all processes, and what has stayed. */
final class Verdict {
    /** Calls that hang are seen by other means; a busy machine may hold one up for a while. */
    private static final Duration NO_LIMIT = Duration.ofHours(1);
    /** A receiver that comes into the middle of a message gives the FIFO up for a new one. */
    private static final long TURNS_AWAY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Round round;
    private final List<Death> deaths = new ArrayList<>();
    private final Map<Route, Long> messages = new EnumMap<>(Route.class);

    /** Of whom, and the time in which nobody was in its place. */
    private record Death(char who, long from, long to) {
    }

    Verdict(Round round) {
        this.round = round;
    }

    /** One after the other, the last of which was replaced by one who could go on. */
    void died(char who, int times, long from, long to) {
        deaths.addAll(Collections.nCopies(times, new Death(who, from, to)));
    }

    /** What was received on each route, or done; after {@link #check}. */
    Map<Route, Long> messages() {
        return messages;
    }

    void check() throws IOException {
        List<AssertionError> wrong = new ArrayList<>();
        for (Route route : Route.values()) {
            try {
                if (route.delivery() != null) {
                    checkHistory(route);
                } else {
                    checkTotal(route);
                }
            } catch (AssertionError violated) {
                wrong.add(new AssertionError(route + ": " + violated.getMessage(), violated));
            }
        }
        if (!wrong.isEmpty()) {
            wrong.stream().skip(1).forEach(wrong.get(0)::addSuppressed);
            throw wrong.get(0);
        }
        checkGone();
    }

    private List<Path> files(String prefix, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(round.directory())) {
            return files.filter(file -> file.getFileName().toString().startsWith(round.path(prefix).getFileName()
                    .toString()) && file.toString().endsWith(suffix)).sorted().toList();
        }
    }

    private void checkHistory(Route route) throws IOException {
        History history = new History(route.delivery(), NO_LIMIT);
        files(route + ".", ".log").forEach(history::add);
        if (route.isStream()) {
            history.cutsOff();
        }
        if (route.losesWithReceivers()) {
            deaths.stream().filter(death -> route.receives(death.who)).forEach(death -> history.receiverDied(
                    death.from, death.to + (route == Route.FIFO ? TURNS_AWAY_NANOS : 0)));
        }
        history.assertSound();
        messages.put(route, history.received());
    }

    /** The greatest is what was in the end: nobody writes it down before it is done itself. */
    private void checkTotal(Route route) throws IOException {
        long total = 0;
        for (Path file : files(route + ".total.", "")) {
            total = Math.max(total, Long.parseLong(Files.readString(file)));
        }
        History history = new History(Route.SPSC.delivery(), NO_LIMIT);
        files(route + ".", ".log").forEach(history::add);
        long done = history.accepted();
        boolean permits = route == Route.SEMAPHORE;
        long least = permits ? Locking.PERMITS - deaths.size() : done;
        long most = permits ? Locking.PERMITS : done + deaths.size();
        assertTrue(total >= least && total <= most, total + (permits ? " permits are there" : " was counted")
                + ", and not " + least + " to " + most + ", after " + deaths.size() + " deaths");
        messages.put(route, done);
    }

    /** But for what was to be kept, which then is removed. */
    private void checkGone() throws IOException {
        for (Route route : Route.values()) {
            Path file = Path.of("/dev/shm", "jvmipc-" + ProcessIdentity.effectiveUid() + "-" + route.name(round));
            assertEquals(route.isKept(), Files.exists(file), () -> file + " is there");
            Files.deleteIfExists(file);
        }
        assertTrue(SharedSegment.posix(Works.poolName(round)).destroy(), "the pool was to be kept");
        assertEquals(List.of(), sharedMemory(), "left in /dev/shm");
        for (Route route : List.of(Route.QUEUE, Route.GROUP)) {
            Path queue = round.path(route.toString());
            assertEquals(List.of(), PersistentQueues.check(queue));
            assertTrue(PersistentQueues.remove(queue));
        }
        assertEquals(-Errno.ENOENT, PosixQueueCalls.open("/" + Route.POSIXMQ.name(round), FileCalls.O_RDONLY),
                "a POSIX queue was left");
        assertFalse(Files.readString(Path.of("/proc/sysvipc/msg")).lines()
                .anyMatch(line -> line.strip().startsWith(round.key() + " ")), "a queue of System V was left");
        assertFalse(Files.readString(Path.of("/proc/net/unix")).contains(round.directory().toString()),
                "a socket was left");
        // Whoever bound sockets and was killed was replaced, and its successor has cleared its remains away.
        try (Stream<Path> files = Files.list(round.directory())) {
            assertEquals(List.of(), files.filter(file -> file.getFileName().toString().startsWith(".")).toList());
        }
        for (Path file : files("", "")) {
            String name = file.getFileName().toString();
            assertTrue(name.endsWith(".log") || name.contains(".total.") || name.contains(Round.WHEREABOUTS),
                    () -> file + " was left");
            Files.delete(file);
        }
    }

    private List<String> sharedMemory() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            return files.map(Path::toString).filter(name -> name.contains(round.name(""))).sorted().toList();
        }
    }
}
