package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.Endpoint;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;

/** Closing ends everything that is under way on the endpoint, at once and for good, and gives everything back. */
interface ClosingCases extends Cases {
    @Test
    default void shouldCloseOnceHoweverOftenItIsClosed() throws Exception {
        Pair pair = bench().pair();
        for (Endpoint endpoint : List.of(pair.sender, pair.receiver)) {
            assertTrue(endpoint.isOpen());
            for (int i = 0; i < 3; i++) {
                endpoint.close();
                assertFalse(endpoint.isOpen());
            }
            assertDoesNotThrow(() -> endpoint.close(Bench.ms(1)));
            assertTrue(endpoint.status().closed());
            assertNotNull(endpoint.address());
        }
    }

    @Test
    default void shouldRefuseUseAfterClose() throws Exception {
        Pair pair = bench().pair();
        Sender sender = pair.sender;
        Receiver receiver = pair.receiver;
        ByteBuffer message = Payload.of(1, 1);
        sender.close();
        assertEquals(SendResult.CLOSED, sender.trySend(message), "also while somebody would receive it");
        assertFalse(receiver.receive(Bench.ms(20)).isMessage());
        receiver.close();
        List<Callable<?>> calls = new ArrayList<>(List.of(
                () -> sent(() -> sender.send(message)),
                () -> sent(() -> sender.send(message, Bench.PATIENCE)),
                () -> sender.tryClaim(1),
                receiver::receive,
                () -> receiver.receive(Bench.PATIENCE),
                receiver::tryReceive,
                () -> receiver.poll(taken -> { }, 1),
                () -> receiver.onMessage(taken -> { }, Runnable::run)));
        if (bench().has(Trait.TRANSFERS)) {
            calls.add(() -> sent(() -> sender.transfer(message)));
            calls.add(() -> sender.transfer(message, Bench.PATIENCE));
        }
        if (bench().has(Trait.KNOWS_PEERS)) {
            calls.add(() -> sender.awaitPeer(Bench.PATIENCE));
            calls.add(() -> receiver.awaitPeer(Bench.PATIENCE));
            calls.add(() -> sender.onPeer(event -> { }));
            calls.add(() -> receiver.onPeer(event -> { }));
        }
        for (Callable<?> call : calls) {
            assertThrows(ChannelClosedException.class, call::call);
        }
        assertInstanceOf(ChannelClosedException.class, Bench.failure(() -> sender.sendAsync(message)));
        assertInstanceOf(ChannelClosedException.class, Bench.failure(receiver::receiveAsync));
        assertEquals(SendResult.CLOSED, sender.trySend(message));
        assertEquals(0, message.position());
    }

    /** A call without a result as one with. */
    private static Void sent(Call call) throws Exception {
        call.call();
        return null;
    }

    /** A call without a result. */
    interface Call {
        void call() throws Exception;
    }

    @Test
    default void shouldWakeABlockedReceiverThatIsClosed() throws Exception {
        for (boolean timed : new boolean[] {false, true}) {
            Pair pair = bench().pair();
            Task<?> receiving = bench().task("receiving",
                    () -> timed ? pair.receiver.receive(Bench.PATIENCE) : pair.receiver.receive());
            receiving.awaitBlocked();
            pair.receiver.close();
            assertInstanceOf(ChannelClosedException.class, receiving.failure());
        }
    }

    @Test
    default void shouldWakeABlockedSenderThatIsClosed() throws Exception {
        for (boolean timed : new boolean[] {false, true}) {
            Pair pair = bench().smallPair();
            if (bench().has(Trait.HOLDS) && !bench().has(Trait.BOUNDED)) {
                pair.send(0);
                pair.sender.close();
                pair.expect(0);
                continue;
            }
            int count = bench().has(Trait.HOLDS) ? pair.fill() : 0;
            ByteBuffer message = Payload.of(count, pair.size);
            Task<?> sending = bench().task("sending", () -> sent(() -> {
                if (timed) {
                    pair.sender.send(message, Bench.PATIENCE);
                } else {
                    pair.sender.send(message);
                }
            }));
            sending.awaitBlocked();
            pair.sender.close();
            assertInstanceOf(ChannelClosedException.class, sending.failure());
            assertEquals(0, message.position());
            pair.receiver.close();
        }
    }

    @Test
    default void shouldWakeWhoeverAwaitsAPeerWhenClosed() throws Exception {
        Sender sender = bench().track(org.jvmipc.Ipc.sender(bench().address()));
        Receiver receiver = bench().track(org.jvmipc.Ipc.receiver(bench().address()));
        for (Endpoint endpoint : List.of(sender, receiver)) {
            if (!bench().has(Trait.KNOWS_PEERS)) {
                assertThrows(UnsupportedOperationException.class, () -> endpoint.awaitPeer(Bench.PATIENCE));
                continue;
            }
            Task<Boolean> waiting = bench().task("waiting", () -> endpoint.awaitPeer(Bench.PATIENCE));
            waiting.awaitBlocked();
            endpoint.close();
            assertInstanceOf(ChannelClosedException.class, waiting.failure());
        }
    }

    @Test
    default void shouldDeliverWhatWasSentBeforeTheSenderClosed() throws Exception {
        Pair pair = bench().pair();
        int count = bench().has(Trait.HOLDS) ? 5 : 0;
        for (int i = 0; i < count; i++) {
            pair.send(i);
        }
        assertTrue(pair.sender.close(Bench.PATIENCE));
        pair.expectAll(0, count);
        if (bench().has(Trait.ENDS)) {
            pair.expectEnd();
        } else {
            pair.expectNothing();
        }
    }

    @Test
    default void shouldCloseWithUnreadMessages() throws Exception {
        Pair pair = bench().pair();
        if (!bench().has(Trait.HOLDS)) {
            assertEquals(SendResult.NO_RECEIVER, pair.sender.trySend(Payload.of(1, 1)));
            return;
        }
        pair.send(0);
        pair.send(1);
        pair.expect(0);
        pair.receiver.close();
        assertFalse(pair.receiver.isOpen());
        pair.sender.close();
        Pair again = bench().pair();
        again.send(2);
        again.expect(2);
    }

    @Test
    default void shouldWaitForPendingSendsWhenClosingWithALinger() throws Exception {
        Pair pair = bench().smallPair();
        if (!bench().has(Trait.BOUNDED)) {
            assertTrue(pair.sender.close(Bench.PATIENCE));
            return;
        }
        int count = pair.fill();
        pair.sender.sendAsync(Payload.of(count, pair.size));
        pair.sender.sendAsync(Payload.of(count + 1, pair.size));
        Task<Boolean> closing = bench().task("closing", () -> pair.sender.close(Bench.PATIENCE));
        closing.awaitBlocked();
        pair.expectAll(0, count + 2);
        assertTrue(closing.result());
        assertFalse(pair.sender.isOpen());
    }

    @Test
    default void shouldGiveUpPendingSendsAfterTheLinger() throws Exception {
        Pair pair = bench().smallPair();
        if (!bench().has(Trait.BOUNDED)) {
            assertTrue(pair.receiver.close(Bench.PATIENCE));
            return;
        }
        int count = pair.fill();
        var pending = pair.sender.sendAsync(Payload.of(count, pair.size));
        long start = System.nanoTime();
        assertFalse(pair.sender.close(Bench.ms(40)));
        assertTrue(System.nanoTime() - start >= Bench.ms(40).toNanos());
        assertFalse(pair.sender.isOpen());
        assertInstanceOf(ChannelClosedException.class, Bench.failure(() -> pending));
    }

    @Test
    default void shouldLetAHandlerCloseItsReceiver() throws Exception {
        Pair pair = bench().pair();
        Task<Void> sending = bench().task("sending", () -> sent(() -> pair.send(0)));
        Task<Integer> polling = bench().task("polling", () -> {
            int count;
            do {
                count = pair.receiver.poll(message -> {
                    Payload.assertIs(0, pair.size, message);
                    pair.receiver.close();
                }, 1);
                Thread.onSpinWait();
            } while (count == 0);
            return count;
        });
        if (bench().has(Trait.HOLDS)) {
            assertEquals(1, polling.result());
            sending.result();
        } else {
            // Polling does not wait, and a rendezvous is with those who wait; a transfer is taken by anyone.
            assertEquals(1, polling.result());
        }
        assertFalse(pair.receiver.isOpen());
    }

    /** The check for debris that follows each test looks for descriptors and mappings. */
    @Test
    default void shouldOpenAndCloseAThousandTimesWithoutLeavingAnything() throws Exception {
        int times = bench().has(Trait.VARIANT) ? 250 : 1000;
        for (int i = 0; i < times; i++) {
            Pair pair = bench().untracked(bench().small());
            if (bench().has(Trait.HOLDS) && i % 4 == 0) {
                pair.sender.send(Payload.of(i, 1), Bench.PATIENCE);
            }
            if (i % 2 == 0) {
                pair.sender.close();
                pair.receiver.close();
            } else {
                pair.receiver.close();
                pair.sender.close();
            }
        }
        assertTrue(bench().pair().sender.isOpen());
    }
}
