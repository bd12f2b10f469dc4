package org.jvmipc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jvmipc.internal.Frames.data;
import static org.jvmipc.internal.Frames.join;
import static org.jvmipc.internal.Frames.text;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Address;
import org.jvmipc.BrokenFrameException;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.HandlerRegistration;
import org.jvmipc.Ipc;
import org.jvmipc.Message;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Registration;
import org.jvmipc.Sender;
import org.jvmipc.spi.ByteLink;

class PortReceiverTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private static Receiver over(ScriptedIn bytes) {
        return Endpoints.receiver(
                new ByteLink(Address.of("test", "x"), null, bytes, null), Frames.values(""));
    }

    @Test
    void shouldBeFreeForOtherFormsAsSoonAsTheFutureIsCancelled() throws Exception {
        try (Sender sender = Ipc.sender("mem:receiver-cancel");
                Receiver receiver = Ipc.receiver("mem:receiver-cancel")) {
            for (int i = 0; i < 2_000; i++) {
                CompletableFuture<Received> given = receiver.receiveAsync();
                String text = Integer.toString(i);
                CompletableFuture<Void> sending = sender.sendAsync(text(text));
                Received received = given.cancel(false) ? receiver.receive(LONG) : given.get(20, TimeUnit.SECONDS);
                assertEquals(text, received.text());
                sending.get(20, TimeUnit.SECONDS);
            }
            assertEquals(2_000, receiver.status().received());
        }
    }

    @Test
    void shouldLoseNoMessageToAFutureThatTimedOut() throws Exception {
        try (Sender sender = Ipc.sender("mem:receiver-timeout");
                Receiver receiver = Ipc.receiver("mem:receiver-timeout")) {
            CompletableFuture<Received> given = receiver.receiveAsync().orTimeout(5, TimeUnit.MILLISECONDS);
            ExecutionException late = assertThrows(ExecutionException.class, () -> given.get(20, TimeUnit.SECONDS));
            assertInstanceOf(TimeoutException.class, late.getCause());
            CompletableFuture<Received> next = receiver.receiveAsync();
            sender.send(text("kept"));
            assertEquals("kept", next.get(20, TimeUnit.SECONDS).text());
            assertEquals(Received.Kind.EMPTY, receiver.tryReceive().kind());
        }
    }

    @Test
    void shouldDeliverToTheFuturesInTheirOrder() throws Exception {
        try (Sender sender = Ipc.sender("mem:receiver-order"); Receiver receiver = Ipc.receiver("mem:receiver-order")) {
            List<CompletableFuture<Received>> futures = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                futures.add(receiver.receiveAsync());
            }
            assertThrows(IllegalStateException.class, receiver::tryReceive);
            futures.get(10).cancel(false);
            for (int i = 0; i < 99; i++) {
                sender.send(text("" + i));
            }
            for (int i = 0; i < 100; i++) {
                if (i != 10) {
                    assertEquals("" + (i < 10 ? i : i - 1), futures.get(i).get(20, TimeUnit.SECONDS).text());
                }
            }
            assertEquals(Received.Kind.EMPTY, receiver.tryReceive().kind());
        }
    }

    @Test
    void shouldNotPretendToWaitAtARendezvousOnceTheFutureIsCancelled() {
        try (Sender sender = Ipc.sender("mem:receiver-rendezvous?mode=rendezvous");
                Receiver receiver = Ipc.receiver("mem:receiver-rendezvous?mode=rendezvous")) {
            CompletableFuture<Received> waiting = receiver.receiveAsync();
            waiting.cancel(false);
            assertEquals("NO_RECEIVER", sender.trySend(text("x")).name());
        }
    }

    @Test
    void shouldRefuseToReceiveWithinAHandler() {
        ScriptedIn bytes = new ScriptedIn(false).give(join(data("1"), data("2")));
        try (Receiver receiver = over(bytes)) {
            AtomicInteger count = new AtomicInteger();
            assertEquals(2, receiver.poll(message -> {
                assertThrows(IllegalStateException.class, receiver::tryReceive);
                assertThrows(IllegalStateException.class, () -> receiver.poll(other -> { }, 1));
                assertEquals("" + count.incrementAndGet(), Frames.text(message));
            }, 10));
            assertEquals(Received.Kind.EMPTY, receiver.tryReceive().kind());
        }
    }

    @Test
    void shouldTellOfABrokenFrameBeforeTheEndAlsoToAnAsynchronousReceive() throws Exception {
        ScriptedIn bytes = new ScriptedIn(false).give(join(data("1"), new byte[] {0, 0, 0, 5, 'x'})).end();
        try (Receiver receiver = over(bytes)) {
            assertEquals("1", receiver.receiveAsync().get(20, TimeUnit.SECONDS).text());
            ExecutionException failed = assertThrows(ExecutionException.class,
                    () -> receiver.receiveAsync().get(20, TimeUnit.SECONDS));
            assertInstanceOf(BrokenFrameException.class, failed.getCause());
            assertEquals(Received.END, receiver.receiveAsync().get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldNotNestDeeperAndDeeperOnAnExecutorThatRunsTasksAtOnce() throws Exception {
        int messages = 300_000;
        try (Sender sender = Ipc.sender("mem:receiver-deep?mode=unbounded");
                Receiver receiver = Ipc.receiver("mem:receiver-deep?mode=unbounded")) {
            for (int i = 0; i < messages; i++) {
                sender.send(text("x"));
            }
            AtomicInteger count = new AtomicInteger();
            AtomicInteger deepest = new AtomicInteger();
            Registration pushing = receiver.onMessage(message -> {
                if (count.incrementAndGet() % 10_000 == 0) {
                    deepest.accumulateAndGet(new Throwable().getStackTrace().length, Math::max);
                }
            }, Runnable::run);
            Until.passes(() -> count.get() == messages);
            pushing.close();
            assertTrue(deepest.get() < 200, "stack of " + deepest.get() + " frames");
        }
    }

    @Test
    void shouldLetGoOfTheReceiverWhenTheExecutorRefuses() throws Exception {
        try (Sender sender = Ipc.sender("mem:receiver-refused");
                Receiver receiver = Ipc.receiver("mem:receiver-refused")) {
            for (int i = 0; i < 100; i++) {
                sender.send(text("x"));
            }
            AtomicInteger tasks = new AtomicInteger();
            AtomicInteger count = new AtomicInteger();
            Executor once = task -> {
                if (tasks.incrementAndGet() > 1) {
                    throw new RejectedExecutionException("shut down");
                }
                task.run();
            };
            assertThrows(RejectedExecutionException.class,
                    () -> receiver.onMessage(message -> count.incrementAndGet(), once));
            assertEquals(100 - count.get(), receiver.poll(message -> { }, 1000));
        }
    }

    @Test
    void shouldGiveNothingToASubscriberBeforeOnSubscribeHasReturned() throws Exception {
        try (Sender sender = Ipc.sender("mem:receiver-subscribe");
                Receiver receiver = Ipc.receiver("mem:receiver-subscribe")) {
            sender.send(text("early"));
            AtomicBoolean subscribed = new AtomicBoolean();
            List<Boolean> order = Collections.synchronizedList(new ArrayList<>());
            CountDownLatch got = new CountDownLatch(1);
            receiver.publisher().subscribe(new Flow.Subscriber<Message>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(10);
                    // Long enough for another thread to come in between, if one did.
                    assertEquals(false, waits(got));
                    subscribed.set(true);
                }

                @Override
                public void onNext(Message message) {
                    order.add(subscribed.get());
                    got.countDown();
                }

                @Override
                public void onError(Throwable thrown) {
                    got.countDown();
                }

                @Override
                public void onComplete() {
                    got.countDown();
                }
            });
            assertTrue(got.await(20, TimeUnit.SECONDS));
            assertEquals(List.of(true), order);
        }
    }

    private static boolean waits(CountDownLatch latch) {
        try {
            return latch.await(50, TimeUnit.MILLISECONDS);
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    @Test
    void shouldHandOnOneMessageAfterTheOtherOnManyThreads() throws Exception {
        int messages = 20_000;
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try (Sender sender = Ipc.sender("mem:receiver-pool?capacity=100");
                Receiver receiver = Ipc.receiver("mem:receiver-pool?capacity=100")) {
            AtomicBoolean inside = new AtomicBoolean();
            AtomicInteger next = new AtomicInteger();
            AtomicInteger wrong = new AtomicInteger();
            Registration pushing = receiver.onMessage(message -> {
                boolean alone = inside.compareAndSet(false, true);
                if (!alone || !Frames.text(message).equals("" + next.getAndIncrement())) {
                    wrong.incrementAndGet();
                }
                inside.set(false);
            }, pool);
            for (int i = 0; i < messages; i++) {
                sender.send(text("" + i), LONG);
            }
            Until.passes(() -> next.get() == messages);
            pushing.close();
            assertEquals(0, wrong.get());
            sender.send(text("after"));
            assertEquals("after", receiver.receive(LONG).text());
        } finally {
            pool.shutdownNow();
        }
        assertFalse(Thread.interrupted());
    }

    /** A receiver with messages, the first of which another thread's handler has in hand until it is let go. */
    private static final class Busy implements AutoCloseable {
        final Sender sender;
        final Receiver receiver;
        final CountDownLatch letGo = new CountDownLatch(1);
        private final Thread polling;

        Busy(String address) throws Exception {
            receiver = Ipc.receiver(address);
            sender = Ipc.sender(address);
            sender.send(text("in hand"));
            sender.send(text("next"));
            CountDownLatch inHand = new CountDownLatch(1);
            polling = new Thread(() -> receiver.poll(message -> {
                inHand.countDown();
                letGo();
            }, 1));
            polling.start();
            assertTrue(inHand.await(20, TimeUnit.SECONDS));
        }

        private void letGo() {
            try {
                letGo.await();
            } catch (InterruptedException unexpected) {
                throw new AssertionError(unexpected);
            }
        }

        @Override
        public void close() {
            letGo.countDown();
            Until.passes(() -> !polling.isAlive());
            sender.close();
            receiver.close();
        }
    }

    @Test
    @Timeout(20)
    void shouldNotWaitForAnotherThreadsHandlerWhereNothingWaits() throws Exception {
        try (Busy busy = new Busy("mem:receiver-tries")) {
            assertEquals(Received.EMPTY, busy.receiver.tryReceive());
            assertEquals(0, busy.receiver.poll(message -> { }, 1));
            assertEquals(Received.TIMED_OUT, busy.receiver.receive(Duration.ZERO));
            assertEquals(Received.TIMED_OUT, busy.receiver.receive(Duration.ofMillis(5)));
            CompletableFuture<Received> later = busy.receiver.receiveAsync();
            assertFalse(later.isDone());
            busy.letGo.countDown();
            assertEquals("next", later.get(20, TimeUnit.SECONDS).text());
            assertEquals(2, busy.receiver.status().received());
        }
    }

    @Test
    @Timeout(20)
    void shouldHandOnToAHandlerWhatAnotherThreadsHandlerKeptBack() throws Exception {
        try (Busy busy = new Busy("mem:receiver-kept-out")) {
            CompletableFuture<String> got = new CompletableFuture<>();
            busy.receiver.onMessage(message -> got.complete(Frames.text(message)), Runnable::run);
            assertFalse(got.isDone());
            busy.letGo.countDown();
            assertEquals("next", got.get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    @Timeout(20)
    void shouldWakeWhoeverWaitsForAnotherThreadsHandlerWhenClosed() throws Exception {
        for (boolean timed : new boolean[] {false, true}) {
            try (Busy busy = new Busy("mem:receiver-behind")) {
                CompletableFuture<Received> waiting = new CompletableFuture<>();
                Thread thread = new Thread(() -> {
                    try {
                        waiting.complete(timed ? busy.receiver.receive(LONG) : busy.receiver.receive());
                    } catch (InterruptedException | RuntimeException thrown) {
                        waiting.completeExceptionally(thrown);
                    }
                });
                thread.start();
                Until.isBlocked(thread);
                CompletableFuture<Received> later = busy.receiver.receiveAsync();
                busy.receiver.close();
                for (CompletableFuture<Received> each : List.of(waiting, later)) {
                    ExecutionException failed =
                            assertThrows(ExecutionException.class, () -> each.get(10, TimeUnit.SECONDS));
                    assertInstanceOf(ChannelClosedException.class, failed.getCause());
                }
                assertEquals(1, busy.letGo.getCount(), "the handler is still at work");
            }
        }
    }

    @Test
    @Timeout(60)
    void shouldFindWhatIsThereAlsoWhileOthersLook() throws Exception {
        int messages = 50_000;
        int threads = 4;
        try (Sender sender = Ipc.sender("mem:receiver-rivals?mode=unbounded");
                Receiver receiver = Ipc.receiver("mem:receiver-rivals?mode=unbounded")) {
            for (int i = 0; i < messages; i++) {
                sender.send(text("x"));
            }
            AtomicInteger taken = new AtomicInteger();
            AtomicInteger early = new AtomicInteger();
            List<Thread> rivals = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                rivals.add(new Thread(() -> {
                    while (receiver.tryReceive().isMessage()) {
                        taken.incrementAndGet();
                    }
                    if (receiver.status().depthMessages() > 0) {
                        early.incrementAndGet();
                    }
                }));
            }
            rivals.forEach(Thread::start);
            for (Thread rival : rivals) {
                rival.join(30_000);
            }
            assertEquals(0, early.get(), "threads that were told of an empty channel too early");
            assertEquals(messages, taken.get());
        }
    }

    @Test
    void shouldTellWhyAHandlerGetsNoMore() throws Exception {
        ScriptedIn bytes = new ScriptedIn(false).give(join(data("1"), new byte[] {0, 0, 0, 5, 'x'})).end();
        try (Receiver receiver = over(bytes)) {
            HandlerRegistration first = receiver.onMessage(message -> { }, Runnable::run);
            ExecutionException broken =
                    assertThrows(ExecutionException.class, () -> first.ended().get(20, TimeUnit.SECONDS));
            assertInstanceOf(BrokenFrameException.class, broken.getCause());
            HandlerRegistration second = receiver.onMessage(message -> { }, Runnable::run);
            assertNull(second.ended().get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldTellOfAnExecutorThatRefusesLater() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        AtomicReference<Throwable> uncaught = new AtomicReference<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> uncaught.set(thrown));
        try (Sender sender = Ipc.sender("mem:receiver-shut-down");
                Receiver receiver = Ipc.receiver("mem:receiver-shut-down")) {
            HandlerRegistration pushing = receiver.onMessage(message -> { }, executor);
            executor.submit(() -> { }).get(20, TimeUnit.SECONDS);
            assertTrue(pushing.ended().completeExceptionally(new AssertionError()), "only this future is completed");
            assertFalse(pushing.ended().isDone());
            executor.shutdown();
            sender.send(text("kept"));
            ExecutionException refused =
                    assertThrows(ExecutionException.class, () -> pushing.ended().get(20, TimeUnit.SECONDS));
            assertInstanceOf(RejectedExecutionException.class, refused.getCause());
            assertEquals("kept", receiver.receive(LONG).text());
            // The thread that was refused has done with it when it does something else.
            receiver.receiveAsync().cancel(false);
            CountDownLatch later = new CountDownLatch(1);
            Background.events().execute(later::countDown);
            assertTrue(later.await(20, TimeUnit.SECONDS));
            assertNull(uncaught.get(), "thrown into a thread that all channels share");
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
            executor.shutdownNow();
        }
    }
}
