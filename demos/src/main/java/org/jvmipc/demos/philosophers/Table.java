package org.jvmipc.demos.philosophers;

import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jvmipc.shm.SharedLong;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.sync.Banker;
import org.jvmipc.shm.sync.SharedBarrier;
import org.jvmipc.shm.sync.SharedLock;

/**
 * The table, as each of the processes sees it: five forks, as locks and as resources of a banker; a gate through which
 * the philosophers and the host go together, before and after each round; and what the philosophers write down.
 */
final class Table implements AutoCloseable {
    static final int SEATS = 5;

    private static final int LIMIT_SECONDS = 30;

    /** What a philosopher writes down, a number for each seat. */
    enum Note {
        /** How often it has eaten. */
        MEALS,
        /** How often it has given way in a deadlock. */
        GAVE_WAY,
        /** How often it did not get a fork that nobody had. */
        REFUSED,
        /** When it last began to wait for its second fork, in milliseconds of the wall clock. */
        WAITS_SINCE
    }

    private final SharedSegment notes;
    private final SharedLock[] forks = new SharedLock[SEATS];
    private final Banker banker;
    private final SharedBarrier gate;
    private final SharedBarrier allAtTable;

    Table(String name) {
        notes = SharedSegment.posix(name).openOrCreate((long) Note.values().length * SEATS * Long.BYTES);
        for (int i = 0; i < SEATS; i++) {
            forks[i] = SharedLock.named(forks(name).get(i));
        }
        banker = Banker.named(name + "-banker", IntStream.range(0, SEATS).mapToLong(fork -> 1).toArray());
        gate = SharedBarrier.named(name + "-gate", SEATS + 1);
        allAtTable = SharedBarrier.named(name + "-all", SEATS);
    }

    /** What the names of the forks' locks begin with. */
    static String forkPrefix(String name) {
        return name + "-fork";
    }

    /** The names of the forks' locks. */
    static List<String> forks(String name) {
        return IntStream.rangeClosed(1, SEATS).mapToObj(number -> forkPrefix(name) + number).toList();
    }

    /** The fork at the left of a seat has the seat's number, and the one at the right is the next one's left. */
    SharedLock fork(int number) {
        return forks[number % SEATS];
    }

    Banker banker() {
        return banker;
    }

    /** Some forks, as a request to the banker. */
    static long[] request(int... numbers) {
        long[] request = new long[SEATS];
        for (int number : numbers) {
            request[number % SEATS]++;
        }
        return request;
    }

    /** Waits for all philosophers and the host. */
    void passGate() throws InterruptedException, BrokenBarrierException, TimeoutException {
        gate.await(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** Waits for all philosophers. */
    void awaitAll() throws InterruptedException, BrokenBarrierException, TimeoutException {
        allAtTable.await(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    SharedLong note(Note note, int seat) {
        return notes.longAt((note.ordinal() * SEATS + (long) seat) * Long.BYTES);
    }

    List<Long> notes(Note note) {
        return IntStream.range(0, SEATS).mapToObj(seat -> note(note, seat).get()).toList();
    }

    void clear() {
        for (Note note : Note.values()) {
            IntStream.range(0, SEATS).forEach(seat -> note(note, seat).set(0));
        }
    }

    @Override
    public void close() {
        allAtTable.close();
        gate.close();
        banker.close();
        for (SharedLock fork : forks) {
            fork.close();
        }
        notes.close();
    }
}
