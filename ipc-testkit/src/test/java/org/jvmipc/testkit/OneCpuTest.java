package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.Registration;
import org.jvmipc.WaitStrategy;
import org.jvmipc.spi.Readiness;
import org.jvmipc.spi.Waiter;

/** Where there is one CPU, or a quota of less, what is waited for cannot happen while the one who waits spins. */
class OneCpuTest {

    @ParameterizedTest
    @CsvSource({"1, ADAPTIVE, 0", "1, BLOCK, 0", "2, BLOCK, 0", "2, ADAPTIVE, 1"})
    void shouldSleepAtOnceWithOneCpuAndLookBeforeWithMore(int cpus, WaitStrategy strategy, int looks) {
        try (ChildJvm child = ChildJvm.of(Waits.class).args(strategy)
                .jvmArgs("-XX:ActiveProcessorCount=" + cpus).start()) {
            assertEquals("looked " + looks, child.readLine());
            assertEquals(0, child.awaitExit());
        }
    }

    /** Waits for something until it is told to sleep, and tells whether it looked before. */
    static final class Waits implements Readiness {
        private boolean looked;
        private String result;

        public static void main(String[] args) throws InterruptedException {
            Waits waits = new Waits();
            new Waiter(WaitStrategy.valueOf(args[0])).await(waits, Long.MAX_VALUE);
            System.out.println(waits.result);
        }

        @Override
        public boolean isReady() {
            looked = true;
            return false;
        }

        @Override
        public boolean canSpin() {
            return true;
        }

        @Override
        public void sleep(long nanos) {
            result = "looked " + (looked ? 1 : 0);
        }

        @Override
        public void wakeUp() {
            // Nobody sleeps.
        }

        @Override
        public Registration arm(Runnable callback) {
            throw new UnsupportedOperationException();
        }
    }
}
