package org.jvmipc.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.demos.philosophers.Philosophers;
import org.jvmipc.testkit.ChildJvm;

/**
 * Five philosophers in five processes. With {@code -Djvmipc.test.philosophers=100} that is as many deadlocks, each of
 * which must be found, and as many rounds in order, in which none may be found.
 */
@Timeout(600)
class PhilosophersTest {
    private static final int ROUNDS = Integer.getInteger("jvmipc.test.philosophers", 2);
    private static final Duration LONG = Duration.ofSeconds(20 + ROUNDS);

    @Test
    void shouldDineInThreeWays() throws Exception {
        String meals = String.join(" ", Collections.nCopies(5, "" + ROUNDS));
        try (ChildJvm host = ChildJvm.of(Demos.class).args("philosophers", "--rounds", ROUNDS).start()) {
            String deadlock = host.expect("deadlock: meals", LONG);
            Matcher found = Pattern.compile("deadlock: meals " + meals + "; deadlocks found " + ROUNDS + ", broken "
                    + ROUNDS + "; gave way [\\d ]+; found after (\\d+) to (\\d+) ms").matcher(deadlock);
            assertTrue(found.matches(), deadlock);
            assertTrue(Integer.parseInt(found.group(2)) < 1_000, deadlock);
            for (int i = 1; i <= 5; i++) {
                String name = "\"philosopher " + i + "\" waits for ";
                assertTrue(host.output().contains(name), () -> name + "is missing in\n" + host.output());
            }
            assertEquals("order: meals " + meals + "; deadlocks found 0, broken 0",
                    host.expect("order: meals", LONG));
            String banker = host.expect("banker: meals", LONG);
            String beginning = "banker: meals " + meals + "; deadlocks found 0, broken 0; did not get a free fork ";
            assertTrue(banker.startsWith(beginning), banker);
            assertEquals(ROUNDS, Stream.of(banker.substring(beginning.length()).split(" "))
                    .mapToInt(Integer::parseInt).sum(), "one in each round");
            assertEquals(0, host.awaitExit());
            assertEquals("", host.errors());
            assertEquals(List.of(), left(host));
        }
    }

    /** Neither the host nor the others wait for ever for one who has died. */
    @Test
    void shouldFailIfAPhilosopherDies() throws Exception {
        try (ChildJvm host = ChildJvm.of(Demos.class)
                .args("philosophers", "--rounds", 10_000, "--mode", "deadlock").start()) {
            host.expect("round 1: ");
            ProcessHandle one = ProcessHandle.of(host.pid()).orElseThrow().children().findFirst().orElseThrow();
            one.destroyForcibly();
            assertEquals(1, host.awaitExit());
            assertTrue(host.errors().contains("ended with exit code"), host.errors());
            assertEquals(List.of(), left(host));
        }
    }

    private static List<Path> left(ChildJvm host) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            return files.filter(file -> file.toString().contains("demo-philosophers-" + host.pid())).toList();
        }
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() {
        for (String[] args : List.of(new String[] {"--rounds", "0"}, new String[] {"--rounds", "many"},
                new String[] {"--rounds"}, new String[] {"--mode", "dance"}, new String[] {"3", "4"})) {
            String message = assertThrows(IllegalArgumentException.class, () -> Philosophers.main(args)).getMessage();
            assertTrue(message.contains(args[args.length - 1]) || message.contains(args[0]), message);
            assertTrue(message.contains("give ") || message.contains("Usage:"), message);
        }
    }
}
