package org.jvmipc.cli.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of a JVM with the class path of this one. */
final class ChildCommand {
    /** Further options for the JVMs of a run, with blanks between them. For tests, which want JVMs that start fast. */
    static final String JVM_PROPERTY = "org.jvmipc.cli.demo.jvm";

    private static final int NATIVE_ACCESS_WARNS_SINCE = 22;
    private static final int UNSAFE_WARNS_SINCE = 23;

    private ChildCommand() {
    }

    static List<String> of(Class<?> main, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // A JVM that is killed would leave its performance data in the temporary directory.
        command.addAll(List.of("-Xshare:auto", "-XX:+UseSerialGC", "-XX:-UsePerfData"));
        if (Runtime.version().feature() >= NATIVE_ACCESS_WARNS_SINCE) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        // For queue: alone.
        command.addAll(List.of("--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED"));
        if (Runtime.version().feature() >= UNSAFE_WARNS_SINCE) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        String more = System.getProperty(JVM_PROPERTY, "");
        if (!more.isBlank()) {
            command.addAll(List.of(more.strip().split(" +")));
            command.add("-D" + JVM_PROPERTY + "=" + more);
        }
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
