package org.jvmipc.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/**
 * {@code ipc bench} where there are no benchmarks. In a checkout the launcher script runs them itself, as they need a
 * class path of their own, with the libraries that they compare with.
 */
@Command(name = "bench",
        customSynopsis = "ipc bench [NAME] [ARGUMENT...]",
        header = "Measure, beside other libraries and C (checkout only).",
        description = {
            "",
            "Runs the benchmarks of a checkout, built on first use: channels in shared memory beside Aeron, Agrona,"
                + " Chronicle Queue, sockets, pipes, JeroMQ and C, as ratios of paired runs; with other names locks,"
                + " signals, requests and more. In a checkout './ipc bench --help' lists all names and options, and"
                + " docs/benchmarks.md tells what is measured.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 it was measured, whatever came out, 1 something failed, or there are no benchmarks,",
            "2 wrong usage, 130 after SIGINT.",
            "",
            "Examples, in a checkout:",
            "  ./ipc bench --quick                  first figures, in about a minute",
            "  ./ipc bench --quick --html report.html --json report.json",
            "  ./ipc bench --only throughput --sizes 32,4k --peers aeron,agrona",
            "  ./ipc bench locks"
        })
final class BenchCommand implements Callable<Integer> {
    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this text.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getErr().println("ipc bench: the benchmarks are not here: they need the libraries that they"
                + " compare with, and come with a checkout of the sources; run './ipc bench"
                + (arguments.isEmpty() ? "" : " " + String.join(" ", arguments)) + "' there");
        return ExitCodes.FAILED;
    }
}
