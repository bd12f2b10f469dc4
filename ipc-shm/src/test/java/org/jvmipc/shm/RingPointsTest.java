package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.Claim;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.posix.SignalCalls;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/**
 * R01, R02, R04, R05, R10, R26, with processes: one that sends or receives is stopped (SIGSTOP) at each access to the
 * ring in turn, and between its stores, while others go on, and goes on later; and then it is killed at one of them. By
 * the system property {@code ipc.points.deaths=all} it is killed at each of them in turn, which takes some minutes.
 */
@IpcDir
@Timeout(600)
class RingPointsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final boolean ALL = "all".equals(System.getProperty("ipc.points.deaths"));
    private static final int SIGSTOP = 19;
    private static final int SIGCONT = 18;
    /** Three fill the ring, the fourth begins at its beginning. */
    private static final int MESSAGES = 4;
    private static final int LENGTH = 1100;
    /** Who sends what. */
    private static final int CHILD = 9;
    private static final int OTHER = 1;
    private static final int SUCCESSOR = 2;

    @IpcDir
    private IpcScope scope;
    private final Map<Integer, List<Integer>> got = new TreeMap<>();

    /** Sends and receives what it is told, and writes down how far it has come. */
    static final class Walker implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            String address = context.arg(0);
            ByteBuffer progress = FanPeer.progress(Path.of(context.arg(1)));
            while (true) {
                String command = context.hear();
                progress.putLong(0, 0);
                switch (command) {
                    case "send" -> send(context, address, progress);
                    case "receive" -> receive(context, address, progress);
                    default -> {
                        return;
                    }
                }
            }
        }

        private static void send(PeerContext context, String address, ByteBuffer progress) throws Exception {
            try (Sender sender = Ipc.sender(address)) {
                context.say("opened");
                context.hear();
                for (int i = 0; i < MESSAGES; i++) {
                    ByteBuffer message = FanPeer.messageOf(CHILD, i, LENGTH);
                    if (i % 2 == 0) {
                        sender.send(message);
                    } else {
                        Claim claim = sender.tryClaim(LENGTH);
                        while (claim == null) {
                            claim = sender.tryClaim(LENGTH);
                        }
                        claim.buffer().put(message);
                        claim.commit();
                    }
                    progress.putLong(0, i + 1);
                }
                context.say("sent all");
                context.hear();
            }
            context.say("closed");
        }

        private static void receive(PeerContext context, String address, ByteBuffer progress) throws Exception {
            List<Integer> got = new ArrayList<>();
            try (Receiver receiver = Ipc.receiver(address)) {
                context.say("opened");
                context.hear();
                while (!got.contains(MESSAGES - 1)) {
                    receiver.poll(message -> {
                        int number = FanPeer.number(message, OTHER);
                        got.add(number);
                        progress.putLong(0, progress.getLong(0) | 1L << number);
                    }, 2);
                }
                context.say("got all " + got);
                context.hear();
            }
            context.say("closed");
        }
    }

    private Path file() {
        return Path.of("/dev/shm/jvmipc-" + ProcessIdentity.effectiveUid() + "-" + scope.name("ring"));
    }

    private String address(String ring) {
        return scope.address("shm", "ring") + "?capacity=4k&wait=spin&peerDeath=wait&" + ring;
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private List<Integer> of(int source) {
        return got.getOrDefault(source, List.of());
    }

    /** Takes all that is there; returns how many. */
    private int drain(Receiver receiver) {
        return receiver.poll(message -> {
            int source = message.getInt(message.position());
            got.computeIfAbsent(source, any -> new ArrayList<>()).add(FanPeer.number(message, source));
        }, 1000);
    }

    /** One child, and the other participants, which are in this process. */
    private final class Walk implements AutoCloseable {
        private final String ring;
        private final String address;
        private final ChildJvm child;
        private final LifePoints points;
        private final ByteBuffer progress;
        private final Random random = new Random(1);

        Walk(String ring) throws Exception {
            this.ring = ring;
            this.address = address(ring);
            Path file = scope.path("progress");
            this.progress = FanPeer.progress(file);
            this.child = LifePoints.child(Walker.class).args(address, file).start();
            this.points = new LifePoints(child);
        }

        /** All its threads stand still already, at a point; and cost nothing more to be stopped. */
        private void signal(int number) {
            assertEquals(0, SignalCalls.kill((int) child.pid(), number));
        }

        /** How many messages the child has handled. */
        private int handled() {
            return Long.bitCount(progress.getLong(0));
        }

        private void begin(String what) {
            child.send(what);
            child.expect("opened");
        }

        private void end() {
            child.send("close");
            child.expect("closed");
            got.clear();
        }

        /** Somebody else sends on, unless there is room for one sender only. */
        private Sender other() {
            return ring.contains("producers") ? Ipc.sender(address) : null;
        }

        /** Who loses each race for the tail of a ring that is shared would never come to an end. */
        private boolean goesOn(int number) {
            return ring.contains("mpsc") || random.nextInt(8) == 0;
        }

        void stopTheSender() throws Exception {
            try (Receiver receiver = Ipc.receiver(address); Sender other = other()) {
                begin("send");
                int[] sent = {0};
                int count = points.atEach("MappedMemory", "go", "sent all", number -> {
                    signal(SIGSTOP);
                    if (other != null && goesOn(number)
                            && other.trySend(FanPeer.message(OTHER, sent[0])) == SendResult.SENT) {
                        sent[0]++;
                    }
                    drain(receiver);
                    // The lanes of ring=mpsc do not know of each other.
                    assertTrue(!ring.contains("mpsc") || of(OTHER).equals(numbers(0, number + 1)), "at " + number);
                    signal(SIGCONT);
                    return true;
                });
                assertTrue(count > 10 * MESSAGES, "only " + count + " points");
                drain(receiver);
                assertEquals(numbers(0, MESSAGES), of(CHILD));
                assertEquals(numbers(0, sent[0]), of(OTHER));
                end();
            }
        }

        void stopTheReceiver() throws Exception {
            try (Sender sender = Ipc.sender(address)) {
                begin("receive");
                try (Receiver other = ring.contains("mpmc") ? Ipc.receiver(address) : null) {
                    int[] sent = {0};
                    int count = points.atEach("MappedMemory", "go", "got all", number -> {
                        signal(SIGSTOP);
                        // Not so many that the lossy one would drop some.
                        if (number % 3 == 0 && sent[0] < MESSAGES && sent[0] - handled() - of(OTHER).size() < 2) {
                            if (other != null && sent[0] == MESSAGES / 2) {
                                drain(other);
                            }
                            // The child may have to pass padding first.
                            SendResult result = sender.trySend(FanPeer.messageOf(OTHER, sent[0], LENGTH));
                            sent[0] += result == SendResult.SENT ? 1 : 0;
                        }
                        signal(SIGCONT);
                        return true;
                    });
                    assertTrue(count > 5 * MESSAGES, "only " + count + " points");
                    List<Integer> all = new ArrayList<>(of(OTHER));
                    String told = child.output().substring(child.output().lastIndexOf("got all [") + 9);
                    for (String number : told.substring(0, told.indexOf(']')).split(", ")) {
                        all.add(Integer.parseInt(number));
                    }
                    assertEquals(numbers(0, MESSAGES), all.stream().sorted().toList());
                    end();
                }
            }
        }

        /** False if there are not so many points. */
        boolean killTheSender(int at) throws Exception {
            try (Receiver receiver = Ipc.receiver(address); Sender other = other()) {
                begin("send");
                int count = points.atEach("MappedMemory", "go", "sent all", number -> kill(number, at, () -> {
                    drain(receiver);
                }));
                if (count <= at) {
                    end();
                    return false;
                }
                long accepted = progress.getLong(0);
                long start = System.nanoTime();
                try (Sender successor = Ipc.sender(address)) {
                    successor.send(FanPeer.messageOf(SUCCESSOR, 0, LENGTH), LIMIT);
                    if (other != null) {
                        other.send(FanPeer.message(OTHER, 0), LIMIT);
                    }
                    Await.until(LIMIT, () -> "the successor's message after a death at " + at + ", not " + got, () -> {
                        drain(receiver);
                        return of(SUCCESSOR).size() == 1 && (other == null || of(OTHER).size() == 1);
                    });
                    assertTrue(System.nanoTime() - start < LIMIT.toNanos());
                    // The last one may have been published, although that was not told any more.
                    assertTrue(of(CHILD).size() == accepted || of(CHILD).size() == accepted + 1,
                            of(CHILD) + " of " + accepted + " with a death at " + at);
                    assertEquals(numbers(0, of(CHILD).size()), of(CHILD), "with a death at " + at);
                    assertEquals(0, drain(receiver));
                }
            }
            return true;
        }

        boolean killTheReceiver(int at) throws Exception {
            try (Sender sender = Ipc.sender(address)) {
                begin("receive");
                for (int i = 0; i < MESSAGES - 1; i++) {
                    sender.send(FanPeer.messageOf(OTHER, i, LENGTH));
                }
                boolean[] last = {false};
                int count = points.atEach("MappedMemory", "go", "got all", number -> kill(number, at, () -> {
                    if (!last[0] && handled() > 1) {
                        last[0] = sender.trySend(FanPeer.messageOf(OTHER, MESSAGES - 1, LENGTH)) == SendResult.SENT;
                    }
                }));
                if (count <= at) {
                    end();
                    return false;
                }
                long handled = progress.getLong(0);
                try (Receiver successor = Ipc.receiver(address)) {
                    drain(successor);
                    if (!last[0]) {
                        sender.send(FanPeer.messageOf(OTHER, MESSAGES - 1, LENGTH), LIMIT);
                    }
                    Await.until(LIMIT, () -> "all to come after a death at " + at + ", not " + got, () -> {
                        drain(successor);
                        return of(OTHER).contains(MESSAGES - 1) || (handled & 1L << MESSAGES - 1) != 0;
                    });
                    int twice = 0;
                    for (int i = 0; i < MESSAGES; i++) {
                        boolean before = (handled & 1L << i) != 0;
                        assertTrue(before || of(OTHER).contains(i), i + " is lost by a death at " + at);
                        twice += before && of(OTHER).contains(i) ? 1 : 0;
                    }
                    assertTrue(twice <= 1, twice + " came twice by a death at " + at);
                    assertEquals(of(OTHER).stream().distinct().toList(), of(OTHER), "with a death at " + at);
                }
            }
            return true;
        }

        private boolean kill(int number, int at, Runnable before) {
            before.run();
            if (number < at) {
                return true;
            }
            child.kill();
            child.awaitDeath(PATIENCE);
            return false;
        }

        @Override
        public void close() {
            points.close();
            child.close();
            got.clear();
        }
    }

    @ParameterizedTest
    @CsvSource({"ring=spsc, send, 17", "ring=mpsc&producers=3, receive, 11",
        "ring=mpmc&producers=3&consumers=3, send, 30",
        "ring=broadcast&readers=3, receive, 9", "ring=broadcast&readers=3&overflow=dropOldest, send, 40"})
    void shouldLoseNothingWhereverAProcessIsStoppedOrKilled(String ring, String role, int point) throws Exception {
        try (Walk walk = new Walk(ring)) {
            walk.stopTheSender();
            assertFalse(Files.exists(file()));
            walk.stopTheReceiver();
            assertFalse(Files.exists(file()));
            assertTrue(role.equals("send") ? walk.killTheSender(point) : walk.killTheReceiver(point), "no such point");
        }
        assertFalse(Files.exists(file()));
        boolean sends = ALL;
        boolean receives = ALL;
        for (int at = 0; sends || receives; at++) {
            if (sends) {
                try (Walk walk = new Walk(ring)) {
                    sends = walk.killTheSender(at);
                }
                assertFalse(Files.exists(file()));
            }
            if (receives) {
                try (Walk walk = new Walk(ring)) {
                    receives = walk.killTheReceiver(at);
                }
                assertFalse(Files.exists(file()));
            }
            assertTrue(!ALL || sends || at > 40, "only " + at + " points");
        }
        Files.delete(scope.path("progress"));
    }
}
