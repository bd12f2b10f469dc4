package org.jvmipc.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command {@code ipc}. Data goes to the standard output, everything else to the standard error. Exit codes: 0 all
 * is well, 1 something failed, 2 wrong usage, 3 not found, 4 denied, 5 damaged, 6 deadlock, 124 timed out; 130 and 143
 * after SIGINT and SIGTERM.
 */
@Command(name = "ipc",
        customSynopsis = "ipc COMMAND [ARGUMENT...]",
        description = "Channels between the processes of one host.",
        versionProvider = Version.class,
        commandListHeading = "%n",
        footer = {
            "",
            "ipc help COMMAND tells the rest, with examples and exit codes; ipc run --help,",
            "in a checkout, the example programs."
        })
public final class Main implements Runnable {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this text.")
    private boolean help;

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "Show the version, of Java and Linux, too.")
    private boolean version;

    @Spec
    private CommandSpec spec;

    /** In the order of the help. Only what is needed is made: picocli takes each of them apart by reflection. */
    private static final Map<String, Supplier<Object>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("ls", LsCommand::new);
        COMMANDS.put("info", InfoCommand::new);
        COMMANDS.put("top", TopCommand::new);
        COMMANDS.put("locks", LocksCommand::new);
        COMMANDS.put("clean", CleanCommand::new);
        COMMANDS.put("doctor", DoctorCommand::new);
        COMMANDS.put("send", SendCommand::new);
        COMMANDS.put("recv", RecvCommand::new);
        COMMANDS.put("cat", CatCommand::new);
        COMMANDS.put("tail", TailCommand::new);
        COMMANDS.put("dump", DumpCommand::new);
        COMMANDS.put("group", GroupCommand::new);
        COMMANDS.put("demo", DemoCommand::new);
        COMMANDS.put("bench", BenchCommand::new);
        COMMANDS.put("help", CommandLine.HelpCommand::new);
        COMMANDS.put("generate-completion", AutoComplete.GenerateCompletion::new);
    }

    private Main() {
    }

    /**
     * Runs the command and ends the JVM with its exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        System.exit(run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args));
    }

    /**
     * Runs the command.
     *
     * @param out where data goes
     * @param err where everything else goes
     * @param args the command line
     * @return the exit code
     */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine main = new CommandLine(new Main());
        String wanted = args.length > 0 ? args[0] : "";
        boolean all = !COMMANDS.containsKey(wanted) || wanted.equals("help") || wanted.startsWith("generate");
        COMMANDS.forEach((name, command) -> {
            if (all || name.equals(wanted)) {
                main.addSubcommand(name, command.get());
            }
        });
        return main.setOut(out)
                .setParameterExceptionHandler((wrong, parsed) -> {
                    String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
                    err.println(command + ": " + complaint(wrong));
                    err.println("Try '" + command + " --help'.");
                    return CommandLine.ExitCode.USAGE;
                })
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    err.println("ipc: " + Failures.line(failure));
                    return ExitCodes.of(failure);
                })
                .execute(args);
    }

    private static String complaint(ParameterException wrong) {
        boolean command = wrong.getCommandLine().getParent() == null;
        if (!command || !(wrong instanceof UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty() || unmatched.getUnmatched().get(0).startsWith("-")) {
            return wrong.getMessage();
        }
        String like = String.join("' or '", unmatched.getSuggestions());
        return "there is no command '" + unmatched.getUnmatched().get(0) + "'"
                + (like.isEmpty() ? "" : "; perhaps '" + like + "'");
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
