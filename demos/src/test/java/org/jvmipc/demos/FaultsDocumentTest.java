package org.jvmipc.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/faults.md} has all faults, and names tests that there are, each of them run. */
class FaultsDocumentTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int FAULTS = 63;
    private static final Pattern ROW = Pattern.compile("\\| (R\\d\\d(?:, R\\d\\d)*) \\|.*");
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*(?:Test|Cases))(?:\\.(\\w+))?`");
    private static final Pattern NUMBER = Pattern.compile("R\\d\\d");
    /** In {@code docs/guarantees.md}: what does not apply, and why. */
    private static final Pattern REASON = Pattern.compile("- (R\\d\\d)[:,] .{20,}");

    private static List<String> lines(String document) throws IOException {
        return Files.readAllLines(ROOT.resolve(document));
    }

    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new LinkedHashMap<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.map(path -> path.resolve("src")).filter(Files::isDirectory).toList()) {
                try (Stream<Path> files = Files.walk(module)) {
                    for (Path file : files.filter(any -> any.toString().matches(".*(Test|Cases)\\.java")).toList()) {
                        String type = file.getFileName().toString().replace(".java", "");
                        // Some modules have tests of the same name.
                        sources.merge(type, Files.readString(file), (one, other) -> one + "\n\n" + other);
                    }
                }
            }
        }
        return sources;
    }

    @Test
    void shouldNameTestsThatThereAre() throws IOException {
        Map<String, String> sources = sources();
        List<String> wrong = new ArrayList<>();
        int named = 0;
        for (String line : lines("docs/faults.md")) {
            Matcher row = ROW.matcher(line);
            Matcher test = NAMED.matcher(line);
            int count = 0;
            for (; test.find(); count++) {
                String source = sources.get(test.group(1));
                if (source == null || test.group(2) != null && !isRun(source, test.group(2))) {
                    wrong.add(test.group() + " in: " + line.substring(0, Math.min(60, line.length())));
                }
            }
            if (row.matches() && count == 0) {
                wrong.add("no test in: " + line);
            }
            named += count;
        }
        assertEquals(List.of(), wrong);
        assertTrue(named > 200, "tests named: " + named);
    }

    /** Whether there is such a test that is not switched off. */
    private static boolean isRun(String source, String method) {
        int at = source.indexOf("void " + method + "(");
        String before = at < 0 ? "" : source.substring(source.lastIndexOf("\n\n", at), at);
        return before.matches("(?s).*Test(\\(.*)?\n.*") && !before.contains("@Disabled");
    }

    @Test
    void shouldHaveAllFaultsOrSayWhyNot() throws IOException {
        Set<String> told = new TreeSet<>();
        for (String line : lines("docs/faults.md")) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                NUMBER.matcher(row.group(1)).results().forEach(number -> told.add(number.group()));
            }
        }
        Set<String> without = new TreeSet<>();
        for (String line : lines("docs/guarantees.md")) {
            Matcher reason = REASON.matcher(line);
            if (reason.matches()) {
                without.add(reason.group(1));
            }
        }
        without.removeIf(number -> !told.add(number));
        assertEquals(new TreeSet<>(IntStream.rangeClosed(1, FAULTS).mapToObj(number -> String.format("R%02d", number))
                .toList()), told);
        assertTrue(without.size() <= 2, "not tested at all: " + without);
    }
}
