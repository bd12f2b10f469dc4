package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jvmipc.Address;
import org.jvmipc.ChannelFullException;
import org.jvmipc.ChannelStatus;
import org.jvmipc.Ipc;
import org.jvmipc.SendResult;
import org.jvmipc.testkit.Await;

/** What {@code status()} counts, and what happens to messages for which there is no room. */
interface StatusCases extends Cases {
    @Test
    default void shouldCountFromTheOpeningUntilAfterTheClosing() throws Exception {
        Pair pair = bench().pair();
        for (ChannelStatus fresh : new ChannelStatus[] {pair.sender.status(), pair.receiver.status()}) {
            assertEquals(0, fresh.sent());
            assertEquals(0, fresh.received());
            assertEquals(0, fresh.dropped());
            assertFalse(fresh.closed());
            assertTrue(fresh.address().startsWith(bench().subject().scheme() + ":"), fresh.address());
        }
        Task<Void> sending = bench().task("sending", () -> {
            for (int i = 0; i < 5; i++) {
                pair.send(i);
            }
            return null;
        });
        pair.expectAll(0, 3);
        assertEquals(3, pair.receiver.status().received());
        pair.expectAll(3, 5);
        sending.result();
        pair.sender.close();
        pair.receiver.close();
        assertEquals(5, pair.sender.status().sent());
        assertEquals(0, pair.sender.status().received());
        assertEquals(5, pair.receiver.status().received());
        assertEquals(0, pair.receiver.status().sent());
        assertTrue(pair.sender.status().closed());
        assertTrue(pair.receiver.status().closed());
    }

    @Test
    default void shouldTellTheDepthWhereItIsKnown() throws Exception {
        Pair pair = bench().smallPair();
        if (!bench().has(Trait.KNOWS_DEPTH)) {
            pair.receiver.tryReceive();
            assertEquals(ChannelStatus.UNKNOWN, pair.receiver.status().depthMessages());
            assertEquals(ChannelStatus.UNKNOWN, pair.sender.status().depthMessages());
            return;
        }
        assertEquals(0, pair.sender.status().depthMessages());
        assertEquals(0, pair.receiver.status().depthMessages());
        if (!bench().has(Trait.HOLDS)) {
            return;
        }
        for (int i = 0; i < 3; i++) {
            pair.send(i);
            assertEquals(i + 1, pair.sender.status().depthMessages());
            assertEquals(i + 1, pair.receiver.status().depthMessages());
            long bytes = pair.sender.status().depthBytes();
            assertTrue(bytes == ChannelStatus.UNKNOWN || bytes >= (i + 1L) * pair.size, "found " + bytes);
        }
        long capacity = pair.sender.status().capacityBytes();
        assertTrue(capacity == ChannelStatus.UNKNOWN || capacity >= pair.sender.status().depthBytes(),
                "found " + capacity);
        pair.expectAll(0, 3);
        assertEquals(0, pair.receiver.status().depthMessages());
        assertEquals(0, pair.sender.status().depthMessages());
    }

    @Test
    default void shouldCountOnlyWhatWasAccepted() throws Exception {
        Pair pair = bench().smallPair();
        if (!bench().has(Trait.BOUNDED)) {
            pair.sender.tryClaim(1).abort();
            assertEquals(0, pair.sender.status().sent());
            return;
        }
        int count = pair.fill();
        assertEquals(count, pair.sender.status().sent());
        assertEquals(SendResult.FULL, pair.sender.trySend(Payload.of(count, pair.size)));
        assertEquals(count, pair.sender.status().sent());
        pair.expectAll(0, count);
        assertEquals(count, pair.receiver.status().received());
    }

    @Test
    default void shouldThrowInsteadOfWaitingWithOverflowFail() throws Exception {
        Address address = bench().small();
        if (!bench().has(Trait.OVERFLOWS)) {
            assertThrows(IllegalArgumentException.class, () -> Ipc.sender(address.with("overflow", "fail")));
            return;
        }
        Pair pair = bench().pair(address.with("overflow", "fail"));
        if (!bench().has(Trait.BOUNDED)) {
            return;
        }
        int count = pair.fill();
        ByteBuffer message = Payload.of(count, pair.size);
        ChannelFullException full = assertThrows(ChannelFullException.class, () -> pair.sender.send(message));
        assertTrue(full.getMessage().contains("full"), full.getMessage());
        assertEquals(0, message.position());
        assertEquals(0, pair.sender.status().dropped());
        pair.expectAll(0, count);
        pair.expectNothing();
        pair.sender.send(message);
        pair.expect(count);
    }

    @Test
    default void shouldDropAndCountWhatFindsNoRoomWithOverflowDropNewest() throws Exception {
        Address address = bench().small();
        if (!bench().has(Trait.OVERFLOWS)) {
            assertThrows(IllegalArgumentException.class, () -> Ipc.sender(address.with("overflow", "dropNewest")));
            return;
        }
        Pair pair = bench().pair(address.with("overflow", "dropNewest"));
        if (!bench().has(Trait.BOUNDED)) {
            return;
        }
        int count = pair.fill();
        for (int i = 1; i <= 3; i++) {
            ByteBuffer message = Payload.of(count, pair.size);
            pair.sender.send(message);
            assertFalse(message.hasRemaining(), "a dropped message is consumed");
            assertEquals(i, pair.sender.status().dropped());
        }
        assertEquals(count, pair.sender.status().sent());
        List<Task<Void>> dropping = new ArrayList<>();
        for (int thread = 0; thread < (bench().has(Trait.SHARED_SENDER) ? 4 : 1); thread++) {
            dropping.add(bench().task("dropping", () -> {
                for (int i = 0; i < 1000; i++) {
                    pair.sender.send(Payload.of(count, pair.size));
                }
                return null;
            }));
        }
        dropping.forEach(Task::result);
        assertEquals(3 + 1000L * dropping.size(), pair.sender.status().dropped());
        pair.expectAll(0, count);
        pair.expectNothing();
        pair.sender.send(Payload.of(7, pair.size));
        pair.expect(7);
    }

    @Test
    default void shouldTellThePeersAlive() throws Exception {
        Pair pair = bench().pair();
        if (!bench().has(Trait.KNOWS_PEERS)) {
            assertEquals(ChannelStatus.UNKNOWN, pair.sender.status().peersAlive());
            assertEquals(ChannelStatus.UNKNOWN, pair.receiver.status().peersAlive());
            return;
        }
        assertTrue(pair.sender.awaitPeer(Bench.PATIENCE));
        assertTrue(pair.receiver.awaitPeer(Bench.PATIENCE));
        assertEquals(1, pair.sender.status().peersAlive());
        assertEquals(1, pair.receiver.status().peersAlive());
        pair.sender.close();
        Await.until(Bench.PATIENCE, "the receiver to have no peer", () -> {
            pair.receiver.tryReceive();
            return pair.receiver.status().peersAlive() == 0;
        });
    }
}
