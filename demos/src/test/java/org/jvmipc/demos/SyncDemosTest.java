package org.jvmipc.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** The demos of what processes synchronize by, in processes of their own. */
@Timeout(60)
@IpcDir
class SyncDemosTest {
    private static final int SIZE = 32;
    private static final int PICTURE = 576;

    @IpcDir
    private IpcScope scope;

    private DemosTest.Outcome run(int exit, String... args) throws Exception {
        DemosTest.Outcome outcome = DemosTest.run(scope, "", args);
        assertEquals(exit, outcome.exit(), outcome.output() + outcome.errors());
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            List<Path> left = files.filter(file -> file.getFileName().toString().contains("-" + outcome.pid())
                    && file.getFileName().toString().contains("demo-")).toList();
            assertEquals(List.of(), left);
        }
        return outcome;
    }

    private static void assertTells(String text, String... parts) {
        for (String part : parts) {
            assertTrue(text.contains(part), () -> "\"" + part + "\" is missing in\n" + text);
        }
    }

    @Test
    void shouldPassAllItemsThroughTheBuffer() throws Exception {
        DemosTest.Outcome outcome = run(0, "buffer", "400");
        assertTells(outcome.output(), "producer 1 (pid", "producer 2 (pid", "consumer 1 (pid", "consumer 2 (pid",
                "items that were not taken exactly once: 0 of 800");
        assertEquals("", outcome.errors());
    }

    @Test
    void shouldTearNoPageUnderTheLock() throws Exception {
        DemosTest.Outcome outcome = run(0, "readers", "100");
        assertTells(outcome.output(), "reader 3 (pid", "writer 2 (pid", "changes: 200 of 200; torn pages: 0;");
        assertEquals("", outcome.errors());
    }

    @Test
    void shouldComputeTheSameAsOneProcessAndDrawIt() throws Exception {
        Path picture = scope.path("picture.png");
        scope.mayLeave(picture);
        DemosTest.Outcome outcome = run(0, "patterns", picture.toString(), "" + SIZE, "200");
        assertTells(outcome.output(), "rows 0 to 7", "rows 24 to 31", "cells in which a bit differs: 0 of 1,024");
        BufferedImage drawn = ImageIO.read(picture.toFile());
        assertEquals(PICTURE, drawn.getWidth());
        assertEquals(PICTURE, drawn.getHeight());
        Set<Integer> colours = new TreeSet<>();
        for (int cell = 0; cell < SIZE * SIZE; cell++) {
            colours.add(drawn.getRGB(cell % SIZE * (PICTURE / SIZE), cell / SIZE * (PICTURE / SIZE)));
        }
        assertTrue(colours.size() > 10, "colours: " + colours);
        // A picture that is there is not overwritten, and nothing is computed.
        byte[] before = Files.readAllBytes(picture);
        assertTells(run(1, "patterns", picture.toString()).errors(), "FileAlreadyExistsException");
        assertEquals(before.length, Files.size(picture));
    }

    @Test
    void shouldFailIfTheProcessesDoNotMeet() throws Exception {
        Path picture = scope.path("picture.png");
        scope.mayLeave(picture);
        DemosTest.Outcome outcome = run(1, "patterns", picture.toString(), "" + SIZE, "200", "--no-barrier");
        assertTells(outcome.errors(), "four processes computed something else than one");
    }

    @Test
    void shouldMeasureWordsInOneLineAndApart() throws Exception {
        DemosTest.Outcome outcome = run(0, "false-sharing", "5");
        assertTells(outcome.output(), "one process alone", "words in the same line", "256 bytes apart",
                "times as fast as in the same line");
        assertEquals("", outcome.errors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"buffer", "readers", "patterns", "false-sharing"})
    void shouldTellHowTheyAreUsed(String demo) throws IOException {
        PrintStream before = System.out;
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(told, true, StandardCharsets.UTF_8)) {
            System.setOut(out);
            Demos.main(new String[] {demo, "--help"});
        } finally {
            System.setOut(before);
        }
        assertTells(told.toString(StandardCharsets.UTF_8), "Usage: ipc run " + demo, "Fails if");
    }

    @Test
    void shouldRefuseWhatIsNoNumberOrTooMuch() {
        String[] args = {"12", "many", "0", "1001"};
        assertEquals(12, Demos.number(args, 0, "ITEMS", 7, 1000));
        assertEquals(7, Demos.number(args, 4, "ITEMS", 7, 1000));
        for (int i = 1; i < args.length; i++) {
            int index = i;
            String told = assertThrows(IllegalArgumentException.class,
                    () -> Demos.number(args, index, "ITEMS", 7, 1000)).getMessage();
            assertEquals("ITEMS is \"" + args[i] + "\"; give a number from 1 to 1000", told);
        }
    }
}
