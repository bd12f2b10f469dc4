package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.testkit.ChildJvm;
import org.openjdk.jcstress.Main;

/**
 * Runs what is in this module with jcstress, for some seconds. System property {@code jvmipc.stress.millis}: how long
 * for each of its tests.
 */
class StressTest {
    private static final Duration PATIENCE = Duration.ofSeconds(110);
    /** Few rings and locks at a time: they lie in memory that is used again, see {@link Arena}. */
    private static final String[] STRIDES = {"-strideSize", "32", "-strideCount", "2"};
    private static final String[] BRIEF = {"-f", "1", "-fsm", "1", "-iters", "1", "-sc", "false", "-af", "NONE"};
    /** Which tests run side by side, as most of the time goes into starting JVMs. */
    private static final List<String> PARTS = List.of("(Mpmc|Broadcast)", "(Spsc|sync)");
    private static final Pattern NAME = Pattern.compile("^JCTEST(\\d+)S");
    private static final String JVM_ARGS = "-XX:+UseSerialGC -Xmx256m -XX:+IgnoreUnrecognizedVMOptions "
            + "--enable-native-access=ALL-UNNAMED -Dipc.sync.lookMillis=60000";

    /** The names that the processor of jcstress has found; each line begins with the length of one and itself. */
    private static List<String> tests() throws IOException {
        try (InputStream list = StressTest.class.getResourceAsStream("/META-INF/TestList")) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().map(line -> {
                Matcher name = NAME.matcher(line);
                assertTrue(name.find(), line);
                return line.substring(name.end(), name.end() + Integer.parseInt(name.group(1)));
            }).toList();
        }
    }

    private static ChildJvm start(String part) throws IOException {
        Path directory = Path.of(System.getProperty("jvmipc.build.dir"), "jcstress", "" + PARTS.indexOf(part));
        return ChildJvm.of(Main.class)
                .args("-t", "org.jvmipc.shm." + part, "-r", "reports", "-v")
                .args("-time", Integer.getInteger("jvmipc.stress.millis", 60))
                .args((Object[]) STRIDES).args((Object[]) BRIEF).args("-jvmArgs", JVM_ARGS)
                .directory(Files.createDirectories(directory)).start();
    }

    /** Many JVMs, which on a busy machine take their time. */
    @Test
    @Timeout(120)
    void shouldShowNothingThatIsForbidden() throws IOException {
        try (ChildJvm one = start(PARTS.get(0)); ChildJvm other = start(PARTS.get(1))) {
            assertEquals(0, one.awaitExit(PATIENCE), one::output);
            assertEquals(0, other.awaitExit(PATIENCE), other::output);
            String output = one.output() + other.output();
            assertFalse(output.contains("[FAILED]"), output);
            List<String> tests = tests();
            assertTrue(tests.size() > 10, tests::toString);
            assertEquals(List.of(), tests.stream().filter(test -> !output.contains("[OK] " + test + "\n")).toList(),
                    () -> "tests that did not run:\n" + output);
        }
    }
}
