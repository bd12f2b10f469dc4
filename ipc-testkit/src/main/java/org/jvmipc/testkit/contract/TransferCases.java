package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Received;
import org.jvmipc.TransferResult;
import org.jvmipc.testkit.Await;

/** Synchronous message passing: a transfer is over when somebody has the message, and not before. */
interface TransferCases extends Cases {
    /** Whether this scheme transfers; if not, asserts that it says so. */
    private boolean transfers(Pair pair) {
        if (bench().has(Trait.TRANSFERS)) {
            return true;
        }
        ByteBuffer message = Payload.of(1, 1);
        for (UnsupportedOperationException refusal : List.of(
                assertThrows(UnsupportedOperationException.class, () -> pair.sender.transfer(message)),
                assertThrows(UnsupportedOperationException.class, () -> pair.sender.transfer(message, Bench.PATIENCE)),
                assertThrows(UnsupportedOperationException.class, () -> pair.sender.transferAsync(message)))) {
            String text = refusal.getMessage();
            assertTrue(text.contains(bench().subject().scheme()), text);
            assertTrue(text.contains("mem:") || text.contains("shm:") || text.contains("unix:"),
                    "names a scheme that can: " + text);
        }
        assertEquals(0, message.position());
        assertSame(Received.EMPTY, pair.receiver.tryReceive());
        return false;
    }

    private Task<TransferResult> transferring(Pair pair, int number, Duration timeout) {
        return bench().task("transferring", () -> pair.sender.transfer(Payload.of(number, pair.size), timeout));
    }

    @Test
    default void shouldCompleteATransferWhenTheMessageIsTakenAndNotBefore() throws Exception {
        Pair pair = bench().pair();
        if (!transfers(pair)) {
            return;
        }
        ByteBuffer message = Payload.of(0, pair.size);
        Task<Void> untimed = bench().task("transferring", () -> {
            pair.sender.transfer(message);
            return null;
        });
        untimed.awaitBlocked();
        assertFalse(untimed.isDone());
        pair.expect(0);
        untimed.result();
        assertFalse(message.hasRemaining());
        for (int i = 1; i < 4; i++) {
            Task<TransferResult> timed = transferring(pair, i, Bench.PATIENCE);
            timed.awaitBlocked();
            assertFalse(timed.isDone());
            pair.expect(i);
            assertEquals(TransferResult.TAKEN, timed.result());
        }
    }

    @Test
    default void shouldCompleteATransferToAReceiverThatWaits() throws Exception {
        Pair pair = bench().pair();
        if (!transfers(pair)) {
            return;
        }
        for (int i = 0; i < 20; i++) {
            Task<Received> receiving = bench().task("receiving", () -> pair.receiver.receive(Bench.PATIENCE));
            assertEquals(TransferResult.TAKEN, pair.sender.transfer(Payload.of(i, pair.size), Bench.PATIENCE));
            Payload.assertIs(i, pair.size, receiving.result());
        }
    }

    @Test
    default void shouldCompleteATransferWhenTheHandlerHasReturned() throws Exception {
        Pair pair = bench().pair();
        if (!transfers(pair)) {
            return;
        }
        Task<TransferResult> transferring = transferring(pair, 0, Bench.PATIENCE);
        int[] calls = new int[1];
        Await.until(Bench.PATIENCE, "the message", () -> pair.receiver.poll(message -> {
            transferring.awaitBlocked();
            assertFalse(transferring.isDone(), "the handler has not returned yet");
            Payload.assertIs(0, pair.size, message);
            calls[0]++;
        }, 10) == 1);
        assertEquals(TransferResult.TAKEN, transferring.result());
        assertEquals(1, calls[0]);
    }

    @Test
    default void shouldLeaveATransferUnconfirmedOrUndoneAfterItsTime() throws Exception {
        Pair pair = bench().pair();
        if (!transfers(pair)) {
            return;
        }
        for (Duration timeout : new Duration[] {Bench.ms(40), Duration.ZERO, Duration.ofSeconds(-1)}) {
            ByteBuffer message = Payload.of(5, pair.size);
            long start = System.nanoTime();
            TransferResult result = pair.sender.transfer(message, timeout);
            assertTrue(System.nanoTime() - start >= timeout.toNanos());
            if (bench().has(Trait.HOLDS)) {
                assertEquals(TransferResult.UNCONFIRMED, result);
                assertFalse(message.hasRemaining());
                pair.expect(5);
            } else {
                assertEquals(TransferResult.NOT_SENT, result);
                assertEquals(0, message.position());
                pair.expectNothing();
            }
        }
        Task<TransferResult> next = transferring(pair, 6, Bench.PATIENCE);
        pair.expect(6);
        assertEquals(TransferResult.TAKEN, next.result());
    }

    @Test
    default void shouldNotSendATransferThatFindsNoRoom() throws Exception {
        Pair pair = bench().smallPair();
        if (!transfers(pair) || !bench().has(Trait.BOUNDED)) {
            return;
        }
        int count = pair.fill();
        ByteBuffer message = Payload.of(99, pair.size);
        for (Duration timeout : new Duration[] {Bench.ms(20), Duration.ZERO}) {
            assertEquals(TransferResult.NOT_SENT, pair.sender.transfer(message, timeout));
            assertEquals(0, message.position());
        }
        pair.expectAll(0, count);
        pair.expectNothing();
    }

    @Test
    default void shouldCompleteATransferOnlyAfterTheMessagesBeforeIt() throws Exception {
        Pair pair = bench().pair();
        if (!transfers(pair) || !bench().has(Trait.HOLDS)) {
            return;
        }
        pair.send(0);
        pair.send(1);
        Task<TransferResult> transferring = transferring(pair, 2, Bench.PATIENCE);
        transferring.awaitBlocked();
        pair.expect(0);
        pair.expect(1);
        transferring.awaitBlocked();
        assertFalse(transferring.isDone());
        pair.expect(2);
        assertEquals(TransferResult.TAKEN, transferring.result());
    }

    @Test
    default void shouldLetAnInterruptEndATransfer() throws Exception {
        Pair pair = bench().pair();
        if (!transfers(pair)) {
            return;
        }
        ByteBuffer message = Payload.of(0, pair.size);
        Task<Void> transferring = bench().task("transferring", () -> {
            pair.sender.transfer(message);
            return null;
        });
        transferring.awaitBlocked().interrupt();
        assertInstanceOf(InterruptedException.class, transferring.failure());
        if (message.hasRemaining()) {
            pair.expectNothing();
        } else {
            pair.expect(0);
        }
        Task<TransferResult> next = transferring(pair, 1, Bench.PATIENCE);
        pair.expect(1);
        assertEquals(TransferResult.TAKEN, next.result());
    }

    @Test
    default void shouldEndATransferWhenTheSenderIsClosedOrTheReceiverGoes() throws Exception {
        Pair closing = bench().pair();
        if (!transfers(closing)) {
            return;
        }
        Task<TransferResult> closed = transferring(closing, 0, Bench.PATIENCE);
        closed.awaitBlocked();
        closing.sender.close();
        assertInstanceOf(ChannelClosedException.class, closed.failure());
        Pair leaving = bench().pair();
        if (!bench().has(Trait.NOTICES_RECEIVER)) {
            // The channel outlives its receivers: another may come and take it.
            leaving.receiver.close();
            assertEquals(TransferResult.UNCONFIRMED,
                    transferring(leaving, 1, Duration.ofMillis(100)).result());
            return;
        }
        Task<TransferResult> left = transferring(leaving, 1, Bench.PATIENCE);
        left.awaitBlocked();
        leaving.receiver.close();
        Throwable gone = left.failure();
        assertInstanceOf(PeerGoneException.class, gone);
        assertNotNull(gone.getMessage());
    }

    @Test
    default void shouldCompleteAsynchronousTransfersWhenTaken() throws Exception {
        Pair pair = bench().pair();
        if (!transfers(pair)) {
            return;
        }
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            futures.add(pair.sender.transferAsync(Payload.of(i, pair.size)));
        }
        for (int i = 0; i < 3; i++) {
            int number = i;
            Await.until(Bench.PATIENCE, "message " + number, () -> pair.receiver.poll(message -> {
                assertFalse(futures.get(number).isDone(), "nobody has it yet");
                Payload.assertIs(number, pair.size, message);
            }, 1) == 1);
            Bench.outcome(futures.get(i));
            assertTrue(i == 2 || !futures.get(i + 1).isDone());
        }
    }

    @Test
    default void shouldGoOnAfterACancelledTransfer() throws Exception {
        Pair pair = bench().pair();
        if (!transfers(pair)) {
            return;
        }
        CompletableFuture<Void> cancelled = pair.sender.transferAsync(Payload.of(0, pair.size));
        CompletableFuture<Void> next = pair.sender.transferAsync(Payload.of(1, pair.size));
        assertTrue(cancelled.cancel(true));
        Received received = pair.receiver.receive(Bench.PATIENCE);
        if (java.util.Arrays.equals(Payload.bytes(0, pair.size), received.message().bytes())) {
            received = pair.receiver.receive(Bench.PATIENCE);
        }
        Payload.assertIs(1, pair.size, received);
        Bench.outcome(next);
    }
}
