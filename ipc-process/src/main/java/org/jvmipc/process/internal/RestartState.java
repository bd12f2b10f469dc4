package org.jvmipc.process.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jvmipc.process.Restart;

/** What a {@link Restart} policy says after each end of one process. For one thread; the time is the caller's. */
public final class RestartState {
    private final Restart policy;
    /** When there was a restart, of those that still count. */
    private final Deque<Long> restarts = new ArrayDeque<>();
    private long pause;

    /** What to do after an end. */
    public enum Next {
        /** The process has done its work. */
        DONE,
        /** Start it again, after {@link Decision#pause}. */
        RESTART,
        /** Nothing can be done: the group fails. */
        FAIL
    }

    /**
     * What to do.
     *
     * @param next what
     * @param pause how long to wait before
     * @param reason why it fails, as the end of the sentence "process x ..."; else empty
     */
    public record Decision(Next next, Duration pause, String reason) {
    }

    RestartState(Restart policy) {
        this.policy = policy;
    }

    /** After an end at a time, of a process that has run for a while; both in nanoseconds. */
    Decision ended(boolean failed, long ran, long now) {
        boolean again = policy.when() == Restart.When.ALWAYS || failed && policy.when() == Restart.When.ON_FAILURE;
        if (!again) {
            return new Decision(failed ? Next.FAIL : Next.DONE, Duration.ZERO,
                    failed ? "and is not to be started again (restart=never)" : "");
        }
        while (!restarts.isEmpty() && now - restarts.peek() >= policy.period().toNanos()) {
            restarts.remove();
        }
        if (restarts.size() >= policy.most()) {
            return new Decision(Next.FAIL, Duration.ZERO, "and was started again " + restarts.size()
                    + " times within " + policy.period().toMillis() + " ms already, which is all that its policy "
                    + "allows; mend what makes it end, or allow more by atMost");
        }
        restarts.add(now);
        boolean healthy = ran >= policy.healthyAfter().toNanos();
        pause = pause == 0 || healthy ? policy.firstPause().toNanos()
                : Math.min(2 * pause, policy.longestPause().toNanos());
        return new Decision(Next.RESTART, Duration.ofNanos(pause), "");
    }
}
