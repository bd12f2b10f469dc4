package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;
import org.jvmipc.testkit.history.Delivery;
import org.jvmipc.testkit.history.History;

/**
 * R02, R11, R58: processes on each kind of ring are killed and stopped at random times, and replaced. Nothing committed
 * is lost, doubled, invented or reordered, nothing takes longer than two seconds, and nothing is left behind.
 *
 * <p>{@code ipc.crash.seconds} is the time for all rings together; with {@code ipc.crash.kills} each ring goes on until
 * so many were killed instead. {@code ipc.crash.seed} repeats what was chosen at random, though not its timing.
 */
@IpcDir
class CrashLoopTest {
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int RINGS = 5;
    private static final int KILLS = Integer.getInteger("ipc.crash.kills", 0);
    private static final long NANOS =
            TimeUnit.SECONDS.toNanos(Integer.getInteger("ipc.crash.seconds", 30)) / RINGS;
    private static final int ACTIONS_A_ROUND = 12;

    @IpcDir
    private IpcScope scope;
    private ChildJvm spare;
    private int lives;
    private int kills;
    private int rounds;
    private long messages;
    private Duration longestStall = Duration.ZERO;

    /** One place that is always taken by some process. */
    private final class Role {
        final boolean sends;
        ChildJvm child;
        Path log;

        Role(boolean sends) {
            this.sends = sends;
        }

        /** Puts a process there, which may not be ready yet. */
        void begin(Round round) {
            log = scope.path("log" + ++lives);
            round.logs.add(log);
            child = spare;
            child.expect("ready");
            spare = ChildJvm.of(CrashPeer.class).start();
            child.send((sends ? "send " : "receive ") + round.address + " " + log + " " + round.random.nextLong() + " "
                    + lives);
        }

        void kill() {
            assertTrue(child.isAlive(), () -> "it ended by itself: " + child.errors());
            child.kill();
            child.awaitDeath(PATIENCE);
            child.close();
            kills++;
        }

        void end() {
            child.send("end");
            child.expect("closed");
            assertEquals(0, child.awaitExit(), child.errors());
            child.close();
        }
    }

    /** One channel, from its making to its end. */
    private final class Round {
        final Random random;
        final String address;
        final boolean keeps;
        final Path file;
        final Delivery delivery;
        final History history;
        final List<Path> logs = new ArrayList<>();
        final List<Role> roles = new ArrayList<>();

        Round(Random random, String ring, Delivery delivery, int senders, int receivers) {
            String name = "round" + ++rounds;
            this.random = random;
            this.keeps = random.nextBoolean();
            this.address = scope.address("shm", name) + "?peerDeath=wait&keep=" + keeps + "&capacity="
                    + (delivery == Delivery.TO_EACH_IN_TIME ? 16 << random.nextInt(3) : 4 << random.nextInt(4)) + "k"
                    + "&wait=" + List.of("adaptive", "block", "adaptive", "yield").get(random.nextInt(4)) + "&" + ring;
            this.file = Path.of("/dev/shm/jvmipc-" + ProcessIdentity.effectiveUid() + "-" + scope.name(name));
            this.delivery = delivery;
            this.history = new History(delivery, LIMIT);
            for (int i = 0; i < senders + receivers; i++) {
                roles.add(new Role(i < senders));
            }
        }

        void run(long deadline) throws Exception {
            long from = System.nanoTime();
            roles.forEach(role -> role.begin(this));
            roles.forEach(role -> role.child.expect("open"));
            history.outage(from, System.nanoTime());
            for (int i = 0; i < ACTIONS_A_ROUND && goesOn(deadline); i++) {
                pause(200);
                List<Role> victims = victims();
                if (random.nextInt(3) > 0) {
                    outage(() -> victims.forEach(Role::kill), victims);
                } else {
                    stop(victims);
                }
            }
            pause(100);
            roles.stream().filter(role -> role.sends).forEach(Role::end);
            roles.stream().filter(role -> !role.sends).forEach(Role::end);
            assertEquals(keeps, Files.exists(file), "keep=" + keeps);
            Files.deleteIfExists(file);
            logs.stream().filter(Files::exists).forEach(history::add);
            history.assertSound();
            assertTrue(history.received() > 0, "nothing was received");
            messages += history.accepted();
            longestStall = Collections.max(List.of(longestStall, history.longestStall()));
            for (Path log : logs) {
                Files.deleteIfExists(log);
            }
        }

        private boolean goesOn(long deadline) {
            return KILLS > 0 ? kills < KILLS : kills == 0 || deadline - System.nanoTime() > 0;
        }

        /** Some of them, but not all, unless the channel stays without anybody. */
        private List<Role> victims() {
            List<Role> shuffled = new ArrayList<>(roles);
            Collections.shuffle(shuffled, random);
            int most = keeps ? roles.size() : roles.size() - 1;
            return shuffled.subList(0, random.nextInt(3) > 0 ? 1 : 1 + random.nextInt(most));
        }

        private void stop(List<Role> victims) {
            boolean killed = random.nextInt(3) == 0;
            outage(() -> {
                victims.forEach(role -> role.child.stop());
                pause(400);
                for (Role role : victims) {
                    if (killed) {
                        role.kill();
                    } else {
                        role.child.cont();
                    }
                }
            }, victims);
        }

        /** Does something to some, replaces those that have ended, and notes who could not go on meanwhile. */
        private void outage(Runnable what, List<Role> victims) {
            List<Path> stopped = victims.stream().map(role -> role.log).toList();
            long from = System.nanoTime();
            what.run();
            for (Role role : victims) {
                while (!role.child.isAlive()) {
                    role.begin(this);
                    if (random.nextInt(4) == 0) {
                        pause(300);
                        role.kill();
                    } else {
                        role.child.expect("open");
                    }
                }
            }
            long to = System.nanoTime();
            if (isNeeded(victims)) {
                history.outage(from, to);
            } else {
                stopped.forEach(log -> history.outage(log, from, to));
            }
        }

        private boolean isNeeded(List<Role> victims) {
            boolean noSender = roles.stream().allMatch(role -> !role.sends || victims.contains(role));
            boolean noReceiver = roles.stream().allMatch(role -> role.sends || victims.contains(role));
            // Who is stopped holds a lossless broadcast up, for good reason.
            return noSender || noReceiver
                    || delivery == Delivery.TO_EACH && victims.stream().anyMatch(role -> !role.sends);
        }

        private void pause(int millis) {
            LockSupport.parkNanos(random.nextInt((int) TimeUnit.MILLISECONDS.toNanos(millis)));
        }
    }

    private List<Path> lives() {
        return IntStream.rangeClosed(1, lives).mapToObj(life -> scope.path("log" + life)).toList();
    }

    @ParameterizedTest
    @CsvSource({"ring=spsc, TO_THE_ONE, 1, 1", "ring=mpsc&producers=4, TO_THE_ONE, 3, 1",
        "ring=mpmc&producers=4&consumers=4, TO_ANY, 3, 3",
        "ring=broadcast&readers=4, TO_EACH, 1, 3", "ring=broadcast&overflow=dropOldest, TO_EACH_IN_TIME, 1, 2"})
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void shouldSurviveRandomKills(String ring, Delivery delivery, int senders, int receivers) {
        long seed = Long.getLong("ipc.crash.seed", System.nanoTime());
        long deadline = System.nanoTime() + NANOS;
        Random random = new Random(seed);
        spare = ChildJvm.of(CrashPeer.class).start();
        List<Round> played = new ArrayList<>();
        try {
            do {
                Round round = new Round(random, ring, delivery, senders, receivers);
                played.add(round);
                round.run(deadline);
            } while (KILLS > 0 ? kills < KILLS : kills == 0 || deadline - System.nanoTime() > 0);
        } catch (Exception | AssertionError failed) {
            throw new AssertionError("seed " + seed + " (ipc.crash.seed), round " + rounds + ", "
                    + played.get(played.size() - 1).address + ", after " + kills + " kills: " + failed.getMessage(),
                    failed);
        } finally {
            // What is left says something only if all else went well.
            lives().forEach(scope::mayLeave);
            played.forEach(round -> round.roles.stream().filter(role -> role.child != null)
                    .forEach(role -> role.child.close()));
            spare.close();
        }
        assertTrue(kills > 0, "nobody was killed");
        assertFalse(played.isEmpty());
        System.out.println(ring + ": " + kills + " kills, " + rounds + " rounds, " + messages
                + " messages, longest stall " + longestStall.toMillis() + " ms, seed " + seed);
    }
}
