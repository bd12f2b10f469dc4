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

/**
 * The command {@code ipc}. Data goes to the standard output, everything else to the standard error. Exit codes: 0 all
 * is well, 1 something failed, 2 wrong usage, 3 not found, 4 denied, 5 damaged, 6 deadlock, 124 timed out; 130 and 143
 * after SIGINT and SIGTERM.
 */
@Command(name = "ipc",
        description = "Channels between the processes of one host.",
        footer = {
            "",
            "Exit codes: 0 all is well, 1 something failed, 2 wrong usage, 3 there is nothing of that name,",
            "4 access denied, 5 damaged, 6 deadlock, 124 timed out; 130 and 143 after SIGINT and SIGTERM.",
            "",
            "Examples:",
            "  ipc ls                   what there is, and who uses it",
            "  ipc doctor               what is wrong with this machine, and how to mend it",
            "  ipc demo                 every kind of channel, one after the other",
            "  ipc send --help          what a command can do",
            "  ipc group FILE           processes that a file describes, with channels between them",
            "  ipc run --help           in a checkout: the example programs"
        })
public final class Main implements Runnable {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this text.")
    private boolean help;

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
        COMMANDS.forEach((name, command) -> {
            if (name.equals(wanted) || !COMMANDS.containsKey(wanted) || wanted.startsWith("generate")) {
                main.addSubcommand(name, command.get());
            }
        });
        return main.setOut(out)
                .setParameterExceptionHandler((wrong, parsed) -> {
                    String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
                    err.println(command + ": " + wrong.getMessage());
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

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
