package org.jvmipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvmipc.internal.Until;

/** Runs where there are virtual threads: on Java 21 and newer. */
class VirtualThreadTest {
    private static final int COUNT = 1_000;
    private static final Duration LONG = Duration.ofSeconds(50);

    private final List<Thread> threads = new ArrayList<>();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final Map<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();
    private final CountDownLatch ended = new CountDownLatch(COUNT);
    private Method starter;

    @BeforeEach
    void findVirtualThreads() {
        try {
            starter = Thread.class.getMethod("startVirtualThread", Runnable.class);
        } catch (NoSuchMethodException before21) {
            assumeTrue(false, "this JDK has no virtual threads");
        }
    }

    @AfterEach
    void close() {
        endpoints.forEach(Endpoint::close);
    }

    private <E extends Endpoint> E kept(E endpoint) {
        endpoints.add(endpoint);
        return endpoint;
    }

    /** Starts all threads, each of which makes one call, and waits until all are blocked in it. */
    private void blockAll(Callable<String> call) throws Exception {
        startAll(call);
        for (Thread thread : threads) {
            Until.isBlocked(thread);
        }
    }

    private void startAll(Callable<String> call) throws Exception {
        for (int i = 0; i < COUNT; i++) {
            threads.add((Thread) starter.invoke(null, (Runnable) () -> {
                String outcome;
                try {
                    outcome = call.call();
                } catch (Exception thrown) {
                    outcome = thrown.getClass().getSimpleName();
                }
                outcomes.computeIfAbsent(outcome, unused -> new AtomicInteger()).incrementAndGet();
                ended.countDown();
            }));
        }
    }

    private void assertAll(String outcome) throws Exception {
        boolean all = ended.await(40, TimeUnit.SECONDS);
        assertEquals("{" + outcome + "=" + COUNT + "}", outcomes.toString(), all ? "" : "some are still blocked");
    }

    @Test
    void shouldBlockInReceiveAndBeWokenByMessages() throws Exception {
        Sender sender = kept(Ipc.sender("mem:virtual-receive"));
        Receiver receiver = kept(Ipc.receiver("mem:virtual-receive"));
        blockAll(() -> receiver.receive().text());
        for (int i = 0; i < COUNT; i++) {
            sender.send(ByteBuffer.wrap(new byte[] {'m'}));
        }
        assertAll("m");
    }

    @Test
    void shouldBlockInSendAndBeWokenByRoom() throws Exception {
        Sender sender = kept(Ipc.sender("mem:virtual-send?capacity=1"));
        Receiver receiver = kept(Ipc.receiver("mem:virtual-send?capacity=1"));
        sender.send(ByteBuffer.allocate(1));
        blockAll(() -> {
            sender.send(ByteBuffer.allocate(1));
            return "sent";
        });
        for (int i = 0; i <= COUNT; i++) {
            assertEquals(1, receiver.receive(LONG).message().length());
        }
        assertAll("sent");
        assertFalse(receiver.tryReceive().isMessage());
    }

    @Test
    void shouldBeInterruptedInReceive() throws Exception {
        Receiver receiver = kept(Ipc.receiver("mem:virtual-interrupt"));
        blockAll(() -> receiver.receive(LONG).kind().name());
        threads.forEach(Thread::interrupt);
        assertAll("InterruptedException");
    }

    @Test
    void shouldBeInterruptedInSend() throws Exception {
        Sender sender = kept(Ipc.sender("mem:virtual-interrupt-send?capacity=1"));
        sender.send(ByteBuffer.allocate(1));
        blockAll(() -> {
            sender.send(ByteBuffer.allocate(1), LONG);
            return "sent";
        });
        threads.forEach(Thread::interrupt);
        assertAll("InterruptedException");
        assertEquals(1, sender.status().sent());
    }

    @Test
    void shouldTimeOut() throws Exception {
        Receiver receiver = kept(Ipc.receiver("mem:virtual-timeout"));
        startAll(() -> receiver.receive(Duration.ofMillis(100)).kind().name());
        assertAll("TIMED_OUT");
    }

    @Test
    void shouldBeWokenByClose() throws Exception {
        Receiver receiver = kept(Ipc.receiver("mem:virtual-close"));
        blockAll(() -> receiver.receive().text());
        receiver.close();
        assertAll("ChannelClosedException");
    }

    @Test
    void shouldHandOverAtARendezvous() throws Exception {
        Sender sender = kept(Ipc.sender("mem:virtual-rendezvous?mode=rendezvous"));
        Receiver receiver = kept(Ipc.receiver("mem:virtual-rendezvous?mode=rendezvous"));
        blockAll(() -> {
            sender.transfer(ByteBuffer.allocate(1));
            return "taken";
        });
        for (int i = 0; i < COUNT; i++) {
            assertEquals(1, receiver.receive(LONG).message().length());
        }
        assertAll("taken");
    }
}
