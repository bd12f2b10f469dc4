package org.jvmipc.cli.soak;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/**
 * Seven processes use all transports, pools, locks and semaphores at once, round after round. All but one of them are
 * killed and stopped at random moments, and replaced. After each round what all have logged is compared with what is
 * promised, and what a process that lives on has open with what it had after its first round.
 *
 * <p>{@code soak.seconds} says how long, {@code soak.seed} repeats what was chosen at random, though not its timing.
 * Not a part of an ordinary build: {@code mvn -Psoak verify} runs it.
 */
@Tag("soak")
@IpcDir
class SoakTest {
    private static final int SECONDS = Integer.getInteger("soak.seconds", 120);
    private static final int ROUNDS = 6;
    private static final int SHORTEST_ROUND_SECONDS = 4;
    private static final int LONGEST_ROUND_SECONDS = 45;
    private static final char STEADY = 'S';
    private static final int BETWEEN_FAULTS_MILLIS = 700;
    private static final int STOPPED_MILLIS = 500;

    @IpcDir
    private IpcScope scope;
    private final List<Place> places = new ArrayList<>();
    private final Map<Route, Long> messages = new EnumMap<>(Route.class);
    private Random random;
    private ChildJvm spare;
    private int lives;
    private int kills;
    private int stops;
    private int checks;

    @Test
    @Timeout(value = 3, unit = TimeUnit.HOURS)
    void shouldKeepItsPromisesAndLeaveNothing() throws Exception {
        long seed = Long.getLong("soak.seed", System.nanoTime());
        System.out.println("soak: " + SECONDS + " s, seed " + seed);
        random = new Random(seed);
        long begin = System.nanoTime();
        long roundSeconds = Math.min(LONGEST_ROUND_SECONDS, Math.max(SHORTEST_ROUND_SECONDS, SECONDS / ROUNDS));
        int rounds = 0;
        try {
            for (char who : "SABCXYZ".toCharArray()) {
                places.add(new Place(who));
            }
            for (Place place : places) {
                place.take(Place.spare());
            }
            spare = Place.spare();
            Counts counts = null;
            do {
                rounds++;
                Round round = new Round(rounds, scope.dir(), scope.prefix(), scope.key("sysv" + rounds));
                play(round, System.nanoTime() + TimeUnit.SECONDS.toNanos(roundSeconds));
                checkLiving(round);
                counts = checkOwn(counts);
                System.out.println("soak: round " + rounds + ", " + kills + " kills, " + stops + " stops, "
                        + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) + " s, " + counts);
            } while (rounds < 2 || System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(SECONDS - roundSeconds));
            places.forEach(Place::leave);
        } catch (Exception | AssertionError failed) {
            throw new AssertionError("seed " + seed + " (-Dsoak.seed), round " + rounds + ", after " + kills
                    + " kills and " + stops + " stops: " + failed.getMessage(), failed);
        } finally {
            places.forEach(Place::close);
            if (spare != null) {
                spare.close();
            }
        }
        assertTrue(kills > 0 && stops > 0, kills + " kills, " + stops + " stops");
        for (Route route : Route.values()) {
            assertTrue(messages.getOrDefault(route, 0L) > 0, () -> "nothing came by " + route);
        }
        assertTrue(checks > 0, "nobody lived for two rounds");
        System.out.println("soak: " + rounds + " rounds, " + kills + " kills, " + stops + " stops, messages "
                + messages);
    }

    private void play(Round round, long end) throws IOException {
        Verdict verdict = new Verdict(round);
        lives = 0;
        begin(places.get(0), round);
        places.get(0).expect("open");
        places.stream().skip(1).forEach(place -> begin(place, round));
        places.stream().skip(1).forEach(place -> place.expect("open"));
        do {
            pause(BETWEEN_FAULTS_MILLIS);
            List<Place> victims = victims();
            if (random.nextInt(3) > 0) {
                kill(victims, round, verdict);
            } else {
                stop(victims, round, verdict);
            }
        } while (System.nanoTime() - end < 0);
        pause(BETWEEN_FAULTS_MILLIS);
        for (String[] phase : new String[][] {{"settle", "settled"}, {"drain", "drained"}}) {
            places.forEach(place -> place.say(phase[0]));
            places.forEach(place -> place.expect(phase[1]));
        }
        verdict.check();
        verdict.messages().forEach((route, count) -> messages.merge(route, count, Long::sum));
    }

    private void begin(Place place, Round round) {
        place.begin(round, ++lives, random.nextLong());
    }

    private List<Place> victims() {
        List<Place> shuffled = new ArrayList<>(places);
        shuffled.removeIf(place -> place.who == STEADY);
        Collections.shuffle(shuffled, random);
        return shuffled.subList(0, random.nextInt(3) > 0 ? 1 : 2);
    }

    private void kill(List<Place> victims, Round round, Verdict verdict) {
        long from = System.nanoTime();
        victims.forEach(Place::kill);
        for (Place victim : victims) {
            int deaths = 1;
            replace(victim, round);
            while (random.nextInt(4) == 0) {
                // Also one that is still opening things.
                pause(STOPPED_MILLIS);
                victim.kill();
                deaths++;
                replace(victim, round);
            }
            victim.expect("open");
            kills += deaths;
            verdict.died(victim.who, deaths, from, System.nanoTime());
        }
    }

    private void replace(Place victim, Round round) {
        victim.take(spare);
        spare = Place.spare();
        begin(victim, round);
    }

    private void stop(List<Place> victims, Round round, Verdict verdict) {
        victims.forEach(Place::assertAlive);
        victims.forEach(victim -> victim.child().stop());
        stops += victims.size();
        pause(STOPPED_MILLIS);
        if (random.nextInt(3) == 0) {
            kill(victims, round, verdict);
        } else {
            victims.forEach(victim -> victim.child().cont());
        }
    }

    private void pause(int millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(millis)));
    }

    /** Whoever has come through a round notes what it has; after the next one it must have the same. */
    private void checkLiving(Round round) {
        for (Place place : places) {
            place.say("check " + round);
            String told = place.expect("noted ");
            assertTrue(!told.startsWith("noted more"), () -> place.who + " has " + told);
            checks += told.equals("noted the same") ? 1 : 0;
        }
    }

    /** What this process has open, with as many children each time. */
    private record Counts(long descriptors, long mappings) {
        private static final Pattern OF_THE_JVM =
                Pattern.compile(".*\\.(jar|jmod|jsa|so)|.*/lib/modules|/(proc|sys)/.*|/dev/(u?random|null|tty)");

        static Counts now(Path directory) {
            System.gc();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
                long descriptors = 0;
                for (Path entry : entries) {
                    descriptors += OF_THE_JVM.matcher(target(entry)).matches() ? 0 : 1;
                }
                return new Counts(descriptors, Files.readString(Path.of("/proc/self/maps")).lines()
                        .filter(line -> line.contains("/dev/shm/") || line.contains(directory.toString())).count());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        /** Empty if it was closed meanwhile. */
        private static String target(Path entry) {
            try {
                return Files.readSymbolicLink(entry).toString();
            } catch (IOException closed) {
                return "/proc/closed";
            }
        }
    }

    private Counts checkOwn(Counts before) {
        if (before == null) {
            return Counts.now(scope.dir());
        }
        Await.until(Duration.ofSeconds(20), () -> "the supervising process to have " + before + " again, and not "
                + Counts.now(scope.dir()), () -> Counts.now(scope.dir()).equals(before));
        return before;
    }
}
