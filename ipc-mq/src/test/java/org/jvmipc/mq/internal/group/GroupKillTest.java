package org.jvmipc.mq.internal.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/**
 * Consumers in several processes share messages, and are killed at any moment. The system property
 * {@code ipc.group.seconds} says how long.
 */
@IpcDir
@Timeout(300)
class GroupKillTest {
    private static final int SECONDS = Integer.getInteger("ipc.group.seconds", 3);
    private static final int WORKERS = 3;
    private static final int MOST_PER_SECOND = 20_000;
    private static final int BURST = 40;
    private static final long PAUSE_NANOS = 1_000_000;
    private static final long BETWEEN_DEATHS_NANOS = 300_000_000;

    @TempDir
    private Path directory;
    private final List<Path> journals = new ArrayList<>();
    private int capacity;

    private ChildJvm worker(IpcScope scope) {
        Path journal = directory.resolve("journal-" + journals.size());
        journals.add(journal);
        return scope.track(ChildJvm.of(GroupPeer.class)
                .jvmArgs("-Xmx48m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")
                .args(directory.toString(), directory.resolve("log").toString(), "" + capacity, journal.toString())
                .start());
    }

    @Test
    void shouldGiveEachMessageToOneWhoeverIsKilled(IpcScope scope) throws Exception {
        capacity = SECONDS * MOST_PER_SECOND;
        TestLog log = TestLog.inFile(directory.resolve("log"), capacity);
        Random random = new Random(11);
        List<ChildJvm> workers = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            workers.add(worker(scope));
        }
        for (ChildJvm worker : workers) {
            worker.expect("ready");
        }
        int sent = 0;
        int deaths = 0;
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        long death = System.nanoTime();
        while (System.nanoTime() - end < 0 && sent + BURST <= capacity) {
            for (int i = 0; i < BURST; i++) {
                log.append(ByteBuffer.allocate(4).putInt(0, sent++), 0);
            }
            LockSupport.parkNanos(PAUSE_NANOS + random.nextInt(2) * PAUSE_NANOS);
            if (System.nanoTime() - death > BETWEEN_DEATHS_NANOS) {
                ChildJvm victim = workers.remove(random.nextInt(WORKERS));
                victim.kill();
                workers.add(worker(scope));
                death = System.nanoTime();
                deaths++;
            }
        }
        for (ChildJvm worker : workers) {
            worker.send("stop");
            worker.expect("done");
            assertEquals(0, worker.awaitExit(), worker::errors);
        }
        Account account = new Account();
        for (Path journal : journals) {
            account.add(journal.getFileName().toString(), Journal.open(journal, 4 * capacity).lines());
        }
        account.check(IntStream.range(0, sent).boxed().collect(Collectors.toSet()), Set.of(), deaths);
        try (Group group = GroupPeer.open(directory, log)) {
            assertEquals(0, group.numbers().depth());
        }
        assertTrue(deaths >= SECONDS && sent >= SECONDS * BURST, deaths + " deaths, " + sent + " messages");
    }
}
