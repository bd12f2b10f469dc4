package org.jvmipc.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jvmipc.process.GroupEnd;
import org.jvmipc.process.GroupEvent;
import org.jvmipc.process.ProcessGroup;
import org.jvmipc.process.ProcessGroupBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ipc group}: runs a group of processes that a file describes. */
@Command(name = "group",
        header = "Run the processes that a file describes.",
        description = {
            "",
            "Runs the processes that a file describes, with channels between them, starts them again as it says, and"
                + " ends when all of them have done their work. What they print goes to the standard output and the"
                + " standard error, each line with the name of its process; what happens to them goes to the standard"
                + " error. SIGINT and SIGTERM end all of them.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 all have done their work, 1 the group failed, 2 wrong usage or description,",
            "130 and 143 after SIGINT and SIGTERM.",
            "",
            "A description, of which docs/patterns.md tells all:",
            "  class-path lib/app.jar",
            "  process source class=com.example.Source",
            "  process worker class=com.example.Worker count=3 restart=on-failure",
            "  process sink   class=com.example.Sink",
            "  join source -> worker by shm:?capacity=1m",
            "  join worker -> sink"
        })
final class GroupCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The description.")
    private Path file;

    @Option(names = {"-q", "--quiet"}, description = "Do not tell what happens to the processes.")
    private boolean quiet;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this text.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter err = spec.commandLine().getErr();
        if (!Files.isReadable(file)) {
            throw new ParameterException(spec.commandLine(), "there is no file " + file + " that can be read");
        }
        try (ProcessGroup group = start(err)) {
            GroupEnd end = group.await();
            if (quiet) {
                end.failure().ifPresent(why -> err.println("ipc group: " + why));
            }
            return end.isClean() ? 0 : 1;
        }
    }

    private ProcessGroup start(PrintWriter err) throws Exception {
        try {
            ProcessGroupBuilder builder = ProcessGroup.read(file);
            if (!quiet) {
                builder.listener((GroupEvent event) -> err.println("ipc group: " + event));
            }
            return builder.start();
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
        }
    }
}
