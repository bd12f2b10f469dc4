package org.jvmipc.shm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of {@code docs/formats}, against which tests hold the layouts in the code. */
public final class FormatDocument {
    private FormatDocument() {
    }

    /**
     * Reads rows of its tables.
     *
     * @param document the name of the page
     * @param row what such a row looks like as a whole line
     * @return its groups, row by row
     */
    public static List<MatchResult> rows(String document, Pattern row) throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("docs/formats").resolve(document))) {
            root = root.getParent();
        }
        return Files.readAllLines(root.resolve("docs/formats").resolve(document)).stream()
                .map(row::matcher).filter(Matcher::matches).map(Matcher::toMatchResult).toList();
    }
}
