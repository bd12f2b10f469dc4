package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.Receiver;
import org.jvmipc.TransferResult;
import org.jvmipc.testkit.Await;

/** Looking at the next message without taking it. */
interface PeekCases extends Cases {
    /** Waits until there is a message, and checks that it is this one. */
    private static void expectShown(Pair pair, int number, int size) {
        Await.until(Bench.PATIENCE, "message " + number,
                () -> pair.receiver.peek(message -> Payload.assertIs(number, size, message)) == 1);
    }

    /** True if the channel cannot do it, and says so. */
    private boolean refuses(Receiver receiver) {
        if (bench().has(Trait.PEEKS)) {
            return false;
        }
        UnsupportedOperationException refusal = assertThrows(UnsupportedOperationException.class,
                () -> receiver.peek(message -> { }));
        assertTrue(refusal.getMessage().contains("can"), refusal.getMessage());
        return true;
    }

    @Test
    default void shouldShowEachMessageUntilItIsTaken() throws Exception {
        Pair pair = bench().pair();
        if (refuses(pair.receiver)) {
            return;
        }
        assertEquals(0, pair.receiver.peek(message -> { }));
        int[] sizes = {pair.size, 0, 1, 17, pair.size, 3};
        Task<Void> sending = bench().task("sending", () -> {
            for (int i = 0; i < sizes.length; i++) {
                pair.send(i, sizes[i]);
            }
            return null;
        });
        for (int i = 0; i < sizes.length; i++) {
            expectShown(pair, i, sizes[i]);
            expectShown(pair, i, sizes[i]);
            assertEquals(i, pair.receiver.status().received());
            if (i % 2 == 0) {
                pair.expect(i, sizes[i]);
            } else {
                int number = i;
                assertEquals(1, pair.receiver.poll(
                        message -> Payload.assertIs(number, sizes[number], message), 1));
            }
        }
        sending.result();
        assertEquals(0, pair.receiver.peek(message -> { }));
        pair.expectNothing();
    }

    @Test
    default void shouldShowMessagesAllAroundASmallChannel() throws Exception {
        Pair pair = bench().smallPair();
        if (refuses(pair.receiver)) {
            return;
        }
        int count = 100;
        Task<Void> sending = bench().task("sending", () -> {
            for (int i = 0; i < count; i++) {
                pair.send(i, 1 + i * 37 % pair.size);
            }
            return null;
        });
        for (int i = 0; i < count; i++) {
            expectShown(pair, i, 1 + i * 37 % pair.size);
            pair.expect(i, 1 + i * 37 % pair.size);
        }
        sending.result();
    }

    @Test
    default void shouldGiveWhoLooksAReadOnlyBufferAndKeepTheMessageIfHeThrows() throws Exception {
        Pair pair = bench().pair();
        if (refuses(pair.receiver)) {
            return;
        }
        Task<Void> sending = bench().task("sending", () -> {
            pair.send(0);
            return null;
        });
        expectShown(pair, 0, pair.size);
        assertEquals(1, pair.receiver.peek(message -> {
            assertTrue(message.isReadOnly());
            assertEquals(ByteOrder.BIG_ENDIAN, message.order());
            message.position(message.limit()).order(ByteOrder.LITTLE_ENDIAN);
            assertThrows(IllegalStateException.class, pair.receiver::tryReceive);
            assertThrows(IllegalStateException.class, () -> pair.receiver.peek(another -> { }));
        }));
        IllegalStateException thrown = new IllegalStateException("thrown by the handler");
        assertSame(thrown, assertThrows(IllegalStateException.class, () -> pair.receiver.peek(message -> {
            throw thrown;
        })));
        pair.expect(0);
        sending.result();
        pair.expectNothing();
    }

    @Test
    default void shouldNotCountAsTakenWhatIsOnlyShown() throws Exception {
        Pair pair = bench().pair();
        if (refuses(pair.receiver)) {
            return;
        }
        if (!bench().has(Trait.TRANSFERS)) {
            pair.send(0);
            expectShown(pair, 0, pair.size);
            assertEquals(0, pair.receiver.status().received());
            return;
        }
        Task<TransferResult> transferring = bench().task("transferring",
                () -> pair.sender.transfer(Payload.of(0, pair.size), Bench.PATIENCE));
        expectShown(pair, 0, pair.size);
        transferring.awaitBlocked();
        expectShown(pair, 0, pair.size);
        assertFalse(transferring.isDone(), "nobody has taken the message");
        if (bench().has(Trait.KNOWS_DEPTH)) {
            assertEquals(1, pair.receiver.status().depthMessages());
        }
        pair.expect(0);
        assertEquals(TransferResult.TAKEN, transferring.result());
    }

    @Test
    default void shouldShowTheEndAndRefuseAfterClosing() throws Exception {
        Pair pair = bench().pair();
        if (refuses(pair.receiver)) {
            return;
        }
        Task<Void> sending = bench().task("sending", () -> {
            pair.send(0);
            return null;
        });
        expectShown(pair, 0, pair.size);
        if (bench().has(Trait.HOLDS)) {
            sending.result();
            pair.sender.close();
        }
        expectShown(pair, 0, pair.size);
        pair.expect(0);
        sending.result();
        pair.sender.close();
        if (bench().has(Trait.ENDS)) {
            Await.until(Bench.PATIENCE, "the end", () -> pair.receiver.peek(message -> { }) == -1);
            pair.expectEnd();
        }
        pair.receiver.close();
        assertThrows(ChannelClosedException.class, () -> pair.receiver.peek(message -> { }));
        assertEquals(1, pair.receiver.status().received());
    }
}
