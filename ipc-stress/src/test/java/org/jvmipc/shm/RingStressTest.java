package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.jvmipc.testkit.ChildJvm;
import org.openjdk.jcstress.Main;

/**
 * Runs what is in this module with jcstress, for some seconds. System property {@code jvmipc.stress.millis}: how long
 * for each of its tests.
 */
class RingStressTest {
    private static final Duration PATIENCE = Duration.ofSeconds(55);
    /** Few rings at a time: they lie in memory that is used again, see {@link Arena}. */
    private static final String[] STRIDES = {"-strideSize", "32", "-strideCount", "16"};
    private static final String[] BRIEF = {"-f", "1", "-fsm", "1", "-iters", "1", "-sc", "false", "-af", "NONE"};
    private static final String JVM_ARGS = "-XX:+UseSerialGC -Xmx256m -XX:+IgnoreUnrecognizedVMOptions "
            + "--enable-native-access=ALL-UNNAMED";

    @Test
    void shouldShowNothingThatIsForbidden() throws IOException {
        Path directory = Files.createDirectories(Path.of(System.getProperty("jvmipc.build.dir"), "jcstress"));
        try (ChildJvm child = ChildJvm.of(Main.class)
                .args("-t", "org.jvmipc.shm", "-r", "reports", "-v")
                .args("-time", Integer.getInteger("jvmipc.stress.millis", 100))
                .args((Object[]) STRIDES).args((Object[]) BRIEF).args("-jvmArgs", JVM_ARGS)
                .directory(directory).start()) {
            assertEquals(0, child.awaitExit(PATIENCE));
            assertFalse(child.output().contains("[FAILED]"), child.output());
        }
    }
}
