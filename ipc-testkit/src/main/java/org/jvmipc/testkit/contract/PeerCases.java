package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.jvmipc.Address;
import org.jvmipc.EndOfChannelException;
import org.jvmipc.Ipc;
import org.jvmipc.PeerDiedException;
import org.jvmipc.PeerEvent;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Registration;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Await;

/** Peers come and go; each end is told. */
interface PeerCases extends Cases {
    @Test
    default void shouldEndAReceiverAfterItsSenderHasGone() throws Exception {
        Pair pair = bench().pair();
        Task<Void> sending = bench().task("sending", () -> {
            pair.send(0);
            pair.send(1);
            pair.sender.close(Bench.PATIENCE);
            return null;
        });
        pair.expect(0);
        pair.expect(1);
        sending.result();
        if (!bench().has(Trait.ENDS)) {
            pair.expectNothing();
            assertSame(Received.EMPTY, pair.receiver.tryReceive());
            return;
        }
        for (int i = 0; i < 2; i++) {
            pair.expectEnd();
            assertSame(Received.END, pair.receiver.tryReceive());
            assertSame(Received.END, pair.receiver.receive(Duration.ZERO));
            assertEquals(-1, pair.receiver.poll(message -> { }, 5));
            assertSame(Received.END, Bench.outcome(pair.receiver.receiveAsync()));
            assertThrows(EndOfChannelException.class, () -> pair.receiver.receive());
        }
        assertTrue(pair.receiver.isOpen(), "the end does not close the receiver");
    }

    @Test
    default void shouldWakeABlockedReceiverWhenTheSenderGoes() throws Exception {
        for (boolean timed : new boolean[] {false, true}) {
            Pair pair = bench().pair();
            connect(pair);
            if (!bench().has(Trait.ENDS)) {
                pair.sender.close();
                pair.expectNothing();
                continue;
            }
            Task<Received> receiving = bench().task("receiving",
                    () -> timed ? pair.receiver.receive(Bench.PATIENCE) : pair.receiver.receive());
            receiving.awaitBlocked();
            pair.sender.close();
            if (timed) {
                assertSame(Received.END, receiving.result());
            } else {
                assertInstanceOf(EndOfChannelException.class, receiving.failure());
            }
            pair.receiver.close();
        }
    }

    /** Gets a first message across, so that both ends have met. */
    private void connect(Pair pair) throws InterruptedException {
        Task<Void> sending = bench().task("connecting", () -> {
            pair.send(1000, 1);
            return null;
        });
        pair.expect(1000, 1);
        sending.result();
    }

    @Test
    default void shouldNotEndAReceiverBeforeTheFirstSenderCame() throws Exception {
        Receiver receiver = bench().track(Ipc.receiver(bench().address()));
        assertSame(Received.EMPTY, receiver.tryReceive());
        assertSame(Received.TIMED_OUT, receiver.receive(Bench.ms(20)));
        assertEquals(0, receiver.poll(message -> { }, 1));
    }

    @Test
    default void shouldTellASenderThatItsReceiverHasGone() throws Exception {
        Pair pair = bench().pair();
        connect(pair);
        pair.receiver.close();
        ByteBuffer message = Payload.of(1, pair.size);
        if (!bench().has(Trait.NOTICES_RECEIVER)) {
            SendResult result = pair.sender.trySend(message);
            assertTrue(result == SendResult.SENT || result == SendResult.NO_RECEIVER, "found " + result);
            return;
        }
        Await.until(Bench.PATIENCE, "trySend to be CLOSED", () -> {
            message.rewind();
            return pair.sender.trySend(message) == SendResult.CLOSED;
        });
        assertEquals(0, message.position());
        PeerGoneException gone = assertThrows(PeerGoneException.class, () -> pair.sender.send(message));
        if (bench().has(Trait.TELLS_DEATH)) {
            assertFalse(gone instanceof PeerDiedException, "it left in order: " + gone);
        }
        assertThrows(PeerGoneException.class, () -> pair.sender.send(message, Bench.PATIENCE));
        assertInstanceOf(PeerGoneException.class, Bench.failure(() -> pair.sender.sendAsync(message.duplicate())));
        assertEquals(0, message.position());
        assertTrue(pair.sender.isOpen(), "the departure of a peer does not close the sender");
    }

    @Test
    default void shouldWakeABlockedSenderWhenTheReceiverGoes() throws Exception {
        Pair pair = bench().smallPair();
        connect(pair);
        if (!bench().has(Trait.NOTICES_RECEIVER) || !bench().has(Trait.BOUNDED) && bench().has(Trait.HOLDS)) {
            pair.receiver.close();
            assertTrue(pair.sender.isOpen());
            return;
        }
        int count = bench().has(Trait.HOLDS) ? pair.fill() : 0;
        ByteBuffer message = Payload.of(count, pair.size);
        Task<Void> sending = bench().task("sending", () -> {
            pair.sender.send(message);
            return null;
        });
        sending.awaitBlocked();
        pair.receiver.close();
        assertInstanceOf(PeerGoneException.class, sending.failure());
        assertEquals(0, message.position());
    }

    @Test
    default void shouldWaitForAnotherSenderIfToldTo() throws Exception {
        Address address = bench().address();
        if (!bench().has(Trait.WAITS_FOR_PEERS)) {
            assertThrows(IllegalArgumentException.class, () -> Ipc.receiver(address.with("peerDeath", "wait")));
            return;
        }
        Receiver receiver = bench().track(Ipc.receiver(address.with("peerDeath", "wait")));
        for (int i = 0; i < 3; i++) {
            Pair pair = new Pair(bench().track(Ipc.sender(receiver.address())), receiver);
            connect(pair);
            assertTrue(pair.sender.close(Bench.PATIENCE));
            assertSame(Received.TIMED_OUT, receiver.receive(Bench.ms(20)), "after sender " + i + " has gone");
        }
        Task<Received> receiving = bench().task("receiving", receiver::receive);
        receiving.awaitBlocked();
        Sender last = bench().track(Ipc.sender(receiver.address()));
        last.send(Payload.of(7, 7), Bench.PATIENCE);
        Payload.assertIs(7, 7, receiving.result());
    }

    @Test
    default void shouldWaitForAnotherReceiverIfToldTo() throws Exception {
        if (!bench().has(Trait.WAITS_FOR_PEERS)) {
            Address refused = bench().address("peerDeath=wait");
            assertThrows(IllegalArgumentException.class, () -> Ipc.sender(refused));
            return;
        }
        Pair first = bench().pair(bench().address("peerDeath=wait"));
        connect(first);
        first.receiver.close();
        Receiver replacement = bench().track(Ipc.receiver(first.sender.address()));
        Pair second = new Pair(first.sender, replacement);
        Task<Void> sending = bench().task("sending", () -> {
            // What is sent while nobody is there may be lost with the connection that broke; not what follows.
            for (int i = 0; i < 200; i++) {
                second.send(i);
            }
            return null;
        });
        int number = numberOf(replacement.receive(Bench.PATIENCE), second.size);
        second.expectAll(number + 1, 200);
        sending.result();
    }

    @Test
    default void shouldSleepWhileItWaitsForAnotherReceiver() throws Exception {
        if (!bench().has(Trait.WAITS_FOR_PEERS) || !bench().has(Trait.BOUNDED)) {
            assertFalse(bench().pair().sender.status().closed());
            return;
        }
        Pair pair = bench().pair(bench().small("peerDeath=wait"));
        int count = pair.fill();
        pair.receiver.close();
        Task<Void> sending = bench().task("sending", () -> {
            for (int i = 0; i < 2 * count + 100; i++) {
                pair.sender.send(Payload.of(7, pair.size));
            }
            return null;
        });
        sending.awaitBlocked();
        Receiver replacement = bench().track(Ipc.receiver(pair.sender.address()));
        Await.until(Bench.PATIENCE, "the sender to go on", () -> {
            replacement.poll(message -> { }, 100);
            return sending.isDone();
        });
        sending.result();
    }

    private static int numberOf(Received received, int size) {
        for (int number = 0; number < 200; number++) {
            if (Arrays.equals(Payload.bytes(number, size), received.message().bytes())) {
                return number;
            }
        }
        throw new AssertionError("nobody sent " + received);
    }

    @Test
    default void shouldAwaitPeers() throws Exception {
        Address address = bench().address();
        Sender sender = bench().track(Ipc.sender(address));
        if (!bench().has(Trait.KNOWS_PEERS)) {
            UnsupportedOperationException refusal =
                    assertThrows(UnsupportedOperationException.class, () -> sender.awaitPeer(Duration.ZERO));
            assertTrue(refusal.getMessage().contains("mem:"), "names a scheme that can: " + refusal.getMessage());
            assertThrows(UnsupportedOperationException.class, () -> sender.onPeer(event -> { }));
            assertEquals(-1, sender.status().peersAlive());
            return;
        }
        assertFalse(sender.awaitPeer(Duration.ZERO));
        long start = System.nanoTime();
        assertFalse(sender.awaitPeer(Bench.ms(30)));
        assertTrue(System.nanoTime() - start >= Bench.ms(30).toNanos());
        assertEquals(0, sender.status().peersAlive());
        Task<Boolean> waiting = bench().task("waiting", () -> sender.awaitPeer(Bench.PATIENCE));
        waiting.awaitBlocked();
        Receiver receiver = bench().track(Ipc.receiver(sender.address()));
        assertTrue(receiver.awaitPeer(Bench.PATIENCE));
        assertTrue(waiting.result());
        assertTrue(sender.awaitPeer(Duration.ZERO));
        assertEquals(1, sender.status().peersAlive());
        assertEquals(1, receiver.status().peersAlive());
    }

    @Test
    default void shouldLetAnInterruptEndTheWaitForAPeer() throws Exception {
        Sender sender = bench().track(Ipc.sender(bench().address()));
        if (!bench().has(Trait.KNOWS_PEERS)) {
            assertThrows(UnsupportedOperationException.class, () -> sender.awaitPeer(Bench.PATIENCE));
            return;
        }
        Task<Boolean> waiting = bench().task("waiting", () -> sender.awaitPeer(Bench.PATIENCE));
        waiting.awaitBlocked().interrupt();
        assertInstanceOf(InterruptedException.class, waiting.failure());
        Pair pair = new Pair(sender, bench().track(Ipc.receiver(sender.address())));
        connect(pair);
    }

    @Test
    default void shouldTellEachPeersComingAndGoingOnce() throws Exception {
        boolean waits = bench().has(Trait.WAITS_FOR_PEERS);
        Receiver receiver = bench().track(Ipc.receiver(waits ? bench().address("peerDeath=wait") : bench().address()));
        if (!bench().has(Trait.KNOWS_PEERS)) {
            assertThrows(UnsupportedOperationException.class, () -> receiver.onPeer(event -> { }));
            return;
        }
        List<PeerEvent> events = new CopyOnWriteArrayList<>();
        List<PeerEvent> others = new CopyOnWriteArrayList<>();
        List<PeerEvent> late = new CopyOnWriteArrayList<>();
        Registration registration = receiver.onPeer(events::add);
        Registration other = receiver.onPeer(others::add);
        Pair pair = new Pair(bench().track(Ipc.sender(receiver.address())), receiver);
        connect(pair);
        Await.until(Bench.PATIENCE, () -> "one event, found " + events, () -> events.size() == 1);
        Registration lateComer = receiver.onPeer(late::add);
        Await.until(Bench.PATIENCE, () -> "one event, found " + late, () -> late.size() == 1);
        other.close();
        pair.sender.close();
        for (List<PeerEvent> told : List.of(events, late)) {
            Await.until(Bench.PATIENCE, () -> "two events, found " + told, () -> told.size() == 2);
            assertComingAndGoing(told);
        }
        assertEquals(1, others.size(), "a closed registration is not told any more");
        lateComer.close();
        registration.close();
        registration.close();
        if (!waits) {
            return;
        }
        Pair second = new Pair(bench().track(Ipc.sender(receiver.address())), receiver);
        connect(second);
        second.sender.close();
        Await.until(Bench.PATIENCE, "the peer to be gone", () -> receiver.status().peersAlive() == 0);
        assertEquals(2, events.size());
    }

    @Test
    default void shouldTellLeavingFromDyingAlsoWhereTheChannelIsFull() throws Exception {
        if (!bench().has(Trait.TELLS_DEATH) || !bench().has(Trait.BOUNDED)) {
            assertTrue(bench().pair().receiver.isOpen());
            return;
        }
        Pair pair = bench().smallPair();
        List<PeerEvent> events = new CopyOnWriteArrayList<>();
        Registration registration = pair.receiver.onPeer(events::add);
        connect(pair);
        int count = pair.fill();
        pair.sender.close();
        pair.expectAll(0, count);
        pair.expectEnd();
        Await.until(Bench.PATIENCE, () -> "two events, found " + events, () -> events.size() == 2);
        assertComingAndGoing(events);
        registration.close();
    }

    private void assertComingAndGoing(List<PeerEvent> events) {
        assertEquals(PeerEvent.Kind.JOINED, events.get(0).kind());
        PeerEvent.Kind going = events.get(1).kind();
        if (bench().has(Trait.TELLS_DEATH)) {
            assertEquals(PeerEvent.Kind.LEFT, going);
        } else {
            assertTrue(going == PeerEvent.Kind.LEFT || going == PeerEvent.Kind.DIED, "found " + going);
        }
        long pid = bench().has(Trait.KNOWS_PIDS) ? ProcessHandle.current().pid() : -1;
        assertEquals(pid, events.get(0).peer().pid());
        assertEquals(events.get(0).peer(), events.get(1).peer());
    }
}
