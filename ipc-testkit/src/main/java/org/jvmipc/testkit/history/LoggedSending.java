package org.jvmipc.testkit.history;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import org.jvmipc.Claim;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;

/** Sends messages of random lengths, by all calls that send, and logs each. Used by one thread. */
public final class LoggedSending {
    private static final Duration CALL = Duration.ofMillis(400);
    private static final int SMALL = 200;
    private static final int LARGE = 3000;
    private static final int LARGE_ONE_OF = 50;
    private static final int MOST_AT_ONCE = 5;

    private final HistoryLog log;
    private final int source;
    private final Random random;
    private long next;

    /**
     * Begins with the message 0.
     *
     * @param log where it is written
     * @param source who sends, a number that no other life of a process has
     * @param random what to do next
     */
    public LoggedSending(HistoryLog log, int source, Random random) {
        this.log = log;
        this.source = source;
        this.random = random;
    }

    /**
     * Sends some messages, none if the channel is full or nobody is there to receive.
     *
     * @param sender where to send
     * @param most how many calls to make at most
     * @throws InterruptedException if the thread is interrupted
     */
    public void some(Sender sender, int most) throws InterruptedException {
        int burst = random.nextInt(most);
        for (int i = 0; i < burst; i++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    Stamp stamp = invoke();
                    end(stamp, sender.trySend(stamp.message(length())) == SendResult.SENT);
                }
                case 1 -> batch(sender);
                case 2 -> claim(sender);
                default -> send(sender);
            }
        }
    }

    /**
     * Logs a message that is about to be sent.
     *
     * @return its stamp
     */
    public Stamp invoke() {
        Stamp stamp = new Stamp(source, next);
        log.invoked(stamp);
        return stamp;
    }

    /**
     * Logs what became of the message.
     *
     * @param stamp as {@link #invoke} returned it
     * @param accepted whether it was sent; if not, the next one has its number
     */
    public void end(Stamp stamp, boolean accepted) {
        if (accepted) {
            log.accepted(stamp);
            next = stamp.number() + 1;
        } else {
            log.refused(stamp);
        }
    }

    private int length() {
        return Stamp.SMALLEST + random.nextInt(random.nextInt(LARGE_ONE_OF) == 0 ? LARGE : SMALL);
    }

    private void send(Sender sender) throws InterruptedException {
        Stamp stamp = invoke();
        boolean sent = false;
        try {
            sender.send(stamp.message(length()), CALL);
            sent = true;
        } catch (IpcTimeoutException full) {
            // To be tried again.
        }
        end(stamp, sent);
    }

    private void batch(Sender sender) {
        ByteBuffer[] messages = new ByteBuffer[1 + random.nextInt(MOST_AT_ONCE)];
        long first = next;
        for (int i = 0; i < messages.length; i++) {
            Stamp stamp = new Stamp(source, first + i);
            log.invoked(stamp);
            messages[i] = stamp.message(length());
        }
        int sent = sender.trySend(messages, 0, messages.length);
        for (int i = 0; i < messages.length; i++) {
            end(new Stamp(source, first + i), i < sent);
        }
    }

    private void claim(Sender sender) {
        Stamp stamp = invoke();
        int length = length();
        Claim claim = sender.tryClaim(length);
        boolean commits = claim != null && random.nextInt(4) > 0;
        if (claim != null) {
            claim.buffer().put(stamp.message(length));
            if (commits) {
                claim.commit();
            } else {
                claim.abort();
            }
        }
        end(stamp, commits);
    }
}
