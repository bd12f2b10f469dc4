package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/faults.md} names tests that there are, each of them run. */
class FaultsDocumentTest {
    private static final Pattern ROW = Pattern.compile("\\| (R\\d\\d) \\|.*");
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*(?:Test|Cases))(?:\\.(\\w+))?`");

    private static Path root() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("docs/faults.md"))) {
            root = root.getParent();
        }
        return root;
    }

    private static Map<String, Path> sources(Path root) throws IOException {
        Map<String, Path> sources = new HashMap<>();
        for (String module : List.of("ipc-shm/src/test", "ipc-posix/src/test", "ipc-mq/src/test",
                "ipc-signals/src/test", "ipc-containers/src/test", "ipc-testkit/src")) {
            try (Stream<Path> files = Files.walk(root.resolve(module))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .forEach(file -> sources.put(file.getFileName().toString().replace(".java", ""), file));
            }
        }
        return sources;
    }

    @Test
    void shouldNameTestsThatThereAre() throws IOException {
        Map<String, Path> sources = sources(root());
        List<String> rows = new ArrayList<>();
        for (String line : Files.readAllLines(root().resolve("docs/faults.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.add(row.group(1));
                Matcher named = NAMED.matcher(line);
                int count = 0;
                for (; named.find(); count++) {
                    String type = named.group(1);
                    assertTrue(sources.containsKey(type), type + " of " + row.group(1));
                    String method = named.group(2);
                    assertTrue(method == null || isRun(Files.readString(sources.get(type)), method),
                            type + "." + method + " of " + row.group(1));
                }
                assertTrue(count > 0, row.group(1) + " names no test");
            }
        }
        assertEquals(List.of("R01", "R02", "R04", "R05", "R06", "R07", "R08", "R09", "R10", "R11", "R12", "R13", "R14",
                "R15", "R16", "R17", "R18", "R19", "R21", "R22", "R23", "R24", "R25", "R26", "R33", "R50", "R54",
                // queues on disk
                "R02", "R04", "R20", "R27", "R28", "R29", "R30", "R31", "R53",
                // consumers of a group
                "R02", "R04", "R10", "R11", "R12", "R20", "R23", "R24", "R29",
                // queues of the kernel
                "R02", "R04", "R05", "R11", "R13", "R15", "R16", "R19", "R22", "R23",
                // signals
                "R02", "R05", "R08", "R42", "R43", "R44", "R45", "R46"), rows);
    }

    /** Whether there is such a test that is not switched off. */
    private static boolean isRun(String source, String method) {
        int at = source.indexOf("void " + method + "(");
        String before = at < 0 ? "" : source.substring(source.lastIndexOf("\n\n", at), at);
        return before.contains("Test\n") && !before.contains("@Disabled");
    }
}
