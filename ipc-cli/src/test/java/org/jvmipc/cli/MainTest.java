package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.spi.Inspected;

class MainTest {
    private static final List<String> COMMANDS = List.of("ls", "info", "top", "locks", "clean", "doctor", "send",
            "recv", "cat", "tail", "dump", "group", "demo", "bench");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                       | a command is missing",
        "nonsense                 | there is no command 'nonsense'",
        "tali                     | there is no command 'tali'; perhaps 'tail'",
        "help nonsense            | Unknown subcommand 'nonsense'",
        "demo --nonsense          | Unknown option: '--nonsense'",
        "demo carrier-pigeon      | there is no scheme 'carrier-pigeon' to show; there are ",
        "demo mem                 | mem: works between the threads of one JVM, and this shows two",
        "demo --size 15           | --size is 15; it must be from 16 to 16777216",
        "demo --size 17m          | --size is 17825792; it must be from 16 to 16777216",
        "demo --size big          | 'big' is no number; write digits, also with k, m or g: 64k",
        "demo --messages 0        | --messages is 0; it must be at least 1",
        "demo --messages 1.5      | '1.5' is no number",
        "demo --duration 5        | '5' is no time; write a number and ms, s or m: 500ms",
        "demo --duration 0s       | --duration is zero; it must be at least 1ms"
    })
    void wrongUsageIsExitCode2AndSaysWhatIsRight(String line, String complaint) {
        assertEquals(2, run(line.isEmpty() ? new String[0] : line.split(" ")), err::toString);
        assertTrue(err.toString().contains(complaint), err::toString);
        assertTrue(err.toString().contains("--help'"), err::toString);
        assertEquals("", out.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ls", "info", "top", "locks", "clean", "doctor", "send", "recv", "cat", "tail", "dump",
        "group", "demo", "bench"})
    void helpOfACommandHasExamplesAndExitCodesAndGoesToTheStandardOutput(String command) {
        assertEquals(0, run(command, "--help"));
        String help = out.toString();
        assertTrue(help.contains("Exit codes") && help.contains(" ipc " + command) || help.contains("./ipc bench"),
                help);
        assertEquals(0, run("help", command));
        assertEquals(help + help, out.toString());
        assertTrue(help.lines().allMatch(line -> line.length() <= 80), help);
        assertEquals("", err.toString());
    }

    @Test
    void theHelpOfAllIsOneScreenWithALineForEachCommand() {
        assertEquals(0, run("--help"));
        String help = out.toString();
        assertTrue(help.lines().count() <= 24 && help.lines().allMatch(line -> line.length() <= 80), help);
        for (String command : COMMANDS) {
            assertEquals(1, help.lines().filter(line -> line.matches("  " + command + " +[A-Z].*")).count(), help);
        }
        assertEquals(0, run("help"));
        assertEquals(help + help, out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void whatAnotherUserHasIsSaidToBeDenied() {
        assertEquals("/x: access denied to this user", Failures.line(new AccessDeniedException("/x")));
        assertEquals("/x does not exist", Failures.line(new NoSuchFileException("/x")));
        Inspected hidden = new Inspected("x", "segment", "/x");
        assertEquals("it is not of the toolkit", CleanCommand.reason(hidden));
        hidden.condition(Inspected.Condition.UNREADABLE, "it may not be read by this user");
        assertEquals("it may not be read by this user", CleanCommand.reason(hidden));
    }

    @Test
    void theVersionIsThatOfTheBuildWithJavaAndTheSystem() throws Exception {
        assertEquals(0, run("--version"));
        String pom = Files.readString(Path.of("pom.xml"));
        String number = pom.substring(pom.indexOf("<version>") + 9, pom.indexOf("</version>"));
        assertEquals(List.of("ipc " + number, "Java " + System.getProperty("java.version")),
                out.toString().lines().map(line -> line.replaceAll(" \\(.*", "")).toList());
        assertTrue(out.toString().contains("Linux " + System.getProperty("os.version")), out::toString);
        assertEquals("", err.toString());
    }

    @Test
    void withoutTheBenchmarksItSaysWhereTheyAre() {
        assertEquals(1, run("bench", "--quick", "--pairs", "2"));
        assertTrue(err.toString().contains("run './ipc bench --quick --pairs 2' there"), err::toString);
        assertEquals("", out.toString());
    }

    @Test
    void theCompletionScriptIsOneForTheShellAndKnowsAllCommands() throws Exception {
        assertEquals(0, run("generate-completion"));
        for (String command : COMMANDS) {
            assertTrue(out.toString().contains("_picocli_ipc_" + command), command);
        }
        Process bash = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
        try (Writer script = bash.outputWriter()) {
            script.write(out.toString());
        }
        assertEquals("", new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(0, bash.waitFor());
    }
}
