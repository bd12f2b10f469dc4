package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                       | a command is missing",
        "nonsense                 | Unmatched argument at index 0: 'nonsense'",
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
    @ValueSource(strings = {"--help", "demo --help"})
    void helpHasExamplesAndGoesToTheStandardOutput(String line) {
        assertEquals(0, run(line.split(" ")));
        assertTrue(out.toString().contains("Examples:"), out::toString);
        assertEquals("", err.toString());
    }

    @Test
    void helpFitsATerminal() {
        run("demo", "--help");
        assertTrue(out.toString().lines().allMatch(line -> line.length() <= 80), out::toString);
    }
}
