package org.jvmipc.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What commands that look have in common. */
final class CommonOptions {
    @Option(names = "--json", description = "Print JSON, one object a line.")
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this text.")
    private boolean help;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    boolean json() {
        return json;
    }

    /** Where data goes. */
    PrintWriter out() {
        return command.commandLine().getOut();
    }

    /** Where everything else goes. */
    PrintWriter err() {
        return command.commandLine().getErr();
    }

    /** For the standard output. */
    Style style() {
        return new Style(!json && Terminal.hasColour(1));
    }
}
