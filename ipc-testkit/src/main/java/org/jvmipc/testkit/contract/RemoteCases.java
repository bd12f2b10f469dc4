package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.jvmipc.Duplex;
import org.jvmipc.Ipc;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.Listener;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.TransferResult;
import org.jvmipc.testkit.Await;

/** Messages between two processes that both live. */
interface RemoteCases extends RemoteBench {
    @Test
    default void shouldDeliverToAnotherProcess() throws Exception {
        Pair pair = sending(bench().address());
        int[] sizes = IntStream.of(DeliveryCases.EDGES).filter(size -> size <= pair.sender.maxMessage()).toArray();
        for (int size : sizes) {
            int receiving = remote().tell("receive", size, 3, size);
            for (int i = 0; i < 3; i++) {
                pair.send(size + i, size);
            }
            remote().answer(receiving);
        }
        assertEquals(3L * sizes.length, pair.sender.status().sent());
    }

    @Test
    default void shouldReceiveFromAnotherProcess() throws Exception {
        Pair pair = receiving(bench().address());
        for (int wanted : new int[] {0, 1, 7, 64, pair.size}) {
            int size = Math.min(wanted, pair.size);
            int sending = remote().tell("send", 0, 200, size);
            for (int i = 0; i < 200; i++) {
                pair.expect(i, size);
            }
            remote().answer(sending);
        }
        pair.expectNothing();
    }

    @Test
    default void shouldCarryTheLargestMessageToAnotherProcess() throws Exception {
        Pair pair = sending(bench().subject().limited(bench().address()));
        int largest = pair.sender.maxMessage();
        int receiving = remote().tell("receive", 5, 4, largest);
        for (int i = 5; i < 9; i++) {
            pair.send(i, largest);
        }
        remote().answer(receiving);
    }

    @Test
    default void shouldCarryMuchMoreThanItHoldsToAnotherProcess() throws Exception {
        Pair pair = sending(bench().small());
        int receiving = remote().tell("receive", 0, 10_000, pair.size);
        for (int i = 0; i < 10_000; i++) {
            pair.send(i);
        }
        remote().answer(receiving);
    }

    @Test
    default void shouldCarryMuchMoreThanItHoldsFromAnotherProcess() throws Exception {
        Pair pair = receiving(bench().small());
        int sending = remote().tell("send", 0, 10_000, pair.size);
        pair.expectAll(0, 10_000);
        remote().answer(sending);
    }

    @Test
    default void shouldNotCareWhichProcessOpensFirst() throws Exception {
        if (!bench().has(Trait.NAMED)) {
            Pair pair = sending(bench().address());
            int receiving = remote().tell("receive", 0, 1, pair.size);
            pair.send(0);
            remote().answer(receiving);
            return;
        }
        String address = remote().ask("receiver", bench().address());
        Sender sender = bench().track(Ipc.sender(address));
        int receiving = remote().tell("receive", 0, 1, 3);
        sender.send(Payload.of(0, 3), Bench.PATIENCE);
        remote().answer(receiving);
        remote().reset();
        address = remote().ask("sender", bench().address());
        Receiver receiver = bench().track(Ipc.receiver(address));
        int sending = remote().tell("send", 0, 1, 3);
        Payload.assertIs(0, 3, receiver.receive(Bench.PATIENCE));
        remote().answer(sending);
    }

    @Test
    default void shouldBlockWhileTheOtherProcessDoesNotReceive() throws Exception {
        Pair pair = sending(bench().small());
        if (!bench().has(Trait.BOUNDED)) {
            pair.send(0);
            remote().ask("receive", 0, 1, pair.size);
            return;
        }
        int count = pair.fill();
        assertThrows(IpcTimeoutException.class, () -> pair.sender.send(Payload.of(count, pair.size), Bench.ms(50)));
        Task<Void> sending = bench().task("sending", () -> {
            pair.sender.send(Payload.of(count, pair.size));
            return null;
        });
        sending.awaitBlocked();
        remote().ask("receive", 0, count + 1, pair.size);
        sending.result();
    }

    @Test
    default void shouldBlockUntilTheOtherProcessSends() throws Exception {
        Pair pair = receiving(bench().address());
        for (int i = 0; i < 3; i++) {
            Task<Received> receiving = bench().task("receiving", pair.receiver::receive);
            receiving.awaitBlocked();
            remote().ask("send", i, 1, pair.size);
            Payload.assertIs(i, pair.size, receiving.result());
        }
    }

    @Test
    default void shouldWakeTheOtherProcessByEventsAndNotByTheClock() throws Exception {
        Pair there = sending(bench().address("wait=block"));
        Pair back = receiving(bench().address("wait=block"));
        int rounds = 300;
        int echo = remote().tell("echo", rounds);
        for (int i = 0; i < rounds; i++) {
            there.send(i, Math.min(64, there.size));
            back.expect(i, Math.min(64, there.size));
        }
        remote().answer(echo);
    }

    @Test
    default void shouldEndWhenTheOtherProcessCloses() throws Exception {
        Pair pair = receiving(bench().address());
        int sending = remote().tell("send", 0, 3, pair.size);
        if (!bench().has(Trait.HOLDS)) {
            pair.expectAll(0, 3);
        }
        remote().answer(sending);
        remote().ask("close");
        if (bench().has(Trait.HOLDS)) {
            pair.expectAll(0, 3);
        }
        if (bench().has(Trait.ENDS)) {
            pair.expectEnd();
        } else {
            pair.expectNothing();
        }
    }

    @Test
    default void shouldTellTheOtherProcessThatThisOneHasClosed() throws Exception {
        Pair pair = sending(bench().address());
        int receiving = remote().tell("receiveToEnd", 0, pair.size);
        for (int i = 0; i < 5; i++) {
            pair.send(i);
        }
        assertTrue(pair.sender.close(Bench.PATIENCE));
        if (bench().has(Trait.ENDS)) {
            assertEquals("5 end", remote().answer(receiving));
        } else {
            assertTrue(remote().isAlive());
        }
    }

    @Test
    default void shouldTransferToAnotherProcess() throws Exception {
        Pair pair = sending(bench().address());
        if (!bench().has(Trait.TRANSFERS)) {
            assertThrows(UnsupportedOperationException.class, () -> pair.sender.transfer(Payload.of(0, 1)));
            return;
        }
        for (int i = 0; i < 5; i++) {
            int number = i;
            Task<TransferResult> transferring = bench().task("transferring",
                    () -> pair.sender.transfer(Payload.of(number, pair.size), Bench.PATIENCE));
            transferring.awaitBlocked();
            assertFalse(transferring.isDone());
            remote().ask("receive", i, 1, pair.size);
            assertEquals(TransferResult.TAKEN, transferring.result());
        }
        assertEquals(bench().has(Trait.HOLDS) ? TransferResult.UNCONFIRMED : TransferResult.NOT_SENT,
                pair.sender.transfer(Payload.of(5, pair.size), Bench.ms(40)));
    }

    @Test
    default void shouldTakeTransfersOfAnotherProcess() throws Exception {
        Pair pair = receiving(bench().address());
        if (!bench().has(Trait.TRANSFERS)) {
            String refusal = remote().failure(remote().tell("transfer", 0, 1));
            assertTrue(refusal.startsWith(UnsupportedOperationException.class.getName()), refusal);
            return;
        }
        for (int i = 0; i < 5; i++) {
            int transferring = remote().tell("transfer", i, pair.size);
            pair.expect(i);
            assertEquals("TAKEN", remote().answer(transferring));
        }
    }

    @Test
    default void shouldReceiveAsynchronouslyFromAnotherProcess() throws Exception {
        Pair pair = receiving(bench().address());
        CompletableFuture<Received> first = pair.receiver.receiveAsync();
        CompletableFuture<Received> second = pair.receiver.receiveAsync();
        remote().ask("send", 0, 2, pair.size);
        Payload.assertIs(0, pair.size, Bench.outcome(first));
        Payload.assertIs(1, pair.size, Bench.outcome(second));
    }

    @Test
    default void shouldSendAsynchronouslyToAnotherProcess() throws Exception {
        Pair pair = sending(bench().small());
        CompletableFuture<?>[] futures = new CompletableFuture<?>[500];
        for (int i = 0; i < futures.length; i++) {
            futures[i] = pair.sender.sendAsync(Payload.of(i, pair.size));
        }
        remote().ask("receive", 0, futures.length, pair.size);
        for (CompletableFuture<?> future : futures) {
            Bench.outcome(future);
        }
    }

    @Test
    default void shouldTalkBothWaysWithAnotherProcess() throws Exception {
        if (!bench().has(Trait.LISTENS)) {
            assertThrows(UnsupportedOperationException.class, () -> Ipc.listen(bench().address()));
            return;
        }
        Listener listener = bench().track(Ipc.listen(bench().address()));
        remote().ask("connect", listener.address());
        int echo = remote().tell("echo", 500);
        Duplex duplex = bench().track(listener.accept(Bench.PATIENCE));
        Pair there = new Pair(duplex.sender(), duplex.receiver());
        for (int i = 0; i < 500; i++) {
            there.send(i);
            there.expect(i);
        }
        remote().answer(echo);
        remote().ask("close");
        there.expectEnd();
    }

    @Test
    default void shouldKnowTheOtherProcess() throws Exception {
        Pair pair = receiving(bench().address());
        remote().ask("send", 0, 1, 1);
        Received received = pair.receiver.receive(Bench.PATIENCE);
        Payload.assertIs(0, 1, received);
        if (!bench().has(Trait.KNOWS_PEERS)) {
            assertThrows(UnsupportedOperationException.class, () -> pair.receiver.awaitPeer(Bench.PATIENCE));
            return;
        }
        assertTrue(pair.receiver.awaitPeer(Bench.PATIENCE));
        assertEquals(1, pair.receiver.status().peersAlive());
        if (bench().has(Trait.KNOWS_PIDS)) {
            assertEquals(remote().pid(), received.message().sender().pid());
        }
        assertEquals("true", remote().ask("awaitPeer"));
        remote().ask("close");
        Await.until(Bench.PATIENCE, "the peer to be gone", () -> {
            pair.receiver.tryReceive();
            return pair.receiver.status().peersAlive() == 0;
        });
    }

    @Test
    default void shouldWaitForAProcessThatIsStopped() throws Exception {
        Pair pair = sending(bench().small());
        remote().ask("receive", 0, 0, pair.size);
        remote().stop();
        try {
            if (bench().has(Trait.BOUNDED)) {
                int count = pair.fill();
                long start = System.nanoTime();
                assertThrows(IpcTimeoutException.class,
                        () -> pair.sender.send(Payload.of(count, pair.size), Bench.ms(300)),
                        "who is stopped is not dead");
                assertTrue(System.nanoTime() - start >= Bench.ms(300).toNanos());
                remote().cont();
                remote().ask("receive", 0, count, pair.size);
            }
        } finally {
            remote().cont();
        }
        int receiving = remote().tell("receive", 7, 1, pair.size);
        pair.send(7);
        remote().answer(receiving);
    }
}
