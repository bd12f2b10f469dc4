package org.jvmipc.cli;

import picocli.CommandLine.Option;

/** What all commands have. */
final class CommonOptions {
    @Option(names = "--json", description = "Print JSON, one object a line.")
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this text.")
    private boolean help;

    boolean json() {
        return json;
    }

    /** For the standard output. */
    Style style() {
        return new Style(!json && Terminal.hasColour(1));
    }
}
