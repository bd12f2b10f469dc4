package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.jvmipc.BrokenFrameException;
import org.jvmipc.Ipc;
import org.jvmipc.PeerDiedException;
import org.jvmipc.PeerEvent;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.TransferResult;
import org.jvmipc.testkit.Await;

/** The other process dies at the worst moment: nothing that was sent is lost, nothing is made up, nobody hangs. */
interface DeathCases extends RemoteBench {
    /** As many as even the smallest channel holds. */
    int SENT = 5;

    @Test
    default void shouldDeliverWhatAKilledProcessHadSentAndTellItsDeath() throws Exception {
        Receiver receiver = bench().track(Ipc.receiver(bench().address()));
        List<PeerEvent> events = new CopyOnWriteArrayList<>();
        if (bench().has(Trait.KNOWS_PEERS)) {
            receiver.onPeer(events::add);
        }
        Remote mortal = mortal();
        mortal.ask("sender", receiver.address());
        Pair pair = new Pair(null, receiver);
        int size = Math.min(512, Integer.parseInt(mortal.ask("maxMessage")));
        int sending = mortal.tell("send", 0, SENT, size);
        int first = 0;
        if (!bench().has(Trait.HOLDS)) {
            while (first < SENT) {
                pair.expect(first++, size);
            }
        }
        mortal.answer(sending);
        long pid = mortal.pid();
        mortal.kill();
        for (int i = first; i < SENT; i++) {
            pair.expect(i, size);
        }
        if (!bench().has(Trait.ENDS)) {
            pair.expectNothing();
        } else {
            pair.expectEnd();
            pair.expectEnd();
            Subscription stream = new Subscription();
            receiver.publisher().subscribe(stream);
            stream.request(1);
            Await.until(Bench.PATIENCE, "a subscriber to be told",
                    () -> stream.isComplete() || stream.failure() != null);
            assertEquals(bench().has(Trait.TELLS_DEATH), stream.failure() instanceof PeerDiedException);
        }
        if (bench().has(Trait.KNOWS_PEERS)) {
            Await.until(Bench.PATIENCE, () -> "two events, found " + events, () -> events.size() == 2);
            assertEquals(PeerEvent.Kind.JOINED, events.get(0).kind());
            assertEquals(PeerEvent.Kind.DIED, events.get(1).kind());
            assertEquals(bench().has(Trait.KNOWS_PIDS) ? pid : -1, events.get(1).peer().pid());
            assertEquals(0, receiver.status().peersAlive());
        }
    }

    @Test
    default void shouldTellABlockedSenderThatTheReceivingProcessWasKilled() throws Exception {
        Remote mortal = mortal();
        Pair pair = sending(bench().small(), mortal);
        int receiving = mortal.tell("receive", 100, 1, 1);
        pair.send(100, 1);
        mortal.answer(receiving);
        boolean blocks = bench().has(Trait.BOUNDED) || !bench().has(Trait.HOLDS);
        int count = bench().has(Trait.BOUNDED) ? pair.fill() : 0;
        Task<Void> sending = bench().task("sending", () -> {
            for (int i = count; bench().has(Trait.NOTICES_RECEIVER) || i == count; i++) {
                pair.sender.send(Payload.of(i, pair.size));
            }
            return null;
        });
        if (blocks) {
            sending.awaitBlocked();
        }
        long pid = mortal.pid();
        mortal.kill();
        if (!bench().has(Trait.NOTICES_RECEIVER)) {
            pair.sender.close();
            assertTrue(sending.ends(Bench.PATIENCE));
            takeOverWhatIsLeft(mortal, pair.sender.address());
            return;
        }
        assertDeath(assertInstanceOf(PeerGoneException.class, sending.failure()), pid);
        assertDeath(assertThrows(PeerGoneException.class, () -> pair.sender.send(Payload.of(0, 1))), pid);
        assertTrue(pair.sender.isOpen());
        pair.sender.close();
        takeOverWhatIsLeft(mortal, pair.sender.address());
    }

    private void assertDeath(PeerGoneException gone, long pid) {
        if (!bench().has(Trait.TRANSFERS)) {
            return; // without a way back, all that a sender can see is that nobody reads
        }
        if (bench().has(Trait.TELLS_DEATH)) {
            assertInstanceOf(PeerDiedException.class, gone);
        }
        if (bench().has(Trait.KNOWS_PIDS)) {
            assertEquals(pid, gone.peer().pid());
            assertTrue(gone.getMessage().contains(String.valueOf(pid)), gone.getMessage());
        }
    }

    /** Whatever the process was doing when it was killed, each message comes whole or not at all. */
    @Test
    default void shouldNotDeliverHalfAMessageOfAKilledProcess() throws Exception {
        Remote mortal = mortal();
        Pair pair = receiving(bench().subject().limited(bench().address()), mortal);
        int size = Integer.parseInt(mortal.ask("maxMessage"));
        mortal.tell("flood", size);
        for (int i = 0; i < 3; i++) {
            pair.expect(i, size);
        }
        mortal.kill();
        boolean broken = false;
        for (int i = 3;; i++) {
            Received received;
            try {
                received = pair.receiver.receive(bench().has(Trait.ENDS) ? Bench.PATIENCE : Bench.ms(300));
            } catch (BrokenFrameException incomplete) {
                assertFalse(broken, "told once");
                assertFalse(incomplete.getMessage().isEmpty());
                broken = true;
                continue;
            }
            if (!received.isMessage()) {
                assertEquals(bench().has(Trait.ENDS) ? Received.END : Received.TIMED_OUT, received);
                break;
            }
            assertFalse(broken, "nothing follows a broken message");
            Payload.assertIs(i, size, received);
        }
        mortal.awaitDeath();
    }

    @Test
    default void shouldEndWhenTheOtherProcessEndsWithoutClosing() throws Exception {
        Remote mortal = mortal();
        Pair pair = receiving(bench().address(), mortal);
        int sending = mortal.tell("send", 0, 3, pair.size);
        pair.expectAll(0, 3);
        mortal.answer(sending);
        mortal.exit();
        if (bench().has(Trait.ENDS)) {
            pair.expectEnd();
        } else {
            pair.expectNothing();
        }
        pair.receiver.close();
        takeOverWhatIsLeft(mortal, pair.receiver.address());
    }

    /** One of several senders dies while all are sending; the others neither lose a message nor their order. */
    @Test
    default void shouldGoOnWithTheOtherSendersWhenOneIsKilled() throws Exception {
        int others = 1_000_000;
        int count = 2000;
        Remote mortal = mortal();
        Pair pair = receiving(bench().address(), mortal);
        int size = Math.min(256, pair.size);
        boolean several = bench().has(Trait.SEVERAL_SENDERS);
        if (several) {
            remote().ask("sender", pair.receiver.address());
        }
        mortal.tell("flood", size);
        int sending = several ? remote().tell("send", others, count, size) : 0;
        int next = 0;
        int nextOther = others;
        while (next < 20 || several && nextOther < others + count) {
            if (next == 20) {
                mortal.kill();
            }
            Received received = pair.receiver.receive(Bench.PATIENCE);
            if (Arrays.equals(Payload.bytes(next, size), received.message().bytes())) {
                next++;
            } else {
                Payload.assertIs(nextOther++, size, received);
            }
        }
        mortal.kill();
        if (several) {
            remote().answer(sending);
            remote().ask("close");
        }
        Duration patience = bench().has(Trait.ENDS) ? Bench.PATIENCE : Bench.ms(300);
        Received received = pair.receiver.receive(patience);
        while (received.isMessage()) {
            Payload.assertIs(next++, size, received);
            received = pair.receiver.receive(patience);
        }
        assertEquals(bench().has(Trait.ENDS) ? Received.END : Received.TIMED_OUT, received);
        mortal.awaitDeath();
    }

    @Test
    default void shouldEndATransferToAProcessThatIsKilled() throws Exception {
        Remote mortal = mortal();
        Pair pair = sending(bench().address(), mortal);
        if (!bench().has(Trait.TRANSFERS)) {
            assertThrows(UnsupportedOperationException.class, () -> pair.sender.transfer(Payload.of(0, 1)));
            mortal.ask("close");
            return;
        }
        int receiving = mortal.tell("receive", 0, 1, 1);
        assertEquals(TransferResult.TAKEN, pair.sender.transfer(Payload.of(0, 1), Bench.PATIENCE));
        mortal.answer(receiving);
        if (!bench().has(Trait.NOTICES_RECEIVER)) {
            // Another receiver may come and take it.
            mortal.kill();
            mortal.awaitDeath();
            assertEquals(TransferResult.UNCONFIRMED, pair.sender.transfer(Payload.of(1, 1), Bench.ms(100)));
            pair.sender.close();
            takeOverWhatIsLeft(mortal, pair.sender.address());
            return;
        }
        Task<TransferResult> transferring = bench().task("transferring",
                () -> pair.sender.transfer(Payload.of(1, pair.size), Bench.PATIENCE.multipliedBy(2)));
        transferring.awaitBlocked();
        long pid = mortal.pid();
        mortal.kill();
        assertDeath(assertInstanceOf(PeerGoneException.class, transferring.failure()), pid);
        pair.sender.close();
        takeOverWhatIsLeft(mortal, pair.sender.address());
    }

    @Test
    default void shouldEndAsynchronousSendsToAProcessThatIsKilled() throws Exception {
        Remote mortal = mortal();
        Pair pair = sending(bench().small(), mortal);
        int receiving = mortal.tell("receive", 100, 1, 1);
        pair.send(100, 1);
        mortal.answer(receiving);
        if (!bench().has(Trait.NOTICES_RECEIVER) || !bench().has(Trait.BOUNDED)) {
            mortal.ask("close");
            mortal.exit();
            mortal.awaitDeath();
            return;
        }
        int count = pair.fill();
        CompletableFuture<Void> waiting = bench().has(Trait.TRANSFERS)
                ? pair.sender.transferAsync(Payload.of(count, pair.size))
                : pair.sender.sendAsync(Payload.of(count, pair.size));
        assertFalse(waiting.isDone());
        long pid = mortal.pid();
        mortal.kill();
        // Nothing else is called on the sender: the future itself has to find out.
        assertDeath(assertInstanceOf(PeerGoneException.class, Bench.failure(() -> waiting)), pid);
        pair.sender.close();
        takeOverWhatIsLeft(mortal, pair.sender.address());
    }

    @Test
    default void shouldGoOnWithAReplacementOfAKilledProcess() throws Exception {
        if (!bench().has(Trait.WAITS_FOR_PEERS)) {
            assertThrows(IllegalArgumentException.class, () -> Ipc.sender(bench().address("peerDeath=wait")));
            return;
        }
        Remote mortal = mortal();
        Pair pair = receiving(bench().address("peerDeath=wait"), mortal);
        int sending = mortal.tell("send", 0, 5, pair.size);
        pair.expectAll(0, 5);
        mortal.answer(sending);
        mortal.kill();
        assertEquals(Received.TIMED_OUT, pair.receiver.receive(Bench.ms(100)));
        remote().ask("sender", pair.receiver.address());
        int again = remote().tell("send", 5, 5, pair.size);
        pair.expectAll(5, 10);
        remote().answer(again);
    }
}
