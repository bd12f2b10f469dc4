package org.jvmipc.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command {@code ipc}. Data goes to the standard output, everything else to the standard error. Exit codes: 0 all
 * is well, 1 something failed, 2 wrong usage; 130 and 143 after SIGINT and SIGTERM.
 */
@Command(name = "ipc",
        description = "Channels between the processes of one host.",
        subcommands = {DemoCommand.class, GroupCommand.class},
        footer = {
            "",
            "Exit codes: 0 all is well, 1 something failed, 2 wrong usage.",
            "",
            "Examples:",
            "  ipc demo                 every kind of channel, one after the other",
            "  ipc demo --help          what else it can do",
            "  ipc group FILE           processes that a file describes, with channels between them",
            "  ipc run --help           in a checkout: the example programs"
        })
public final class Main implements Runnable {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this text.")
    private boolean help;

    @Spec
    private CommandSpec spec;

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
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
