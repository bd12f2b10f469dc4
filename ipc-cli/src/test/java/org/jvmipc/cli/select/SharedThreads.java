package org.jvmipc.cli.select;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.jvmipc.Ipc;
import org.jvmipc.Select;
import org.jvmipc.testkit.DebrisKind;
import org.jvmipc.testkit.IpcScope;

/** Starts the threads that all channels share: they keep their descriptors, which are no debris of the first test. */
public final class SharedThreads implements BeforeAllCallback {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Set<String> THREADS = Set.of("ipc-futex", "ipc-poll");
    /** Ends when it has handed its work over, with its selector. */
    private static final String PASSING = "ipc-select";

    private static Set<String> running() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).collect(Collectors.toSet());
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        try (IpcScope scope = IpcScope.open(); Select<Kind> select = Select.fair()) {
            scope.relax(DebrisKind.DESCRIPTOR, "the threads have them");
            scope.relax(DebrisKind.THREAD, "they are what this is for");
            for (Kind kind : List.of(Kind.SHM, Kind.UNIX, Kind.UNIX_NATIVE, Kind.QUEUE)) {
                String address = kind.address(scope, "first");
                select.receive(kind, scope.track(Ipc.receiver(address)));
                scope.track(Ipc.sender(address)).send(ByteBuffer.allocate(1), LONG);
            }
            if (select.awaitAll(LONG).size() != 4) {
                throw new IllegalStateException("one message was sent by each of four channels, and did not come");
            }
            // They start when a select first sleeps, to which a short wait on a loaded machine does not come.
            long deadline = System.nanoTime() + LONG.toNanos();
            while (!running().containsAll(THREADS) || running().contains(PASSING)) {
                if (select.await(Duration.ofMillis(5), Kind.MEM) != Kind.MEM || System.nanoTime() > deadline) {
                    throw new IllegalStateException("of the shared threads there are " + running());
                }
            }
        }
    }
}
