package org.jvmipc.testkit.history;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.ChannelStatus;
import org.jvmipc.Received;
import org.jvmipc.Receiver;

/** Receives in all ways, and logs each message; used by one thread. */
public final class LoggedReceiving {
    private static final int MOST_AT_ONCE = 64;
    private static final int LONGEST_WAIT_MILLIS = 50;
    private static final Duration SILENCE = Duration.ofMillis(200);
    private static final int SILENCES = 5;

    private final HistoryLog log;
    private final Random random;
    private final boolean givesAway;
    private int most = MOST_AT_ONCE;
    private int silent;

    /**
     * Begins.
     *
     * @param log where it is written
     * @param random what to do next
     * @param givesAway whether a message has left the channel before the handler of {@code poll} sees it, as with
     *     queues of the kernel, so that one is lost with a receiver that dies in between
     */
    public LoggedReceiving(HistoryLog log, Random random, boolean givesAway) {
        this.log = log;
        this.random = random;
        this.givesAway = givesAway;
    }

    /**
     * Polls for one message at a time from now on: where all that a call handed over comes again if the receiver dies
     * before the next call.
     *
     * @return this
     */
    public LoggedReceiving oneAtATime() {
        most = 1;
        return this;
    }

    /**
     * Receives what there is, or waits a little for something.
     *
     * @param receiver where from
     * @param draining whether all senders have gone
     * @return whether all was received that was sent; where the channel cannot tell how much is left, whether nothing
     *     has come for a second of waiting
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean some(Receiver receiver, boolean draining) throws InterruptedException {
        int count = givesAway ? one(receiver) : receiver.poll(log::received, 1 + random.nextInt(most));
        if (count < 0) {
            throw new AssertionError("the channel has ended, although it waits for replacements");
        }
        silent = count > 0 ? 0 : silent;
        if (count == 0 && draining) {
            // What dead receivers have in hand is found after a while only.
            long depth = receiver.status().depthMessages();
            return depth == 0 || depth == ChannelStatus.UNKNOWN && isSilent(receiver);
        }
        if (count == 0 && (random.nextInt(3) > 0
                || !take(receiver, Duration.ofMillis(1 + random.nextInt(LONGEST_WAIT_MILLIS))))) {
            LockSupport.parkNanos(random.nextInt((int) TimeUnit.MILLISECONDS.toNanos(1)));
        }
        return false;
    }

    private int one(Receiver receiver) {
        log.taking();
        int count = receiver.poll(log::received, 1);
        if (count == 0) {
            log.tookNothing();
        }
        return count;
    }

    private boolean isSilent(Receiver receiver) throws InterruptedException {
        silent = take(receiver, SILENCE) ? 0 : silent + 1;
        return silent >= SILENCES;
    }

    /** Waits for a message: true if it has one. */
    private boolean take(Receiver receiver, Duration timeout) throws InterruptedException {
        log.taking();
        Received received = receiver.receive(timeout);
        if (received.isMessage()) {
            log.received(received.message().payload());
        } else {
            log.tookNothing();
        }
        return received.isMessage();
    }
}
