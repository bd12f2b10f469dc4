package org.jvmipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.jvmipc.SelectCalls.blocked;
import static org.jvmipc.SelectCalls.result;
import static org.jvmipc.SelectCalls.text;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.internal.Until;

@Timeout(60)
class SelectManyTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(20);

    private enum Event { A, B, C }

    private final Select<Event> select = Select.fair();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        select.close();
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private Sender sender(String address) {
        Sender sender = Ipc.sender(address);
        opened.add(sender);
        return sender;
    }

    private Receiver receiver(String address) {
        Receiver receiver = Ipc.receiver(address);
        opened.add(receiver);
        return receiver;
    }

    @Test
    void shouldTakeAllThatAreReady() throws Exception {
        Sender a = sender("mem:select-all-a");
        Sender b = sender("mem:select-all-b");
        SelectCase<Received> caseA = select.receive(Event.A, receiver("mem:select-all-a"));
        SelectCase<Received> caseB = select.receive(Event.B, receiver("mem:select-all-b"));
        select.after(Event.C, LONG);
        assertEquals(List.of(), select.awaitReady(SHORT));
        a.send(text("a1"));
        a.send(text("a2"));
        b.send(text("b1"));
        assertEquals(List.of(Event.A, Event.B), select.awaitReady(LONG).stream().sorted().toList());
        assertEquals("a1", caseA.value().text());
        assertEquals("b1", caseB.value().text());
        assertEquals(List.of(Event.A), select.awaitReady(LONG));
        assertEquals("a2", caseA.value().text());
    }

    @Test
    void shouldWaitUntilAllHaveBeenReady() throws Exception {
        Sender a = sender("mem:select-each-a");
        Sender b = sender("mem:select-each-b");
        SelectCase<Received> caseA = select.receive(Event.A, receiver("mem:select-each-a"));
        SelectCase<Received> caseB = select.receive(Event.B, receiver("mem:select-each-b"));
        a.send(text("a1"));
        a.send(text("a2"));
        assertEquals(List.of(Event.A), select.awaitAll(SHORT), "the other was not ready in time");
        select.after(Event.C, Duration.ZERO);
        FutureTask<List<Event>> waiting = blocked(() -> select.awaitAll(LONG));
        b.send(text("b1"));
        List<Event> taken = result(waiting);
        assertEquals(List.of(Event.A, Event.B, Event.C), taken.stream().sorted().toList());
        assertEquals(Event.B, taken.get(2));
        assertEquals("a2", caseA.value().text());
        assertEquals("b1", caseB.value().text());
    }

    @Test
    void shouldRunAsALoopUntilNothingIsLeft() throws Exception {
        Sender sender = sender("mem:select-loop");
        List<String> seen = new ArrayList<>();
        select.receive(Event.A, receiver("mem:select-loop")).then(received -> {
            seen.add(received.isMessage() ? received.text() : received.toString());
            if ("more".equals(received.isMessage() ? received.text() : "")) {
                select.after(Event.B, SHORT).then(once -> {
                    seen.add("later");
                    sender.close();
                });
            }
        });
        select.on(Event.C, CompletableFuture.failedFuture(new IOException("told"))).otherwise(
                failure -> seen.add(failure.getCause().getMessage()));
        sender.send(text("one"));
        sender.send(text("more"));
        select.run();
        assertEquals(List.of("one", "told", "more", "later", "END"), seen);
        assertTrue(select.isOpen());
    }

    @Test
    void shouldGoOnAfterAHandlerThatThrew() throws Exception {
        Sender sender = sender("mem:select-throws");
        List<String> seen = new ArrayList<>();
        select.receive(Event.A, receiver("mem:select-throws")).then(received -> {
            if ("bad".equals(received.text())) {
                throw new IllegalArgumentException("bad");
            }
            seen.add(received.text());
            if ("stop".equals(received.text())) {
                select.close();
            }
        });
        for (String each : List.of("1", "bad", "2", "stop", "3")) {
            sender.send(text(each));
        }
        assertThrows(IllegalArgumentException.class, select::run);
        select.run();
        assertEquals(List.of("1", "2", "stop"), seen);
        assertEquals(1, sender.status().depthMessages());
    }

    @Test
    void shouldEndTheLoopOfAnotherThread() throws Exception {
        select.receive(Event.A, receiver("mem:select-stop"));
        FutureTask<String> running = blocked(() -> {
            select.run();
            return "ended";
        });
        select.close();
        assertEquals("ended", result(running));
    }

    @Test
    void shouldMissNothingAmongManySendersWithOneSelect() throws Exception {
        int channels = 4;
        int each = 25_000;
        try (Select<Integer> many = Select.fair()) {
            List<SelectCase<Received>> cases = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < channels; i++) {
                String address = "mem:select-many-" + i + "?capacity=16";
                Sender sender = sender(address);
                cases.add(many.receive(i, receiver(address)));
                threads.add(new Thread(() -> {
                    try (sender) {
                        for (int m = 0; m < each; m++) {
                            sender.send(ByteBuffer.allocate(4).putInt(0, m));
                        }
                    } catch (InterruptedException gaveUp) {
                        Thread.currentThread().interrupt();
                    }
                }));
            }
            threads.forEach(Thread::start);
            int[] seen = new int[channels];
            while (!many.isEmpty()) {
                int i = many.await(LONG, -1);
                assertTrue(i >= 0, "nothing within " + LONG);
                Received received = cases.get(i).value();
                if (received.isMessage()) {
                    assertEquals(seen[i]++, received.message().payload().getInt(0));
                }
            }
            for (int count : seen) {
                assertEquals(each, count);
            }
        }
    }

    @Test
    void shouldHoldNoCarrierOfAVirtualThread() throws Exception {
        Method start;
        try {
            start = Thread.class.getMethod("startVirtualThread", Runnable.class);
        } catch (NoSuchMethodException before21) {
            assumeTrue(false, "this JDK has no virtual threads");
            return;
        }
        int count = 200;
        Sender sender = sender("mem:select-virtual");
        Receiver receiver = receiver("mem:select-virtual");
        CountDownLatch taken = new CountDownLatch(count);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            threads.add((Thread) start.invoke(null, (Runnable) () -> {
                try (Select<Event> mine = Select.fair()) {
                    mine.receive(Event.A, receiver);
                    mine.after(Event.B, LONG);
                    if (mine.await() == Event.A) {
                        taken.countDown();
                    }
                } catch (InterruptedException gaveUp) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        threads.forEach(Until::isBlocked);
        for (int i = 0; i < count; i++) {
            sender.send(text("m"));
        }
        assertTrue(taken.await(20, TimeUnit.SECONDS), taken.getCount() + " are still blocked");
    }
}
