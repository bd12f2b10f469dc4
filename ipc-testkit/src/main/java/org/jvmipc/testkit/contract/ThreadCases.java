package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.jvmipc.Ipc;
import org.jvmipc.Message;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;

/** As many threads as documented, each message exactly once, and no thread that nobody asked for. */
interface ThreadCases extends Cases {
    int THREADS = 4;
    int EACH = 2000;

    /** Bytes of a message that tells who sent it as which. */
    int TAGGED = 2 * Integer.BYTES;

    private static ByteBuffer tagged(int sender, int number) {
        return ByteBuffer.allocate(TAGGED).putInt(sender).putInt(number).flip();
    }

    private boolean carriesTags(Pair pair) {
        return pair.sender.maxMessage() >= TAGGED;
    }

    /** Sends from several threads and checks in one that each thread's messages come once and in order. */
    private void checkEachSendersOrder(Receiver receiver, List<Sender> senders) throws Exception {
        List<Task<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < senders.size(); i++) {
            int me = i;
            tasks.add(bench().task("sender-" + me, () -> {
                for (int number = 0; number < EACH; number++) {
                    senders.get(me).send(tagged(me, number), Bench.PATIENCE);
                }
                return null;
            }));
        }
        int[] next = new int[senders.size()];
        for (int i = 0; i < senders.size() * EACH; i++) {
            ByteBuffer payload = receiver.receive(Bench.PATIENCE).message().payload();
            int from = payload.getInt();
            assertEquals(next[from]++, payload.getInt(), "from sender " + from);
        }
        tasks.forEach(Task::result);
        assertEquals(Received.EMPTY, receiver.tryReceive());
    }

    @Test
    default void shouldKeepEachThreadsOrderWhenSeveralShareASender() throws Exception {
        Pair pair = bench().smallPair();
        if (!carriesTags(pair)) {
            return;
        }
        int threads = bench().has(Trait.SHARED_SENDER) ? THREADS : 1;
        checkEachSendersOrder(pair.receiver, Collections.nCopies(threads, pair.sender));
        assertEquals((long) threads * EACH, pair.sender.status().sent());
    }

    @Test
    default void shouldKeepEachSendersOrderWhenSeveralAreOpen() throws Exception {
        Pair pair = bench().smallPair();
        if (!carriesTags(pair)) {
            return;
        }
        List<Sender> senders = new ArrayList<>(List.of(pair.sender));
        while (bench().has(Trait.SEVERAL_SENDERS) && senders.size() < THREADS) {
            senders.add(bench().track(Ipc.sender(pair.receiver.address())));
        }
        checkEachSendersOrder(pair.receiver, senders);
    }

    /** Receives in several threads and checks that together they get each message once, each of them in order. */
    private void checkEachMessageOnce(Sender sender, List<Receiver> receivers) throws Exception {
        AtomicInteger left = new AtomicInteger(EACH);
        List<Task<BitSet>> tasks = new ArrayList<>();
        for (Receiver receiver : receivers) {
            tasks.add(bench().task("receiver-" + tasks.size(), () -> {
                BitSet mine = new BitSet(EACH);
                int last = -1;
                while (left.get() > 0) {
                    Received received = receiver.receive(Bench.ms(5));
                    if (received.isMessage()) {
                        int number = received.message().payload().position(Integer.BYTES).getInt();
                        assertTrue(number > last, number + " came after " + last);
                        last = number;
                        mine.set(number);
                        left.decrementAndGet();
                    }
                }
                return mine;
            }));
        }
        for (int number = 0; number < EACH; number++) {
            sender.send(tagged(0, number), Bench.PATIENCE);
        }
        BitSet all = new BitSet(EACH);
        for (Task<BitSet> task : tasks) {
            BitSet mine = task.result();
            assertTrue(!all.intersects(mine), "a message was delivered twice");
            all.or(mine);
        }
        assertEquals(EACH, all.cardinality());
    }

    @Test
    default void shouldDeliverEachMessageOnceWhenSeveralThreadsShareAReceiver() throws Exception {
        Pair pair = bench().smallPair();
        if (!carriesTags(pair)) {
            return;
        }
        int threads = bench().has(Trait.SHARED_RECEIVER) ? THREADS : 1;
        checkEachMessageOnce(pair.sender, Collections.nCopies(threads, pair.receiver));
        assertEquals(EACH, pair.receiver.status().received());
    }

    @Test
    default void shouldDeliverEachMessageOnceWhenSeveralReceiversAreOpen() throws Exception {
        Pair pair = bench().smallPair();
        if (!carriesTags(pair)) {
            return;
        }
        List<Receiver> receivers = new ArrayList<>(List.of(pair.receiver));
        while (bench().has(Trait.SEVERAL_RECEIVERS) && receivers.size() < THREADS) {
            receivers.add(bench().track(Ipc.receiver(pair.receiver.address())));
        }
        checkEachMessageOnce(pair.sender, receivers);
    }

    @Test
    default void shouldWakeEveryThreadThatWaitsOnASharedReceiver() throws Exception {
        Pair pair = bench().pair();
        int threads = bench().has(Trait.SHARED_RECEIVER) ? THREADS : 1;
        List<Task<Received>> waiting = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            waiting.add(bench().task("receiver-" + i, pair.receiver::receive).awaitBlocked());
        }
        Set<String> texts = new HashSet<>();
        for (int i = 0; i < threads; i++) {
            pair.sender.send(ByteBuffer.wrap(new byte[] {(byte) ('a' + i)}), Bench.PATIENCE);
        }
        for (Task<Received> task : waiting) {
            Message message = task.result().message();
            assertEquals(1, message.length());
            texts.add(message.text());
        }
        assertEquals(threads, texts.size(), "one message for each, found " + texts);
    }

    /** Handing over through a thread's start and end is a happens-before edge, which single-threaded ends ask for. */
    @Test
    default void shouldBeHandedFromThreadToThread() throws Exception {
        Pair pair = bench().pair();
        for (int i = 0; i < 10; i++) {
            int number = i;
            Task<Received> receiving = bench().task("receiver-" + i, () -> pair.receiver.receive(Bench.PATIENCE));
            Task<Void> sending = bench().task("sender-" + i, () -> {
                pair.send(number);
                return null;
            });
            Payload.assertIs(i, pair.size, receiving.result());
            sending.result();
        }
    }

    @Test
    default void shouldStartNoThreadForSynchronousUse() throws Exception {
        // Shared threads that tests before this one have used end when they have been idle for a while.
        long patience = System.nanoTime() + Bench.ms(1500).toNanos();
        while (System.nanoTime() < patience && !sharedThreads().isEmpty()) {
            LockSupport.parkNanos(Bench.ms(5).toNanos());
        }
        Set<Thread> before = sharedThreads();
        Pair pair = bench().smallPair();
        exchange(pair);
        pair.receiver.receive(Bench.ms(150));
        pair.sender.status();
        Set<Thread> started = sharedThreads();
        started.removeAll(before);
        assertEquals(Set.of(), started);
    }

    private static Set<Thread> sharedThreads() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> !thread.getName().startsWith("ipc-"));
        return threads;
    }

    private void exchange(Pair pair) throws InterruptedException {
        Task<Void> sending = bench().task("sending", () -> {
            for (int i = 0; i < 100; i++) {
                pair.send(i);
            }
            return null;
        });
        pair.expectAll(0, 100);
        sending.result();
    }
}
