package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.jvmipc.Address;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.Codec;
import org.jvmipc.Duplex;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.Ipc;
import org.jvmipc.IpcException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.Listener;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Replier;
import org.jvmipc.RequestFailedException;
import org.jvmipc.RequestHandler;
import org.jvmipc.Requester;
import org.jvmipc.TypedListener;
import org.jvmipc.testkit.Await;

/** Each request gets its own reply, or is told in time that there will be none. */
interface RequestReplyCases {
    /** The bench of the test that runs. */
    PatternBench patterns();

    /** Both sides of a connection. */
    record Talk(Requester<Long, String> requester, Replier<Long, String> replier) {
    }

    private Talk talk(Address address) throws InterruptedException {
        Listener listener = patterns().track(Ipc.listen(address));
        Duplex connected = patterns().track(Ipc.connect(address));
        // Some connections are made by what is sent first.
        Requester<Long, String> requester = patterns().track(Requester.over(connected, Codec.longs(), Codec.utf8()));
        Duplex accepted = listener.accept(PatternBench.PATIENCE);
        return new Talk(requester, patterns().track(Replier.over(accepted, Codec.longs(), Codec.utf8())));
    }

    private Talk talk() throws InterruptedException {
        return talk(patterns().address("talk"));
    }

    private Future<?> serving(Talk talk) {
        return patterns().threads(1).submit(() -> {
            talk.replier.serve(Long::toHexString);
            return null;
        });
    }

    @Test
    default void shouldReplyToEachRequest() throws Exception {
        Talk talk = talk();
        Future<?> serving = serving(talk);
        for (long i = 0; i < 1_000; i++) {
            assertEquals(Long.toHexString(i), talk.requester.request(i, PatternBench.PATIENCE));
        }
        assertEquals("7", talk.requester.request(7L));
        assertEquals(0, talk.requester.pending());
        talk.requester.close();
        serving.get(20, TimeUnit.SECONDS);
    }

    @Test
    default void shouldGoOverAPairOfChannels() throws Exception {
        Requester<Long, String> requester = patterns().track(Requester.over(
                Ipc.sender(patterns().address("there")), Ipc.receiver(patterns().address("back")), Codec.longs(),
                Codec.utf8()));
        Replier<Long, String> replier = patterns().track(Replier.over(Ipc.receiver(patterns().address("there")),
                Ipc.sender(patterns().address("back")), Codec.longs(), Codec.utf8()));
        replier.start(Long::toHexString, patterns().threads(2));
        for (long i = 0; i < 100; i++) {
            assertEquals(Long.toHexString(i), requester.request(i, PatternBench.PATIENCE));
        }
    }

    @Test
    default void shouldGiveEachOfManyInFlightItsOwnReply() throws Exception {
        Talk talk = talk();
        talk.replier.start(number -> {
            // Later requests overtake this one.
            for (int i = 0; i < number % 7; i++) {
                Thread.yield();
            }
            return Long.toHexString(number);
        }, patterns().threads(4));
        ExecutorService askers = patterns().threads(6);
        List<Future<?>> asking = new ArrayList<>();
        for (int asker = 0; asker < 6; asker++) {
            long first = asker * 1_000_000L;
            boolean waits = asker % 2 == 0;
            asking.add(askers.submit(() -> {
                List<CompletableFuture<String>> futures = new ArrayList<>();
                for (long i = first; i < first + 300; i++) {
                    if (waits) {
                        assertEquals(Long.toHexString(i), talk.requester.request(i, PatternBench.PATIENCE));
                    } else {
                        futures.add(talk.requester.requestAsync(i));
                    }
                }
                for (int i = 0; i < futures.size(); i++) {
                    assertEquals(Long.toHexString(first + i), PatternBench.await(futures.get(i)));
                }
                return null;
            }));
        }
        for (Future<?> one : asking) {
            one.get(40, TimeUnit.SECONDS);
        }
        assertEquals(0, talk.requester.pending());
    }

    @Test
    default void shouldNotBlockEachOtherWhenBothDirectionsAreFull() throws Exception {
        Address address = patterns().small("full");
        Listener listener = patterns().track(Ipc.listen(address));
        Requester<byte[], byte[]> requester =
                patterns().track(Requester.over(Ipc.connect(address), Codec.bytes(), Codec.bytes()));
        Replier<byte[], byte[]> replier = patterns().track(
                Replier.over(listener.accept(PatternBench.PATIENCE), Codec.bytes(), Codec.bytes()));
        replier.start(bytes -> bytes, patterns().threads(1));
        List<CompletableFuture<byte[]>> futures = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            byte[] request = new byte[1_000];
            request[0] = (byte) i;
            futures.add(requester.requestAsync(request));
        }
        for (int i = 0; i < futures.size(); i++) {
            assertEquals((byte) i, PatternBench.await(futures.get(i))[0]);
        }
    }

    @Test
    default void shouldCancelAtTheReplierWhatTimesOut() throws Exception {
        Talk talk = talk();
        CountDownLatch interrupted = new CountDownLatch(3);
        talk.replier.start(number -> {
            if (number == 0) {
                return "fast";
            }
            try {
                new CountDownLatch(1).await();
                return "never";
            } catch (InterruptedException cancelled) {
                interrupted.countDown();
                throw cancelled;
            }
        }, patterns().threads(4));
        assertEquals("fast", talk.requester.request(0L, PatternBench.PATIENCE));
        // Long enough for the handlers to start on a busy machine: what is late before that is not handled at all.
        Duration soon = Duration.ofMillis(500);
        IpcTimeoutException late = assertThrows(IpcTimeoutException.class,
                () -> talk.requester.request(1L, soon));
        assertTrue(late.getMessage().contains("no reply to request 2"), late.getMessage());
        assertInstanceOf(IpcTimeoutException.class,
                PatternBench.failure(talk.requester.requestAsync(1L, soon)));
        CompletableFuture<String> cancelled = talk.requester.requestAsync(1L);
        assertEquals("fast", talk.requester.request(0L, PatternBench.PATIENCE));
        assertTrue(cancelled.cancel(true));
        assertTrue(interrupted.await(20, TimeUnit.SECONDS), "the handlers of cancelled requests were not interrupted");
        assertEquals(0, talk.requester.pending());
        assertEquals("fast", talk.requester.request(0L, PatternBench.PATIENCE));
    }

    @Test
    default void shouldCancelTheFutureOfAnAsynchronousHandler() throws Exception {
        Talk talk = talk();
        CompletableFuture<String> unfinished = new CompletableFuture<>();
        talk.replier.startAsync(number -> number == 0 ? CompletableFuture.completedFuture("done") : unfinished,
                patterns().threads(1));
        CompletableFuture<String> cancelled = talk.requester.requestAsync(1L);
        assertEquals("done", PatternBench.await(talk.requester.requestAsync(0L)));
        cancelled.cancel(true);
        Await.until(PatternBench.PATIENCE, "the cancellation to arrive", unfinished::isCancelled);
    }

    @Test
    default void shouldTellWhyAReplierFailed() throws Exception {
        Talk talk = talk();
        Future<?> serving = patterns().threads(1).submit(() -> {
            talk.replier.serve(number -> {
                if (number == 1) {
                    throw new java.io.IOException("no such thing");
                }
                return number == 2 ? null : number == 3 ? "\ud800" : "fine";
            });
            return null;
        });
        for (long bad = 1; bad <= 3; bad++) {
            long number = bad;
            RequestFailedException told = assertThrows(RequestFailedException.class,
                    () -> talk.requester.request(number, PatternBench.PATIENCE));
            assertTrue(told.getMessage().contains(List.of("", "java.io.IOException: no such thing",
                    "the handler gave null", "half a surrogate pair").get((int) number)), told.getMessage());
        }
        assertEquals("fine", talk.requester.request(4L, PatternBench.PATIENCE));
        assertTrue(!serving.isDone());
    }

    @Test
    default void shouldFailPendingRequestsWhenTheReplierGoes() throws Exception {
        Talk talk = talk();
        AtomicInteger begun = new AtomicInteger();
        talk.replier.startAsync(number -> {
            begun.incrementAndGet();
            return new CompletableFuture<>();
        }, patterns().threads(1));
        CompletableFuture<String> future = talk.requester.requestAsync(1L);
        Future<String> waiting = patterns().threads(1).submit(() -> talk.requester.request(2L));
        CompletableFuture<String> another = talk.requester.requestAsync(3L);
        Await.until(PatternBench.PATIENCE, "the requests to arrive", () -> begun.get() == 3);
        talk.replier.close();
        assertInstanceOf(PeerGoneException.class, PatternBench.failure(future));
        assertInstanceOf(PeerGoneException.class, PatternBench.failure(another));
        assertInstanceOf(PeerGoneException.class, assertThrows(java.util.concurrent.ExecutionException.class,
                () -> waiting.get(20, TimeUnit.SECONDS)).getCause());
        assertThrows(PeerGoneException.class, () -> talk.requester.request(4L, PatternBench.PATIENCE));
        assertEquals(0, talk.requester.pending());
    }

    @Test
    default void shouldFailPendingRequestsWhenItIsClosed() throws Exception {
        Talk talk = talk();
        CompletableFuture<String> future = talk.requester.requestAsync(1L);
        Future<String> waiting = patterns().threads(1).submit(() -> talk.requester.request(2L));
        Await.until(PatternBench.PATIENCE, "both to be pending", () -> talk.requester.pending() == 2);
        talk.requester.close();
        assertInstanceOf(ChannelClosedException.class, PatternBench.failure(future));
        assertInstanceOf(ChannelClosedException.class, assertThrows(java.util.concurrent.ExecutionException.class,
                () -> waiting.get(20, TimeUnit.SECONDS)).getCause());
        assertThrows(ChannelClosedException.class, () -> talk.requester.requestAsync(3L));
    }

    @Test
    default void shouldInterruptWhoWaits() throws Exception {
        Talk talk = talk();
        ExecutorService threads = patterns().threads(2);
        Future<String> reading = threads.submit(() -> talk.requester.request(1L));
        Future<String> following = threads.submit(() -> talk.requester.request(2L));
        Await.until(PatternBench.PATIENCE, "both to be pending", () -> talk.requester.pending() == 2);
        assertTrue(reading.cancel(true) && following.cancel(true));
        Await.until(PatternBench.PATIENCE, "both to have given up", () -> talk.requester.pending() == 0);
        serving(talk);
        assertEquals("3", talk.requester.request(3L, PatternBench.PATIENCE));
    }

    @Test
    default void shouldServeAllWhoConnect() throws Exception {
        Address address = patterns().address("all");
        Listener listener = patterns().track(Ipc.listen(address));
        patterns().track(Replier.listen(listener, Codec.longs(), Codec.utf8(), Long::toHexString,
                patterns().threads(2)));
        List<Requester<Long, String>> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            clients.add(patterns().track(Requester.over(Ipc.connect(address), Codec.longs(), Codec.utf8())));
        }
        for (long i = 0; i < 100; i++) {
            assertEquals(Long.toHexString(i),
                    clients.get((int) i % clients.size()).request(i, PatternBench.PATIENCE));
        }
        clients.get(0).close();
        assertEquals("b", clients.get(1).request(11L, PatternBench.PATIENCE));
    }

    @Test
    default void shouldRefuseARequesterOfOtherTypes() throws Exception {
        Address address = patterns().address("types");
        TypedListener<String, Long> listener = patterns().track(Ipc.listen(address, Codec.utf8(), Codec.longs()));
        patterns().track(Replier.listen(listener, Long::toHexString, patterns().threads(1)));
        Requester<Long, String> right = patterns().track(Requester.over(
                Ipc.connect(address, Codec.longs(), Codec.utf8())));
        assertEquals("a", right.request(10L, PatternBench.PATIENCE));
        IncompatibleChannelException told = assertThrows(IncompatibleChannelException.class, () -> {
            Requester<String, Long> wrong = patterns().track(Requester.over(
                    Ipc.connect(address, Codec.utf8(), Codec.longs())));
            wrong.request("ten", PatternBench.PATIENCE);
        });
        assertTrue(told.getMessage().contains("there string, back long"), told.getMessage());
        assertTrue(told.getMessage().contains("there long, back string"), told.getMessage());
        assertEquals("b", right.request(11L, PatternBench.PATIENCE));
    }

    /** Who came before anybody could tell him the type that is wanted. */
    @Test
    default void shouldTurnAwayARequesterOfOtherTypesThatWasThereFirst() throws Exception {
        Address address = patterns().address("first");
        Requester<String, Long> wrong = patterns().track(Requester.over(
                Ipc.connect(address, Codec.utf8(), Codec.longs())));
        CompletableFuture<Long> never = wrong.requestAsync("ten");
        TypedListener<String, Long> listener = patterns().track(Ipc.listen(address, Codec.utf8(), Codec.longs()));
        patterns().track(Replier.listen(listener, Long::toHexString, patterns().threads(1)));
        assertInstanceOf(IpcException.class, PatternBench.failure(never));
        Requester<Long, String> right = patterns().track(Requester.over(
                Ipc.connect(address, Codec.longs(), Codec.utf8())));
        assertEquals("a", right.request(10L, PatternBench.PATIENCE));
    }

    @Test
    default void shouldCompleteFuturesAlsoIfTheirExecutorRefuses() throws Exception {
        Address address = patterns().address("refuses");
        Listener listener = patterns().track(Ipc.listen(address));
        Duplex connected = patterns().track(Ipc.connect(address));
        Requester<Long, String> requester = patterns().track(Requester.over(connected.sender(), connected.receiver(),
                Codec.longs(), Codec.utf8(), task -> {
                    throw new RejectedExecutionException("it was shut down");
                }));
        CompletableFuture<String> first = requester.requestAsync(1L);
        CompletableFuture<String> never = requester.requestAsync(-1L);
        Replier<Long, String> replier = patterns().track(Replier.over(
                listener.accept(PatternBench.PATIENCE), Codec.longs(), Codec.utf8()));
        replier.startAsync(number -> number < 0 ? new CompletableFuture<>()
                : CompletableFuture.completedFuture("done"), patterns().threads(1));
        assertEquals("done", PatternBench.await(first));
        assertEquals("done", requester.request(2L, PatternBench.PATIENCE));
        replier.close();
        assertInstanceOf(PeerGoneException.class, PatternBench.failure(never));
    }

    /** Nobody waits for a reply that cannot come any more. */
    @Test
    default void shouldTellThatAHandlerWasNotRunOrHasNotEnded() throws Exception {
        Talk talk = talk();
        ExecutorService threads = patterns().threads(1);
        RequestHandler<Long, String> handler = number -> {
            if (number == 1) {
                throw new AssertionError("it is broken");
            } else if (number == 2) {
                throw new InterruptedException("the threads end");
            }
            return "done";
        };
        AtomicBoolean busy = new AtomicBoolean();
        talk.replier.start(handler, task -> {
            if (busy.get() && task instanceof FutureTask) {
                throw new RejectedExecutionException("it has too much to do");
            }
            threads.execute(task);
        });
        for (long bad = 1; bad <= 3; bad++) {
            long number = bad;
            busy.set(bad == 3);
            RequestFailedException told = assertThrows(RequestFailedException.class,
                    () -> talk.requester.request(number, PatternBench.PATIENCE));
            assertTrue(told.getMessage().contains(List.of("", "it is broken", "the threads end",
                    "it has too much to do").get((int) number)), told.getMessage());
        }
        busy.set(false);
        assertEquals("done", talk.requester.request(4L, PatternBench.PATIENCE));
    }

    @Test
    default void shouldLetAThousandVirtualThreadsWait() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "this JDK has no virtual threads");
        int count = 1_000;
        Talk talk = talk();
        CountDownLatch arrived = new CountDownLatch(count);
        CompletableFuture<String> go = new CompletableFuture<>();
        talk.replier.startAsync(number -> {
            arrived.countDown();
            return go.thenApply(nothing -> Long.toHexString(number));
        }, patterns().threads(1));
        AtomicInteger right = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            long number = i;
            Thread thread = VirtualThreads.make("asker-" + i, () -> {
                try {
                    if (Long.toHexString(number).equals(talk.requester.request(number, PatternBench.PATIENCE))) {
                        right.incrementAndGet();
                    }
                } catch (InterruptedException ending) {
                    Thread.currentThread().interrupt();
                }
            });
            threads.add(thread);
            thread.start();
        }
        assertTrue(arrived.await(20, TimeUnit.SECONDS), "those who wait starve those who have not asked yet");
        go.complete("");
        for (Thread thread : threads) {
            thread.join(20_000);
        }
        assertEquals(count, right.get());
    }
}
