package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.Claim;
import org.jvmipc.PeerGoneException;
import org.jvmipc.testkit.Await;

/** Taking messages in place by {@code poll}, and filling them in place by {@code tryClaim}. */
interface InPlaceCases extends Cases {
    /** Sends messages from another thread. */
    private Task<Void> sending(Pair pair, int from, int to) {
        return bench().task("sending", () -> {
            for (int i = from; i < to; i++) {
                pair.send(i);
            }
            return null;
        });
    }

    @Test
    default void shouldPollMessagesInOrderAndNoMoreThanTheLimit() throws Exception {
        Pair pair = bench().pair();
        assertEquals(0, pair.receiver.poll(message -> { }, 3));
        int[] next = new int[1];
        if (!bench().has(Trait.HOLDS)) {
            // A rendezvous is with those who wait; a poller never does, unless the sender does.
            Task<Void> sending = sending(pair, 0, 7);
            Await.until(Bench.PATIENCE, "all messages", () -> {
                int before = next[0];
                int count = pair.receiver.poll(message -> Payload.assertIs(next[0]++, pair.size, message), 3);
                assertEquals(next[0] - before, count);
                return next[0] == 7;
            });
            sending.result();
            return;
        }
        for (int i = 0; i < 7; i++) {
            pair.send(i);
        }
        Await.until(Bench.PATIENCE, "all messages", () -> {
            int before = next[0];
            int count = pair.receiver.poll(message -> Payload.assertIs(next[0]++, pair.size, message), 3);
            assertEquals(next[0] - before, count);
            assertTrue(count <= 3, "took " + count);
            return next[0] == 7;
        });
        assertEquals(7, pair.receiver.status().received());
    }

    @Test
    default void shouldRespectALimitOfOne() throws Exception {
        Pair pair = bench().pair();
        if (!bench().has(Trait.HOLDS)) {
            assertEquals(0, pair.receiver.poll(message -> { }, 1));
            return;
        }
        for (int i = 0; i < 3; i++) {
            pair.send(i);
        }
        int[] calls = new int[1];
        Await.until(Bench.PATIENCE, "a message", () -> pair.receiver.poll(message -> {
            Payload.assertIs(0, pair.size, message);
            calls[0]++;
        }, 1) == 1);
        assertEquals(1, calls[0]);
        pair.expectAll(1, 3);
    }

    @Test
    default void shouldRefuseALimitBelowOne() {
        Pair pair = bench().pair();
        for (int limit : new int[] {0, -1, Integer.MIN_VALUE}) {
            IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class,
                    () -> pair.receiver.poll(message -> { }, limit));
            assertTrue(refusal.getMessage().contains(String.valueOf(limit)), refusal.getMessage());
        }
        assertEquals(0, pair.receiver.poll(message -> { }, Integer.MAX_VALUE));
    }

    @Test
    default void shouldConsumeTheMessageWhoseHandlerThrowsAndKeepLaterOnes() throws Exception {
        Pair pair = bench().pair();
        Task<Void> sending = sending(pair, 0, 4);
        IllegalStateException thrown = new IllegalStateException("thrown by the handler");
        List<Integer> seen = new ArrayList<>();
        Await.until(Bench.PATIENCE, "the handler to throw", () -> {
            try {
                pair.receiver.poll(message -> {
                    Payload.assertIs(seen.size(), pair.size, message);
                    seen.add(seen.size());
                    if (seen.size() == 2) {
                        throw thrown;
                    }
                }, 10);
                return false;
            } catch (IllegalStateException caught) {
                assertSame(thrown, caught);
                return true;
            }
        });
        assertEquals(List.of(0, 1), seen);
        pair.expect(2);
        pair.expect(3);
        sending.result();
        pair.expectNothing();
        assertEquals(4, pair.receiver.status().received());
    }

    @Test
    default void shouldGiveTheHandlerAReadOnlyBufferThatItMayLeaveHalfRead() throws Exception {
        Pair pair = bench().pair();
        Task<Void> sending = sending(pair, 0, 4);
        int[] next = new int[1];
        Await.until(Bench.PATIENCE, "all messages", () -> {
            pair.receiver.poll(message -> {
                assertTrue(message.isReadOnly());
                assertEquals(ByteOrder.BIG_ENDIAN, message.order());
                assertEquals(pair.size, message.remaining());
                Payload.assertIs(next[0], pair.size, message);
                switch (next[0]++) {
                    case 0 -> message.get();
                    case 1 -> message.position(message.limit());
                    case 2 -> message.limit(message.position()).order(ByteOrder.LITTLE_ENDIAN);
                    default -> message.mark();
                }
            }, 1);
            return next[0] == 4;
        });
        sending.result();
    }

    @Test
    default void shouldSendWhatAClaimHoldsWhenItIsCommitted() throws Exception {
        Pair pair = bench().pair();
        Task<Void> sending = bench().task("claiming", () -> {
            for (int i = 0; i < 5; i++) {
                try (Claim claim = claim(pair, pair.size)) {
                    ByteBuffer buffer = claim.buffer();
                    assertEquals(0, buffer.position());
                    assertEquals(pair.size, buffer.remaining());
                    assertEquals(ByteOrder.BIG_ENDIAN, buffer.order());
                    buffer.put(Payload.bytes(i, pair.size));
                    claim.commit();
                }
            }
            try (Claim empty = claim(pair, 0)) {
                empty.commit();
            }
            return null;
        });
        pair.expectAll(0, 5);
        pair.expect(9, 0);
        sending.result();
        assertEquals(6, pair.sender.status().sent());
    }

    /** A claim that must find room in time. */
    private static Claim claim(Pair pair, int length) {
        return Await.value(Bench.PATIENCE, "room for a claim", () -> pair.sender.tryClaim(length));
    }

    @Test
    default void shouldSendNothingOfAClaimThatIsAbortedOrLeft() throws Exception {
        Pair pair = bench().pair();
        Task<Void> sending = bench().task("claiming", () -> {
            Claim aborted = claim(pair, pair.size);
            aborted.buffer().put(Payload.bytes(1, pair.size));
            aborted.abort();
            aborted.abort();
            try (Claim left = claim(pair, pair.size)) {
                left.buffer().put(Payload.bytes(2, pair.size));
            }
            pair.send(3);
            return null;
        });
        pair.expect(3);
        sending.result();
        pair.expectNothing();
        assertEquals(1, pair.sender.status().sent());
    }

    @Test
    default void shouldRefuseAClaimThatHasEnded() throws Exception {
        Pair pair = bench().pair();
        Task<Void> sending = bench().task("claiming", () -> {
            Claim committed = claim(pair, 1);
            committed.buffer().put((byte) 7);
            committed.commit();
            assertThrows(IllegalStateException.class, committed::commit);
            assertThrows(IllegalStateException.class, committed::buffer);
            assertDoesNotThrow(committed::abort);
            assertDoesNotThrow(committed::close);
            Claim aborted = claim(pair, 1);
            aborted.close();
            assertThrows(IllegalStateException.class, aborted::commit);
            assertThrows(IllegalStateException.class, aborted::buffer);
            return null;
        });
        assertEquals(7, pair.receiver.receive(Bench.PATIENCE).message().bytes()[0]);
        sending.result();
        pair.expectNothing();
    }

    @Test
    default void shouldRefuseASecondClaimWhileOneIsOpen() throws Exception {
        Pair pair = bench().pair();
        Task<Void> sending = bench().task("claiming", () -> {
            Claim first = claim(pair, pair.size);
            assertThrows(IllegalStateException.class, () -> pair.sender.tryClaim(1));
            assertThrows(IllegalStateException.class, () -> pair.sender.trySend(Payload.of(1, 1)));
            assertThrows(IllegalStateException.class, () -> pair.sender.send(Payload.of(1, 1)));
            first.buffer().put(Payload.bytes(0, pair.size));
            first.commit();
            claim(pair, 1).abort();
            return null;
        });
        pair.expect(0);
        sending.result();
        pair.expectNothing();
    }

    @Test
    default void shouldClaimNothingWhileFull() throws Exception {
        Pair pair = bench().smallPair();
        if (!bench().has(Trait.BOUNDED)) {
            Claim claim = pair.sender.tryClaim(pair.size);
            assertNotNull(claim);
            claim.abort();
            return;
        }
        int count = pair.fill();
        Claim early = pair.sender.tryClaim(pair.size);
        if (early != null) {
            // It has no memory to lend: the claim is a buffer, and its commit waits for room as send does.
            Task<Void> committing = bench().task("committing", () -> {
                early.buffer().put(Payload.bytes(count, pair.size));
                early.commit();
                return null;
            });
            committing.awaitBlocked();
            pair.expectAll(0, count + 1);
            committing.result();
            return;
        }
        pair.expectAll(0, count);
        Claim claim = claim(pair, pair.size);
        claim.buffer().put(Payload.bytes(count, pair.size));
        claim.commit();
        pair.expect(count);
    }

    @Test
    default void shouldCloseWhileAClaimIsOpen() throws Exception {
        Pair pair = bench().pair();
        Claim claim = claim(pair, 1);
        pair.sender.close();
        assertThrows(ChannelClosedException.class, claim::commit);
        claim.close();
        assertFalse(pair.sender.isOpen());
        assertFalse(pair.receiver.receive(Bench.ms(30)).isMessage());
    }

    /** Who tries again and again must not hang: at the latest its commit tells that nobody is there. */
    @Test
    default void shouldNotLookForRoomOnceTheReceiverHasGone() throws Exception {
        Pair pair = bench().smallPair();
        if (!bench().has(Trait.NOTICES_RECEIVER) || !bench().has(Trait.BOUNDED)) {
            assertTrue(pair.sender.isOpen());
            return;
        }
        pair.fill();
        pair.receiver.close();
        Await.until(Bench.PATIENCE, "the sender to be told", () -> {
            try (Claim claim = pair.sender.tryClaim(pair.size)) {
                if (claim != null) {
                    claim.commit();
                }
                return false;
            } catch (PeerGoneException told) {
                return true;
            }
        });
        assertTrue(pair.sender.isOpen());
    }
}
