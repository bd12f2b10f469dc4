package org.jvmipc.mq.internal.group;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
    /** How often one looks for those who died, who is never without messages. */
    private static final long ROUNDS_NANOS = 100_000_000;
    /** How long a message waits that could not be moved to the dead letters. */
    private static final long MOVE_AGAIN_MICROS = 1_000_000;
    private static final int RELEASED = Integer.MIN_VALUE;

    private final GroupSettings settings;
    private final GroupLog log;
    private final DeadLetters deadLetters;
    private final Path path;
    private final Runnable leaving;
    private final Runnable releasing;
    private final Members members;
    private final Words words;
    private final GroupState state;
    private final GroupAccess access;
    private final Doorbell bell;
    /** How many read right now, and RELEASED once it was closed. */
    private final AtomicInteger readers = new AtomicInteger();
    private final AtomicBoolean released = new AtomicBoolean();
    private Registration atExit = () -> { };
    private long lastRound = System.nanoTime();
    /** The count of rings before the last look that found nothing, and when there will be something without one. */
    private volatile long seen;
    private volatile long nextDue = Long.MAX_VALUE;

    /** A consumer that has taken its place. */
    Group(GroupSettings settings, GroupLog log, DeadLetters deadLetters, GroupParts parts) {
        this.settings = settings;
        this.log = log;
        this.deadLetters = deadLetters;
        this.path = parts.path();
        this.leaving = parts.leave();
        this.releasing = parts.release();
        this.members = parts.members();
        this.words = parts.words();
        this.state = new GroupState(words, path.toString(), parts.window());
        this.access = new GroupAccess(parts, state);
        this.bell = log.doorbell();
        this.seen = rings() - 1;
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
                GroupFile.path(settings.directory(), settings.name()), settings.window(), settings.windowGiven(),
                start));
        group.atExit = LifeSign.atExit(group::leave);
        try {
            group.access.surely(now -> group.state.clamp(log.endIndex()));
        } catch (RuntimeException | Error refused) {
            group.leave();
            group.atExit.close();
            throw refused;
        }
        return group;
    }

    /**
     * How far the groups of a queue have got, without taking part.
     *
     * @param directory of the queue
     * @return all messages below are done with by all of them; empty if there is no group
     */
    public static OptionalLong leastCommitted(Path directory) {
        return GroupFile.leastCommitted(directory);
    }

    /**
     * How far that group of a queue has got which has got furthest, as far as their files can be read.
     *
     * @param directory of the queue
     * @return it is done with all messages below; empty if there is no group
     */
    public static OptionalLong greatestCommitted(Path directory) {
        return GroupFile.greatestCommitted(directory);
    }

    /** Another number when there may be something new. */
    private long rings() {
        return bell.count() + words.get(GroupLayout.RINGS);
    }

    /** Tells the others that a message waits for them. */
    private void ring() {
        long before = words.get(GroupLayout.RINGS);
        while (!words.compareAndSet(GroupLayout.RINGS, before, before + 1)) {
            before = words.get(GroupLayout.RINGS);
        }
        bell.wake();
    }

    /**
     * Takes the next message, if there is one.
     *
     * @return the message, or null; then {@link #readiness} tells when to try again
     */
    public Claim take() {
        while (true) {
            long rings = rings();
            Claim[] taken = new Claim[1];
            Boolean looked;
            access.enter();
            try {
                access.checkOpen();
                if (isQuiet()) {
                    return null;
                }
                looked = access.glance(now -> {
                    taken[0] = takeLocked(now);
                    nextDue = taken[0] == null ? state.nextDue() : Long.MAX_VALUE;
                    return true;
                });
            } finally {
                access.leave();
            }
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

    /**
     * Whether there is nothing to take or to do, as far as can be seen without the lock: who waits looks again and
     * again, and the kernel would write the page with the lock to the disk each time.
     */
    private boolean isQuiet() {
        if (rings() != seen || microsToWait() <= 0 || state.next() < log.endIndex() || log.isAsked()
                || state.isAnyDue(access.now())) {
            return false;
        }
        if (isTimeForARound()) {
            if (state.isAnyOfGone(members)) {
                return false;
            }
            lastRound = System.nanoTime();
        }
        return true;
    }

    private boolean isTimeForARound() {
        return System.nanoTime() - lastRound > ROUNDS_NANOS;
    }

    private Claim takeLocked(long now) {
        if (isTimeForARound()) {
            lastRound = System.nanoTime();
            state.giveBackOfGone(members, now + settings.redeliveryMicros());
        }
        tell(now);
        if (state.hasDue()) {
            return takeDue(now);
        }
        while (true) {
            long end = log.endIndex();
            long wanted = state.next();
            long index = log.next(wanted - 1);
            if (index >= end) {
                passLost(wanted, log.behindLost(wanted), now);
                return null;
            }
            passLost(wanted, index, now);
            long wait = log.microsToWait(index);
            if (wait <= 0 && settings.atMostOnce()) {
                state.count(GroupLayout.DELIVERED, 1);
                return state.takeNextForGood(index);
            }
            if (!state.hasRoom()) {
                return null;
            }
            if (wait <= 0) {
                state.count(GroupLayout.DELIVERED, 1);
                return state.takeNext(index, members.self(), until(now));
            }
            state.postpone(index, now + wait);
            state.look(now);
        }
    }

    private void passLost(long from, long to, long now) {
        if (to > from) {
            state.skip(to);
            state.count(GroupLayout.LOST, log.lost(from, to));
            tell(now);
        }
    }

    /** Finds out how far the group has got, and says so. */
    private void tell(long now) {
        state.look(now);
        log.committed(state.committed());
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
        access.enter();
        try {
            access.checkOpen();
            found = log.read(claim.index(), deadLetters::append);
            done = true;
        } finally {
            access.leave();
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
        boolean found;
        try {
            if (readers.getAndIncrement() < 0) {
                throw new ChannelClosedException(path + " was closed");
            }
            found = log.read(claim.index(), reader);
        } finally {
            if (readers.decrementAndGet() == RELEASED) {
                release();
            }
        }
        if (!found) {
            finish(claim, GroupLayout.LOST);
        } else if (claim.place() < 0 && log.isAsked()) {
            tellOfWhatIsDoneWith();
        }
        return found;
    }

    /** What was taken for good. If another one is stopped with the lock, who takes the next message tells of it. */
    private void tellOfWhatIsDoneWith() {
        access.enter();
        try {
            if (!isClosed()) {
                access.glance(now -> {
                    tell(now);
                    return true;
                });
            }
        } finally {
            access.leave();
        }
    }

    /**
     * Takes the next message and shows it, while no other thread of this process reads.
     *
     * @param reader gets the message in place
     * @return the message, or null if there is none
     */
    public Claim takeAndRead(Consumer<ByteBuffer> reader) {
        access.enter();
        try {
            Claim claim = take();
            while (claim != null && !read(claim, reader)) {
                claim = take();
            }
            return claim;
        } finally {
            access.leave();
        }
    }

    private boolean finish(Claim claim, int counter) {
        boolean[] crowded = new boolean[1];
        boolean held = access.surely(now -> {
            boolean holds = state.holds(claim);
            if (holds) {
                crowded[0] = state.isCrowded();
                state.finish(claim);
                if (log.isAsked()) {
                    tell(now);
                }
            }
            if (counter != 0 && (holds || claim.place() < 0)) {
                state.count(counter, 1);
            }
            return holds;
        });
        if (crowded[0]) {
            ring();
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
        boolean held = access.surely(now -> {
            boolean holds = state.holds(claim);
            if (holds) {
                state.giveBack(claim, now + micros);
            }
            return holds;
        });
        if (held) {
            ring();
        }
        return held;
    }

    /** Gives back what those have who died; called now and then while somebody waits. */
    public void lookAfterTheDead() {
        if (isClosed() || !access.tryEnter()) {
            return;
        }
        Integer count;
        try {
            lastRound = System.nanoTime();
            count = isClosed() || !state.isAnyOfGone(members) ? null : access.glance(
                    now -> state.giveBackOfGone(members, now + settings.redeliveryMicros()));
        } finally {
            access.leave();
        }
        if (count != null && count > 0) {
            ring();
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
        return isClosed() || rings() != seen || microsToWait() <= 0;
    }

    private long microsToWait() {
        long when = nextDue;
        return when == Long.MAX_VALUE ? when : when - access.now();
    }

    /**
     * What is known of the group.
     *
     * @return a snapshot
     */
    public GroupNumbers numbers() {
        return access.surely(now -> {
            state.look(now);
            return new GroupNumbers(log.count(state.next()), state.claimed(), state.waiting(), state.committed(),
                    state.counted(GroupLayout.DELIVERED), state.counted(GroupLayout.REDELIVERED),
                    state.counted(GroupLayout.BURIED), state.counted(GroupLayout.LOST), members.count());
        });
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
        return access.isClosed();
    }

    /** Gives back what this one has, and takes part no longer. */
    private void leave() {
        access.enter();
        try {
            if (isClosed()) {
                return;
            }
            Integer given = access.glance(now -> state.giveBackAll(members.self()));
            access.close();
            // If another one is stopped with the lock, what this one had is found later, as of one who died.
            leaving.run();
            if (given == null || given > 0) {
                ring();
            }
        } finally {
            access.leave();
        }
    }

    /** Gives back what is not acknowledged, and closes the log and the dead letters. Idempotent. */
    @Override
    public void close() {
        leave();
        // Whoever has a message in place goes on with it, and lets go of the log then.
        if (readers.getAndUpdate(count -> count < 0 ? count : count + RELEASED) == 0) {
            release();
        }
    }

    private void release() {
        if (!released.compareAndSet(false, true)) {
            return;
        }
        access.enter();
        try {
            atExit.close();
            access.release();
            releasing.run();
            log.close();
            if (deadLetters != null) {
                deadLetters.close();
            }
        } finally {
            access.leave();
        }
    }
}
