package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildArchiveTest {

    private static final Path HOME = Path.of(System.getProperty("java.home"));
    private static final List<String> FLAGS = JavaCommand.smallJvm(List.of());
    private static final List<Path> CLASS_PATH = JavaCommand.classPath(PeerMain.class);

    @Test
    void shouldGiveChildrenTheirClassesAndPrintNothing() {
        assumeTrue(System.getProperty(ChildArchive.PROPERTY) != null, "the build keeps no archive");
        ChildJvmBuilder builder = ChildJvm.of(Peers.Introduce.class).parameter("depth", 1)
                .jvmArgs("-Xlog:class+load:stderr");
        Await.until(ChildJvm.PATIENCE, "the archive, which another JVM may be making",
                () -> builder.command().stream().anyMatch(arg -> arg.startsWith("-XX:SharedArchiveFile=")));
        try (ChildJvm child = builder.start()) {
            assertEquals("pid " + child.pid(), child.readLine());
            assertEquals(0, child.awaitExit());
            assertTrue(child.errors().lines().anyMatch(line ->
                    line.contains(PeerMain.class.getName() + " source: shared objects file")), child::errors);
            assertFalse((child.output() + child.errors()).matches("(?s).*\\[(warning|error) *\\].*"), child::output);
        }
    }

    @Test
    void shouldGoWithoutAnArchiveThatIsSpoiled(@TempDir Path dir) throws Exception {
        ChildArchive archive = new ChildArchive(dir, HOME, CLASS_PATH, FLAGS);
        assertTrue(archive.isReady());
        Path file = Path.of(archive.flags().get(0).replace("-XX:SharedArchiveFile=", ""));
        Files.delete(file);
        Files.writeString(file, "no archive");
        List<String> command = new ArrayList<>(List.of(HOME.resolve("bin/java").toString()));
        command.addAll(FLAGS);
        command.addAll(archive.flags());
        command.addAll(List.of("-D" + PeerContext.PARAMETER_PREFIX + "depth=1", "-cp",
                JavaCommand.join(archive.classPath()), PeerMain.class.getName(), Peers.Introduce.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("pid " + process.pid(), said.lines().findFirst().orElse(""), said);
        assertFalse(said.contains("[cds"), said);
        assertEquals(0, process.waitFor());
    }

    @Test
    void shouldMakeAnotherForOtherClassesAndRemoveTheFirst(@TempDir Path dir) throws IOException {
        Path classes = Files.createDirectory(dir.resolve("classes"));
        Files.writeString(classes.resolve("one"), "1");
        // No training can run with this class path, which is known from then on.
        ChildArchive first = new ChildArchive(dir.resolve("archives"), HOME, List.of(classes), FLAGS);
        assertFalse(first.isReady());
        assertTrue(Files.exists(first.classPath().get(0)), "a copy of the directory");
        assertFalse(new ChildArchive(dir.resolve("archives"), HOME, List.of(classes), FLAGS).isReady());
        assertEquals(first.classPath(),
                new ChildArchive(dir.resolve("archives"), HOME, List.of(classes), FLAGS).classPath());
        Files.writeString(classes.resolve("two"), "2");
        ChildArchive second = new ChildArchive(dir.resolve("archives"), HOME, List.of(classes), FLAGS);
        assertNotEquals(first.classPath(), second.classPath());
        assertFalse(second.isReady());
        assertFalse(Files.exists(first.classPath().get(0)));
        assertTrue(Files.exists(second.classPath().get(0)));
    }
}
