package org.jvmipc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jvmipc.internal.Frames.text;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.jvmipc.Address;
import org.jvmipc.SendResult;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Readiness;

/** Each change wakes those who sleep for it, without the safety net of short sleeps that calls have. */
class MemWakeUpTest {
    private static final long FOR_EVER = TimeUnit.HOURS.toNanos(1);
    private static final long PATIENCE = 5_000;

    private final OptionValues values =
            new MemProvider().options().check(Address.parse("mem:wake-up?capacity=1"));
    private final MemChannel channel = new MemChannel(values, left -> { });
    private final MemOut out = channel.out(values);
    private final MemIn in = channel.in(values);

    /** Changes something while one thread sleeps and a call-back is armed, and checks that both are told. */
    private static void assertTold(Readiness readiness, Runnable change) throws InterruptedException {
        CountDownLatch called = new CountDownLatch(1);
        readiness.arm(called::countDown);
        Thread sleeper = new Thread(() -> readiness.sleep(FOR_EVER));
        sleeper.setDaemon(true);
        sleeper.start();
        Until.isBlocked(sleeper);
        change.run();
        sleeper.join(PATIENCE);
        assertEquals(Thread.State.TERMINATED, sleeper.getState(), "woken");
        assertTrue(called.await(PATIENCE, TimeUnit.MILLISECONDS), "called back");
    }

    private void send(String message) {
        assertEquals(SendResult.SENT, out.offer(text(message)));
    }

    private void take(String message) {
        assertEquals(1, in.poll(taken -> assertEquals(message, Frames.text(taken)), 1));
    }

    @Test
    void shouldWakeAReceiverForAMessage() throws Exception {
        assertTold(in.readiness(), () -> send("message"));
    }

    @Test
    void shouldWakeASenderForRoom() throws Exception {
        send("message");
        assertTold(out.readiness(), () -> take("message"));
    }

    @Test
    void shouldWakeWhoeverWaitsForAReceipt() throws Exception {
        assertEquals(SendResult.SENT, out.offerForReceipt(text("message")));
        assertTold(out.takenReadiness(), () -> take("message"));
        assertTrue(out.isTaken(out.lastTicket()));
    }

    @Test
    void shouldWakeAReceiverForTheEnd() throws Exception {
        assertTold(in.readiness(), out::close);
    }

    @Test
    void shouldWakeASenderWhoseReceiverHasGone() throws Exception {
        send("message");
        assertTold(out.readiness(), in::close);
    }
}
