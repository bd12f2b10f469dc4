package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.ChannelFullException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Received;
import org.jvmipc.testkit.Await;

/** Futures complete in order, once, and can be taken back; none of it disturbs the calls that wait. */
interface AsyncCases extends Cases {
    /** More than any queue of asynchronous sends takes. */
    int FLOOD = 500_000;

    @Test
    default void shouldSendAsynchronouslyInTheOrderOfTheCalls() throws Exception {
        Pair pair = bench().smallPair();
        int count = 500;
        List<Integer> completed = new CopyOnWriteArrayList<>();
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            ByteBuffer message = Payload.of(i, pair.size);
            CompletableFuture<Void> future = pair.sender.sendAsync(message);
            assertFalse(message.hasRemaining(), "the message is copied and consumed by the call");
            message.array()[0]++;
            futures.add(future);
            future.thenRun(() -> completed.add(number));
        }
        pair.expectAll(0, count);
        // Asking a future for its outcome would run its stages here, beside those that the shared thread runs.
        Await.until(Bench.PATIENCE, "all dependent stages", () -> completed.size() == count);
        futures.forEach(Bench::outcome);
        for (int i = 0; i < count; i++) {
            assertEquals(i, completed.get(i));
        }
        Await.until(Bench.PATIENCE, "all sends to be counted", () -> pair.sender.status().sent() == count);
    }

    @Test
    default void shouldCompleteASendWhenItIsAcceptedAndNotBefore() throws Exception {
        Pair pair = bench().smallPair();
        if (bench().has(Trait.HOLDS) && !bench().has(Trait.BOUNDED)) {
            Bench.outcome(pair.sender.sendAsync(Payload.of(0, pair.size)));
            pair.expect(0);
            return;
        }
        int count = bench().has(Trait.HOLDS) ? pair.fill() : 0;
        CompletableFuture<Void> first = pair.sender.sendAsync(Payload.of(count, pair.size));
        CompletableFuture<Void> second = pair.sender.sendAsync(Payload.of(count + 1, pair.size));
        assertFalse(first.isDone());
        pair.expectAll(0, count + 1);
        Bench.outcome(first);
        pair.expect(count + 1);
        Bench.outcome(second);
    }

    @Test
    default void shouldKeepSynchronousSendsBehindAsynchronousOnes() throws Exception {
        Pair pair = bench().smallPair();
        int count = bench().has(Trait.BOUNDED) ? pair.fill() : 0;
        pair.sender.sendAsync(Payload.of(count, pair.size));
        Task<Void> sending = bench().task("sending", () -> {
            pair.send(count + 1);
            return null;
        });
        pair.expectAll(0, count + 2);
        sending.result();
    }

    @Test
    default void shouldBoundTheSendsInFlight() throws Exception {
        Pair pair = bench().smallPair();
        if (bench().has(Trait.HOLDS) && !bench().has(Trait.BOUNDED)) {
            Bench.outcome(pair.sender.sendAsync(Payload.of(0, 1)));
            return;
        }
        int count = bench().has(Trait.HOLDS) ? pair.fill() : 0;
        List<CompletableFuture<Void>> accepted = new ArrayList<>();
        CompletableFuture<Void> last;
        do {
            last = pair.sender.sendAsync(Payload.of(count + accepted.size(), pair.size));
            if (!last.isCompletedExceptionally()) {
                accepted.add(last);
            }
        } while (!last.isCompletedExceptionally() && accepted.size() < FLOOD);
        CompletableFuture<Void> refused = last;
        assertInstanceOf(ChannelFullException.class, Bench.failure(() -> refused));
        assertTrue(accepted.size() > 0);
        pair.expectAll(0, count + accepted.size());
        accepted.forEach(Bench::outcome);
        pair.expectNothing();
        Task<Void> sending = bench().task("sending", () -> Bench.outcome(pair.sender.sendAsync(Payload.of(5, 5))));
        pair.expect(5, 5);
        sending.result();
    }

    @Test
    default void shouldTakeBackASendThatIsCancelled() throws Exception {
        Pair pair = bench().smallPair();
        if (bench().has(Trait.HOLDS) && !bench().has(Trait.BOUNDED)) {
            assertFalse(pair.sender.sendAsync(Payload.of(0, pair.size)).cancel(true), "accepted at once");
            pair.expect(0);
            return;
        }
        int count = bench().has(Trait.HOLDS) ? pair.fill() : 0;
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            futures.add(pair.sender.sendAsync(Payload.of(count + i, pair.size)));
        }
        assertTrue(futures.get(1).cancel(true));
        assertTrue(futures.get(3).cancel(false));
        pair.expectAll(0, count + 1);
        pair.expect(count + 2);
        Bench.outcome(futures.get(0));
        Bench.outcome(futures.get(2));
        pair.expectNothing();
        Task<Void> sending = bench().task("sending", () -> {
            pair.send(3);
            return null;
        });
        pair.expect(3);
        sending.result();
        assertEquals(count + 3, pair.sender.status().sent());
    }

    @Test
    default void shouldFailPendingSendsWhenTheSenderIsClosedOrTheReceiverGoes() throws Exception {
        if (bench().has(Trait.HOLDS) && !bench().has(Trait.BOUNDED)) {
            Pair pair = bench().pair();
            Bench.outcome(pair.sender.sendAsync(Payload.of(0, 1)));
            return;
        }
        Pair closing = bench().smallPair();
        int count = bench().has(Trait.HOLDS) ? closing.fill() : 0;
        CompletableFuture<Void> closed = closing.sender.sendAsync(Payload.of(count, closing.size));
        closing.sender.close();
        assertInstanceOf(ChannelClosedException.class, Bench.failure(() -> closed));
        closing.expectAll(0, count);
        if (bench().has(Trait.NOTICES_RECEIVER)) {
            Pair leaving = bench().smallPair();
            count = bench().has(Trait.HOLDS) ? leaving.fill() : 0;
            CompletableFuture<Void> left = leaving.sender.sendAsync(Payload.of(count, leaving.size));
            leaving.receiver.close();
            assertInstanceOf(PeerGoneException.class, Bench.failure(() -> left));
        }
    }

    @Test
    default void shouldReceiveAsynchronouslyInTheOrderOfTheCalls() throws Exception {
        Pair pair = bench().pair();
        int count = 100;
        List<CompletableFuture<Received>> futures = new ArrayList<>();
        List<Integer> completed = new CopyOnWriteArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            CompletableFuture<Received> future = pair.receiver.receiveAsync();
            assertFalse(future.isDone());
            futures.add(future);
            future.thenRun(() -> completed.add(number));
        }
        for (int i = 0; i < count; i++) {
            pair.send(i);
        }
        Await.until(Bench.PATIENCE, "all dependent stages", () -> completed.size() == count);
        for (int i = 0; i < count; i++) {
            Payload.assertIs(i, pair.size, Bench.outcome(futures.get(i)));
            assertEquals(i, completed.get(i));
        }
        assertEquals(count, pair.receiver.status().received());
    }

    @Test
    default void shouldReceiveAsynchronouslyWhatIsThereAlready() throws Exception {
        Pair pair = bench().pair();
        Task<Void> sending = bench().task("sending", () -> {
            pair.send(0);
            pair.send(1);
            return null;
        });
        Payload.assertIs(0, pair.size, Bench.outcome(pair.receiver.receiveAsync()));
        Payload.assertIs(1, pair.size, Bench.outcome(pair.receiver.receiveAsync()));
        sending.result();
    }

    @Test
    default void shouldLoseNoMessageToACancelledReceive() throws Exception {
        Pair pair = bench().pair();
        CompletableFuture<Received> first = pair.receiver.receiveAsync();
        CompletableFuture<Received> second = pair.receiver.receiveAsync();
        CompletableFuture<Received> third = pair.receiver.receiveAsync();
        assertTrue(first.cancel(true));
        assertTrue(third.cancel(true));
        pair.send(0);
        Payload.assertIs(0, pair.size, Bench.outcome(second));
        pair.expectNothing();
    }

    /** The cancel meets the delivery at all its stages: before, after, and between taking and handing over. */
    @Test
    default void shouldLoseNoMessageHoweverCancelAndDeliveryMeet() throws Exception {
        Pair pair = bench().pair();
        int rounds = 300;
        int size = Math.min(8, pair.size);
        Random random = new Random(7);
        AtomicInteger turn = new AtomicInteger(-1);
        Task<Void> sending = bench().task("sending", () -> {
            for (int i = 0; i < rounds; i++) {
                while (turn.get() < i) {
                    Thread.yield();
                }
                pair.send(i, size);
            }
            return null;
        });
        for (int i = 0; i < rounds; i++) {
            CompletableFuture<Received> future = pair.receiver.receiveAsync();
            turn.set(i);
            // Mostly cancels just after the message was counted, which is before it is handed over.
            long until = System.nanoTime() + (i % 4 == 0 ? random.nextInt(100_000) : 1_000_000);
            while (System.nanoTime() < until && !future.isDone()
                    && (i % 4 == 0 || pair.receiver.status().received() == i)) {
                Thread.onSpinWait();
            }
            Received received = future.cancel(true) ? receiveOnceFree(pair) : future.join();
            Payload.assertIs(i, size, received);
        }
        sending.result();
        pair.expectNothing();
    }

    /** A cancelled future gives the receiver back at once, or as soon as the shared thread has noticed. */
    private static Received receiveOnceFree(Pair pair) {
        return Await.value(Bench.PATIENCE, "the receiver to be free and a message to come", () -> {
            try {
                Received received = pair.receiver.receive(Bench.PATIENCE);
                return received.isMessage() ? received : null;
            } catch (IllegalStateException busy) {
                return null;
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        });
    }

    @Test
    default void shouldRefuseOtherReceivesWhileAsynchronousOnesArePending() throws Exception {
        Pair pair = bench().pair();
        CompletableFuture<Received> pending = pair.receiver.receiveAsync();
        assertThrows(IllegalStateException.class, () -> pair.receiver.receive(Bench.ms(1)));
        assertInstanceOf(IllegalStateException.class, bench().task("receiving", pair.receiver::receive).failure());
        assertThrows(IllegalStateException.class, () -> pair.receiver.tryReceive());
        assertThrows(IllegalStateException.class, () -> pair.receiver.poll(message -> { }, 1));
        assertThrows(IllegalStateException.class, () -> pair.receiver.onMessage(message -> { }, Runnable::run));
        pair.send(0);
        Payload.assertIs(0, pair.size, Bench.outcome(pending));
        Task<Void> sending = bench().task("sending", () -> {
            pair.send(1);
            return null;
        });
        pair.expect(1);
        sending.result();
    }

    @Test
    default void shouldEndPendingReceives() throws Exception {
        Pair closing = bench().pair();
        CompletableFuture<Received> closed = closing.receiver.receiveAsync();
        CompletableFuture<Received> closedToo = closing.receiver.receiveAsync();
        closing.receiver.close();
        assertInstanceOf(ChannelClosedException.class, Bench.failure(() -> closed));
        assertInstanceOf(ChannelClosedException.class, Bench.failure(() -> closedToo));
        if (!bench().has(Trait.ENDS)) {
            return;
        }
        Pair ending = bench().pair();
        CompletableFuture<Received> message = ending.receiver.receiveAsync();
        CompletableFuture<Received> end = ending.receiver.receiveAsync();
        CompletableFuture<Received> endToo = ending.receiver.receiveAsync();
        ending.send(0);
        ending.sender.close();
        Payload.assertIs(0, ending.size, Bench.outcome(message));
        assertSame(Received.END, Bench.outcome(end));
        assertSame(Received.END, Bench.outcome(endToo));
    }

    @Test
    default void shouldPassMessagesFromFutureToFuture() throws Exception {
        Pair there = bench().pair();
        Pair back = bench().pair();
        int rounds = 300;
        int size = Math.min(64, there.size);
        CompletableFuture<Void> echo = echo(there, back, rounds);
        for (int i = 0; i < rounds; i++) {
            CompletableFuture<Received> answer = back.receiver.receiveAsync();
            Bench.outcome(there.sender.sendAsync(Payload.of(i, size)));
            Payload.assertIs(i, size, Bench.outcome(answer));
        }
        Bench.outcome(echo);
    }

    private static CompletableFuture<Void> echo(Pair there, Pair back, int rounds) {
        if (rounds == 0) {
            return CompletableFuture.completedFuture(null);
        }
        return there.receiver.receiveAsync()
                .thenCompose(received -> back.sender.sendAsync(received.message().payload()))
                .thenCompose(sent -> echo(there, back, rounds - 1));
    }
}
