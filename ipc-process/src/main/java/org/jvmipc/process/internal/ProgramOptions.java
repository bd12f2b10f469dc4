package org.jvmipc.process.internal;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jvmipc.process.Program;
import org.jvmipc.process.Restart;

/** Reads what stands behind the name of a process: {@code option=value} and so on. */
final class ProgramOptions {
    private static final List<String> KNOWN = List.of("class", "jar", "class-path", "args", "jvm", "count", "restart",
            "backoff", "healthy-after", "at-most", "input", "env");
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m)");

    private final Map<String, String> values = new LinkedHashMap<>();
    private final Path directory;

    private ProgramOptions(List<String> words, Path directory) {
        this.directory = directory;
        for (String word : words) {
            int equals = word.indexOf('=');
            String option = equals < 0 ? word : word.substring(0, equals);
            if (equals < 0 || !KNOWN.contains(option)) {
                throw new IllegalArgumentException("\"" + word + "\" is no option of a process; write option=value, "
                        + "with " + String.join(", ", KNOWN));
            }
            if (values.put(option, word.substring(equals + 1)) != null) {
                throw new IllegalArgumentException("option " + option + " stands twice; leave one out");
            }
        }
    }

    /** The program. */
    static Program of(List<String> words, Path directory) {
        ProgramOptions options = new ProgramOptions(words, directory);
        return options.program();
    }

    private Program program() {
        if (values.containsKey("class") == values.containsKey("jar")) {
            throw new IllegalArgumentException("a process needs either class=MAIN or jar=FILE");
        }
        Program program = values.containsKey("class") ? Program.of(values.get("class"))
                : Program.jar(directory.resolve(values.get("jar")));
        program = program.args((Object[]) words("args")).jvmArgs(words("jvm")).restart(restart());
        if (values.containsKey("class-path")) {
            program = program.classPath(Stream.of(values.get("class-path").split(File.pathSeparator))
                    .map(directory::resolve).toArray(Path[]::new));
        }
        for (String pair : words("env")) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("env=" + pair + " sets no variable; write env=NAME=VALUE");
            }
            program = program.environment(pair.substring(0, equals), pair.substring(equals + 1));
        }
        if (values.containsKey("count")) {
            program = program.count((int) number("count", values.get("count")));
        }
        return input() ? program.inheritInput() : program;
    }

    private String[] words(String option) {
        String text = values.getOrDefault(option, "").strip();
        return text.isEmpty() ? new String[0] : text.split("\\s+");
    }

    private boolean input() {
        String value = values.getOrDefault("input", "none");
        if (!value.equals("inherit") && !value.equals("none")) {
            throw wrong("input", value, "none | inherit");
        }
        return value.equals("inherit");
    }

    private Restart restart() {
        String value = values.getOrDefault("restart", Restart.When.NEVER.toString());
        Restart policy = Restart.of(Arrays.stream(Restart.When.values()).filter(when -> when.toString().equals(value))
                .findFirst().orElseThrow(() -> wrong("restart", value, "never | on-failure | always")));
        if (values.containsKey("backoff")) {
            String[] times = values.get("backoff").split("\\.\\.", -1);
            if (times.length != 2) {
                throw wrong("backoff", values.get("backoff"), "two times, such as 100ms..5s");
            }
            policy = policy.backoff(time("backoff", times[0]), time("backoff", times[1]));
        }
        if (values.containsKey("healthy-after")) {
            policy = policy.healthyAfter(time("healthy-after", values.get("healthy-after")));
        }
        if (values.containsKey("at-most")) {
            String[] parts = values.get("at-most").split("/", -1);
            if (parts.length != 2) {
                throw wrong("at-most", values.get("at-most"), "a number and a time, such as 5/1m");
            }
            policy = policy.atMost((int) number("at-most", parts[0]), time("at-most", parts[1]));
        }
        return policy;
    }

    private static long number(String option, String value) {
        if (!value.matches("\\d{1,6}")) {
            throw wrong(option, value, "a number of up to six digits");
        }
        return Long.parseLong(value);
    }

    /** A time such as 500ms, 10s or 2m. */
    static Duration time(String option, String value) {
        Matcher matcher = TIME.matcher(value);
        if (!matcher.matches()) {
            throw wrong(option, value, "a number followed by ms, s or m");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }

    private static IllegalArgumentException wrong(String option, String value, String allowed) {
        return new IllegalArgumentException(option + "=" + value + " is not allowed; allowed is " + allowed);
    }
}
