package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jvmipc.Address;
import org.jvmipc.testkit.IpcScope;

/** Addresses and threads for the tests of what is built on channels. */
public final class PatternBench {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ContractSubject subject;
    private final ContractSubject mailboxes;
    private final IpcScope scope;
    private final List<ExecutorService> executors = new ArrayList<>();

    PatternBench(ContractSubject subject, ContractSubject mailboxes, IpcScope scope) {
        this.subject = subject;
        this.mailboxes = mailboxes;
        this.scope = scope;
        // Last of all: what is closed before may still need them.
        scope.track(this::endThreads);
    }

    Address address(String name) {
        return subject.address(scope, name);
    }

    /** The addresses of all mailboxes. */
    Address mailboxes() {
        Address one = mailboxes.address(scope, "mail");
        return one.withName(one.name() + "-*");
    }

    /** The address of a channel that is soon full. */
    Address small(String name) {
        return subject.small(address(name));
    }

    /** Closes something at the end of the test, before what was tracked earlier. */
    <T extends AutoCloseable> T track(T resource) {
        return scope.track(resource);
    }

    /** Threads for the test, which end with it. */
    ExecutorService threads(int count) {
        // What was closed a moment ago may still want to tell its handler so.
        ExecutorService threads = new ThreadPoolExecutor(count, count, 0, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), new ThreadPoolExecutor.DiscardPolicy());
        executors.add(threads);
        return threads;
    }

    private void endThreads() throws InterruptedException {
        executors.forEach(ExecutorService::shutdownNow);
        for (ExecutorService threads : executors) {
            assertTrue(threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS), "a thread did not end");
        }
    }

    static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** What a future fails with. */
    static Throwable failure(CompletableFuture<?> future) {
        return assertThrows(ExecutionException.class, () -> {
            try {
                await(future);
            } catch (TimeoutException late) {
                throw new AssertionError("neither completed nor failed", late);
            }
        }).getCause();
    }
}
