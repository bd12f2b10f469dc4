package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.Received;
import org.jvmipc.SendResult;

/** Who waits sleeps until it is worth while, and no longer; deadlines and interrupts end the wait and break nothing. */
interface WaitingCases extends Cases {
    /** Short, but far above the resolution of any clock. */
    Duration SHORT = Duration.ofMillis(40);

    @Test
    default void shouldBlockASenderWhileFullAndWakeItWhenSpaceComes() throws Exception {
        Pair pair = bench().smallPair();
        int count = bench().has(Trait.HOLDS) && bench().has(Trait.BOUNDED) ? pair.fill() : 0;
        if (count == 0 && bench().has(Trait.HOLDS)) {
            pair.send(0);
            pair.expect(0);
            return;
        }
        Task<Void> sending = bench().task("sending", () -> {
            pair.sender.send(Payload.of(count, pair.size));
            return null;
        });
        sending.awaitBlocked();
        pair.expectAll(0, count + 1);
        sending.result();
    }

    @Test
    default void shouldBlockAReceiverWhileEmptyAndWakeItWhenAMessageComes() throws Exception {
        Pair pair = bench().pair();
        for (int i = 0; i < 4; i++) {
            boolean timed = i % 2 == 1;
            Task<Received> receiving = bench().task("receiving",
                    () -> timed ? pair.receiver.receive(Bench.PATIENCE) : pair.receiver.receive());
            receiving.awaitBlocked();
            assertFalse(receiving.isDone());
            pair.send(i);
            Payload.assertIs(i, pair.size, receiving.result());
        }
    }

    /**
     * Every wait in here ends by a wake-up of the other side. One that is lost costs a bounded sleep, which is the
     * safety net; that many of them take longer than the test may.
     */
    @Test
    default void shouldWakeSleepersByEventsAndNotByTheClock() throws Exception {
        Pair there = bench().pair("wait=block");
        Pair back = bench().pair("wait=block");
        int rounds = 300;
        Task<Void> echo = bench().task("echo", () -> {
            for (int i = 0; i < rounds; i++) {
                there.expect(i);
                back.send(i);
            }
            return null;
        });
        for (int i = 0; i < rounds; i++) {
            there.send(i);
            back.expect(i);
        }
        echo.result();
    }

    @Test
    default void shouldWakeSendersByEventsAndNotByTheClock() throws Exception {
        Pair pair = bench().smallPair("wait=block");
        int size = Math.min(4096, pair.sender.maxMessage());
        if (bench().has(Trait.DROPS_OLDEST)) {
            for (int i = 0; i < 4000; i++) {
                assertEquals(SendResult.SENT, pair.sender.trySend(Payload.of(i, size)), "a sender never has to wait");
            }
            return;
        }
        int count = Math.max(4000, Math.min(20_000, (48 << 20) / size));
        Task<Void> sending = bench().task("sending", () -> {
            for (int i = 0; i < count; i++) {
                pair.send(i, size);
            }
            return null;
        });
        for (int i = 0; i < count; i++) {
            Received received = pair.receiver.receive(Bench.PATIENCE);
            assertEquals(size, received.message().length());
        }
        sending.result();
    }

    @Test
    default void shouldWaitInAnyOfItsWays() throws Exception {
        for (String how : new String[] {"wait=spin", "wait=yield", "wait=block", "wait=adaptive"}) {
            Pair pair = bench().pair(how);
            int count = 20;
            Task<Void> sending = bench().task("sending " + how, () -> {
                for (int i = 0; i < count; i++) {
                    pair.send(i);
                }
                return null;
            });
            pair.expectAll(0, count);
            sending.result();
            long start = System.nanoTime();
            assertSame(Received.TIMED_OUT, pair.receiver.receive(Bench.ms(5)), how);
            assertElapsed(start, Bench.ms(5));
            pair.sender.close();
            pair.receiver.close();
        }
    }

    @Test
    default void shouldTimeOutAReceiverNotBeforeItsTime() throws Exception {
        Pair pair = bench().pair();
        for (Duration timeout : new Duration[] {Duration.ofNanos(1), Bench.ms(1), SHORT, SHORT.multipliedBy(3)}) {
            long start = System.nanoTime();
            assertSame(Received.TIMED_OUT, pair.receiver.receive(timeout));
            assertElapsed(start, timeout);
        }
        Task<Void> sending = bench().task("sending", () -> {
            pair.send(1);
            return null;
        });
        pair.expect(1);
        sending.result();
    }

    @Test
    default void shouldTimeOutASenderNotBeforeItsTimeAndSendNothing() throws Exception {
        Pair pair = bench().smallPair();
        if (bench().has(Trait.HOLDS) && !bench().has(Trait.BOUNDED)) {
            pair.sender.send(Payload.of(0, 1), Duration.ZERO);
            pair.expect(0, 1);
            return;
        }
        int count = bench().has(Trait.HOLDS) ? pair.fill() : 0;
        ByteBuffer message = Payload.of(99, pair.size);
        for (Duration timeout : new Duration[] {Duration.ofNanos(1), Bench.ms(1), SHORT, SHORT.multipliedBy(3)}) {
            long start = System.nanoTime();
            assertThrows(IpcTimeoutException.class, () -> pair.sender.send(message, timeout));
            assertElapsed(start, timeout);
            assertEquals(0, message.position());
        }
        pair.expectAll(0, count);
        pair.expectNothing();
    }

    @Test
    default void shouldNotWaitForZeroOrLess() throws Exception {
        Pair pair = bench().smallPair();
        Duration[] none = {Duration.ZERO, Duration.ofSeconds(-1), Duration.ofSeconds(Long.MIN_VALUE)};
        for (Duration timeout : none) {
            assertSame(Received.TIMED_OUT, pair.receiver.receive(timeout));
        }
        if (!bench().has(Trait.HOLDS)) {
            for (Duration timeout : none) {
                assertThrows(IpcTimeoutException.class, () -> pair.sender.send(Payload.of(0, 1), timeout));
            }
            return;
        }
        pair.send(0);
        pair.expect(0);
        for (int i = 0; i < none.length; i++) {
            pair.sender.send(Payload.of(i, pair.size), none[i]);
            awaitMessage(pair, none[i], i);
        }
        if (bench().has(Trait.BOUNDED)) {
            pair.fill();
            for (Duration timeout : none) {
                assertThrows(IpcTimeoutException.class, () -> pair.sender.send(Payload.of(0, pair.size), timeout));
            }
        }
    }

    /** A message may need a moment on its way through the kernel, but no call waits for it. */
    private static void awaitMessage(Pair pair, Duration none, int number) {
        Received[] received = new Received[1];
        org.jvmipc.testkit.Await.until(Bench.PATIENCE, "message " + number, () -> {
            try {
                received[0] = pair.receiver.receive(none);
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
            return received[0] != Received.TIMED_OUT;
        });
        Payload.assertIs(number, pair.size, received[0]);
    }

    @Test
    default void shouldTakeTheLongestTimeoutForEver() throws Exception {
        Pair pair = bench().pair();
        Task<Received> receiving =
                bench().task("receiving", () -> pair.receiver.receive(Duration.ofSeconds(Long.MAX_VALUE)));
        receiving.awaitBlocked();
        pair.sender.send(Payload.of(1, 1), Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));
        Payload.assertIs(1, 1, receiving.result());
    }

    @Test
    default void shouldLetAnInterruptEndAReceiveAndLoseNothing() throws Exception {
        Pair pair = bench().pair();
        for (int i = 0; i < 4; i++) {
            boolean timed = i % 2 == 1;
            Task<Boolean> receiving = bench().task("receiving", () -> {
                assertThrows(InterruptedException.class,
                        () -> receive(pair, timed));
                return Thread.currentThread().isInterrupted();
            });
            receiving.awaitBlocked().interrupt();
            assertFalse(receiving.result(), "the interrupt status is to be cleared");
            Task<Void> sending = sendAll(pair, i, i + 1);
            pair.expect(i);
            sending.result();
        }
        assertTrue(pair.receiver.isOpen());
    }

    private static Received receive(Pair pair, boolean timed) throws InterruptedException {
        return timed ? pair.receiver.receive(Bench.PATIENCE) : pair.receiver.receive();
    }

    private Task<Void> sendAll(Pair pair, int from, int to) {
        return bench().task("sending", () -> {
            for (int i = from; i < to; i++) {
                pair.send(i);
            }
            return null;
        });
    }

    @Test
    default void shouldLetAnInterruptEndASendAndSendNothing() throws Exception {
        Pair pair = bench().smallPair();
        if (bench().has(Trait.HOLDS) && !bench().has(Trait.BOUNDED)) {
            assertEquals(SendResult.SENT, pair.sender.trySend(Payload.of(0, 1)));
            return;
        }
        int count = bench().has(Trait.HOLDS) ? pair.fill() : 0;
        for (boolean timed : new boolean[] {false, true}) {
            ByteBuffer message = Payload.of(99, pair.size);
            Task<Boolean> sending = bench().task("sending", () -> {
                assertThrows(InterruptedException.class, () -> {
                    if (timed) {
                        pair.sender.send(message, Bench.PATIENCE);
                    } else {
                        pair.sender.send(message);
                    }
                });
                return Thread.currentThread().isInterrupted();
            });
            sending.awaitBlocked().interrupt();
            assertFalse(sending.result(), "the interrupt status is to be cleared");
            assertEquals(0, message.position());
        }
        pair.expectAll(0, count);
        pair.expectNothing();
        Task<Void> sending = sendAll(pair, count, count + 2);
        pair.expectAll(count, count + 2);
        sending.result();
    }

    @Test
    default void shouldHeedAnInterruptFromBeforeTheCall() throws Exception {
        Pair pair = bench().pair();
        ByteBuffer message = Payload.of(7, pair.size);
        Task<Void> interrupted = bench().task("interrupted", () -> {
            for (boolean timed : new boolean[] {false, true}) {
                Thread.currentThread().interrupt();
                assertThrows(InterruptedException.class, () -> receive(pair, timed));
                assertFalse(Thread.currentThread().isInterrupted());
                Thread.currentThread().interrupt();
                assertThrows(InterruptedException.class, () -> {
                    if (timed) {
                        pair.sender.send(message, Bench.PATIENCE);
                    } else {
                        pair.sender.send(message);
                    }
                });
                assertFalse(Thread.currentThread().isInterrupted());
            }
            return null;
        });
        interrupted.result();
        assertEquals(0, message.position());
        pair.expectNothing();
        Task<Void> sending = sendAll(pair, 0, 2);
        if (bench().has(Trait.HOLDS)) {
            sending.result();
            Task<Void> late = bench().task("interrupted", () -> {
                Thread.currentThread().interrupt();
                assertThrows(InterruptedException.class, () -> pair.receiver.receive(), "although a message is there");
                return null;
            });
            late.result();
        }
        pair.expectAll(0, 2);
        sending.result();
    }

    @Test
    default void shouldLeaveTheInterruptStatusAloneWhereNothingWaits() throws Exception {
        Pair pair = bench().pair();
        Task<Boolean> trying = bench().task("trying", () -> {
            Thread.currentThread().interrupt();
            SendResult sent = pair.sender.trySend(Payload.of(1, pair.size));
            assertEquals(bench().has(Trait.HOLDS) ? SendResult.SENT : SendResult.NO_RECEIVER, sent);
            pair.receiver.tryReceive();
            pair.receiver.poll(message -> { }, 1);
            pair.sender.status();
            return Thread.currentThread().isInterrupted();
        });
        assertTrue(trying.result());
        assertTrue(pair.sender.isOpen() && pair.receiver.isOpen(), "an interrupt closes nothing");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    default void shouldServeVirtualThreads() throws Exception {
        Pair pair = bench().smallPair();
        Task<Received> receiving = bench().task("receiving", pair.receiver::receive, VirtualThreads::make);
        receiving.awaitBlocked();
        pair.send(1);
        Payload.assertIs(1, pair.size, receiving.result());
        Task<Received> interrupted = bench().task("interrupted", pair.receiver::receive, VirtualThreads::make);
        interrupted.awaitBlocked().interrupt();
        assertInstanceOf(InterruptedException.class, interrupted.failure());
        // As many as a channel that drops the oldest keeps.
        int count = bench().has(Trait.DROPS_OLDEST) ? 1 : 2000;
        Task<Void> sending = bench().task("sending", () -> {
            for (int i = 0; i < count; i++) {
                pair.send(i);
            }
            return null;
        }, VirtualThreads::make);
        Task<Void> checking = bench().task("checking", () -> {
            pair.expectAll(0, count);
            return null;
        }, VirtualThreads::make);
        checking.result();
        sending.result();
    }

    /** The lower bound of a wait is exact; an upper bound would be a test of the machine. */
    private static void assertElapsed(long start, Duration least) {
        long elapsed = System.nanoTime() - start;
        assertTrue(elapsed >= least.toNanos(), () -> "returned after " + elapsed + " ns instead of " + least);
    }
}
