package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.Sender;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Several processes share the work of a queue, and one of them is killed. */
@IpcDir
@ExtendWith(SharedThreads.class)
final class QueueFaultTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int WORKERS = 3;
    private static final int MESSAGES = 600;

    static Stream<BiFunction<IpcScope, String, Address>> schemes() {
        return Stream.of(Subjects.POSIX_NAMES, Subjects.SYSV_KEYS);
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void shouldTakeOneMessageAtMostWithAKilledReceiver(BiFunction<IpcScope, String, Address> names, IpcScope scope)
            throws Exception {
        String address = names.apply(scope, "q").toString();
        List<ChildJvm> workers = new ArrayList<>();
        try (Sender sender = Ipc.sender(address)) {
            for (int i = 0; i < WORKERS; i++) {
                ChildJvm worker = scope.track(ChildJvm.of(QueuePeer.class).jvmArgs("-Xmx32m").args("work", address)
                        .start());
                worker.expect("working");
                workers.add(worker);
            }
            for (int i = 0; i < MESSAGES; i++) {
                sender.send(QueuePeer.bytes("" + (1000 + i)), LONG);
                if (i == MESSAGES / 2) {
                    workers.get(0).kill();
                }
            }
            workers.get(0).awaitDeath(LONG);
            for (int i = 1; i < WORKERS; i++) {
                sender.send(QueuePeer.bytes("stop"), LONG);
            }
            for (int i = 1; i < WORKERS; i++) {
                assertEquals(0, workers.get(i).awaitExit(LONG), workers.get(i)::errors);
            }
        }
        List<String> taken = workers.stream().flatMap(worker -> worker.output().lines())
                .filter(line -> line.startsWith("took ")).toList();
        assertEquals(taken.size(), new TreeSet<>(taken).size(), "nothing comes twice");
        assertTrue(taken.size() >= MESSAGES - 1, () -> MESSAGES - taken.size() + " messages were lost");
        for (ChildJvm worker : workers) {
            List<String> mine = worker.output().lines().filter(line -> line.startsWith("took ")).toList();
            assertEquals(mine.stream().sorted().toList(), mine, "in the order of their sending");
        }
    }
}
