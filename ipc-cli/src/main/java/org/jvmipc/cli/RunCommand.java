package org.jvmipc.cli;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ipc run}: starts one of the example programs of a checkout. */
@Command(name = "run",
        description = "Runs an example program of this checkout (module demos). Without a name it lists them.",
        footer = {
            "",
            "Examples:",
            "  ipc run chat /tmp/chat.sock     in each of two terminals",
            "  ipc run copy FROM TO            a file through a channel of bytes"
        })
final class RunCommand implements Callable<Integer> {
    /** Which class stands behind a name; on the class path where the examples are. */
    private static final String NAMES = "META-INF/org.jvmipc.demos.properties";

    @Parameters(paramLabel = "NAME", index = "0", arity = "0..1", description = "The example's name.")
    private String name;

    @Parameters(paramLabel = "ARGUMENT", index = "1..*", arity = "0..*", description = "Its arguments.")
    private List<String> arguments = new ArrayList<>();

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this text.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Properties names = new Properties();
        try (InputStream in = RunCommand.class.getClassLoader().getResourceAsStream(NAMES)) {
            if (in == null) {
                throw new ParameterException(spec.commandLine(),
                        "the examples are not on the class path; use ./ipc run in a checkout");
            }
            names.load(in);
        }
        if (name == null) {
            new TreeMap<>(names).keySet().forEach(spec.commandLine().getOut()::println);
            return 0;
        }
        String type = names.getProperty(name);
        if (type == null) {
            throw new ParameterException(spec.commandLine(), "there is no example '" + name + "'; there are "
                    + String.join(", ", new TreeMap<>(names).keySet().stream().map(Object::toString).toList()));
        }
        return start(type);
    }

    private int start(String type) throws IOException, ReflectiveOperationException {
        try {
            Class.forName(type).getMethod("main", String[].class)
                    .invoke(null, (Object) arguments.toArray(String[]::new));
            return 0;
        } catch (InvocationTargetException e) {
            throw new IOException("the example " + name + " failed: " + e.getCause(), e.getCause());
        }
    }
}
