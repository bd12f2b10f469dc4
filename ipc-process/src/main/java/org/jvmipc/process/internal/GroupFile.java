package org.jvmipc.process.internal;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jvmipc.Address;
import org.jvmipc.process.ProcessGroup;
import org.jvmipc.process.ProcessGroupBuilder;
import org.jvmipc.process.Program;

/** Reads the description of a group, and says of each fault in which line it is and what is allowed. */
public final class GroupFile {
    private static final long LONGEST = 1 << 20;

    private final String name;
    private final Path directory;
    private final ProcessGroupBuilder builder = ProcessGroup.builder();
    private final List<Path> classPath = new ArrayList<>();
    private final Map<String, List<String>> processes = new LinkedHashMap<>();
    private int number;

    private GroupFile(String name, Path directory) {
        this.name = name;
        this.directory = directory;
    }

    /** See {@link ProcessGroup#read}. */
    public static ProcessGroupBuilder read(Path file) throws IOException {
        if (Files.size(file) > LONGEST) {
            throw new IllegalArgumentException(file + " has " + Files.size(file) + " bytes; the description of a group "
                    + "has at most " + LONGEST);
        }
        GroupFile reader = new GroupFile(file.getFileName().toString(), file.toAbsolutePath().getParent());
        return reader.parseAll(Files.readAllLines(file));
    }

    private ProcessGroupBuilder parseAll(List<String> lines) {
        for (String line : lines) {
            number++;
            try {
                parse(Words.of(line));
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException(name + ":" + number + ": " + wrong.getMessage(), wrong);
            }
        }
        return builder;
    }

    private void parse(List<String> words) {
        if (words.isEmpty()) {
            return;
        }
        List<String> rest = words.subList(1, words.size());
        switch (words.get(0)) {
            case "process" -> process(rest);
            case "join" -> join(rest);
            case "jvm" -> builder.jvmArgs(rest.toArray(String[]::new));
            case "grace" -> {
                if (rest.size() != 1) {
                    throw new IllegalArgumentException("write: grace TIME, such as grace 3s");
                }
                builder.grace(ProgramOptions.time("grace", rest.get(0)));
            }
            case "class-path" -> rest.forEach(this::addToClassPath);
            default -> throw new IllegalArgumentException("a line begins with process, join, jvm, grace or class-path, "
                    + "and not with \"" + words.get(0) + "\"");
        }
    }

    private void addToClassPath(String path) {
        Stream.of(path.split(File.pathSeparator)).filter(entry -> !entry.isEmpty()).map(directory::resolve)
                .forEach(classPath::add);
    }

    private void process(List<String> words) {
        if (words.isEmpty()) {
            throw new IllegalArgumentException("write: process NAME class=MAIN or jar=FILE");
        }
        Program program = ProgramOptions.of(words.subList(1, words.size()), directory);
        boolean onPath = program.main() != null && program.classPath().isEmpty() && !classPath.isEmpty();
        builder.process(words.get(0), onPath ? program.classPath(classPath.toArray(Path[]::new)) : program);
        processes.put(words.get(0), Collections.nCopies(program.count(), words.get(0)));
    }

    /** {@code join FROM -> TO [as PORT] [by ADDRESS]}. */
    private void join(List<String> words) {
        List<String> rest = new ArrayList<>(words);
        String port = option(rest, "as");
        String address = option(rest, "by");
        if (rest.size() != 3 || !rest.get(1).equals("->")) {
            throw new IllegalArgumentException("\"join " + String.join(" ", words) + "\" is no join; write: join FROM "
                    + "-> TO, then perhaps: as NAME, by ADDRESS");
        }
        builder.join(port, rest.get(0), rest.get(2), address);
        check(rest.get(0));
        check(rest.get(2));
        if (!address.isEmpty()) {
            // What start() would refuse, while it is known in which line it is.
            Wire.of(0, new Join(port, rest.get(0), rest.get(2), Address.parse(address)), processes, "check");
        }
    }

    private void check(String process) {
        if (!processes.containsKey(process)) {
            throw new IllegalArgumentException("there is no process \"" + process + "\" above; there are "
                    + processes.keySet());
        }
    }

    /** Takes a word and what follows it out of the list; empty if it is not there. */
    private static String option(List<String> words, String word) {
        int at = words.indexOf(word);
        if (at < 3 || at + 1 >= words.size()) {
            return "";
        }
        words.remove(at);
        return words.remove(at);
    }
}
