package org.jvmipc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.Load;
import org.jvmipc.cli.demo.Report;
import org.jvmipc.cli.demo.Variant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ipc demo}: shows that each kind of channel works between two JVMs, and how fast. */
@Command(name = "demo",
        header = "Run every kind of channel between two JVMs, checked.",
        description = {
            "",
            "Sends numbered, checksummed messages from one JVM to another over every kind of channel, one after the"
                + " other, and measures round trips. Prints a table to the standard output and progress to the"
                + " standard error.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 every row is verified, 1 a row failed, 2 wrong usage,",
            "130 and 143 after SIGINT and SIGTERM.",
            "",
            "Examples:",
            "  ipc demo                             all of them, in about 15 seconds",
            "  ipc demo shm unix                    these two schemes",
            "  ipc demo shm --size 32 --duration 5s",
            "  ipc demo fifo --messages 100000 --json"
        })
final class DemoCommand implements Callable<Integer> {
    private static final long LARGEST = 16 << 20;

    @Parameters(paramLabel = "SCHEME", arity = "0..*",
            description = "Schemes to run, such as shm or unix; all by default.")
    private List<String> schemes = new ArrayList<>();

    @Option(names = "--messages", paramLabel = "N", converter = Quantity.Size.class,
            description = "Send so many messages per row (and at most so many round trips) instead of for a time.")
    private Long messages;

    @Option(names = "--size", paramLabel = "BYTES", defaultValue = "256", converter = Quantity.Size.class,
            description = "Length of a message, 16 to 16m; default ${DEFAULT-VALUE}.")
    private long size;

    @Option(names = "--duration", paramLabel = "TIME", converter = Quantity.Time.class,
            description = "How long each row sends, such as 500ms or 5s; default 250ms. Round trips get the same.")
    private Duration duration;

    @Option(names = "--json", description = "Print one JSON object per row instead of the table.")
    private boolean json;

    @Option(names = {"-q", "--quiet"}, description = "No progress on the standard error.")
    private boolean quiet;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this text.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Load load = load();
        List<Variant> variants = variants();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Report report = Report.of(json, Terminal.hasColour(1), out);
        return new Demo(variants, load, report, Terminal.progress(quiet, err), err).run();
    }

    private Load load() {
        if (size < Load.SMALLEST || size > LARGEST) {
            throw wrong("--size is " + size + "; it must be from " + Load.SMALLEST + " to " + LARGEST);
        }
        if (messages != null && messages < 1) {
            throw wrong("--messages is " + messages + "; it must be at least 1");
        }
        if (duration != null && duration.isZero()) {
            throw wrong("--duration is zero; it must be at least 1ms");
        }
        return Load.of((int) size, messages, duration);
    }

    private List<Variant> variants() {
        List<Variant> present = Variant.present();
        Set<String> known = new TreeSet<>();
        present.forEach(variant -> known.add(variant.scheme()));
        for (String scheme : schemes) {
            if (!known.contains(scheme)) {
                throw wrong("mem".equals(scheme) ? "mem: works between the threads of one JVM, and this shows two"
                        : "there is no scheme '" + scheme + "' to show; there are " + String.join(", ", known));
            }
        }
        return schemes.isEmpty() ? present
                : present.stream().filter(variant -> schemes.contains(variant.scheme())).toList();
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
