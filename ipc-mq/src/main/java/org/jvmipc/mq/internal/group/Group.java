package org.jvmipc.mq.internal.group;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.Registration;
import org.jvmipc.posix.LifeSign;

/**
 * A consumer of a group: takes messages, and says what came of them. All methods may be called by any thread; messages
 * are {@linkplain #read read} by one at a time.
 */
public final class Group implements AutoCloseable {
    /** How long one waits for the lock who must not wait; a holder has it for moments, unless it was stopped. */
    private static final long GLANCE_NANOS = 2_000_000;
    /** How long one waits for it who has something to say. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** How often one looks for those who died, who is never without messages. */
    private static final long ROUNDS_NANOS = 100_000_000;
    /** How long a message waits that could not be moved to the dead letters. */
    private static final long MOVE_AGAIN_MICROS = 1_000_000;

    private final GroupSettings settings;
    private final GroupLog log;
    private final DeadLetters deadLetters;
    private final Path path;
    private final Members members;
    private final Runnable leaving;
    private final LongSupplier clock;
    private final GroupLock lock;
    private final GroupState state;
    private final Doorbell bell;
    private final ReentrantLock threads = new ReentrantLock();
    private volatile boolean closed;
    private boolean released;
    private Registration atExit = () -> { };
    private long lastRound = System.nanoTime();
    /** The count of rings before the last look that found nothing, and when there will be something without one. */
    private volatile long seen;
    private volatile long nextDue = Long.MAX_VALUE;

    /** What to do with the lock. */
    private interface Work<T> {
        T run(long now);
    }

    /** A consumer that has taken its place. */
    Group(GroupSettings settings, GroupLog log, DeadLetters deadLetters, GroupParts parts) {
        this.settings = settings;
        this.log = log;
        this.deadLetters = deadLetters;
        this.path = parts.path();
        this.members = parts.members();
        this.leaving = parts.leave();
        this.clock = parts.clock();
        this.lock = new GroupLock(parts.memory(), parts.words(), members);
        this.state = new GroupState(parts.words(), path.toString(), parts.window());
        this.bell = log.doorbell();
        this.seen = bell.count() - 1;
    }

    /**
     * Becomes a consumer.
     *
     * @param settings what it wants
     * @param log where the messages are; closed with the group
     * @param deadLetters where those go that nobody could handle, closed with the group; null if there is no such place
     * @param start where a new group begins
     * @return the consumer
     */
    public static Group open(GroupSettings settings, GroupLog log, DeadLetters deadLetters, LongSupplier start) {
        Group group = new Group(settings, log, deadLetters, GroupFile.join(
                GroupFile.path(settings.directory(), settings.name()), settings.window(), settings.windowGiven(), start));
        group.atExit = LifeSign.atExit(group::leave);
        return group;
    }

    /**
     * How far a group has got, without taking part.
     *
     * @param directory of the queue
     * @param name of the group
     * @return all messages below are done with; -1 if that is not known yet
     */
    public static long committed(Path directory, String name) {
        return GroupFile.committed(GroupFile.path(directory, name));
    }

    /** Runs something with both locks; null if the lock could not be had in time. */
    private <T> T locked(long nanos, Work<T> work) {
        long deadline = System.nanoTime() + nanos;
        threads.lock();
        try {
            checkOpen();
            return exclusively(deadline, work);
        } finally {
            threads.unlock();
        }
    }

    private <T> T exclusively(long deadline, Work<T> work) {
        GroupLock.Outcome outcome = lock.acquire(deadline);
        if (outcome == GroupLock.Outcome.REFUSED) {
            return null;
        }
        boolean whole = false;
        try {
            if (outcome == GroupLock.Outcome.INHERITED) {
                state.repair();
            }
            T result = work.run(clock.getAsLong());
            whole = true;
            return result;
        } finally {
            try {
                if (!whole) {
                    state.repair();
                }
            } finally {
                lock.release();
            }
        }
    }

    private <T> T surely(Work<T> work) {
        T result = locked(PATIENCE.toNanos(), work);
        if (result == null) {
            throw new IpcTimeoutException(path + " could not be changed within " + PATIENCE + "; it is held by "
                    + lock.holder() + ", which may be stopped");
        }
        return result;
    }

    private void checkOpen() {
        if (closed) {
            throw new ChannelClosedException(path + " was closed");
        }
    }

    /**
     * Takes the next message, if there is one.
     *
     * @return the message, or null; then {@link #readiness} tells when to try again
     */
    public Claim take() {
        while (true) {
            long rings = bell.count();
            Claim[] taken = new Claim[1];
            Boolean looked = locked(GLANCE_NANOS, now -> {
                taken[0] = takeLocked(now);
                nextDue = taken[0] == null ? state.nextDue() : Long.MAX_VALUE;
                return true;
            });
            if (taken[0] == null) {
                if (looked != null) {
                    seen = rings;
                }
                return null;
            }
            if (!taken[0].isMoving()) {
                return taken[0];
            }
            move(taken[0]);
        }
    }

    private Claim takeLocked(long now) {
        long time = System.nanoTime();
        if (time - lastRound > ROUNDS_NANOS) {
            lastRound = time;
            state.giveBackOfGone(members, now + settings.redeliveryMicros());
        }
        state.look(now);
        if (state.hasDue()) {
            return takeDue(now);
        }
        while (true) {
            long end = log.endIndex();
            long index = log.next(state.next() - 1);
            if (index >= end) {
                return null;
            }
            long due = log.dueMicros(index);
            if (due <= now && settings.atMostOnce()) {
                state.count(GroupLayout.DELIVERED, 1);
                return state.takeNextForGood(index);
            }
            if (!state.hasRoom()) {
                return null;
            }
            if (due <= now) {
                state.count(GroupLayout.DELIVERED, 1);
                return state.takeNext(index, members.self(), until(now));
            }
            state.postpone(index, due);
            state.look(now);
        }
    }

    private Claim takeDue(long now) {
        int deliveries = state.dueDeliveries();
        if (settings.redeliver() >= 0 && deliveries > settings.redeliver()) {
            return state.takeForMoving(members.self());
        }
        state.count(deliveries == 0 ? GroupLayout.DELIVERED : GroupLayout.REDELIVERED, 1);
        return settings.atMostOnce() ? state.takeDueForGood() : state.takeDue(members.self(), until(now));
    }

    private long until(long now) {
        return settings.ackTimeout().isZero() ? 0 : now + settings.ackMicros();
    }

    /** Moves a message to the dead letters. Whoever dies before the last step may leave it there twice. */
    private void move(Claim claim) {
        boolean done = false;
        boolean found;
        threads.lock();
        try {
            found = log.read(claim.index(), deadLetters::append);
            done = true;
        } finally {
            threads.unlock();
            if (!done) {
                giveBack(claim, MOVE_AGAIN_MICROS);
            }
        }
        finish(claim, found ? GroupLayout.BURIED : GroupLayout.LOST);
    }

    /**
     * Shows a message in place.
     *
     * @param claim what was taken
     * @param reader gets it; what it throws goes to the caller
     * @return false if the log does not keep it any more; it is done with then
     */
    public boolean read(Claim claim, Consumer<ByteBuffer> reader) {
        if (log.read(claim.index(), reader)) {
            return true;
        }
        finish(claim, GroupLayout.LOST);
        return false;
    }

    /**
     * Takes the next message and shows it, while no other thread of this process reads.
     *
     * @param reader gets the message in place
     * @return the message, or null if there is none
     */
    public Claim takeAndRead(Consumer<ByteBuffer> reader) {
        threads.lock();
        try {
            Claim claim = take();
            while (claim != null && !read(claim, reader)) {
                claim = take();
            }
            return claim;
        } finally {
            threads.unlock();
        }
    }

    private boolean finish(Claim claim, int counter) {
        boolean[] crowded = new boolean[1];
        boolean held = surely(now -> {
            boolean holds = state.holds(claim);
            if (holds) {
                crowded[0] = state.isCrowded();
                state.finish(claim);
            }
            if (counter != 0 && (holds || claim.place() < 0)) {
                state.count(counter, 1);
            }
            return holds;
        });
        if (crowded[0]) {
            bell.ring();
        }
        return held;
    }

    /**
     * Is done with a message.
     *
     * @param claim what was taken
     * @return false if it is not this consumer's any more: it is done with, or was given to another one
     * @throws ChannelClosedException if the consumer was closed, which has given it back
     * @throws IpcTimeoutException if another consumer is in the way, and stopped
     */
    public boolean acknowledge(Claim claim) {
        return finish(claim, 0);
    }

    /**
     * Gives a message back, to be delivered again.
     *
     * @param claim what was taken
     * @param delay how long it is to wait; null for as long as the group wants
     * @return false if it is not this consumer's any more
     * @throws ChannelClosedException if the consumer was closed, which has given it back
     * @throws IpcTimeoutException if another consumer is in the way, and stopped
     */
    public boolean giveBack(Claim claim, Duration delay) {
        return giveBack(claim, delay == null ? settings.redeliveryMicros() : GroupSettings.micros(delay));
    }

    private boolean giveBack(Claim claim, long micros) {
        boolean held = surely(now -> {
            boolean holds = state.holds(claim);
            if (holds) {
                state.giveBack(claim, now + micros);
            }
            return holds;
        });
        if (held) {
            bell.ring();
        }
        return held;
    }

    /** Gives back what those have who died; called now and then while somebody waits. */
    public void lookAfterTheDead() {
        if (closed || !threads.tryLock()) {
            return;
        }
        Integer count;
        try {
            count = closed ? null : exclusively(System.nanoTime() + GLANCE_NANOS,
                    now -> state.giveBackOfGone(members, now + settings.redeliveryMicros()));
        } finally {
            threads.unlock();
        }
        if (count != null && count > 0) {
            bell.ring();
        }
    }

    /**
     * Tells when it is worth while to take again.
     *
     * @return a new one
     */
    public GroupReadiness readiness() {
        return new GroupReadiness(bell.readiness(this::isWorthWhile), this::microsToWait);
    }

    private boolean isWorthWhile() {
        return closed || bell.count() != seen || microsToWait() <= 0;
    }

    private long microsToWait() {
        long when = nextDue;
        return when == Long.MAX_VALUE ? when : when - clock.getAsLong();
    }

    /**
     * What is known of the group.
     *
     * @param <T> what it is told by
     * @param make gets the numbers
     * @return what was made
     */
    public <T> T status(Status<T> make) {
        return surely(now -> {
            state.look(now);
            return make.of(log.count(state.next()), state.claimed(), state.waiting(), state.committed(),
                    new Counts(state.counted(GroupLayout.DELIVERED), state.counted(GroupLayout.REDELIVERED),
                            state.counted(GroupLayout.BURIED), state.counted(GroupLayout.LOST)), members.count());
        });
    }

    /**
     * What the group has counted.
     *
     * @param delivered messages that were delivered for the first time
     * @param redelivered deliveries after that
     * @param moved messages that went to the dead letters
     * @param lost messages that the log did not keep until they were delivered
     */
    public record Counts(long delivered, long redelivered, long moved, long lost) {
    }

    /**
     * Makes a status.
     *
     * @param <T> its type
     */
    @FunctionalInterface
    public interface Status<T> {
        /**
         * Makes it.
         *
         * @param unread messages that nobody has taken yet
         * @param inFlight messages that somebody has
         * @param waiting messages that are to be delivered later
         * @param committed all messages below are done with
         * @param counts what was counted
         * @param members consumers that live
         * @return a status
         */
        T of(long unread, int inFlight, int waiting, long committed, Counts counts, int members);
    }

    /**
     * How many messages are not done with.
     *
     * @return those that nobody has taken yet, those that somebody has, and those that wait; -1 after closing
     */
    public long depth() {
        if (closed) {
            return -1;
        }
        return status((unread, inFlight, waiting, committed, counts, count) -> unread + inFlight + waiting);
    }

    /**
     * The file of the group.
     *
     * @return for messages
     */
    public Path path() {
        return path;
    }

    /**
     * Whether it was closed.
     *
     * @return true from then on
     */
    public boolean isClosed() {
        return closed;
    }

    /** Gives back what this one has, and takes part no longer. */
    private void leave() {
        threads.lock();
        try {
            if (closed) {
                return;
            }
            Integer given = exclusively(System.nanoTime() + GLANCE_NANOS,
                    now -> state.giveBackAll(members.self()));
            closed = true;
            // If another one is stopped with the lock, what this one had is found later, as of one who died.
            leaving.run();
            if (given == null || given > 0) {
                bell.ring();
            }
        } finally {
            threads.unlock();
        }
    }

    /** Gives back what is not acknowledged, and closes the log and the dead letters. Idempotent. */
    @Override
    public void close() {
        leave();
        threads.lock();
        try {
            if (released) {
                return;
            }
            released = true;
            atExit.close();
            lock.close();
            log.close();
            if (deadLetters != null) {
                deadLetters.close();
            }
        } finally {
            threads.unlock();
        }
    }
}
