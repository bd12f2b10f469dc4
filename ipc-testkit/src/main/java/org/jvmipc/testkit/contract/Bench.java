package org.jvmipc.testkit.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.IpcScope;

/**
 * What one test of a contract works with: it opens channels of the subject and runs tasks, and puts all away
 * afterwards. For the contracts themselves.
 */
public final class Bench {
    /** How long anything may take that is to happen: much longer than it does on a busy machine. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ContractSubject subject;
    private final IpcScope scope;
    private final Remote remote;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<Task<?>> tasks = new ArrayList<>();
    private int names;

    Bench(ContractSubject subject, IpcScope scope) {
        this(subject, scope, null);
    }

    /** With a process that other tests use, too. */
    Bench(ContractSubject subject, IpcScope scope, Remote remote) {
        this.subject = subject;
        this.scope = scope;
        this.remote = remote;
    }

    static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }

    /** What a future completes with. */
    static <T> T outcome(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | InterruptedException | TimeoutException failed) {
            throw new AssertionError("the future was to complete normally", failed);
        }
    }

    /** What a call throws, or its future completes with exceptionally. */
    static Throwable failure(Supplier<CompletableFuture<?>> call) {
        try {
            Object value = call.get().get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            throw new AssertionError("the future was to fail, but completed with " + value);
        } catch (ExecutionException failed) {
            return failed.getCause();
        } catch (InterruptedException | TimeoutException stuck) {
            throw new AssertionError("the future was to fail", stuck);
        } catch (RuntimeException thrown) {
            return thrown;
        }
    }

    ContractSubject subject() {
        return subject;
    }

    IpcScope scope() {
        return scope;
    }

    Remote remote() {
        return remote;
    }

    boolean has(Trait trait) {
        return subject.has(trait);
    }

    /** A name that no channel had before. */
    Address address(String... options) {
        return with(subject.address(scope, "c" + ++names), options);
    }

    /** A new channel that is soon full. */
    Address small(String... options) {
        return with(subject.small(subject.address(scope, "c" + ++names)), options);
    }

    static Address with(Address address, String... options) {
        Address result = address;
        for (String option : options) {
            int equals = option.indexOf('=');
            result = result.with(option.substring(0, equals), option.substring(equals + 1));
        }
        return result;
    }

    Pair pair(String... options) {
        return pair(address(options));
    }

    Pair smallPair(String... options) {
        return pair(small(options));
    }

    /** A pair that the test closes itself. */
    Pair untracked(Address address) {
        Receiver receiver = Ipc.receiver(address);
        return new Pair(Ipc.sender(receiver.address()), receiver);
    }

    /** Opens the receiver, then the sender by the receiver's own address. */
    Pair pair(Address address) {
        Receiver receiver = track(Ipc.receiver(address));
        Sender sender = track(Ipc.sender(receiver.address()));
        return new Pair(sender, receiver);
    }

    /** Opens the sender first. */
    Pair pairFromSender(Address address) {
        Sender sender = track(Ipc.sender(address));
        Receiver receiver = track(Ipc.receiver(sender.address()));
        return new Pair(sender, receiver);
    }

    <T extends AutoCloseable> T track(T resource) {
        synchronized (opened) {
            opened.add(resource);
        }
        return resource;
    }

    <T> Task<T> task(String name, Callable<T> call) {
        return track(Task.start(name, call));
    }

    <T> Task<T> task(String name, Callable<T> call, Task.Threads threads) {
        return track(Task.start(name, call, threads));
    }

    private <T> Task<T> track(Task<T> task) {
        task.spins(has(Trait.SPINS));
        synchronized (tasks) {
            tasks.add(task);
        }
        return task;
    }

    /** Closes what was opened, and checks that no thread stays behind in a call. */
    void close() throws Exception {
        List<Throwable> failures = new ArrayList<>();
        for (int i = opened.size() - 1; i >= 0; i--) {
            try {
                opened.get(i).close();
            } catch (Exception | Error failure) {
                failures.add(failure);
            }
        }
        for (Task<?> task : tasks) {
            if (!task.ends(PATIENCE)) {
                AssertionError stuck = new AssertionError(task.thread().getName()
                        + " does not end although its channel was closed and the thread interrupted; it is at");
                stuck.setStackTrace(task.thread().getStackTrace());
                failures.add(stuck);
            }
        }
        if (!failures.isEmpty()) {
            AssertionError error = new AssertionError("cannot tidy up", failures.remove(0));
            failures.forEach(error::addSuppressed);
            throw error;
        }
    }
}
