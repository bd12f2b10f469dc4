package org.jvmipc.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.jvmipc.IpcException;

/** Holds the documents against the code. */
class DocsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void shouldExplainEachException() throws IOException {
        String errors = Files.readString(ROOT.resolve("docs/errors.md"));
        List<String> names = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.jvmipc").stream()
                .filter(type -> type.isAssignableTo(IpcException.class) && !type.isEquivalentTo(IpcException.class))
                .map(JavaClass::getSimpleName).toList();
        assertTrue(names.size() > 10, names.toString());
        assertEquals(List.of(), names.stream().filter(name -> !errors.contains("`" + name + "`")).toList(),
                "exceptions that docs/errors.md does not explain");
    }

    /** Also in demos; the programs of the README are looked at by {@link HelloTest}. */
    @Test
    void shouldShowJavaOnlyAsItIsCompiled() throws IOException {
        StringBuilder sources = new StringBuilder();
        try (Stream<Path> files = Stream.concat(Files.walk(ROOT.resolve("demos/src")),
                Files.walk(ROOT.resolve("ipc-micrometer/src/test")))) {
            for (Path file : files.filter(file -> file.toString().matches(".*(demos/src/main/.*|Snippets)\\.java"))
                    .toList()) {
                sources.append(lines(Files.readString(file)));
            }
        }
        List<String> compiledNowhere = new ArrayList<>();
        int blocks = 0;
        try (Stream<Path> documents = Files.walk(ROOT.resolve("docs"))) {
            for (Path document : documents.filter(file -> file.toString().endsWith(".md")).toList()) {
                Matcher block = Pattern.compile("(?s)```java\n(.*?)```").matcher(Files.readString(document));
                while (block.find()) {
                    blocks++;
                    if (sources.indexOf(lines(block.group(1))) < 0) {
                        compiledNowhere.add(ROOT.relativize(document) + ":\n" + block.group(1));
                    }
                }
            }
        }
        assertEquals("", String.join("\n", compiledNowhere), "is compiled nowhere; put it into DocSnippets");
        assertTrue(blocks >= 20, "blocks found: " + blocks);
    }

    /** Without what depends on where the code stands. */
    private static String lines(String code) {
        return code.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining("\n", "\n",
                "\n"));
    }

    /** By which one can link to the headings of a document. */
    private static List<String> anchors(Path document) throws IOException {
        return Files.readAllLines(document).stream().filter(line -> line.matches("#+ .*"))
                .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "")
                        .replace(' ', '-'))
                .toList();
    }

    @Test
    void shouldLinkOnlyToWhatIsThere() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        try (Stream<Path> documents = Stream.concat(Files.list(ROOT), Files.walk(ROOT.resolve("docs")))) {
            for (Path document : documents.filter(file -> file.toString().endsWith(".md")).toList()) {
                Matcher link = Pattern.compile("\\]\\((?!https?:)([^)#]*)(?:#([^)]+))?\\)")
                        .matcher(Files.readString(document));
                while (link.find()) {
                    links++;
                    Path target = link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1));
                    if (!Files.exists(target) || link.group(2) != null && !anchors(target).contains(link.group(2))) {
                        broken.add(document.getFileName() + " -> " + link.group());
                    }
                }
            }
        }
        assertTrue(links > 5, "links found: " + links);
        assertEquals(List.of(), broken);
    }
}
