package org.jvmipc.process.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jvmipc.process.Restart;
import org.jvmipc.process.internal.RestartState.Decision;
import org.jvmipc.process.internal.RestartState.Next;

class RestartStateTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void shouldRestartWhatThePolicySays() {
        assertEquals(Next.DONE, new RestartState(Restart.never()).ended(false, SECOND, 0).next());
        assertEquals(Next.FAIL, new RestartState(Restart.never()).ended(true, SECOND, 0).next());
        assertEquals(Next.DONE, new RestartState(Restart.onFailure()).ended(false, SECOND, 0).next());
        assertEquals(Next.RESTART, new RestartState(Restart.onFailure()).ended(true, SECOND, 0).next());
        assertEquals(Next.RESTART, new RestartState(Restart.always()).ended(false, SECOND, 0).next());
        assertEquals(Next.RESTART, new RestartState(Restart.always()).ended(true, SECOND, 0).next());
    }

    @Test
    void shouldDoubleThePauseUpToTheLimitUntilAProcessIsHealthy() {
        RestartState state = new RestartState(Restart.onFailure()
                .backoff(Duration.ofMillis(100), Duration.ofMillis(500)).healthyAfter(Duration.ofSeconds(10))
                .atMost(100, Duration.ofMinutes(1)));
        List<Long> pauses = new ArrayList<>();
        for (long ran : new long[] {0, SECOND, 10 * SECOND - 1, 0, 10 * SECOND, 0}) {
            pauses.add(state.ended(true, ran, pauses.size() * SECOND).pause().toMillis());
        }
        assertEquals(List.of(100L, 200L, 400L, 500L, 100L, 200L), pauses);
    }

    @Test
    void shouldGiveUpAfterTooManyRestartsInAPeriodAndForgetOlderOnes() {
        RestartState state = new RestartState(Restart.onFailure().atMost(2, Duration.ofSeconds(60)));
        long origin = Long.MAX_VALUE - 30 * SECOND;     // System.nanoTime may overflow
        assertEquals(Next.RESTART, state.ended(true, 0, origin).next());
        assertEquals(Next.RESTART, state.ended(true, 0, origin + 59 * SECOND).next());
        assertEquals(Next.RESTART, state.ended(true, 0, origin + 60 * SECOND).next());
        Decision last = state.ended(true, 0, origin + 61 * SECOND);
        assertEquals(Next.FAIL, last.next());
        assertTrue(last.reason().contains("2 times within 60000 ms"), last.reason());
        assertEquals(Next.FAIL,
                new RestartState(Restart.always().atMost(0, Duration.ofSeconds(1))).ended(false, 0, 0).next());
    }

    @Test
    void shouldRefusePoliciesThatContradictThemselves() {
        Restart policy = Restart.always();
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> policy.backoff(Duration.ofSeconds(2), Duration.ofSeconds(1))).getMessage().contains("PT2S"));
        assertThrows(IllegalArgumentException.class, () -> policy.healthyAfter(Duration.ofMillis(-1)));
        assertThrows(IllegalArgumentException.class, () -> policy.atMost(-1, Duration.ofSeconds(1)));
        assertThrows(IllegalArgumentException.class, () -> policy.atMost(1, Duration.ZERO));
    }
}
