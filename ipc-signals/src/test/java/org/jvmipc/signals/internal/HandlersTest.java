package org.jvmipc.signals.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.signals.Chain;
import org.jvmipc.signals.Signal;
import org.jvmipc.signals.SignalHandler;
import org.jvmipc.signals.SignalRegistration;
import org.jvmipc.signals.Signals;
import org.jvmipc.testkit.Await;

/** Handlers within one process, which sends the signals to itself. */
class HandlersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long SELF = ProcessHandle.current().pid();

    private final JvmSignals jvm = new JvmSignals();
    private final ExecutorService pool = Executors.newFixedThreadPool(4);
    private final List<String> log = new CopyOnWriteArrayList<>();

    @AfterEach
    void stopThreads() {
        pool.shutdownNow();
    }

    private static void send(Signal signal) {
        Signals.kill(SELF, signal);
    }

    private void awaitLog(String... expected) {
        Await.until(PATIENCE, () -> List.of(expected) + ", found " + log, () -> log.equals(List.of(expected)));
    }

    @Test
    void shouldRunEachHandlerOnItsExecutorAndNeverOnTheThreadOfTheJvm() {
        Map<String, String> threads = new ConcurrentHashMap<>();
        Executor named = task -> pool.execute(() -> {
            Thread.currentThread().setName("chosen");
            task.run();
        });
        try (SignalRegistration first = Signals.on(Signal.USR1,
                        signal -> threads.put("own " + signal, Thread.currentThread().getName()));
                SignalRegistration second = Signals.on(Signal.USR1,
                        signal -> threads.put("given " + signal, Thread.currentThread().getName()), named,
                        Chain.NONE)) {
            assertTrue(first.isEffective() && second.isEffective());
            assertSame(Signal.USR1, first.signal());
            send(Signal.USR1);
            Await.until(PATIENCE, () -> "two handlers, found " + threads, () -> threads.size() == 2);
        }
        assertEquals(Map.of("own SIGUSR1", "ipc-signal-handler", "given SIGUSR1", "chosen"), threads);
    }

    @Test
    void shouldRunAtLeastOnceAfterTheLastOfABurstAndOneAtATime() {
        int burst = 2000;
        AtomicInteger sent = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        AtomicInteger runs = new AtomicInteger();
        AtomicInteger inside = new AtomicInteger();
        try (SignalRegistration handler = Signals.on(Signal.USR1, signal -> {
            if (inside.incrementAndGet() != 1) {
                log.add("two at a time");
            }
            seen.set(sent.get());
            runs.incrementAndGet();
            inside.decrementAndGet();
        }, pool, Chain.OTHERS)) {
            for (int i = 0; i < burst; i++) {
                sent.incrementAndGet();
                send(Signal.USR1);
            }
            Await.until(PATIENCE, () -> "a run after the last signal, the last one saw " + seen,
                    () -> seen.get() == burst);
            assertTrue(handler.isEffective());
        }
        assertTrue(runs.get() >= 1 && runs.get() <= burst, "runs: " + runs);
        assertEquals(List.of(), log);
    }

    @Test
    void shouldNotLetAHandlerThatThrowsOrBlocksOrIsRefusedHoldUpOthers() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger good = new AtomicInteger();
        Executor watched = task -> pool.execute(() -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> log.add(failure.getMessage()));
            task.run();
        });
        Executor full = task -> {
            throw new RejectedExecutionException("no room");
        };
        SignalHandler breaking = signal -> {
            throw new IllegalStateException("broken");
        };
        try (SignalRegistration bad = Signals.on(Signal.USR1, breaking, watched, Chain.NONE);
                SignalRegistration slow = Signals.on(Signal.USR1, signal -> release.await(), pool, Chain.NONE);
                SignalRegistration refused = Signals.on(Signal.USR1, signal -> log.add("never"), full, Chain.NONE);
                SignalRegistration fine = Signals.on(Signal.USR1, signal -> good.incrementAndGet())) {
            for (int i = 1; i <= 3; i++) {
                int count = i;
                send(Signal.USR1);
                Await.until(PATIENCE, "run " + i, () -> good.get() == count && log.size() == count);
            }
            assertTrue(bad.isEffective() && slow.isEffective() && refused.isEffective() && fine.isEffective());
        } finally {
            release.countDown();
        }
        assertEquals(List.of("broken", "broken", "broken"), log);
    }

    @Test
    void shouldRunAHandlerOnAnExecutorThatRunsItsTasksAtOnceWithoutDeepRecursion() {
        AtomicInteger deepest = new AtomicInteger();
        AtomicInteger runs = new AtomicInteger();
        HandlerRuns[] self = new HandlerRuns[1];
        self[0] = new HandlerRuns(Signal.USR1, signal -> {
            deepest.accumulateAndGet(Thread.currentThread().getStackTrace().length, Math::max);
            if (runs.incrementAndGet() < 10_000) {
                self[0].trigger();
            }
        }, Runnable::run);
        assertTrue(self[0].trigger().isDone());
        assertEquals(10_000, runs.get());
        assertTrue(deepest.get() < 200, "frames: " + deepest);
    }

    @Test
    void shouldChainToWhomItReplacedAfterAllHandlersAndRestoreHim() throws Exception {
        Object other = jvm.handler(() -> log.add("other"));
        Object before = jvm.install(Signal.WINCH, other);
        try {
            CountDownLatch go = new CountDownLatch(1);
            SignalHandler mine = signal -> {
                go.await();
                log.add("mine");
            };
            try (SignalRegistration first = Signals.on(Signal.WINCH, mine);
                    SignalRegistration second = Signals.on(Signal.WINCH, signal -> go.countDown())) {
                send(Signal.WINCH);
                awaitLog("mine", "other");
                assertTrue(first.isEffective() && second.isEffective());
            }
            send(Signal.WINCH);
            awaitLog("mine", "other", "other");
            try (SignalRegistration alone = Signals.on(Signal.WINCH, signal -> log.add("alone"), pool, Chain.NONE)) {
                send(Signal.WINCH);
                Await.until(PATIENCE, "the handler", () -> log.contains("alone"));
                assertTrue(alone.isEffective());
            }
            send(Signal.WINCH);
            awaitLog("mine", "other", "other", "alone", "other");
        } finally {
            assertSame(other, jvm.install(Signal.WINCH, before));
        }
    }

    @Test
    void shouldNoticeThatOtherCodeTookTheSignalAndLeaveItToThatCode() {
        Object before = jvm.install(Signal.WINCH, jvm.handler(() -> log.add("oldest")));
        try {
            SignalRegistration mine = Signals.on(Signal.WINCH, signal -> log.add("mine"));
            Object[] replaced = new Object[1];
            Object thief = jvm.handler(() -> {
                log.add("thief");
                jvm.call(replaced[0], Signal.WINCH);
            });
            replaced[0] = jvm.install(Signal.WINCH, thief);
            assertFalse(mine.isEffective());
            send(Signal.WINCH);
            awaitLog("thief", "mine", "oldest");
            mine.close();
            assertFalse(mine.isEffective());
            send(Signal.WINCH);
            awaitLog("thief", "mine", "oldest", "thief", "oldest");
            try (SignalRegistration next = Signals.on(Signal.WINCH, signal -> log.add("next"))) {
                assertTrue(next.isEffective());
                send(Signal.WINCH);
                awaitLog("thief", "mine", "oldest", "thief", "oldest", "next", "thief", "oldest");
            }
            assertSame(thief, jvm.install(Signal.WINCH, thief));
        } finally {
            jvm.install(Signal.WINCH, before);
        }
    }

    @Test
    void shouldIgnoreAndRestore() {
        try (SignalRegistration ignored = Signals.ignore(Signal.USR1)) {
            assertTrue(OwnStatus.read().ignores(Signal.USR1));
            assertTrue(ignored.isEffective());
            send(Signal.USR1);
            assertThrows(IllegalStateException.class, () -> Signals.on(Signal.USR1, signal -> log.add("never")));
            assertThrows(IllegalStateException.class, () -> Signals.defaultAction(Signal.USR1));
        }
        assertFalse(OwnStatus.read().ignores(Signal.USR1));
        SignalRegistration handler = Signals.on(Signal.USR1, signal -> log.add("now"));
        IllegalStateException refusal = assertThrows(IllegalStateException.class, () -> Signals.ignore(Signal.USR1));
        assertTrue(refusal.getMessage().contains("SIGUSR1 has 1 handlers"), refusal.getMessage());
        send(Signal.USR1);
        awaitLog("now");
        handler.close();
        handler.close();
        assertFalse(handler.isEffective());
        assertFalse(OwnStatus.read().catches(Signal.USR1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "KILL | the kernel lets no process handle", "STOP | the kernel lets no process handle",
        "SEGV | the JVM itself uses it", "BUS | the JVM itself uses it", "FPE | the JVM itself uses it",
        "ILL | the JVM itself uses it", "TRAP | the JVM itself uses it", "ABRT | error report",
        "QUIT | thread dump", "USR2 | _JAVA_SR_SIGNUM", "RTMIN | relaunchBlocked",
        "RTMIN+5 | signal:self?signal=RTMIN+5",
        "RTMAX | --block-signal=RTMIN+30"})
    void shouldRefuseWhatTheJvmNeedsAndSayWhy(String name, String reason) {
        Signal signal = Signal.of(name);
        boolean caught = OwnStatus.read().catches(signal);
        for (IllegalArgumentException refusal : List.of(
                assertThrows(IllegalArgumentException.class, () -> Signals.on(signal, same -> log.add("never"))),
                assertThrows(IllegalArgumentException.class, () -> Signals.ignore(signal)),
                assertThrows(IllegalArgumentException.class, () -> Signals.defaultAction(signal)))) {
            assertTrue(refusal.getMessage().startsWith(signal + " (" + signal.number() + ") is refused: "),
                    refusal.getMessage());
            assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
        }
        assertTrue(Signals.whyRefused(signal).orElseThrow().contains(reason));
        assertEquals(caught, OwnStatus.read().catches(signal), "nothing was installed");
    }

    @Test
    void shouldRefuseWhatWouldBreakTheJdk() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Signals.ignore(Signal.CHLD))
                .getMessage().contains("waitFor"));
        for (String name : List.of("PIPE", "XFSZ")) {
            IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class,
                    () -> Signals.defaultAction(Signal.of(name)));
            assertTrue(refusal.getMessage().contains("makes an exception of"), refusal.getMessage());
        }
        assertTrue(Signals.whyRefused(Signal.CHLD).isEmpty());
    }

    @Test
    void shouldKnowTheSignalWithWhichTheJvmSuspendsThreads() {
        Refusals moved = new Refusals("40");
        assertTrue(moved.ofHandling(Signal.of(40)).contains("suspends"));
        assertEquals(null, moved.ofHandling(Signal.USR2));
        for (String useless : new String[] {null, "", "7", "99", "x"}) {
            assertTrue(new Refusals(useless).ofHandling(Signal.USR2).contains("suspends"), useless);
        }
    }
}
