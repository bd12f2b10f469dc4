package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Ipc;
import org.jvmipc.mq.internal.group.Account;
import org.jvmipc.mq.internal.group.Journal;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/**
 * Producers, consumers of one group, and readers of their own cursors are killed at any moment and replaced, while a
 * new file begins every second, and files go that all are done with: what was accepted comes to all readers in its
 * order, and to one consumer, and twice only after a death or a giving back. The system property
 * {@code ipc.queue.seconds} says how long.
 */
@IpcDir
@ExtendWith(SharedThreads.class)
@Timeout(400)
class GroupQueueKillTest {
    private static final String CYCLE = "?rollCycle=TEST_SECONDLY";
    private static final int SECONDS = Integer.getInteger("ipc.queue.seconds", 3);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final long BETWEEN_DEATHS_NANOS = 500_000_000;

    @TempDir
    private Path directory;
    private final List<Member> members = new ArrayList<>();
    private final Set<Path> files = new HashSet<>();
    private int lives;

    /** One of those who are killed, through all its lives. */
    private final class Member {
        private final IpcScope scope;
        private final String role;
        private final String options;
        private final List<Path> journals = new ArrayList<>();
        private ChildJvm child;
        private int deaths;

        Member(IpcScope scope, String role, String options) {
            this.scope = scope;
            this.role = role;
            this.options = options;
            start();
        }

        void start() {
            Path journal = directory.resolve(role + "-" + lives);
            journals.add(journal);
            child = scope.track(ChildJvm.of(GroupQueuePeer.class)
                    .jvmArgs("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")
                    .args(role, queue() + options, journal.toString(), "" + lives++)
                    .start());
        }

        void kill() {
            child.kill();
            child.awaitDeath(LONG);
            deaths++;
            start();
        }

        void end() {
            child.send("stop");
            child.expect("done", LONG);
            assertEquals(0, child.awaitExit(LONG), child::errors);
        }

        List<Journal.Line> lines(Path journal) throws IOException {
            return Journal.open(journal, GroupQueuePeer.LINES).lines();
        }
    }

    @Test
    void shouldLoseNothingWhoeverIsKilled(IpcScope scope) throws Exception {
        // Files that are read by all must have somebody to read them.
        Ipc.receiver(queue() + CYCLE + "&reader=tail").close();
        GroupConsumer.open(queue() + "?group=workers").close();
        for (int i = 0; i < 2; i++) {
            members.add(new Member(scope, "producer", CYCLE + "&retain=unread"));
            members.add(new Member(scope, "consumer", "?group=workers"));
        }
        members.add(new Member(scope, "consumer", "?group=workers"));
        members.add(new Member(scope, "reader", "?reader=tail"));
        for (Member member : members) {
            member.child.expect("ready", LONG);
        }
        Random random = new Random(3);
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(BETWEEN_DEATHS_NANOS);
            members.get(random.nextInt(members.size())).kill();
            files.addAll(files());
        }
        for (String role : List.of("producer", "consumer", "reader")) {
            for (Member member : members) {
                if (member.role.equals(role)) {
                    member.end();
                }
            }
        }
        Set<Integer> sent = new HashSet<>();
        Set<Integer> unknown = new HashSet<>();
        Account account = new Account();
        int deaths = 0;
        for (Member member : members) {
            for (Path journal : member.journals) {
                if (member.role.equals("producer")) {
                    member.lines(journal).forEach(line -> (line.act() == Journal.Act.TOOK ? unknown : sent)
                            .add(line.message()));
                } else if (member.role.equals("consumer")) {
                    account.add(journal.toString(), member.lines(journal));
                }
            }
            deaths += member.role.equals("consumer") ? member.deaths : 0;
        }
        account.check(sent, unknown, deaths);
        checkReader(members.get(members.size() - 1), sent);
        try (GroupConsumer rest = GroupConsumer.open(queue() + "?group=workers")) {
            assertEquals(0, rest.depth());
        }
        assertTrue(sent.size() > 100 * SECONDS, sent.size() + " messages");
        assertEquals(List.of(), PersistentQueues.check(directory.resolve("q")));
        files.removeAll(files());
        assertTrue(files.size() >= SECONDS / 3, files.size() + " files went");
    }

    private String queue() {
        return "queue:" + directory.resolve("q");
    }

    private Set<Path> files() throws IOException {
        try (Stream<Path> found = Files.list(directory.resolve("q"))) {
            return found.filter(file -> file.toString().endsWith(".cq4")).collect(Collectors.toSet());
        }
    }

    /** In each life all in their order; what comes again in the next one is the one message that was in hand. */
    private static void checkReader(Member reader, Set<Integer> sent) throws IOException {
        Set<Integer> seen = new HashSet<>();
        int again = 0;
        for (Path journal : reader.journals) {
            Map<Integer, Integer> latest = new HashMap<>();
            for (Journal.Line line : reader.lines(journal)) {
                int message = line.message();
                again += seen.add(message) ? 0 : 1;
                Integer before = latest.put(message / Account.PER_SOURCE, message);
                assertTrue(before == null || message > before, () -> journal + ": " + message + " after " + before);
            }
        }
        assertTrue(seen.containsAll(sent), () -> {
            Set<Integer> lost = new HashSet<>(sent);
            lost.removeAll(seen);
            return lost.size() + " messages were lost to the reader, such as " + lost.iterator().next();
        });
        assertTrue(again <= reader.deaths, again + " messages came again, with " + reader.deaths + " deaths");
    }
}
